import { printable } from '../model/printable.ts';
import { VERDICTS } from '../model/verdict.ts';
import type { ChangeKind } from './change-kind.ts';
import { entryKeyOf, type ReportedChange, removedEntries } from './removed-entries.ts';
import type { Report } from './report-schema.ts';
import {
  andCostOf,
  type Colors,
  describeEvidence,
  heldBackSection,
  incompleteSection,
  noticesSection,
  outcomeCell,
  recordCells,
  section,
  type TextOptions,
  textOf,
  withheldSection,
  zoneTitle,
} from './sections.ts';
import { plural } from './table.ts';

/**
 * The report for people: a summary, then what goes, what is held back, and what could not be read.
 *
 * @example
 * const { report } = await worker.run(request);
 * console.log(renderText(report, { color: process.stdout.isTTY }));
 */
export function renderText(report: Report, options: TextOptions): string {
  const { heldBack, withheld } = report;
  return textOf(options, (colors) => [
    summary(report, colors),
    writtenSection(report, 'registration', colors),
    writtenSection(report, 'rewrite', colors),
    removalsSection(report, colors),
    heldBackSection(`Held back: ${entries(heldBack.length)}.`, heldBack, colors),
    withheldSection(`Not registered: ${records(withheld.length)}.`, withheld, colors),
    stopsSection(report, colors),
    waitingSection(report, colors),
    unverifiedSection(report, colors),
    incompleteSection(report, colors),
    noticesSection(report, colors),
  ]);
}

function summary(report: Report, { bold }: Colors): string {
  const { summary: counts } = report;
  const verdicts = VERDICTS.filter((verdict) => verdict !== 'draining' || counts.draining > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ');
  return `${bold(zoneTitle(report))}: ${entries(counts.entries)}: ${verdicts}.${andCostOf(report)}`;
}

function removalsSection(report: Report, colors: Colors): string {
  const removed = removedEntries(report);
  const changes = report.changes.filter(({ kind }) => kind === 'removal');
  if (removed.length === 0 && changes.length === 0) return 'Nothing to remove.';
  const sent = changes.length > 0 ? changes : removed.map(({ deletion }) => deletion);
  const planned = isPlanned(sent);
  const total = entries(report.summary.removals);
  const head = planned
    ? `To remove: ${total}, in ${plural(sent.length, 'change', 'changes')}.`
    : `Removal of ${total}: ${describeOutcomes(sent)}.`;
  const rows = removed.map(({ entry, deletion }) => [
    colors.red('-'),
    ...recordCells(entry),
    `${entry.verdict}: ${entry.reason}`,
    describeEvidence(entry.evidence),
    ...(planned ? [] : [outcomeCell(deletion)]),
  ]);
  return section(head, rows, colors) || colors.bold(head);
}

const WRITTEN = {
  registration: { toDo: 'To register', done: 'Registration of', mark: '+', color: 'green' },
  /** What stays what it leads to, in another form. */
  rewrite: { toDo: 'To rewrite', done: 'Rewriting of', mark: '~', color: 'yellow' },
} as const satisfies Partial<Record<ChangeKind, object>>;

function writtenSection(report: Report, kind: keyof typeof WRITTEN, colors: Colors): string {
  const changes = report.changes.filter((change) => change.kind === kind && change.action === 'CREATE');
  const { toDo, done, mark, color } = WRITTEN[kind];
  const planned = isPlanned(changes);
  const total = records(changes.length);
  const head = planned ? `${toDo}: ${total}.` : `${done} ${total}: ${describeOutcomes(changes)}.`;
  const rows = changes.map((change) => [
    colors[color](mark),
    printable(change.recordSet.Name),
    change.recordSet.Type,
    describeValues(change.recordSet),
    change.reasons.join(', '),
    ...(planned ? [] : [outcomeCell(change)]),
  ]);
  return section(head, rows, colors);
}

const MAX_SHOWN_VALUES = 3;

function describeValues({ ResourceRecords = [] }: ReportedChange['recordSet']): string {
  if (ResourceRecords.length > MAX_SHOWN_VALUES) return `${ResourceRecords.length} values`;
  return printable(ResourceRecords.map(({ Value }) => Value).join(', '));
}

function isPlanned(changes: readonly ReportedChange[]): boolean {
  return changes.every(({ status }) => status === 'planned');
}

function describeOutcomes(changes: readonly ReportedChange[]): string {
  const count = (status: string) => changes.filter((change) => change.status === status).length;
  return `${plural(count('applied'), 'change', 'changes')} applied, ${count('conflict')} in conflict, ${count('failed')} failed`;
}

function stopsSection({ stopped }: Report, colors: Colors): string {
  const stops = stopped.filter(({ status }) => status !== 'waiting');
  const planned = stops.every(({ status }) => status === 'planned');
  const head = `${planned ? 'To stop' : 'Stopping'}: ${plural(stops.length, 'task', 'tasks')}.`;
  const rows = stops.map((stop) => [
    colors.red('x'),
    ...describeStop(stop),
    ...(planned ? [] : [stop.status]),
  ]);
  return section(head, rows, colors);
}

function waitingSection({ stopped }: Report, colors: Colors): string {
  const waiting = stopped.filter(({ status }) => status === 'waiting');
  const rows = waiting.map((stop) => [colors.yellow('!'), ...describeStop(stop)]);
  return section(`Unhealthy and not stopped: ${plural(waiting.length, 'task', 'tasks')}.`, rows, colors);
}

function describeStop({ cluster, service, task, reason, detail }: Report['stopped'][number]) {
  const id = task.slice(task.lastIndexOf('/') + 1);
  return [printable(`${cluster}/${service}`), printable(id), reason, printable(detail)];
}

/** Those that a guardrail stands for are listed with it. */
function unverifiedSection(report: Report, colors: Colors): string {
  const held = new Set(report.heldBack.map(entryKeyOf));
  const rows = report.entries
    .filter((entry) => entry.verdict === 'unverified' && !held.has(entryKeyOf(entry)))
    .map((entry) => ['?', ...recordCells(entry), entry.reason, describeEvidence(entry.evidence)]);
  return section(`Left because it cannot be known: ${entries(rows.length)}.`, rows, colors);
}

function entries(count: number): string {
  return plural(count, 'entry', 'entries');
}

function records(count: number): string {
  return plural(count, 'record', 'records');
}
