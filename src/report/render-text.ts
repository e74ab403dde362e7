import { VERDICTS, type Verdict } from '../model/verdict.ts';
import { CHANGE_STATUSES, countEach } from './document.ts';
import { entryKeyOf, removedEntries } from './removed-entries.ts';
import type { ChangeKind, Report } from './report-schema.ts';
import {
  andCostOf,
  type Colors,
  describeEvidence,
  entriesText,
  entryCells,
  heldBackSection,
  outcomeCell,
  plural,
  recordCells,
  remarkSections,
  section,
  type TextOptions,
  textOf,
  withheldSection,
  zoneTitle,
} from './sections.ts';

type Changes = readonly Report['changes'][number][];

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
    heldBackSection(`Held back: ${entriesText(heldBack.length)}.`, heldBack, colors),
    withheldSection(`Not registered: ${plural(withheld.length, 'record')}.`, withheld, colors),
    ...stopsSections(report, colors),
    leftSection(report, 'unverified', 'Left because it cannot be known', colors),
    leftSection(report, 'protected', 'Left because Route 53 protects its name', colors),
    ...remarkSections(report, colors),
  ]);
}

/** Told only where there are any. */
const RARE: ReadonlySet<Verdict> = new Set<Verdict>(['draining', 'protected']);

function summary(report: Report, { bold }: Colors): string {
  const { summary: counts } = report;
  const verdicts = VERDICTS.filter((verdict) => !RARE.has(verdict) || counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ');
  return `${bold(zoneTitle(report))}: ${entriesText(counts.entries)}: ${verdicts}.${andCostOf(report)}`;
}

function removalsSection(report: Report, colors: Colors): string {
  const removed = removedEntries(report);
  const changes = report.changes.filter(({ kind }) => kind === 'removal');
  if (removed.length === 0 && changes.length === 0) return 'Nothing to remove.';
  const sent = changes.length > 0 ? changes : removed.map(({ deletion }) => deletion);
  const planned = isPlanned(sent);
  const total = entriesText(report.summary.removals);
  const head = planned
    ? `To remove: ${total}, in ${plural(sent.length, 'change')}.`
    : `Removal of ${total}: ${describeOutcomes(sent)}.`;
  const rows = removed.map(({ entry, deletion }) => [
    ...entryCells(entry),
    ...(planned ? [] : [outcomeCell(deletion)]),
  ]);
  return section(head, rows, colors, colors.red('-')) || colors.bold(head);
}

const WRITTEN = {
  registration: { toDo: 'To register', done: 'Registration of', mark: '+', color: 'green' },
  rewrite: { toDo: 'To rewrite', done: 'Rewriting of', mark: '~', color: 'yellow' },
} as const satisfies Partial<Record<ChangeKind, object>>;

function writtenSection(report: Report, kind: keyof typeof WRITTEN, colors: Colors): string {
  const changes = report.changes.filter((change) => change.kind === kind && change.action === 'CREATE');
  const { toDo, done, mark, color } = WRITTEN[kind];
  const planned = isPlanned(changes);
  const total = plural(changes.length, 'record');
  const head = planned ? `${toDo}: ${total}.` : `${done} ${total}: ${describeOutcomes(changes)}.`;
  const rows = changes.map((change) => [
    change.recordSet.Name,
    change.recordSet.Type,
    describeValues(change.recordSet),
    change.reasons.join(', '),
    ...(planned ? [] : [outcomeCell(change)]),
  ]);
  return section(head, rows, colors, colors[color](mark));
}

const MAX_SHOWN_VALUES = 3;

function describeValues({ ResourceRecords = [] }: Changes[number]['recordSet']): string {
  if (ResourceRecords.length > MAX_SHOWN_VALUES) return `${ResourceRecords.length} values`;
  return ResourceRecords.map(({ Value }) => Value).join(', ');
}

function isPlanned(items: readonly { readonly status: string }[]): boolean {
  return items.every(({ status }) => status === 'planned');
}

function describeOutcomes(changes: Changes): string {
  const { applied, conflict, failed } = countEach(CHANGE_STATUSES, changes, 'status');
  return `${plural(applied, 'change')} applied, ${conflict} in conflict, ${failed} failed`;
}

function stopsSections({ stopped }: Report, colors: Colors): readonly string[] {
  const stops = stopped.filter(({ status }) => status !== 'waiting');
  const waiting = stopped.filter(({ status }) => status === 'waiting');
  const planned = isPlanned(stops);
  const head = `${planned ? 'To stop' : 'Stopping'}: ${plural(stops.length, 'task')}.`;
  const rows = stops.map((stop) => [...describeStop(stop), ...(planned ? [] : [stop.status])]);
  const waitingHead = `Unhealthy and not stopped: ${plural(waiting.length, 'task')}.`;
  return [
    section(head, rows, colors, colors.red('x')),
    section(waitingHead, waiting.map(describeStop), colors, colors.yellow('!')),
  ];
}

function describeStop({ cluster, service, task, reason, detail }: Report['stopped'][number]) {
  const id = task.slice(task.lastIndexOf('/') + 1);
  return [`${cluster}/${service}`, id, reason, detail];
}

/** Those that a guardrail stands for are listed with it. */
function leftSection(report: Report, verdict: Verdict, head: string, colors: Colors): string {
  const held = new Set(report.heldBack.map(entryKeyOf));
  const rows = report.entries
    .filter((entry) => entry.verdict === verdict && !held.has(entryKeyOf(entry)))
    .map((entry) => [...recordCells(entry), entry.reason, describeEvidence(entry.evidence)]);
  return section(`${head}: ${entriesText(rows.length)}.`, rows, colors, '?');
}
