import { valuesOf } from '../model/record-set.ts';
import type { Report } from './report-schema.ts';
import { plural } from './sections.ts';
import { NAME, section, type TextOptions, zoneTextOf } from './text-document.ts';

type Change = Report['changes'][number];

/** What a plan does that an earlier one did not do, and what it no longer does; for people who have read that one. */
export function renderDifferences(
  before: Pick<Report, 'changes'>,
  now: Pick<Report, 'changes' | 'zone'>,
  options: TextOptions,
): string {
  const come = changesWithout(now, before);
  const gone = changesWithout(before, now);
  if (come.length + gone.length === 0) return 'Since the last question nothing has changed.\n';
  return zoneTextOf(options, now, LEGEND, () => [
    '',
    section(`New since the last question: ${plural(come.length, 'change')}.`, HEADS, '+', come.map(row)),
    section(`No longer needed: ${plural(gone.length, 'change')}.`, HEADS, '-', gone.map(row)),
  ]);
}

const HEADS = ['CHANGE', NAME, 'TYPE', 'VALUE', 'SET'] as const;
const LEGEND = { '+': 'is new in the plan', '-': 'is no longer in it' } as const;

function changesWithout({ changes }: Pick<Report, 'changes'>, other: Pick<Report, 'changes'>) {
  const known = new Set(other.changes.map(keyOf));
  return changes.filter((change) => !known.has(keyOf(change)));
}

function keyOf({ action, recordSet }: Change): string {
  return JSON.stringify([action, recordSet]);
}

function row({ action, recordSet }: Change): readonly string[] {
  const { Name, Type, SetIdentifier = '' } = recordSet;
  return [action, Name, Type, valuesOf(recordSet).join(', '), SetIdentifier];
}
