import type { RestoreReport } from './restore-report-schema.ts';
import {
  andCostOf,
  type Colors,
  outcomeCell,
  plural,
  remarkSections,
  section,
  type TextOptions,
  textOf,
  zoneTitle,
} from './sections.ts';

type ReportedSet = RestoreReport['sets'][number];

/** A restoring for people: a summary, then what is put back, and what is not. */
export function renderRestore(report: RestoreReport, options: TextOptions): string {
  return textOf(options, (colors) => [
    summary(report, colors),
    putBackSection(report, colors),
    refusedSection(report, colors),
    leftSection(report, colors),
    ...remarkSections(report, colors, 'About the journal'),
  ]);
}

function summary(report: RestoreReport, { bold }: Colors): string {
  const { sets, missing, reduced, there, changed, refused } = report.summary;
  const others = refused === 0 ? '' : `, ${refused} refused`;
  const states = `${missing} missing, ${reduced} reduced, ${there} there, ${changed} changed since${others}`;
  const total = plural(sets, 'removed record set');
  return `${bold(zoneTitle(report))}: ${total}: ${states}.${andCostOf(report)}`;
}

function putBackSection({ sets, summary: counts }: RestoreReport, colors: Colors): string {
  const going = sets.filter(({ status }) => status !== undefined);
  const planned = going.every(({ status }) => status === 'planned');
  const total = plural(going.length, 'record set');
  const head = planned
    ? `To put back: ${total}.`
    : `Putting back of ${total}: ${counts.restored} applied, ${counts.conflicts} in conflict, ${counts.failed} failed.`;
  const rows = going.map((set) => [...identify(set), ...(planned ? [] : [outcomeCell(set)])]);
  const marks = going.map(({ state }) => colors.green(state === 'missing' ? '+' : '~'));
  return section(head, rows, colors, marks) || 'Nothing to put back.';
}

/** What no run can have removed: the journal was edited, or is none of this worker's. */
function refusedSection({ sets }: RestoreReport, colors: Colors): string {
  const rows = sets
    .filter(({ state }) => state === 'refused')
    .map((set) => [...identify(set), `refused: ${set.detail}`]);
  return section(`Refused: ${plural(rows.length, 'record set')}.`, rows, colors, colors.red('x'));
}

/** Those that are there are only counted. */
function leftSection({ sets }: RestoreReport, colors: Colors): string {
  const rows = sets
    .filter(({ state }) => state === 'changed')
    .map((set) => [...identify(set), `changed since: now ${shown(set.there)}`]);
  return section(`Left as it is: ${plural(rows.length, 'record set')}.`, rows, colors, colors.yellow('!'));
}

function identify({ recordSet, removedAt, reasons, removal }: ReportedSet): readonly string[] {
  const told = removal === undefined || removal.status === 'applied' ? '' : `, told as ${removal.status}`;
  return [
    recordSet.Name,
    recordSet.Type,
    recordSet.SetIdentifier ?? '',
    shown(recordSet),
    `removed ${removedAt}: ${reasons.join(', ')}${told}`,
  ];
}

function shown(set: ReportedSet['there']): string {
  return (set?.ResourceRecords ?? []).map(({ Value }) => Value).join(' + ');
}
