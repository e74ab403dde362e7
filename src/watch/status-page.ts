import { ANOTHER_WRITER } from '../model/change.ts';
import { durationText } from '../model/duration.ts';
import type { QuotaUse } from '../model/quota.ts';
import type { SettingInForce } from '../model/setting-in-force.ts';
import { VERDICTS } from '../model/verdict.ts';
import { type Content, html, type Markup } from '../report/html/html.ts';
import { dataTable, htmlPage, pageSection, timeCell, timeText } from '../report/html/html-page.ts';
import { badge, type RowOptions, recordRows } from '../report/html/record-rows.ts';
import { selfTestAlert, summaryTiles } from '../report/html/report-page.ts';
import {
  callsTable,
  heldBackSection,
  incompleteSection,
  noticesSection,
  totalCalls,
  verdictFold,
  verdictRows,
  verdictsSection,
  withheldSection,
} from '../report/html/report-sections.ts';
import type { Report } from '../report/report-schema.ts';
import type { EndedRun, FollowedEvents, WatchStatus } from './keep-status.ts';
import { quotasSection } from './quotas-section.ts';
import type { Readiness } from './readiness.ts';

/** What the page is made of. Times in epoch milliseconds. */
export interface StatusFacts {
  /** The command, and how often it runs: `watch`, `every 5m`. */
  readonly command: string;
  readonly schedule: string;
  readonly zone: string;
  readonly status: WatchStatus;
  readonly readiness: Readiness;
  readonly settings: readonly SettingInForce[];
  readonly quotas: readonly QuotaUse[];
  /** Whether events are followed. */
  readonly followsEvents: boolean;
  readonly now: number;
  /** Whether the page reloads by itself. */
  readonly isLive: boolean;
}

/** So many rows a list has at the most: the page stays one that a browser shows at once. */
export const MAX_ROWS = 100;

/** The page at `/` of a watch or an agent: how it is, what the last run has found, and what it runs with. */
export function renderStatusPage(facts: StatusFacts): string {
  const { command, zone, status } = facts;
  const { report } = status;
  return htmlPage({
    title: `${command} ${zone}`,
    kind: `ecs-dns ${command}`,
    headline: zone,
    facts: headFacts(facts),
    head: [
      stateLine(facts),
      links(report),
      report && summaryTiles(report, { page: '/plan.html', byEvents: status.totals.byEvents }),
    ],
    body: [
      report && selfTestAlert(report),
      report && verdicts(report),
      runsSection(facts),
      ...(report === undefined ? [] : reportSections(report)),
      eventsSection(facts),
      callsSection(status),
      quotasSection(facts.quotas),
      settingsSection(facts),
    ],
    foot: html`As of ${timeText(facts.now)}. ${refreshText(facts)}`,
  });
}

function headFacts({ schedule, status: { startedAt, nextRunAt }, now }: StatusFacts): readonly Content[] {
  const next =
    nextRunAt === undefined
      ? []
      : [nextRunAt <= now ? 'A run is under way' : html`Next run ${timeText(nextRunAt)}`];
  return [`Runs ${schedule}`, html`Started ${timeText(startedAt)}`, ...next];
}

function stateLine({ readiness }: StatusFacts): Markup {
  const state = readiness.ready
    ? html`${badge('ready', 'live')} The last run was good.`
    : html`${badge('not ready', 'unhealthy')} ${readiness.reason}.`;
  return html`<p class="answer">${state}</p>`;
}

function links(report: Report | undefined): Markup {
  const ofReport = html`<a href="/plan.html">Last report</a> <a href="/report.json">as JSON</a>`;
  return html`<nav aria-label="Other pages">${report && ofReport} <a href="/metrics">/metrics</a> <a href="/healthz">/healthz</a> <a href="/readyz">/readyz</a></nav>`;
}

function refreshText({ isLive }: StatusFacts): Markup {
  return isLive
    ? html`<span class="screen">The page reloads by itself, which folds its lines: <a href="/?pause">pause</a>.</span>`
    : html`<span class="screen">The page is paused: <a href="/">resume</a>.</span>`;
}

function verdicts(report: Report): Markup {
  const options = rowOptions(report);
  const folded = VERDICTS.filter((verdict) => verdict !== 'foreign' && verdict !== 'unhealthy');
  return verdictsSection(
    report,
    folded.map((verdict) => verdictFold(report, verdict, options)),
  );
}

function reportSections(report: Report): readonly Content[] {
  const options = rowOptions(report);
  return [
    incompleteSection(report, options),
    heldBackSection(report, options),
    unhealthySection(report, options),
    withheldSection(report, options),
    noticesSection(report, options),
  ];
}

function rowOptions({ zone }: Report): RowOptions {
  return { zoneName: zone.name, maxRows: MAX_ROWS };
}

