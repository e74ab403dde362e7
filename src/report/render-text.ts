import { ANOTHER_WRITER } from '../model/change.ts';
import { printable } from '../model/printable.ts';
import { VERDICTS, type Verdict } from '../model/verdict.ts';
import { CHANGE_STATUSES, countEach } from './document.ts';
import { entryKeyOf, removedEntries } from './removed-entries.ts';
import type { ChangeKind, Report } from './report-schema.ts';
import {
  andCostOf,
  ENTRY_HEADS,
  entriesSection,
  entriesText,
  entryCells,
  heldBackSection,
  outcomeText,
  plural,
  remarkSections,
  withheldSection,
  zoneTitle,
} from './sections.ts';
import {
  type Page,
  type Part,
  RECORD_HEADS,
  type Section,
  section,
  type TextOptions,
  zoneTextOf,
} from './text-document.ts';
import { zoneCounts } from './zone-counts.ts';

type Changes = readonly Report['changes'][number][];

/** How a report is told, apart from its looks. */
export interface ReportTextOptions extends TextOptions {
  /** What an operator has read already, such as the plan above a question: nothing of it is told again. */
  readonly seen?: Report | undefined;
}

/**
 * The report for people: a summary, then what goes, what is held back, and what could not be read. Live entries are
 * listed where the report has them.
 *
 * @example
 * const { report } = await worker.run(request);
 * const { isTTY, columns } = process.stdout;
 * console.log(renderText(report, { color: isTTY, width: isTTY ? columns : undefined }));
 */
export function renderText(report: Report, { seen, ...options }: ReportTextOptions): string {
  const told = seen === undefined ? report : withoutSeen(report, seen);
  return zoneTextOf(options, report, {}, (page) => [
    summary(report, page),
    ...writtenParts(report, 'registration', seen),
    ...writtenParts(report, 'rewrite', seen),
    ...removalParts(report, seen),
    heldBackSection('Held back', told.heldBack),
    withheldSection('Not registered', told.withheld),
    startingText(report),
    ...stopsSections(report),
    leftSection(told, 'unverified', 'Left as unverified', '?'),
    leftSection(told, 'protected', 'Left as protected', '?'),
    leftSection(told, 'live', 'Live', '*'),
    ...(report.filter?.only === undefined ? [] : [leftSection(told, 'foreign', 'Foreign', '?')]),
    ...remarkSections(told),
  ]);
}

/** Told only where there are any. */
const RARE: ReadonlySet<Verdict> = new Set<Verdict>(['draining', 'protected']);

function summary(report: Report, { colors }: Page): string {
  const { entries, verdicts, isChanged } = zoneCounts(report);
  const counted = VERDICTS.filter((verdict) => !RARE.has(verdict) || verdicts[verdict] > 0)
    .map((verdict) => `${verdicts[verdict]} ${verdict}`)
    .join(', ');
  const now = isChanged ? 'now ' : '';
  const line = `${colors.bold(zoneTitle(report))}: ${now}${entriesText(entries)}: ${counted}.${andCostOf(report)}`;
  return `${line}${filterText(report)}`;
}

function filterText({ filter }: Report): string {
  if (filter === undefined) return '';
  const parts = [
    ...(filter.only === undefined ? [] : [`of the verdict ${filter.only.join(' or ')}`]),
    ...(filter.name === undefined ? [] : [`of a name like ${printable(filter.name)}`]),
  ];
  return `\nListed is only what is ${parts.join(', ')}; the counts are those of all.`;
}

