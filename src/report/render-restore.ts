import type { RestoreReport } from './restore-report-schema.ts';
import { andCostOf, outcomeText, plural, remarkSections, zoneTitle } from './sections.ts';
import {
  type Mark,
  NAME,
  type Page,
  type Section,
  section,
  type TextOptions,
  zoneTextOf,
} from './text-document.ts';

type ReportedSet = RestoreReport['sets'][number];

/** A restoring for people: a summary, then what is put back, and what is not. */
export function renderRestore(report: RestoreReport, options: TextOptions): string {
  return zoneTextOf(options, report, LEGEND, (page) => [
    summary(report, page),
    ...putBackParts(report),
    refusedSection(report),
    leftSection(report),
    ...remarkSections(report, 'About the journal'),
  ]);
}

const LEGEND = {
  '+': 'comes back',
  '~': 'gets its values back',
  x: 'is refused',
  '!': 'needs a look',
} as const satisfies Partial<Record<Mark, string>>;

function summary(report: RestoreReport, { colors }: Page): string {
  const { sets, missing, reduced, there, changed, refused } = report.summary;
  const others = refused === 0 ? '' : `, ${refused} refused`;
  const states = `${missing} missing, ${reduced} reduced, ${there} there, ${changed} changed since${others}`;
  const total = plural(sets, 'removed record set');
  return `${colors.bold(zoneTitle(report))}: ${total}: ${states}.${andCostOf(report)}`;
}

const HEADS = ['REASON', NAME, 'TYPE', 'VALUE', 'SET', 'REMOVED'] as const;

function putBackParts({ sets, summary: counts }: RestoreReport): readonly (string | Section)[] {
  const going = sets.filter(({ status }) => status !== undefined);
  if (going.length === 0) return ['Nothing to put back.'];
  const planned = going.every(({ status }) => status === 'planned');
  const total = plural(going.length, 'record set');
  const head = planned
    ? `To put back: ${total}.`
    : `Putting back of ${total}: ${counts.restored} applied, ${counts.conflicts} in conflict, ${counts.failed} failed.`;
  const rows = going.map((set) => ({
    mark: set.state === 'missing' ? ('+' as const) : ('~' as const),
    cells: [...(planned ? [] : [outcomeText(set)]), ...identify(set)],
  }));
  return [{ head, heads: planned ? HEADS : ['OUTCOME', ...HEADS], rows }];
}

/** What no run can have removed: the journal was edited, or is none of this worker's. */
function refusedSection({ sets }: RestoreReport): Section {
  const refused = sets.filter(({ state }) => state === 'refused');
  const rows = refused.map((set) => [...identify(set), `refused: ${set.detail}`]);
  return section(`Refused: ${plural(rows.length, 'record set')}.`, [...HEADS, 'WHY'], 'x', rows);
}

/** Those that are there are only counted. */
function leftSection({ sets }: RestoreReport): Section {
  const changed = sets.filter(({ state }) => state === 'changed');
  const rows = changed.map((set) => [...identify(set), `changed since: now ${shown(set.there)}`]);
  return section(`Left as it is: ${plural(rows.length, 'record set')}.`, [...HEADS, 'WHY'], '!', rows);
}

function identify({ recordSet, removedAt, reasons, removal }: ReportedSet): readonly string[] {
  const told = removal === undefined || removal.status === 'applied' ? '' : `, told as ${removal.status}`;
  return [
    reasons.join(', '),
    recordSet.Name,
    recordSet.Type,
    shown(recordSet),
    recordSet.SetIdentifier ?? '',
    `removed ${removedAt}${told}`,
  ];
}

function shown(set: ReportedSet['there']): string {
  return (set?.ResourceRecords ?? []).map(({ Value }) => Value).join(' + ');
}
