import { ANOTHER_WRITER } from '../../model/change.ts';
import { durationText } from '../../model/duration.ts';
import { removedEntries } from '../removed-entries.ts';
import type { Report } from '../report-schema.ts';
import { plural } from '../sections.ts';
import { type Content, html, type Markup } from './html.ts';
import { htmlPage, type Tile, tiles, timeText } from './html-page.ts';
import type { RowOptions } from './record-rows.ts';
import {
  callsSection,
  heldBackSection,
  incompleteSection,
  isDone,
  leftEntries,
  leftSection,
  noticesSection,
  removalsSection,
  stopsSection,
  totalCalls,
  verdictsSection,
  withheldSection,
  writtenChanges,
  writtenSection,
} from './report-sections.ts';

/**
 * The report of a run as one HTML page: first what goes and why, what is held back and what is unverified, then all of it,
 * with the evidence of each entry folded behind it. The page loads nothing and runs nothing. `maxRows` bounds each list.
 *
 * @example
 * const { report } = await worker.run(request);
 * await writeFile('plan.html', renderReportPage(report));
 */
export function renderReportPage(report: Report, { maxRows }: Pick<RowOptions, 'maxRows'> = {}): string {
  const { zone, mode, runId } = report;
  const options = { zoneName: zone.name, maxRows };
  return htmlPage({
    title: `${mode} of ${zone.name}`,
    kind: mode === 'plan' ? 'Plan' : 'Applied run',
    headline: zone.name,
    facts: runFacts(report),
    head: html`<p class="answer">${answerOf(report)}</p>
${summaryTiles(report)}`,
    body: [
      selfTestAlert(report),
      verdictsSection(report),
      incompleteSection(report, options),
      removalsSection(report, options),
      writtenSection(report, 'registration', options),
      writtenSection(report, 'rewrite', options),
      heldBackSection(report, options),
      withheldSection(report, options),
      stopsSection(report, options),
      leftSection(report, 'unverified', options),
      leftSection(report, 'protected', options),
      noticesSection(report, options),
      leftSection(report, 'live', options),
      leftSection(report, 'foreign', options),
      callsSection(report),
    ],
    foot: html`Run <span class="mono">${runId}</span>. <span class="screen">A line opens at a click, and shows its evidence; in print all of them are open.</span>`,
  });
}

export function runFacts({
  zone,
  startedAt,
  durationMs,
  probes,
}: Pick<Report, 'zone' | 'startedAt' | 'durationMs' | 'probes'>): readonly Content[] {
  const probed = probes.healthy + probes.unhealthy + probes.indeterminate;
  return [
    `Zone ${zone.id}`,
    timeText(startedAt),
    durationText(durationMs),
    `${plural(probed, 'endpoint')} probed`,
  ];
}

/** The whole report in a few words: what goes, then what stays all the same. */
function answerOf(report: Report): string {
  const { heldBack } = report.summary;
  const unverified = leftEntries(report, 'unverified').length;
  const stays = [
    ...(heldBack > 0 ? [`${heldBack} held back`] : []),
    ...(unverified > 0 ? [`${unverified} left as unverified`] : []),
  ];
  return [workOf(report), ...(stays.length === 0 ? [] : [`${stays.join(', ')}.`])].join(' ');
}

function workOf({ summary, changes, stopped, mode }: Report): string {
  const { removals, registrations, applied, alreadyDone, conflicts, failed } = summary;
  const stops = stopped.filter(({ status }) => status !== 'waiting').length;
  const work = [
    ...(removals > 0 ? [`remove ${plural(removals, 'entry', 'entries')}`] : []),
    ...(registrations > 0 ? [`register ${plural(registrations, 'record')}`] : []),
    ...(stops > 0 ? [`stop ${plural(stops, 'task')}`] : []),
  ];
  if (work.length === 0 && changes.length === 0) return 'There is nothing to do.';
  const aim = work.length === 0 ? `make ${plural(changes.length, 'change')}` : work.join(' and ');
  if (isDone(changes)) {
    const before = alreadyDone === 0 ? '' : ` ${alreadyDone} done before by ${ANOTHER_WRITER},`;
    return `The run was to ${aim}: ${plural(applied, 'change')} applied,${before} ${conflicts} in conflict, ${failed} failed.`;
  }
  return mode === 'plan' ? `A run would ${aim}.` : `The run was to ${aim}, and has sent nothing.`;
}

/** What stands around the numbers of a report. */
interface TileOptions {
  /** The page that has the sections; this one unless given. */
  readonly page?: string;
  /** What has been done apart from the report. */
  readonly byEvents?: Readonly<Record<'removals' | 'registrations', number>>;
}

function eventsText(count = 0): readonly string[] {
  return count === 0 ? [] : [`${count} more by events since the start`];
}

/** How many of what was to be done were done before. */
function beforeText(changes: Report['changes']): readonly string[] {
  const count = changes.filter(({ status }) => status === 'already-done').length;
  return count === 0 ? [] : [`${count} of them before, by ${ANOTHER_WRITER}`];
}

function detailOf(...texts: readonly (readonly string[])[]): string | undefined {
  return texts.flat().join('; ') || undefined;
}

/** The numbers that an operator asks for first; they lead to the sections of the report, which may be on another page. */
export function summaryTiles(report: Report, { page = '', byEvents }: TileOptions = {}): Markup {
  const { summary, changes, notices, incomplete, awsCalls, awsThrottled } = report;
  const done = report.mode === 'apply' && (changes.length === 0 || isDone(changes));
  const throttled = awsThrottled === 0 ? undefined : `${awsThrottled} throttled`;
  const removals = removedEntries(report).map(({ deletion }) => deletion);
  const registrations = writtenChanges(report, 'registration');
  const left = leftEntries(report, 'unverified').length;
  const held = summary.unverified - left;
  const known: readonly Tile[] = [
    {
      count: summary.removals,
      label: done ? 'Removals' : 'To remove',
      detail: detailOf(beforeText(removals), eventsText(byEvents?.removals)),
      link: 'removals',
      tone: 'unhealthy',
    },
    {
      count: registrations.length,
      label: done ? 'Registrations' : 'To register',
      detail: detailOf(beforeText(registrations), eventsText(byEvents?.registrations)),
      link: 'registrations',
      tone: 'live',
    },
    { count: summary.heldBack, label: 'Held back', link: 'held-back', tone: 'unverified' },
    { count: summary.withheld, label: 'Not registered', link: 'withheld', tone: 'unverified' },
    {
      count: summary.unverified,
      label: 'Unverified',
      detail: held === 0 ? undefined : `${held} of them held back`,
      link: left === 0 ? undefined : 'unverified',
      tone: 'unverified',
    },
    { count: incomplete.length, label: 'Not read', link: 'incomplete', tone: 'unhealthy' },
    { count: notices.length, label: 'Notices', link: 'notices', tone: 'draining' },
    { count: totalCalls(awsCalls), label: 'AWS calls', detail: throttled, link: 'calls' },
  ];
  return tiles(
    known.map((tile) => ({
      ...tile,
      link: tile.count === 0 || tile.link === undefined ? undefined : `${page}#${tile.link}`,
    })),
  );
}

/** The worker suspects itself: this comes before everything else. */
export function selfTestAlert({ networkSelfTest }: Pick<Report, 'networkSelfTest'>): Content {
  if (networkSelfTest === undefined) return undefined;
  return html`<p class="alert"><b>The network self-test failed.</b> ${networkSelfTest.detail}</p>`;
}