function removalParts(report: Report, seen: Report | undefined): readonly Part[] {
  const removed = removedEntries(report);
  const changes = report.changes.filter(({ kind }) => kind === 'removal');
  if (removed.length === 0 && changes.length === 0) {
    return [report.filter === undefined ? 'Nothing to remove.' : 'Nothing of it is to be removed.'];
  }
  const rows = removed.map(({ entry, deletion }) => ({ cells: entryCells(entry), change: deletion }));
  const words = {
    toDo: 'To remove',
    done: 'Removed',
    before: 'Already gone',
    undone: 'Could not be removed',
  };
  const inChanges = describeChanges(changes, removed.length);
  const parts = outcomeParts(rows, { words, mark: '-', heads: ENTRY_HEADS, inChanges }, seen);
  return parts.length > 0 ? parts : [`To remove: ${entriesText(report.summary.removals)}${inChanges}.`];
}

/** How many changes entries take, where that is another number. */
function describeChanges(changes: Changes, entries: number): string {
  if (changes.length === entries || changes.length === 0) return '';
  const kept = changes.filter(({ action }) => action === 'CREATE').length;
  const sets = changes.length - kept;
  const of = sets === entries ? '' : ` of ${plural(sets, 'record set')}`;
  const why =
    kept === 0 ? '' : `: ${kept === 1 ? '1 record set keeps a value' : `${kept} record sets keep values`}`;
  return `${of}, in ${plural(changes.length, 'change')}${why}`;
}

const WRITTEN = {
  registration: {
    words: {
      toDo: 'To register',
      done: 'Registered',
      before: 'Already registered',
      undone: 'Could not be registered',
    },
    mark: '+',
  },
  rewrite: {
    words: {
      toDo: 'To rewrite',
      done: 'Rewritten',
      before: 'Already rewritten',
      undone: 'Could not be rewritten',
    },
    mark: '~',
  },
} as const satisfies Partial<Record<ChangeKind, object>>;

function writtenParts(report: Report, kind: keyof typeof WRITTEN, seen: Report | undefined): readonly Part[] {
  const changes = report.changes.filter((change) => change.kind === kind && change.action === 'CREATE');
  const rows = changes.map((change) => {
    const { recordSet, reasons } = change;
    const cells = [reasons.join(', '), recordSet.Name, recordSet.Type, describeValues(recordSet)];
    return { cells, change };
  });
  return outcomeParts(rows, { ...WRITTEN[kind], heads: ['REASON', ...RECORD_HEADS], inChanges: '' }, seen);
}

interface OutcomeRow {
  readonly cells: readonly string[];
  readonly change: Changes[number];
}

interface OutcomeWords {
  readonly words: Readonly<Record<'toDo' | 'done' | 'before' | 'undone', string>>;
  readonly mark: '-' | '+' | '~';
  readonly heads: readonly string[];
  readonly inChanges: string;
}

/** What is to be done; or what was done, and apart from it what another writer had done, and what was not, with the reason. */
function outcomeParts(
  rows: readonly OutcomeRow[],
  { words, mark, heads, inChanges }: OutcomeWords,
  seen: Report | undefined,
): readonly Part[] {
  if (rows.length === 0) return [];
  const cellsOf = (some: readonly OutcomeRow[]) => some.map(({ cells }) => cells);
  if (rows.every(({ change }) => change.status === 'planned')) {
    return [section(`${words.toDo}: ${total(rows)}${inChanges}.`, heads, mark, cellsOf(rows))];
  }
  const done = rows.filter(({ change }) => change.status === 'applied');
  const before = rows.filter(({ change }) => change.status === 'already-done');
  const undone = rows.filter(({ change: { status } }) => status !== 'applied' && status !== 'already-done');
  const head = `${words.done}: ${total(done)}${done.length === rows.length ? inChanges : ''}.`;
  const failures = undone.map(({ cells, change }) => [outcomeText(change), ...cells.slice(1)]);
  return [
    seen === undefined && done.length > 0 ? section(head, heads, mark, cellsOf(done)) : head,
    section(`${words.before}, by ${ANOTHER_WRITER}: ${total(before)}.`, heads, '*', cellsOf(before)),
    section(
      `${words.undone}: ${total(undone)}: ${describeOutcomes(undone)}.`,
      ['OUTCOME', ...heads.slice(1)],
      '!',
      failures,
    ),
  ];
}

