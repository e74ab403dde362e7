import { Registry } from 'prom-client';
import type { Readiness } from '../../src/watch/readiness.ts';
import type { StatusPages } from '../../src/watch/status-server.ts';
import { reportOf, srvSet, stale } from '../report/support.ts';

export const READY: Readiness = { ready: true };
export const REPORT = reportOf({ judgements: [stale(srvSet(1))] });

/** What a server tells of a watch that is well. */
export const WELL: StatusPages = {
  registry: { metrics: async () => 'up 1\n', contentType: Registry.PROMETHEUS_CONTENT_TYPE },
  readiness: () => READY,
  liveness: () => READY,
  status: (isLive) => `<p>status ${isLive ? 'live' : 'held'}</p>`,
  reportPage: ({ zone }) => `<p>report of ${zone.name}</p>`,
  report: () => REPORT,
};
