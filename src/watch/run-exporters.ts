import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { METRICS, type Metric, type MetricName } from '../report/metrics.ts';

/** What of a run's metrics Prometheus is given as it is; the quantiles of a latency it computes itself. */
export type ExportedName = Exclude<MetricName, 'probeLatency'>;

/**
 * How a metric of a run is exposed: a gauge tells of the last run that came to a report, a counter adds up all of
 * them, and a histogram counts them by size. Prometheus has base units, hence `perUnit`: 1000 for milliseconds.
 */
interface Form {
  readonly kind: 'gauge' | 'counter' | 'histogram';
  readonly name: string;
  readonly perUnit?: number;
  /** Where Prometheus' own unit makes other words of it. */
  readonly help?: string;
}

const MS_PER_SECOND = 1000;
/** In seconds: passes of an agent take a fraction of one, runs over a large zone minutes. */
const RUN_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

export const FORMS: Readonly<Record<ExportedName, Form>> = {
  entries: { kind: 'gauge', name: 'ecs_dns_entries' },
  removals: { kind: 'counter', name: 'ecs_dns_removals_total' },
  registrations: { kind: 'counter', name: 'ecs_dns_registrations_total' },
  putBack: { kind: 'counter', name: 'ecs_dns_put_back_total' },
  withheld: { kind: 'gauge', name: 'ecs_dns_withheld' },
  heldBack: { kind: 'gauge', name: 'ecs_dns_held_back' },
  changes: { kind: 'counter', name: 'ecs_dns_changes_total' },
  tasksStopped: { kind: 'counter', name: 'ecs_dns_tasks_stopped_total' },
  staleRecordMinutes: {
    kind: 'counter',
    name: 'ecs_dns_stale_record_seconds_total',
    perUnit: 1 / 60,
    help: 'Stale entries found, times the seconds between two runs: how long callers were led astray.',
  },
  probes: { kind: 'counter', name: 'ecs_dns_probes_total' },
  networkSelfTest: { kind: 'gauge', name: 'ecs_dns_network_self_test_failed' },
  incompleteScopes: { kind: 'gauge', name: 'ecs_dns_incomplete_scopes' },
  awsCalls: { kind: 'counter', name: 'ecs_dns_aws_calls_total' },
  awsThrottled: { kind: 'counter', name: 'ecs_dns_aws_throttled_total' },
  duration: { kind: 'histogram', name: 'ecs_dns_run_duration_seconds', perUnit: MS_PER_SECOND },
  deadlineUsed: { kind: 'gauge', name: 'ecs_dns_deadline_used_ratio', perUnit: 100 },
};

/** Takes the figures of one run after the other. */
export interface RunExporter {
  /** Before the figures of a run: what only the run before had, is 0. */
  begin(): void;
  add(metric: Pick<Metric, 'labels' | 'value'>): void;
}

export type RunExporters = ReadonlyMap<MetricName, RunExporter>;

/** An exporter for each metric, with a 0 for each value of its label: an increase needs something to rise from. */
export function runExporters(registry: Registry): RunExporters {
  const names = Object.keys(FORMS) as ExportedName[];
  return new Map(names.map((name) => [name, exporterOf(name, registry)]));
}

function exporterOf(metric: ExportedName, registry: Registry): RunExporter {
  const { kind, name, perUnit = 1, help = METRICS[metric].help } = FORMS[metric];
  const { labels } = METRICS[metric];
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === 'histogram') {
    const histogram = new Histogram<string>({ ...options, buckets: RUN_BUCKETS });
    return { begin: () => {}, add: ({ value }) => histogram.observe(value / perUnit) };
  }
  const series = labelsOf(metric);
  if (kind === 'counter') {
    const counter = new Counter<string>(options);
    for (const one of series) counter.inc(one, 0);
    return { begin: () => {}, add: (one) => counter.inc(one.labels, one.value / perUnit) };
  }
  const gauge = new Gauge<string>(options);
  const begin = () => {
    for (const one of series) gauge.set(one, 0);
  };
  begin();
  return { begin, add: (one) => gauge.set(one.labels, one.value / perUnit) };
}

/** All that the labels of a metric may be. */
function labelsOf(metric: ExportedName): readonly Metric['labels'][] {
  const definition: { readonly labels: readonly string[]; readonly values?: readonly string[] } =
    METRICS[metric];
  const { labels, values } = definition;
  const [label] = labels;
  if (label === undefined) return [{}];
  if (values === undefined) throw new TypeError(`${metric} does not say what its ${label} may be`);
  return values.map((value) => ({ [label]: value }));
}