/** A row of what is written is a record set, and one of what goes an entry of it. */
function total(rows: readonly OutcomeRow[]): string {
  const created = rows.filter(({ change }) => change.action === 'CREATE');
  const values = created.reduce(
    (sum, { change }) => sum + (change.recordSet.ResourceRecords?.length ?? 0),
    0,
  );
  if (values === created.length) return entriesText(rows.length);
  return `${entriesText(values)} in ${plural(created.length, 'record set')}`;
}

const MAX_SHOWN_VALUES = 3;

function describeValues({ ResourceRecords = [] }: Changes[number]['recordSet']): string {
  if (ResourceRecords.length > MAX_SHOWN_VALUES) return `${ResourceRecords.length} values`;
  return ResourceRecords.map(({ Value }) => Value).join(', ');
}

function describeOutcomes(rows: readonly OutcomeRow[]): string {
  const counts = countEach(
    CHANGE_STATUSES,
    rows.map(({ change }) => change),
    'status',
  );
  const told = [
    [counts.conflict, 'in conflict'],
    [counts.failed, 'failed'],
    [counts.planned, 'not sent'],
  ] as const;
  return told
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

function startingText({ starting = 0 }: Report): string {
  if (starting === 0) return '';
  return starting === 1
    ? '1 container is starting, and not registered yet: the next run looks again.'
    : `${starting} containers are starting, and not registered yet: the next run looks again.`;
}

const STOP_HEADS = ['REASON', 'SERVICE', 'TASK', 'DETAIL'] as const;
/** In the order of the report. */
const STOPS = [
  ['planned', 'To stop', 'x'],
  ['stopped', 'Stopped', 'x'],
  ['failed', 'Unhealthy, and ECS did not stop them', '!'],
  ['waiting', 'Unhealthy and not stopped', '!'],
] as const satisfies readonly (readonly [Report['stopped'][number]['status'], string, string])[];

function stopsSections({ stopped }: Report): readonly Section[] {
  return STOPS.map(([status, title, mark]) => {
    const rows = stopped.filter((stop) => stop.status === status).map(describeStop);
    return section(`${title}: ${plural(rows.length, 'task')}.`, STOP_HEADS, mark, rows);
  });
}

function describeStop({ cluster, service, task, reason, detail }: Report['stopped'][number]) {
  const id = task.slice(task.lastIndexOf('/') + 1);
  return [reason, `${cluster}/${service}`, id, detail];
}

/** Those that a guardrail stands for are listed with it. */
function leftSection(report: Report, verdict: Verdict, title: string, mark: '?' | '*'): Section {
  const held = new Set(report.heldBack.map(entryKeyOf));
  const left = report.entries.filter((entry) => entry.verdict === verdict && !held.has(entryKeyOf(entry)));
  return entriesSection(title, mark, left);
}

/** What a report has that an earlier one did not have, apart from its changes. */
function withoutSeen(report: Report, seen: Report): Report {
  return {
    ...report,
    entries: notIn(report.entries, seen.entries, (one) => [entryKeyOf(one), one.verdict, one.reason]),
    heldBack: notIn(report.heldBack, seen.heldBack, (one) => [entryKeyOf(one), one.guardrail]),
    withheld: notIn(report.withheld, seen.withheld, ({ name, type, value, reason }) => [
      name,
      type,
      value,
      reason,
    ]),
    notices: notIn(report.notices, seen.notices, ({ subject, detail }) => [subject, detail]),
    incomplete: notIn(report.incomplete, seen.incomplete, ({ scope, operation }) => [scope, operation]),
  };
}

function notIn<T>(
  items: readonly T[],
  others: readonly T[],
  keyOf: (item: T) => readonly (string | undefined)[],
): T[] {
  const known = new Set(others.map((other) => JSON.stringify(keyOf(other))));
  return items.filter((item) => !known.has(JSON.stringify(keyOf(item))));
}
