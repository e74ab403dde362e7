import { metricTitle } from '../../src/lambda/publish-metrics.ts';
import { METRICS, type MetricName } from '../../src/report/metrics.ts';
import { createPrometheusMetrics } from '../../src/watch/prometheus.ts';
import { FORMS } from '../../src/watch/run-exporters.ts';

/** What the client library tells of the process; its own words are not made for reading. */
const PROCESS_WORDS: Readonly<Record<string, string>> = {
  process_cpu_user_seconds_total: 'CPU time spent in the program itself.',
  process_cpu_system_seconds_total: 'CPU time that the kernel spent for it.',
  process_cpu_seconds_total: 'Both of these together.',
  process_start_time_seconds: 'When the process started, in seconds since the epoch.',
  process_resident_memory_bytes: 'Memory that is really taken.',
  process_virtual_memory_bytes: 'Addresses that are reserved.',
  process_heap_bytes: 'The size of the data segment.',
  process_open_fds: 'Open file descriptors: sockets above all.',
  process_max_fds: 'How many there may be.',
  nodejs_eventloop_lag_seconds: 'How late the event loop is at the time of the scrape.',
  nodejs_eventloop_lag_min_seconds: 'The least delay since the scrape before.',
  nodejs_eventloop_lag_max_seconds: 'The greatest delay since the scrape before.',
  nodejs_eventloop_lag_mean_seconds: 'The mean delay since the scrape before.',
  nodejs_eventloop_lag_stddev_seconds: 'The standard deviation of the delay.',
  nodejs_eventloop_lag_p50_seconds: 'The median of the delay.',
  nodejs_eventloop_lag_p90_seconds: 'The 90th percentile of the delay.',
  nodejs_eventloop_lag_p99_seconds: 'The 99th percentile of the delay.',
  nodejs_active_resources: 'What keeps the event loop alive, by kind.',
  nodejs_active_handles: 'Open handles such as sockets and timers, by class.',
  nodejs_active_requests: 'Requests to the system under way, by class.',
  nodejs_heap_size_total_bytes: "The size of V8's heap.",
  nodejs_heap_size_used_bytes: 'How much of it is in use.',
  nodejs_external_memory_bytes: 'Memory of objects that live outside of it, such as buffers.',
  nodejs_heap_space_size_total_bytes: 'The size of each space of the heap.',
  nodejs_heap_space_size_used_bytes: 'How much of each is in use.',
  nodejs_heap_space_size_available_bytes: 'How much of each is free.',
  nodejs_version_info: '1, with the version of Node.js as labels.',
  nodejs_gc_duration_seconds: 'How long garbage collections took, by kind.',
};

const OWN = 'ecs_dns_';

/** The tables of `docs/metrics.md`: of this project's own metrics, and of those of the process. */
export async function metricsSections(): Promise<Readonly<Record<'metrics' | 'process', string>>> {
  const exposed = await exposedMetrics();
  const own = exposed.filter(({ name }) => name.startsWith(OWN));
  const others = exposed.filter(({ name }) => !name.startsWith(OWN));
  const unused = Object.keys(PROCESS_WORDS).filter((name) => !others.some((one) => one.name === name));
  if (unused.length > 0) throw new Error(`there is no metric ${unused.join(', ')} any more`);
  return {
    metrics: table(
      ['metric', 'type', 'labels', 'CloudWatch', 'meaning'],
      own.map(({ name, type, labels, help }) => [code(name), type, labels, cloudWatchName(name), help]),
    ),
    process: table(
      ['metric', 'type', 'labels', 'meaning'],
      others.map(({ name, type, labels }) => [code(name), type, labels, wordsOf(name)]),
    ),
  };
}

async function exposedMetrics() {
  const { registry } = createPrometheusMetrics({
    zone: '',
    source: async () => '',
    version: '',
    intervalMs: 0,
  });
  const metrics = await registry.getMetricsAsJSON();
  return metrics.map(({ name, type, help }) => {
    const labels: readonly string[] = Reflect.get(registry.getSingleMetric(name) ?? {}, 'labelNames') ?? [];
    return { name, type: String(type), labels: labels.map(code).join(', ') || '–', help };
  });
}

/** The name of the same figure in the metrics of the Lambda function. */
function cloudWatchName(exposed: string): string {
  const names = Object.keys(METRICS) as MetricName[];
  const nameOf = (metric: MetricName) =>
    metric === 'probeLatency' ? 'ecs_dns_probe_latency_seconds' : FORMS[metric].name;
  const metric = names.find((name) => nameOf(name) === exposed);
  return metric === undefined ? '–' : code(metricTitle(metric));
}

function wordsOf(name: string): string {
  const words = PROCESS_WORDS[name];
  if (words === undefined) throw new Error(`scripts/pages/metrics-page.ts has no words for ${name}`);
  return words;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
