import { ANOTHER_WRITER } from '../model/change.ts';
import type { RestoreReport } from './restore-report-schema.ts';
import { andCostOf, outcomeText, plural, remarkSections, zoneTitle } from './sections.ts';
import { type Mark, NAME, type Page, type Section, type TextOptions, zoneTextOf } from './text-document.ts';

type ReportedSet = RestoreReport['sets'][number];

/** How a restoring is told, apart from its looks. */
export interface RestoreTextOptions extends TextOptions {
  /** Whether an operator has read all but the outcomes already, above a question. */
  readonly isSeen?: boolean;
}

/** A restoring for people: a summary, then what is put back, and what is not. */
export function renderRestore(
  report: RestoreReport,
  { isSeen = false, ...options }: RestoreTextOptions,
): string {
  return zoneTextOf(options, report, LEGEND, (page) => [
    summary(report, page),
    ...putBackParts(report, isSeen),
    ...(isSeen ? [] : [refusedSection(report), leftSection(report)]),
    ...(isSeen ? [] : remarkSections(report, 'About the journal')),
  ]);
}

const LEGEND = {
  '+': 'comes back',
  '~': 'gets its values back',
  x: 'is refused',
  '!': 'needs a look',
} as const satisfies Partial<Record<Mark, string>>;

function summary(report: RestoreReport, { colors }: Page): string {
  const { sets, there, changed, refused } = report.summary;
  const counts = [
    ...toPutBack(report),
    [there, 'there'],
    [changed, 'changed since'],
    ...(refused === 0 ? [] : [[refused, 'refused'] as const]),
  ] as const;
  const states = counts.map(([count, what]) => `${count} ${what}`).join(', ');
  const total = plural(sets, 'removed record set');
  return `${colors.bold(zoneTitle(report))}: ${total}: ${states}.${andCostOf(report)}`;
}

type Count = readonly [count: number, what: string];

/** Before anything is sent, what the zone has of them; afterwards, what has become of them. */
function toPutBack({
  sets,
  summary: { missing, reduced, restored, alreadyDone },
}: RestoreReport): readonly Count[] {
  if (sets.every(({ status = 'planned' }) => status === 'planned')) {
    return [
      [missing, 'missing'],
      [reduced, 'reduced'],
    ];
  }
  const left = missing + reduced - restored - alreadyDone;
  const before = alreadyDone === 0 ? [] : [[alreadyDone, `put back before by ${ANOTHER_WRITER}`] as const];
  return [[restored, 'put back'], ...before, ...(left === 0 ? [] : [[left, 'not put back'] as const])];
}

function putBackParts(report: RestoreReport, isSeen: boolean): readonly (string | Section)[] {
  const going = report.sets.filter(({ status }) => status !== undefined);
  if (going.length === 0) return ['Nothing to put back.'];
  if (going.every(({ status }) => status === 'planned')) return [setsSection('To put back', going)];
  const done = going.filter(({ status }) => status === 'applied');
  const before = going.filter(({ status }) => status === 'already-done');
  const undone = going.filter(({ status }) => status !== 'applied' && status !== 'already-done');
  const failures = setsSection('Could not be put back', undone, { title: 'OUTCOME', cellOf: outcomeText });
  const head = `Put back: ${plural(done.length, 'record set')}.`;
  const first = setsSection(`Put back before by ${ANOTHER_WRITER}`, before);
  return [isSeen || done.length === 0 ? head : setsSection('Put back', done), first, failures];
}

/** What no run can have removed: the journal was edited, or is none of this worker's. */
function refusedSection({ sets }: RestoreReport): Section {
  const refused = sets.filter(({ state }) => state === 'refused');
  return setsSection('Refused', refused, { title: 'WHY', cellOf: ({ detail = '' }) => detail });
}

/** Those that are there are only counted. */
function leftSection({ sets }: RestoreReport): Section {
  const changed = sets.filter(({ state }) => state === 'changed');
  return setsSection('Changed since, and left as it is', changed, {
    title: 'WHY',
    cellOf: (set) => set.detail ?? nowText(set),
  });
}

/** What a set is by now, as far as it is another one. */
function nowText({ recordSet, there }: ReportedSet): string {
  const others = (['Weight', 'TTL'] as const).flatMap((field) =>
    there?.[field] === recordSet[field] ? [] : [`${field} ${there?.[field] ?? 'none'}`],
  );
  const isSame = valuesOf(there) === valuesOf(recordSet);
  return `now ${[...(isSame && others.length > 0 ? [] : [valuesOf(there)]), ...others].join(', ')}`;
}

/** What a list says of each set in front of all else. */
interface FirstColumn {
  readonly title: string;
  readonly cellOf: (set: ReportedSet) => string;
}

/** Where all sets were removed at the same time, and told the same of it, the head says so once for all of them. */
function setsSection(title: string, sets: readonly ReportedSet[], first?: FirstColumn): Section {
  const times = new Set(sets.map(removedText));
  const [time = ''] = times;
  const isOneTime = times.size === 1;
  const columns: readonly FirstColumn[] = [
    ...(first === undefined ? [] : [first]),
    { title: 'REASON', cellOf: ({ reasons }) => reasons.join(', ') },
    { title: NAME, cellOf: ({ recordSet }) => recordSet.Name },
    { title: 'TYPE', cellOf: ({ recordSet }) => recordSet.Type },
    { title: 'VALUE', cellOf: ({ recordSet }) => valuesOf(recordSet) },
    { title: 'SET', cellOf: ({ recordSet }) => shortIdentifier(recordSet.SetIdentifier) },
    ...(isOneTime ? [] : [{ title: 'REMOVED', cellOf: removedText }]),
  ];
  return {
    head: `${title}: ${plural(sets.length, 'record set')}${isOneTime ? `, removed ${time}` : ''}.`,
    heads: columns.map((column) => column.title),
    rows: sets.map((set) => ({ mark: markOf(set), cells: columns.map(({ cellOf }) => cellOf(set)) })),
  };
}

const MARKS = {
  missing: '+',
  reduced: '~',
  refused: 'x',
  changed: '!',
  there: '*',
} as const satisfies Record<ReportedSet['state'], Mark>;

function markOf({ state, status }: ReportedSet): Mark {
  if (status === 'already-done') return MARKS.there;
  return status === 'conflict' || status === 'failed' ? '!' : MARKS[state];
}

function removedText({ removedAt, removal }: ReportedSet): string {
  return removal === undefined || removal.status === 'applied'
    ? removedAt
    : `${removedAt}, told as ${removal.status}`;
}

function valuesOf(set: ReportedSet['there']): string {
  return (set?.ResourceRecords ?? []).map(({ Value }) => Value).join(' + ');
}

/** The id of a container as people write it: the whole of it is wider than most terminals. */
function shortIdentifier(identifier = ''): string {
  return identifier.replace(/[0-9a-f]{64}/, (id) => id.slice(0, 12));
}
