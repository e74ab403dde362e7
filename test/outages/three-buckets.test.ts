import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Quotas } from '../../src/sandbox/request-quotas.ts';
import { createWorker } from '../../src/worker.ts';
import { fleetOfThreeBatches, serve, ZONE_NAME } from '../end-to-end/support.ts';

// The SDK draws its pauses between nothing and a ceiling: here it always draws nothing.
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

/** Time passes while someone waits for it, and at no other time: for the account, and for the worker. */
function waitingTime(): Clock {
  let now = 1_000_000;
  return {
    now: () => now,
    random: () => 0.5,
    sleep: async (ms, signal) => {
      await Promise.resolve();
      signal?.throwIfAborted();
      now += ms;
    },
  };
}

/** Lets a worker that keeps to quotas remove 100 sets in three batches, from an account that grants so much. */
async function applyUnder(quotas: Quotas) {
  const { fleet, live } = fleetOfThreeBatches(114);
  const clock = waitingTime();
  const server = await serve(fleet.world, { quotas, now: () => clock.now() });
  const flags = {
    '--zone': ZONE_NAME,
    '--health-enabled': 'false',
    '--journal': 'none',
    '--guardrails-removal-budget-percent': '100',
  };
  const access = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' },
  };
  const worker = createWorker(parseSettings({ env: {}, flags }), { access, clock });
  onTestFinished(() => worker.close());
  const request = { mode: 'apply', force: false, all: false, approve: async () => true } as const;
  const { report } = await worker.run(request);
  const refused = server.log.filter(({ errorCode }) => errorCode === 'Throttling');
  return { report, refused, fleet, live };
}

test.each<{ what: string; quotas: Quotas; most: number }>([
  { what: "today's quotas", quotas: 'current', most: 0 },
  { what: 'old limits, of five requests a second in all', quotas: 'older', most: 2 },
  {
    what: 'a throughput of changes that AWS does not document',
    quotas: { burst: 50, perSecond: 10, changes: { burst: 40, perSecond: 20 } },
    most: 8,
  },
  {
    what: 'hardly any throughput of changes',
    quotas: { burst: 50, perSecond: 10, changes: { burst: 10, perSecond: 5 } },
    most: 14,
  },
])('$what: at most $most requests are refused, and the run ends right', async ({ quotas, most }) => {
  const { report, refused, fleet, live } = await applyUnder(quotas);

  expect(report.summary).toMatchObject({ applied: 100, failed: 0, conflicts: 0 });
  expect(fleet.zone.list()).toEqual(live);
  expect(refused.length).toBeLessThanOrEqual(most);
  expect(report.awsThrottled).toBe(refused.length);
});
