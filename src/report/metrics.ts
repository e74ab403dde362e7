import { AWS_OPERATIONS } from '../aws/operations.ts';
import { ANOTHER_WRITER } from '../model/change.ts';
import { STOP_STATUSES } from '../model/task-stop.ts';
import { REMOVAL_REASONS, VERDICTS } from '../model/verdict.ts';
import { GUARDRAIL_NAMES } from '../plan/plan.ts';
import type { RunResult } from '../run/run.ts';
import { appliedRegistrations, appliedRemovals } from './applied-changes.ts';
import { countEach, PROBE_KINDS } from './document.ts';
import type { Report } from './report-schema.ts';

/** CloudWatch's units, as far as they are used here. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Percent';

/** One figure of one run; `labels` split a metric into its parts. */
export interface Metric {
  readonly name: MetricName;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

const CHANGES_MADE = ['applied', 'already-done', 'conflict', 'failed'] as const;
const QUANTILES = [0.5, 0.9, 0.99];

/** What a metric counts, in which unit, by which label, and all values that the label may have. */
interface MetricDefinition {
  readonly unit: MetricUnit;
  readonly labels: readonly string[];
  readonly values?: readonly string[];
  readonly help: string;
}

/**
 * Every metric of a run. The documentation and all exporters follow from this table; a name is stable once it is
 * released.
 */
export const METRICS = {
  entries: { unit: 'Count', labels: ['verdict'], values: VERDICTS, help: 'Entries of the zone, by verdict.' },
  removals: {
    unit: 'Count',
    labels: ['reason'],
    values: REMOVAL_REASONS,
    help: 'Entries that a run removed, by reason code.',
  },
  registrations: { unit: 'Count', labels: [], help: 'Records that a run created or wrote anew.' },
  putBack: {
    unit: 'Count',
    labels: [],
    help: `Records that a run put back, because ${ANOTHER_WRITER} had taken the last others of their name.`,
  },
  withheld: { unit: 'Count', labels: [], help: 'What runs and is not registered.' },
  heldBack: {
    unit: 'Count',
    labels: ['guardrail'],
    values: GUARDRAIL_NAMES,
    help: 'Entries whose removal was held back, by guardrail.',
  },
  changes: {
    unit: 'Count',
    labels: ['status'],
    values: CHANGES_MADE,
    help: 'Changes of record sets, by how they ended.',
  },
  tasksStopped: {
    unit: 'Count',
    labels: ['status'],
    values: STOP_STATUSES,
    help: 'Unhealthy tasks that may be stopped, by what a run did: stopped, failed, waiting or only planned.',
  },
  staleRecordMinutes: {
    unit: 'Count',
    labels: [],
    help: 'Stale entries found, times the minutes between two runs: how long callers were led astray.',
  },
  probeLatency: {
    unit: 'Milliseconds',
    labels: ['quantile'],
    values: QUANTILES.map(String),
    help: 'How long healthy endpoints took to answer: the median, the 90th and the 99th percentile.',
  },
  probes: { unit: 'Count', labels: ['outcome'], values: PROBE_KINDS, help: 'Endpoints probed, by outcome.' },
  networkSelfTest: {
    unit: 'Count',
    labels: [],
    help: '1 when most probes of the run, or of a part of the network, failed in a network way: the worker suspects itself.',
  },
  incompleteScopes: { unit: 'Count', labels: [], help: 'Scopes of AWS that could not be read.' },
  awsCalls: {
    unit: 'Count',
    labels: ['operation'],
    values: AWS_OPERATIONS,
    help: 'Requests sent to AWS, every attempt counted.',
  },
  awsThrottled: { unit: 'Count', labels: [], help: 'Requests that AWS rejected as too many.' },
  duration: { unit: 'Milliseconds', labels: [], help: 'How long the run took.' },
  deadlineUsed: {
    unit: 'Percent',
    labels: [],
    help: 'The share of the time a run may take that it took; absent without a deadline.',
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

/** What the metrics of a run are made of. Durations in milliseconds. */
export interface MetricsInput {
  readonly result: RunResult;
  readonly report: Report;
  /** The time between two runs. */
  readonly everyMs: number;
  /** How long the run might have taken at the most. */
  readonly allowedMs?: number | undefined;
}

const MS_PER_MINUTE = 60_000;
/** One figure, or one for each value of the metric's label; `undefined` for none. */
type Figures = number | Readonly<Record<string, number>> | undefined;

/**
 * All metrics of one run, in the order of `METRICS`; zeros are there, so that alarms see them.
 *
 * @example
 * const { result, report } = await worker.run(request);
 * const metrics = metricsOf({ result, report, everyMs: settings.everyMs });
 */
export function metricsOf({ result, report, everyMs, allowedMs }: MetricsInput): readonly Metric[] {
  const { summary, durationMs } = report;
  const { live, stale, unhealthy, draining, unverified, protected: kept, foreign } = summary;
  const registered = appliedRegistrations(report);
  const figures: Readonly<Record<MetricName, Figures>> = {
    entries: { live, stale, unhealthy, draining, unverified, protected: kept, foreign },
    removals: tally(appliedRemovals(report).map(({ entry }) => entry.reason)),
    registrations: registered.length,
    putBack: registered.filter(({ reasons }) => reasons.includes('put-back')).length,
    withheld: summary.withheld,
    heldBack: tally(report.heldBack.map(({ guardrail }) => guardrail)),
    changes: {
      applied: summary.applied,
      'already-done': summary.alreadyDone,
      conflict: summary.conflicts,
      failed: summary.failed,
    },
    tasksStopped: countEach(STOP_STATUSES, report.stopped, 'status'),
    staleRecordMinutes: stale * (everyMs / MS_PER_MINUTE),
    probeLatency: healthyQuantiles(result),
    probes: report.probes,
    networkSelfTest: report.networkSelfTest === undefined ? 0 : 1,
    incompleteScopes: report.incomplete.length,
    awsCalls: report.awsCalls,
    awsThrottled: report.awsThrottled,
    duration: durationMs,
    deadlineUsed: allowedMs === undefined ? undefined : (durationMs / allowedMs) * 100,
  };
  return (Object.keys(METRICS) as MetricName[]).flatMap((name) => metricsNamed(name, figures[name]));
}

/** What a look of events adds to; all else tells of runs that look at everything, or is counted for all looks at once. */
const COUNTED_OF_LOOKS: ReadonlySet<MetricName> = new Set([
  'removals',
  'registrations',
  'putBack',
  'changes',
  'probes',
]);

/** The metrics of a run that looks where events say. */
export function metricsOfLook(run: Pick<MetricsInput, 'result' | 'report'>): readonly Metric[] {
  return metricsOf({ ...run, everyMs: 0 }).filter(({ name }) => COUNTED_OF_LOOKS.has(name));
}

function metricsNamed(name: MetricName, figures: Figures): readonly Metric[] {
  if (figures === undefined) return [];
  if (typeof figures === 'number') return [{ name, value: figures, labels: {} }];
  const [label = '']: readonly string[] = METRICS[name].labels;
  return Object.entries(figures).map(([key, value]) => ({ name, value, labels: { [label]: key } }));
}

/** How often each of the words is there, in alphabetical order. */
function tally(words: readonly string[]): Readonly<Record<string, number>> {
  const distinct = [...new Set(words)].toSorted();
  return Object.fromEntries(distinct.map((word) => [word, words.filter((one) => one === word).length]));
}

/** How long each healthy endpoint took to answer, in milliseconds. */
export function healthyLatencies({ probeResults }: Pick<RunResult, 'probeResults'>): readonly number[] {
  const healthy = [...probeResults.outcomes.values()].filter(({ kind }) => kind === 'healthy');
  return healthy.map(({ durationMs }) => durationMs);
}

/** Nearest-rank quantiles; none when nothing was healthy. */
function healthyQuantiles(result: RunResult): Readonly<Record<string, number>> {
  const sorted = healthyLatencies(result).toSorted((a, b) => a - b);
  const ranked = QUANTILES.flatMap((quantile) => {
    const value = sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
    return value === undefined ? [] : [[String(quantile), value] as const];
  });
  return Object.fromEntries(ranked);
}