/** All that fails, with its evidence, whether it went or is held back. */
function unhealthySection(report: Report, options: RowOptions): Content {
  const rows = verdictRows(report, 'unhealthy');
  if (rows.length === 0) return undefined;
  const lead = 'What these entries lead to runs, and fails its check.';
  const body = recordRows(rows, options);
  return pageSection({ id: 'unhealthy', title: 'Unhealthy endpoints', count: rows.length, lead, body });
}

const BEFORE_TEXT = `Done before is what ${ANOTHER_WRITER} was first with.`;
const RESULTS = { good: 'live', failed: 'unhealthy', stopped: 'foreign' } as const;

function runsSection({ status: { runs, totals } }: StatusFacts): Markup {
  const { good, failed, stopped } = totals.runs;
  const skipped = totals.skipped === 0 ? '' : `, ${totals.skipped} skipped because another one was under way`;
  const lead = `Since the start ${good} good, ${failed} failed, ${stopped} stopped${skipped}. ${BEFORE_TEXT}`;
  const columns = [
    { title: 'Ended (UTC)', kind: 'nowrap' as const },
    { title: 'Result' },
    ...['Took', ...Object.values(NUMBERS)].map((title) => ({ title, kind: 'number' as const })),
  ];
  const body =
    runs.length === 0
      ? html`<p class="empty">No run has ended yet.</p>`
      : dataTable('Last runs', columns, runs.map(runCells));
  return pageSection({ id: 'runs', title: 'Last runs', lead, body });
}

function runCells({ endedAt, result, problem, counts }: EndedRun): readonly Content[] {
  const told = problem === undefined ? undefined : html` ${problem}`;
  const numbers =
    counts === undefined ? NUMBER_NAMES.map(() => '–') : NUMBER_NAMES.map((name) => counts[name]);
  const took = counts === undefined ? '–' : seconds(counts.durationMs);
  return [timeCell(endedAt), html`${badge(result, RESULTS[result])}${told}`, took, ...numbers];
}

const NUMBERS = {
  removals: 'Removals',
  registrations: 'Registrations',
  heldBack: 'Held back',
  applied: 'Applied',
  alreadyDone: 'Done before',
  conflicts: 'Conflicts',
  failed: 'Failed',
  awsCalls: 'AWS calls',
} as const;
const NUMBER_NAMES = Object.keys(NUMBERS) as readonly (keyof typeof NUMBERS)[];

function eventsSection({ status: { events, totals }, followsEvents }: StatusFacts): Content {
  if (!followsEvents) return undefined;
  const columns = [
    { title: 'Taken (UTC)', kind: 'nowrap' as const },
    ...['Events', 'Of no concern', 'Looked at', 'Applied', 'Done before', 'Not applied', 'Took'].map(
      (title) => ({ title, kind: 'number' as const }),
    ),
    { title: 'What went wrong' },
  ];
  const body =
    events.length === 0
      ? html`<p class="empty">No event has come yet.</p>`
      : dataTable('Events', columns, events.map(eventCells));
  return pageSection({
    id: 'events',
    title: 'Events followed',
    count: totals.messages,
    lead: BEFORE_TEXT,
    body,
  });
}

function eventCells(one: FollowedEvents): readonly Content[] {
  const { at, messages, ignored, scopes, applied, alreadyDone, unapplied, durationMs, problem } = one;
  const took = durationMs === undefined ? '–' : seconds(durationMs);
  return [timeCell(at), messages, ignored, scopes, applied, alreadyDone, unapplied, took, problem];
}

function callsSection({ report, totals: { awsCalls, awsThrottled } }: WatchStatus): Content {
  const total = totalCalls(awsCalls);
  if (total === 0) return undefined;
  const last =
    report === undefined
      ? ''
      : ` The last run sent ${totalCalls(report.awsCalls)}, of which ${report.awsThrottled} were rejected.`;
  const lead = `Since the start. AWS rejected ${awsThrottled} of them as too many.${last}`;
  return pageSection({ id: 'calls', title: 'AWS calls', count: total, lead, body: callsTable(awsCalls) });
}

function settingsSection({ settings }: StatusFacts): Markup {
  const set = settings.filter(({ from }) => from !== undefined);
  const others = settings.filter(({ from }) => from === undefined);
  const body = html`${settingsTable('Settings', set)}<details class="fold"><summary>Defaults of ${others.length} others</summary>${settingsTable('Defaults', others)}</details>`;
  const lead = 'Secrets are not shown.';
  return pageSection({ id: 'settings', title: 'Settings in force', lead, body });
}

function settingsTable(label: string, settings: readonly SettingInForce[]): Content {
  if (settings.length === 0) return undefined;
  const rows = settings.map(({ name, value, isSecret, from }) => [
    html`<span class="mono">${name}</span>`,
    isSecret && from !== undefined
      ? html`<span class="quiet">set, and secret</span>`
      : html`<span class="mono">${value ?? '–'}</span>`,
    html`<span class="mono">${from ?? '–'}</span>`,
  ]);
  return dataTable(label, [{ title: 'Setting' }, { title: 'Value' }, { title: 'Set by' }], rows);
}

function seconds(ms: number): string {
  return durationText(ms);
}
