import { VERDICTS, type Verdict } from '../../model/verdict.ts';
import { GUARDRAIL_WORDS } from '../../plan/plan.ts';
import { entryKeyOf, removedEntries } from '../removed-entries.ts';
import type { ChangeKind, Report } from '../report-schema.ts';
import { plural } from '../sections.ts';
import { html, type Markup, prose } from './html.ts';
import { dataTable, pageSection } from './html-page.ts';
import {
  badge,
  entryRow,
  evidenceFacts,
  type Fact,
  identifierFacts,
  type RecordRow,
  type RowOptions,
  reasonWords,
  recordRows,
  recordSetFacts,
  statusBadges,
  valuesText,
} from './record-rows.ts';

/** A section of a report; nothing where it has nothing to say. */
export type Section = Markup | undefined;

export interface ListParts {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  readonly rows: readonly RecordRow[];
}

/** Records under a heading; nothing where there are none. */
export function listSection({ id, title, lead, rows }: ListParts, options: RowOptions): Section {
  if (rows.length === 0) return undefined;
  return pageSection({ id, title, count: rows.length, lead: prose(lead), body: recordRows(rows, options) });
}

/** Whether anything of a list was sent, and it is told in the past. */
export function isDone(items: readonly { readonly status: string }[]): boolean {
  return items.some(({ status }) => status !== 'planned');
}

export function removalsSection(report: Report, options: RowOptions): Markup {
  const removed = removedEntries(report);
  const done = isDone(removed.map(({ deletion }) => deletion));
  const rows = removed.map(({ entry, deletion }) =>
    entryRow(entry, detailFacts(deletion.detail), statusBadges(deletion.status)),
  );
  const title = done ? 'Removals' : 'To remove';
  const body = html`<p class="empty">Nothing is to be removed.</p>`;
  const lead = 'These entries lead to nothing, or to what does not work. Each has its evidence behind it.';
  return (
    listSection({ id: 'removals', title, lead, rows }, options) ??
    pageSection({ id: 'removals', title, body })
  );
}

const WRITTEN = {
  registration: {
    id: 'registrations',
    title: 'To register',
    done: 'Registrations',
    badge: badge('new', 'live'),
    lead: 'This runs, is healthy, and has no record.',
  },
  rewrite: {
    id: 'rewrites',
    title: 'To rewrite',
    done: 'Rewrites',
    badge: badge('rewrite', 'draining'),
    lead: 'These records lead to the same as before, and are written in another form.',
  },
} as const satisfies Partial<Record<ChangeKind, object>>;

export function writtenSection(report: Report, kind: keyof typeof WRITTEN, options: RowOptions): Section {
  const { id, title, done, badge: mark, lead } = WRITTEN[kind];
  const changes = writtenChanges(report, kind);
  const rows = changes.map(({ recordSet, reasons, status, detail }) => ({
    badges: [mark, ...statusBadges(status)],
    name: recordSet.Name,
    type: recordSet.Type,
    value: valuesText(recordSet),
    why: reasons.includes('missing') ? 'no record leads there yet' : 'its record has another form',
    code: reasons.join(', '),
    facts: [...detailFacts(detail), ...recordSetFacts(recordSet)],
  }));
  return listSection({ id, title: isDone(changes) ? done : title, lead, rows }, options);
}

/** What is to be written, without what is taken out in its favour. */
export function writtenChanges({ changes }: Report, kind: keyof typeof WRITTEN): Report['changes'] {
  return changes.filter((change) => change.kind === kind && change.action === 'CREATE');
}

export function heldBackSection(
  { heldBack, entries }: Pick<Report, 'heldBack' | 'entries'>,
  options: RowOptions,
): Section {
  const evidence = new Map(entries.map((entry) => [entryKeyOf(entry), entry.evidence]));
  const rows = heldBack.map((item) => ({
    ...item,
    badges: [badge(item.verdict)],
    why: item.detail,
    code: item.guardrail,
    facts: [
      ...guardrailFacts(item.guardrail),
      ['Else', html`<code>${item.reason}</code>, ${prose(reasonWords(item.reason).meaning)}`] as const,
      ...evidenceFacts(evidence.get(entryKeyOf(item)) ?? {}),
      ...identifierFacts(item),
    ],
  }));
  const lead = 'A guardrail keeps these entries, whatever their verdict.';
  return listSection({ id: 'held-back', title: 'Held back', lead, rows }, options);
}

