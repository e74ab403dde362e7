import { printable } from '../model/printable.ts';
import { valuesOf } from '../model/record-set.ts';
import type { Report } from './report-schema.ts';
import { plural, section, type TextOptions, textOf } from './sections.ts';

type Change = Report['changes'][number];

/** What a plan does that an earlier one did not do, and what it no longer does; for people who have read that one. */
export function renderDifferences(
  before: Pick<Report, 'changes'>,
  now: Pick<Report, 'changes'>,
  options: TextOptions,
): string {
  const come = changesWithout(now, before);
  const gone = changesWithout(before, now);
  return textOf(options, (colors) => {
    if (come.length + gone.length === 0) return ['Since the last question nothing has changed.'];
    return [
      section(`New since the last question: ${plural(come.length, 'change')}.`, come.map(row), colors, '+'),
      section(`No longer needed: ${plural(gone.length, 'change')}.`, gone.map(row), colors, '-'),
    ];
  });
}

function changesWithout({ changes }: Pick<Report, 'changes'>, other: Pick<Report, 'changes'>) {
  const known = new Set(other.changes.map(keyOf));
  return changes.filter((change) => !known.has(keyOf(change)));
}

function keyOf({ action, recordSet }: Change): string {
  return JSON.stringify([action, recordSet]);
}

function row({ action, recordSet }: Change): readonly string[] {
  const { Name, Type, SetIdentifier = '' } = recordSet;
  return [action, Name, Type, SetIdentifier, valuesOf(recordSet).join(', ')].map(printable);
}
