import { createColors } from 'picocolors';
import { printable } from '../model/printable.ts';
import type { RestoreReport } from './restore-report-schema.ts';
import { plural, table } from './table.ts';

type Colors = ReturnType<typeof createColors>;
type ReportedSet = RestoreReport['sets'][number];

/** A restoring for people: a summary, then what is put back, and what is not. */
export function renderRestore(report: RestoreReport, { color }: { readonly color: boolean }): string {
  const colors = createColors(color);
  const sections = [
    summary(report, colors),
    putBackSection(report, colors),
    leftSection(report, colors),
    noticesSection(report, colors),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function summary({ zone, summary: counts, durationMs, awsCalls }: RestoreReport, { bold }: Colors): string {
  const calls = Object.values(awsCalls).reduce((sum, count) => sum + count, 0);
  const name = bold(`${printable(zone.name)} (${zone.id})`);
  const states = `${counts.missing} missing, ${counts.reduced} reduced, ${counts.there} there, ${counts.changed} changed since`;
  const cost = `${plural(calls, 'AWS call', 'AWS calls')} in ${(durationMs / 1000).toFixed(1)} s.`;
  return `${name}: ${plural(counts.sets, 'removed record set', 'removed record sets')}: ${states}.${calls === 0 ? '' : ` ${cost}`}`;
}

function putBackSection({ sets, summary: counts }: RestoreReport, { bold, green }: Colors): string {
  const going = sets.filter(({ status }) => status !== undefined);
  if (going.length === 0) return 'Nothing to put back.';
  const planned = going.every(({ status }) => status === 'planned');
  const total = plural(going.length, 'record set', 'record sets');
  const head = planned
    ? `To put back: ${total}.`
    : `Putting back of ${total}: ${counts.restored} applied, ${counts.conflicts} in conflict, ${counts.failed} failed.`;
  const rows = going.map((set) => [
    green(set.state === 'missing' ? '+' : '~'),
    ...identify(set),
    ...(planned ? [] : [outcome(set)]),
  ]);
  return `${bold(head)}\n${table(rows)}`;
}

/** Those that are there are only counted. */
function leftSection({ sets }: RestoreReport, { bold, yellow }: Colors): string {
  const changed = sets.filter(({ state }) => state === 'changed');
  if (changed.length === 0) return '';
  const rows = changed.map((set) => [
    yellow('!'),
    ...identify(set),
    `changed since: now ${shown(set.there)}`,
  ]);
  return `${bold(`Left as it is: ${plural(changed.length, 'record set', 'record sets')}.`)}\n${table(rows)}`;
}

function noticesSection({ notices }: RestoreReport, { bold, yellow }: Colors): string {
  if (notices.length === 0) return '';
  const rows = notices.map((notice) => [yellow('!'), printable(notice)]);
  return `${bold(`About the journal: ${plural(notices.length, 'notice', 'notices')}.`)}\n${table(rows)}`;
}

function identify({ recordSet, removedAt, reasons, removal }: ReportedSet): readonly string[] {
  const told = removal === undefined || removal.status === 'applied' ? '' : `, told as ${removal.status}`;
  return [
    printable(recordSet.Name),
    printable(recordSet.Type),
    printable(recordSet.SetIdentifier ?? ''),
    shown(recordSet),
    `removed ${removedAt}: ${printable(reasons.join(', '))}${told}`,
  ];
}

function shown(set: ReportedSet['there']): string {
  return printable((set?.ResourceRecords ?? []).map(({ Value }) => Value).join(' + '));
}

function outcome({ status, detail }: ReportedSet): string {
  return detail === undefined ? `${status}` : `${status}: ${printable(detail)}`;
}