function guardrailFacts(guardrail: string): readonly Fact[] {
  if (!isGuardrail(guardrail)) return [];
  const { holdsBack, liftedBy } = GUARDRAIL_WORDS[guardrail];
  return [
    ['Guardrail', html`<code>${guardrail}</code> holds back ${prose(holdsBack)}`],
    ['Lifted by', prose(liftedBy)],
  ];
}

function isGuardrail(name: string): name is keyof typeof GUARDRAIL_WORDS {
  return Object.hasOwn(GUARDRAIL_WORDS, name);
}

export function withheldSection({ withheld }: Pick<Report, 'withheld'>, options: RowOptions): Section {
  const rows = withheld.map((item) => ({
    ...item,
    badges: [badge('not registered', 'unverified')],
    why: item.detail,
    code: item.reason,
    facts: [...evidenceFacts(item.evidence), ['What to do', prose(reasonWords(item.reason).advice)] as const],
  }));
  const lead = 'This runs and gets no record.';
  return listSection({ id: 'withheld', title: 'Not registered', lead, rows }, options);
}

const LEFT = {
  live: ['Live', 'These entries lead to what works.'],
  stale: ['Stale', 'These entries lead to nothing.'],
  unhealthy: ['Unhealthy', 'What these entries lead to runs, and fails its check.'],
  draining: ['Draining', 'These entries lead to a host that is to lose its containers.'],
  unverified: ['Left as unverified', 'These entries stay: what they lead to cannot be known.'],
  protected: ['Left as protected', 'These entries stay: Route 53 protects their names against every change.'],
  foreign: ['Foreign', 'These records are not provably of this worker, and are never touched.'],
} as const satisfies Readonly<Record<Verdict, readonly [title: string, lead: string]>>;

/** The entries of a verdict, but for those that a guardrail stands for: they are listed with it. */
export function leftSection(report: Report, verdict: Verdict, options: RowOptions): Section {
  const [title, lead] = LEFT[verdict];
  const rows = leftEntries(report, verdict).map((one) => entryRow(one));
  return listSection({ id: verdict, title, lead, rows }, options);
}

export function leftEntries({ entries, heldBack }: Report, verdict: Verdict): Report['entries'] {
  const held = new Set(heldBack.map(entryKeyOf));
  return entries.filter((one) => one.verdict === verdict && !held.has(entryKeyOf(one)));
}

/** All entries of a verdict, each with what became of it. */
export function verdictRows(report: Report, verdict: Verdict): readonly RecordRow[] {
  const held = new Map(report.heldBack.map((item) => [entryKeyOf(item), item]));
  const gone = new Map(removedEntries(report).map(({ entry, deletion }) => [entry, deletion]));
  return report.entries
    .filter((entry) => entry.verdict === verdict)
    .map((entry) => {
      const [item, deletion] = [held.get(entryKeyOf(entry)), gone.get(entry)];
      if (item !== undefined)
        return entryRow(entry, [[item.guardrail, item.detail]], [badge('held back', 'foreign')]);
      return entryRow(entry, detailFacts(deletion?.detail), deletion && statusBadges(deletion.status));
    });
}

/** All entries of a verdict, folded into one line. */
export function verdictFold(report: Report, verdict: Verdict, options: RowOptions): Section {
  const rows = verdictRows(report, verdict);
  if (rows.length === 0) return undefined;
  return html`<details class="fold ${verdict}"><summary>${badge(verdict)} ${plural(rows.length, 'entry', 'entries')}</summary>${recordRows(rows, options)}</details>`;
}

