import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { METRICS, type Metric, type MetricName, metricsOf } from '../report/metrics.ts';
import type { ReportedRun, WatchEvent } from './watch-event.ts';

/**
 * How a metric of a run is exposed: a gauge tells of the last run that came to a report, a counter adds
 * up all of them. Prometheus counts in base units, hence `perUnit`: 1000 for milliseconds.
 */
interface Form {
  readonly kind: 'gauge' | 'counter';
  readonly name: string;
  readonly perUnit?: number;
}

const MS_PER_SECOND = 1000;

const FORMS: Readonly<Record<MetricName, Form>> = {
  entries: { kind: 'gauge', name: 'ecs_dns_entries' },
  removals: { kind: 'counter', name: 'ecs_dns_removals_total' },
  registrations: { kind: 'counter', name: 'ecs_dns_registrations_total' },
  withheld: { kind: 'gauge', name: 'ecs_dns_withheld' },
  heldBack: { kind: 'gauge', name: 'ecs_dns_held_back' },
  changes: { kind: 'counter', name: 'ecs_dns_changes_total' },
  tasksStopped: { kind: 'counter', name: 'ecs_dns_tasks_stopped_total' },
  staleRecordMinutes: { kind: 'counter', name: 'ecs_dns_stale_record_minutes_total' },
  probeLatency: { kind: 'gauge', name: 'ecs_dns_probe_latency_seconds', perUnit: MS_PER_SECOND },
  probes: { kind: 'counter', name: 'ecs_dns_probes_total' },
  networkSelfTest: { kind: 'gauge', name: 'ecs_dns_network_self_test_failed' },
  incompleteScopes: { kind: 'gauge', name: 'ecs_dns_incomplete_scopes' },
  awsCalls: { kind: 'counter', name: 'ecs_dns_aws_calls_total' },
  awsThrottled: { kind: 'counter', name: 'ecs_dns_aws_throttled_total' },
  duration: { kind: 'gauge', name: 'ecs_dns_run_duration_seconds', perUnit: MS_PER_SECOND },
  deadlineUsed: { kind: 'gauge', name: 'ecs_dns_deadline_used_ratio', perUnit: 100 },
};

type RunResult = 'good' | 'failed' | 'stopped';

/** All that Prometheus is told of a watch. */
export interface PrometheusMetrics {
  readonly registry: Registry;
  readonly observe: (event: WatchEvent) => void;
}

/** A registry of its own with the metrics of runs, of the watch, and of the process. */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const names = Object.keys(FORMS) as MetricName[];
  const exporters = new Map(names.map((name) => [name, exporterOf(name, registry)]));
  const watch = watchMetrics(registry);
  collectDefaultMetrics({ register: registry });
  const report = ({ run, sinceMs, allowedMs }: ReportedRun) => {
    for (const exporter of exporters.values()) exporter.begin();
    const metrics = metricsOf({ ...run, everyMs: sinceMs, allowedMs });
    for (const metric of metrics) exporters.get(metric.name)?.add(metric);
  };
  return {
    registry,
    observe: (event) => {
      if (event.kind === 'skipped') watch.skipped.inc(event.ticks);
      else watch.runs.inc({ result: resultOf(event) });
      if (event.kind !== 'reported') return;
      report(event);
      if (event.warning === undefined) watch.lastSuccess.set(event.finishedAt / MS_PER_SECOND);
    },
  };
}

interface Exporter {
  /** Forgets the labels of the run before. */
  begin(): void;
  add(metric: Metric): void;
}

function exporterOf(metric: MetricName, registry: Registry): Exporter {
  const { kind, name, perUnit = 1 } = FORMS[metric];
  const { help, labels } = METRICS[metric];
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === 'counter') {
    const counter = new Counter<string>(options);
    return { begin: () => {}, add: ({ labels: values, value }) => counter.inc(values, value / perUnit) };
  }
  const gauge = new Gauge<string>(options);
  return {
    begin: () => gauge.reset(),
    add: ({ labels: values, value }) => gauge.set(values, value / perUnit),
  };
}

function watchMetrics(registry: Registry) {
  const registers = [registry];
  const runs = new Counter({
    name: 'ecs_dns_runs_total',
    help: 'Runs, by how they ended: good, failed, or stopped with the watch.',
    labelNames: ['result'],
    registers,
  });
  // A rate needs a zero to rise from.
  for (const result of ['good', 'failed', 'stopped'] satisfies RunResult[]) runs.inc({ result }, 0);
  return {
    runs,
    skipped: new Counter({
      name: 'ecs_dns_runs_skipped_total',
      help: 'Runs that were due while another one was under way.',
      registers,
    }),
    lastSuccess: new Gauge({
      name: 'ecs_dns_last_success_timestamp_seconds',
      help: 'When the last good run ended, in seconds since the epoch; 0 before the first.',
      registers,
    }),
  };
}

function resultOf(event: Exclude<WatchEvent, { kind: 'skipped' }>): RunResult {
  if (event.kind !== 'reported') return event.kind;
  return event.warning === undefined ? 'good' : 'failed';
}
