import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createAwsClients } from '../../src/aws/aws-clients.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Quotas } from '../../src/sandbox/request-quotas.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
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
  const { fleet, live } = fleetOfThreeBatches();
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

/** Sends batches of 1 and of 30 changes in turn, each until it is taken, and counts those refused once it is learnt how many are taken. */
async function refusedOfMany(quotas: Quotas): Promise<number> {
  const world = createWorld();
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const clock = waitingTime();
  const server = await serve(world, { quotas, now: () => clock.now() });
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };
  const clients = createAwsClients({ endpoint: server.url, region: 'us-east-1', credentials }, { clock });
  onTestFinished(() => clients.destroy());
  let refused = 0;
  for (let batch = 0; batch < 80; batch++) {
    const Changes = Array.from({ length: batch % 2 === 0 ? 1 : 30 }, (_, i) => {
      const ResourceRecords = [{ Value: '10.0.0.1' }];
      const set = { Name: `h-${batch}-${i}.${ZONE_NAME}`, Type: 'A', TTL: 0, ResourceRecords } as const;
      return { Action: 'CREATE', ResourceRecordSet: set } as const;
    });
    const command = { HostedZoneId: zone.id, ChangeBatch: { Changes } };
    for (let isTaken = false; !isTaken; ) {
      isTaken = await clients.route53Changes.send(new ChangeResourceRecordSetsCommand(command)).then(
        () => true,
        () => false,
      );
      if (!isTaken && batch >= 40) refused++;
    }
  }
  return refused;
}

test('what the throughput of changes is found to be holds for batches of any size', async () => {
  const changes = { burst: 40, perSecond: 20 };
  expect(await refusedOfMany({ burst: 50, perSecond: 10, changes })).toBeLessThanOrEqual(4);
});
