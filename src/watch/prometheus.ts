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
  putBack: { kind: 'counter', name: 'ecs_dns_put_back_total' },
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

/** A registry of its own with the metrics of runs, of the watch, and of the process. */
export function createPrometheusMetrics() {
  const registry = new Registry();
  const names = Object.keys(FORMS) as MetricName[];
  const exporters = new Map(names.map((name) => [name, exporterOf(name, registry)]));
  const watch = watchMetrics(registry);
  collectDefaultMetrics({ register: registry });
  const report = ({ run, sinceMs, allowedMs }: ReportedRun) => {
    for (const exporter of exporters.values()) exporter.begin();
    for (const metric of metricsOf({ ...run, everyMs: sinceMs, allowedMs }))
      exporters.get(metric.name)?.add(metric);
  };
  return {
    registry,
    observe: (event: WatchEvent): void => {
      if (event.kind === 'skipped') {
        watch.skipped.inc(event.ticks);
        return;
      }
      const isGood = event.kind === 'reported' && event.warning === undefined;
      watch.runs.inc({ result: isGood ? 'good' : event.kind === 'stopped' ? 'stopped' : 'failed' });
      if (event.kind === 'reported') report(event);
      if (isGood) watch.lastSuccess.set(event.finishedAt / MS_PER_SECOND);
    },
  };
}

/** `begin` forgets the labels of the run before. */
function exporterOf(metric: MetricName, registry: Registry) {
  const { kind, name, perUnit = 1 } = FORMS[metric];
  const { help, labels } = METRICS[metric];
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  if (kind === 'counter') {
    const counter = new Counter<string>(options);
    return { begin: () => {}, add: (one: Metric) => counter.inc(one.labels, one.value / perUnit) };
  }
  const gauge = new Gauge<string>(options);
  return { begin: () => gauge.reset(), add: (one: Metric) => gauge.set(one.labels, one.value / perUnit) };
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
  for (const result of ['good', 'failed', 'stopped']) runs.inc({ result }, 0);
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
