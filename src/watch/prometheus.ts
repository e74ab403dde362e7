import process from 'node:process';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { healthyLatencies, METRICS, metricsOf, metricsOfLook } from '../report/metrics.ts';
import type { RunRecord, ScopeRecord } from '../worker.ts';
import { eventMetrics } from './event-exporters.ts';
import type { FollowEvent } from './follow-events.ts';
import { runExporters } from './run-exporters.ts';
import type { ReportedRun, WatchEvent } from './watch-event.ts';

/** Whose metrics they are, and what is known of it before its first run. */
export interface MetricsOrigin {
  /** The label `zone` of all metrics: the zone as the settings name it. */
  readonly zone: string;
  /** Tells the label `source` of all metrics: the account and region that is read. Asked once. */
  readonly source: () => Promise<string>;
  readonly version: string;
  /** The time between two runs. */
  readonly intervalMs: number;
}

const MS_PER_SECOND = 1000;
/** In seconds, for answers of endpoints. */
const ANSWER_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What prom-client tells of the process under the name of a counter, although it goes down, too. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** A registry of its own with the metrics of runs, of events, of the watch, and of the process. */
export function createPrometheusMetrics({ zone, source, version, intervalMs }: MetricsOrigin) {
  const registry = new Registry();
  const registers = [registry];
  const exporters = runExporters(registry);
  const latencies = new Histogram({
    name: 'ecs_dns_probe_latency_seconds',
    help: 'How long healthy endpoints took to answer.',
    buckets: ANSWER_BUCKETS,
    registers,
  });
  const watch = watchMetrics(registry);
  const events = eventMetrics(registry);
  const info = new Gauge({
    name: 'ecs_dns_build_info',
    help: '1, with the versions of ecs-dns and of Node.js as labels.',
    labelNames: ['version', 'node'],
    registers,
  });
  info.set({ version, node: process.version.slice(1) }, 1);
  watch.interval.set(intervalMs / MS_PER_SECOND);
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);

  const addLatencies = ({ result }: RunRecord) => {
    for (const ms of healthyLatencies(result)) latencies.observe(ms / MS_PER_SECOND);
  };
  const report = ({ run, sinceMs, allowedMs }: ReportedRun) => {
    for (const exporter of exporters.values()) exporter.begin();
    for (const metric of metricsOf({ ...run, everyMs: sinceMs, allowedMs }))
      exporters.get(metric.name)?.add(metric);
    addLatencies(run);
  };
  const addLooks = ({ runs, calls }: ScopeRecord) => {
    for (const run of runs) {
      for (const metric of metricsOfLook(run)) exporters.get(metric.name)?.add(metric);
      addLatencies(run);
    }
    // The calls are those of all looks: each report has them.
    const [operation] = METRICS.awsCalls.labels;
    for (const [name, value] of Object.entries(calls.awsCalls))
      exporters.get('awsCalls')?.add({ labels: { [operation]: name }, value });
    exporters.get('awsThrottled')?.add({ labels: {}, value: calls.awsThrottled });
  };
  let labelled: Promise<void> | undefined;
  return {
    registry,
    /** What is served: all metrics with the labels of their origin, which no later scrape changes. */
    page: {
      contentType: registry.contentType,
      metrics: async (): Promise<string> => {
        labelled ??= source().then((known) => registry.setDefaultLabels({ zone, source: known }));
        await labelled;
        return registry.metrics();
      },
    },
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
    observeEvents: (event: FollowEvent): void => {
      events.observe(event);
      if (event.kind === 'looked') addLooks(event.record);
    },
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
    interval: new Gauge({
      name: 'ecs_dns_run_interval_seconds',
      help: 'The time between two runs that look at everything, as it is set.',
      registers,
    }),
  };
}
