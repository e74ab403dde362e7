import { onTestFinished } from 'vitest';
import { createPrometheusMetrics, type MetricsOrigin } from '../../src/watch/prometheus.ts';
import { startStatusServer } from '../../src/watch/status-server.ts';
import type { RunRecord } from '../../src/worker.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { foreign, groupOf, live, scope, srvSet, stale, unhealthy } from '../report/support.ts';
import { WELL } from './status-pages.ts';
import { MINUTE, runRecord } from './support.ts';

export const ORIGIN: MetricsOrigin = {
  zone: 'discovery.internal',
  source: async () => '123456789012/eu-west-1',
  version: '1.2.3',
  intervalMs: 5 * MINUTE,
};

const CALLS = { 'ecs:ListTasks': 3, 'route53:ChangeResourceRecordSets': 1 };

/** One entry removed, one held back, one live, one foreign; one endpoint has answered. */
export function eventfulRun(): RunRecord {
  const gone = srvSet(1);
  const failing = unhealthy(srvSet(2));
  const group = groupOf(gone);
  const run = runRecord(
    {
      judgements: [stale(gone), failing, live(srvSet(3)), foreign(srvSet(4))],
      heldBack: [[failing, 'panic-threshold', '1 of 1 fails']],
      groups: [group],
      outcomes: [[group, { status: 'applied' }]],
      incomplete: [scope('cluster/blue')],
      durationMs: 1500,
    },
    { awsCalls: CALLS, awsThrottled: 2 },
  );
  const healthy = { kind: 'healthy', durationMs: 40, attempts: 1, status: 200 } as const;
  const probeResults = { ...run.result.probeResults, outcomes: new Map([['a', healthy]]) };
  return { ...run, result: { ...run.result, probeResults } };
}

/** The exporter behind a real server; `scrape` reads it as Prometheus does. */
export async function startExporter(origin: Partial<MetricsOrigin> = {}) {
  const metrics = createPrometheusMetrics({ ...ORIGIN, ...origin });
  const pages = { ...WELL, registry: metrics.page };
  const server = await startStatusServer({ host: `127.${OWN_BLOCK}.0.2`, port: 0 }, pages);
  onTestFinished(() => server.close());
  const scrape = async (): Promise<string> => {
    const response = await fetch(`http://127.${OWN_BLOCK}.0.2:${server.port}/metrics`);
    return await response.text();
  };
  return { ...metrics, scrape };
}

/** Samples by name and labels, as they stand in the text format. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end))] as const;
    }),
  );
}