export function stopsSection({ stopped }: Report, { maxRows }: RowOptions): Section {
  if (stopped.length === 0) return undefined;
  const rows = stopped.map(({ cluster, service, task, reason, status, detail }) => [
    html`${cluster}/${service}<br><span class="quiet mono">${task.slice(task.lastIndexOf('/') + 1)}</span>`,
    status === 'planned' ? badge('to stop', 'stale') : statusBadges(status),
    html`${detail}<br><span class="quiet mono">${reason}</span>`,
  ]);
  const columns = [{ title: 'Task' }, { title: 'Status' }, { title: 'Why' }];
  const title = 'Unhealthy tasks';
  const body = dataTable(title, columns, rows.slice(0, maxRows));
  return pageSection({ id: 'stops', title, count: stopped.length, body });
}

export function incompleteSection(
  { incomplete }: Pick<Report, 'incomplete'>,
  { maxRows }: RowOptions,
): Section {
  if (incomplete.length === 0) return undefined;
  const columns = [{ title: 'Scope' }, { title: 'Call' }, { title: "AWS's error" }];
  const rows = incomplete
    .slice(0, maxRows)
    .map(({ scope, operation, error }) => [scope, html`<span class="mono">${operation}</span>`, error]);
  const title = 'Could not be read';
  const lead = 'What may depend on this stays as it is.';
  return pageSection({
    id: 'incomplete',
    title,
    count: incomplete.length,
    lead,
    body: dataTable(title, columns, rows),
  });
}

export function noticesSection({ notices }: Pick<Report, 'notices'>, { maxRows }: RowOptions): Section {
  if (notices.length === 0) return undefined;
  const columns = [{ title: 'About' }, { title: 'What to put right' }];
  const rows = notices.slice(0, maxRows).map(({ subject, detail }) => [subject, detail]);
  const title = 'To put right';
  return pageSection({ id: 'notices', title, count: notices.length, body: dataTable(title, columns, rows) });
}

/** The requests to AWS by operation, the most frequent first; `totals` are those of all runs. */
export function callsTable(awsCalls: Report['awsCalls']): Markup {
  const rows = Object.entries(awsCalls)
    .toSorted(([, a], [, b]) => b - a)
    .map(([operation, count]) => [html`<span class="mono">${operation}</span>`, count]);
  return dataTable('AWS calls', [{ title: 'Operation' }, { title: 'Requests', kind: 'number' }], rows);
}

export function callsSection({ awsCalls, awsThrottled }: Pick<Report, 'awsCalls' | 'awsThrottled'>): Section {
  const total = totalCalls(awsCalls);
  if (total === 0) return undefined;
  const lead = `${plural(awsThrottled, 'request')} of these ${awsThrottled === 1 ? 'was' : 'were'} rejected as too many.`;
  return pageSection({ id: 'calls', title: 'AWS calls', count: total, lead, body: callsTable(awsCalls) });
}

export function totalCalls(awsCalls: Report['awsCalls']): number {
  return Object.values(awsCalls).reduce((sum, count) => sum + count, 0);
}

/** How many entries have which verdict: as a bar, and in words. */
export function verdictsSection({ summary }: Pick<Report, 'summary'>, folds?: readonly Section[]): Markup {
  const present = VERDICTS.filter((verdict) => summary[verdict] > 0);
  let x = 0;
  const parts = present.map((verdict) => {
    const width = summary[verdict];
    const part = html`<rect class="${verdict}" x="${x}" y="0" width="${width}" height="1"/>`;
    x += width;
    return part;
  });
  const bar = html`<svg class="bar" viewBox="0 0 ${Math.max(1, x)} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
  const legend = present.map(
    (verdict) =>
      html`<li class="${verdict}"><span class="dot"></span><b>${summary[verdict]}</b> ${verdict}</li>`,
  );
  const body = html`<div class="verdicts">${bar}<ul class="legend">${legend}</ul></div>${folds}`;
  return pageSection({ id: 'verdicts', title: 'Entries by verdict', count: summary.entries, body });
}

function detailFacts(detail: string | undefined): readonly Fact[] {
  return detail === undefined ? [] : [['Outcome', detail]];
}
