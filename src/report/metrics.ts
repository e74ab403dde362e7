import type { RunResult } from '../run/run.ts';
import { removedEntries } from './removed-entries.ts';
import type { Report } from './report-schema.ts';

/** CloudWatch's units, as far as they are used here. */
export type MetricUnit = 'Count' | 'Milliseconds' | 'Percent';

/** One figure of one run; `labels` split a metric into its parts. */
export interface Metric {
  readonly name: MetricName;
  readonly value: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Every metric of a run: what it counts, in which unit, and by which labels. The documentation and
 * all exporters follow from this table; a name is stable once it is released.
 */
export const METRICS = {
  entries: { unit: 'Count', labels: ['verdict'], help: 'Entries of the zone, by verdict.' },
  removals: { unit: 'Count', labels: ['reason'], help: 'Entries that a run removed, by reason code.' },
  registrations: { unit: 'Count', labels: [], help: 'Records that a run created or wrote anew.' },
  withheld: { unit: 'Count', labels: [], help: 'What runs and is not registered.' },
  heldBack: {
    unit: 'Count',
    labels: ['guardrail'],
    help: 'Entries whose removal was held back, by guardrail.',
  },
  changes: { unit: 'Count', labels: ['status'], help: 'Changes of record sets, by how they ended.' },
  tasksStopped: {
    unit: 'Count',
    labels: ['status'],
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
    help: 'How long healthy endpoints took to answer: the median, the 90th and the 99th percentile.',
  },
  probes: { unit: 'Count', labels: ['outcome'], help: 'Endpoints probed, by outcome.' },
  networkSelfTest: {
    unit: 'Count',
    labels: [],
    help: '1 when most probes failed in one network way, so that the checker suspects itself.',
  },
  incompleteScopes: { unit: 'Count', labels: [], help: 'Scopes of AWS that could not be read.' },
  awsCalls: { unit: 'Count', labels: ['operation'], help: 'Requests sent to AWS, every attempt counted.' },
  awsThrottled: { unit: 'Count', labels: [], help: 'Requests that AWS rejected as too many.' },
  duration: { unit: 'Milliseconds', labels: [], help: 'How long the run took.' },
  deadlineUsed: {
    unit: 'Percent',
    labels: [],
    help: 'The share of the time a run may take that it took; absent without a deadline.',
  },
} as const satisfies Record<string, { unit: MetricUnit; labels: readonly string[]; help: string }>;

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
const QUANTILES = [0.5, 0.9, 0.99];

/**
 * All metrics of one run, in the order of `METRICS`; zeros are there, so that alarms see them.
 *
 * @example
 * const { result, report } = await worker.run(request);
 * const metrics = metricsOf({ result, report, everyMs: settings.everyMs });
 */
export function metricsOf({ result, report, everyMs, allowedMs }: MetricsInput): readonly Metric[] {
  const { summary, durationMs, awsThrottled, incomplete } = report;
  const { live, stale, unhealthy, draining, unverified, foreign } = summary;
  return [
    ...counted('entries', 'verdict', { live, stale, unhealthy, draining, unverified, foreign }),
    ...counted('removals', 'reason', removalsByReason(report)),
    single('registrations', report.changes.filter(isWritten).length),
    single('withheld', summary.withheld),
    ...counted(
      'heldBack',
      'guardrail',
      tally(report.heldBack, ({ guardrail }) => guardrail),
    ),
    ...counted('changes', 'status', {
      applied: summary.applied,
      conflict: summary.conflicts,
      failed: summary.failed,
    }),
    ...counted('tasksStopped', 'status', stopsByStatus(report)),
    single('staleRecordMinutes', stale * (everyMs / MS_PER_MINUTE)),
    ...quantiles(healthyProbesMs(result)),
    ...counted('probes', 'outcome', { ...report.probes }),
    single('networkSelfTest', report.networkSelfTest === undefined ? 0 : 1),
    single('incompleteScopes', incomplete.length),
    ...counted('awsCalls', 'operation', report.awsCalls),
    single('awsThrottled', awsThrottled),
    single('duration', durationMs),
    ...(allowedMs === undefined ? [] : [single('deadlineUsed', (durationMs / allowedMs) * 100)]),
  ];
}

function single(name: MetricName, value: number): Metric {
  return { name, value, labels: {} };
}

function counted(
  name: MetricName,
  label: string,
  counts: Readonly<Record<string, number>>,
): readonly Metric[] {
  return Object.entries(counts).map(([key, value]) => ({ name, value, labels: { [label]: key } }));
}

function removalsByReason(report: Report): Readonly<Record<string, number>> {
  const gone = removedEntries(report).filter(({ deletion }) => deletion.status === 'applied');
  return tally(gone, ({ entry }) => entry.reason);
}

function stopsByStatus({ stopped }: Report): Readonly<Record<string, number>> {
  const counts = { planned: 0, stopped: 0, failed: 0, waiting: 0 };
  for (const { status } of stopped) counts[status] += 1;
  return counts;
}

/** What stays of a set that loses a value is no registration. */
function isWritten(change: Report['changes'][number]): boolean {
  return change.action === 'CREATE' && change.status === 'applied' && change.kind !== 'removal';
}

function tally<T>(items: readonly T[], keyOf: (item: T) => string): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function healthyProbesMs({ probeResults }: RunResult): readonly number[] {
  return [...probeResults.outcomes.values()].flatMap(({ kind, durationMs }) =>
    kind === 'healthy' ? [durationMs] : [],
  );
}

/** Nearest-rank quantiles; none when nothing was healthy. */
function quantiles(values: readonly number[]): readonly Metric[] {
  const sorted = values.toSorted((a, b) => a - b);
  return QUANTILES.flatMap((quantile) => {
    const value = sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)];
    return value === undefined
      ? []
      : [{ name: 'probeLatency', value, labels: { quantile: String(quantile) } } as const];
  });
}
