import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import { agentSrvRecord } from '../../src/sandbox/fleet/agent-records.ts';
import { runHere } from '../cli/support.ts';
import {
  addService,
  newFleet,
  openWorker,
  SHORTEST_DEADLINE_MS,
  serve,
  without,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import type { FaultRule } from '../sandbox/faults.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { range } from '../sandbox/with-sandbox.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };
/** How often one request is sent at the most, and one that changes the zone. */
const ATTEMPTS = 7;
const CHANGE_ATTEMPTS = 8;
/** How many requests an SDK client repeats at the most before it has to succeed again. */
const RETRY_QUOTA = 100;

// The SDK draws its pauses between nothing and a ceiling: here it always draws nothing.
beforeEach(() => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  return () => random.mockRestore();
});

/** Lets the pauses of the system's clock pass at once and stand on it all the same; deadlines stay real. */
function pauseInNoTime(): void {
  const real = { ...systemClock };
  let skipped = 0;
  const spies = [
    vi.spyOn(systemClock, 'now').mockImplementation(() => real.now() + skipped),
    vi.spyOn(systemClock, 'sleep').mockImplementation(async (ms, signal) => {
      if (ms >= SHORTEST_DEADLINE_MS) return real.sleep(ms, signal);
      const end = systemClock.now() + ms;
      await real.sleep(0, signal);
      skipped += Math.max(0, end - systemClock.now());
    }),
  ];
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
  });
}

function blueAndGreen() {
  const fleet = newFleet({ clusters: ['blue', 'green'] });
  const blue = addService(fleet, '_orders._tcp', { cluster: 'blue', live: 4, stale: 2 });
  const green = addService(fleet, '_users._tcp', { cluster: 'green', live: 4, stale: 2 });
  return { fleet, blue, green, before: fleet.zone.list() };
}

const throttle = { kind: 'throttle' } as const;

function ofGreen(operation: string): FaultRule {
  const when: FaultRule['when'] = ({ input }) => String(input['cluster']).endsWith('/green');
  return { operation, when, effect: throttle };
}

function rejected(server: TestServer, operation = ''): number {
  return server.log.filter((one) => one.errorCode !== undefined && one.operation.startsWith(operation))
    .length;
}

describe('AWS throttles, and the worker asks again and again until nobody gets an answer', () => {
  test('a cluster that is throttled for good ends the asking, is left alone, and the other one is cleaned', async () => {
    const { fleet, blue, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault(ofGreen('ecs:*'));

    const report = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(without(before, blue.staleSets));
    expect(report.summary).toMatchObject({ applied: 2, failed: 0 });
    const held = report.heldBack.map(({ guardrail }) => guardrail);
    expect(new Set(held)).toEqual(new Set(['inventory-incomplete']));
    expect(report.incomplete.map(({ scope, operation }) => `${scope} ${operation}`).toSorted()).toEqual([
      'cluster/green ecs:ListContainerInstances',
      'cluster/green ecs:ListTasks',
    ]);
    for (const { error } of report.incomplete) expect(error).toContain('ThrottlingException');
    expect(rejected(server)).toBe(2 * ATTEMPTS);
    expect(report.awsThrottled).toBe(2 * ATTEMPTS);
  });

  test.each(['ecs:DescribeTasks', 'ecs:DescribeContainerInstances', 'ecs:DescribeTaskDefinition'])(
    'so it is where only %s is',
    async (operation) => {
      const { fleet, blue, green } = blueAndGreen();
      const server = await serve(fleet.world);
      const rule = operation.endsWith('Definition') ? { operation, effect: throttle } : ofGreen(operation);
      server.addFault(rule);

      const report = await openWorker(server, WITHOUT_BUDGET).apply();

      expect(report.incomplete.length).toBeGreaterThan(0);
      expect(rejected(server)).toBe(operation.endsWith('Definition') ? 2 * ATTEMPTS : ATTEMPTS);
      for (const set of [...blue.liveSets, ...green.liveSets])
        expect(fleet.zone.records.get(set)).toEqual(set);
    },
  );

  test('ten throttled clusters share what may be asked again: the calls do not multiply', async () => {
    const clusters = Array.from({ length: 10 }, (_, i) => `cluster-${i}`);
    const fleet = newFleet({ clusters, machines: 1 });
    addService(fleet, '_orders._tcp', { cluster: 'cluster-0', live: 1, stale: 1 });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:ListTasks', effect: throttle });
    server.addFault({ operation: 'ecs:ListContainerInstances', effect: throttle });
    // A client that is refused again and again asks more slowly.
    pauseInNoTime();

    const { code } = await runHere(
      ['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled', '--output', 'json'],
      server.url,
    );

    expect(code).toBe(1);
    expect(rejected(server)).toBeLessThanOrEqual(2 * clusters.length + RETRY_QUOTA);
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('the confirmation is throttled', () => {
  test.each([{ operation: 'ecs:DescribeContainerInstances' }, { operation: 'ecs:ListTasks' }])(
    'at $operation: it is asked a few times, and what it had to tell is not guessed',
    async ({ operation }) => {
      const { fleet, blue, before } = blueAndGreen();
      const server = await serve(fleet.world);

      const { summary, heldBack } = await openWorker(server, WITHOUT_BUDGET).apply({
        approve: async () => {
          server.addFault(ofGreen(operation));
          return true;
        },
      });

      const gone = blue.staleSets;
      expect(fleet.zone.list()).toEqual(without(before, gone));
      expect(summary).toMatchObject({ applied: gone.length, heldBack: 4 - gone.length, failed: 0 });
      expect(new Set(heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['not-confirmed']));
      expect(rejected(server)).toBe(operation === 'ecs:ListTasks' ? 2 * ATTEMPTS : ATTEMPTS);
    },
  );
});

describe('Route 53 throttles', () => {
  test('three batches for good: each is given up after a few attempts, and nothing has changed', async () => {
    const fleet = newFleet({ machines: 10 });
    addService(fleet, '_orders._tcp', { live: 1 });
    const live = fleet.zone.list();
    for (let i = 0; i < 200; i++) {
      const machine = fleet.machine(fleet.world.cluster('blue'), i);
      const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
      const name = `_gone-${Math.floor(i / 90)}._tcp`;
      fleet.zone.put(
        agentSrvRecord({
          name,
          zoneName: fleet.zone.name,
          ...owner,
          ports: range(10).map((n) => 20_000 + 10 * i + n),
        }),
      );
    }
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    const lift = server.addFault({ operation: CHANGE, effect: throttle });
    const worker = openWorker(server, WITHOUT_BUDGET);

    const { summary } = await worker.apply();

    expect(summary).toMatchObject({ removals: 2_000, applied: 0, conflicts: 0, failed: 200 });
    expect(rejected(server, CHANGE)).toBe(3 * CHANGE_ATTEMPTS);
    expect(fleet.zone.list()).toEqual(before);

    lift();
    expect((await worker.apply()).summary).toMatchObject({ applied: 200, failed: 0 });
    expect(fleet.zone.list()).toEqual(live);
  });

  test('the reading of the zone for good: the run ends with an error after a few attempts', async () => {
    const { fleet, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault({ operation: 'route53:ListResourceRecordSets', effect: throttle });

    await expect(openWorker(server).apply()).rejects.toThrow(/throttl/i);

    expect(rejected(server)).toBe(ATTEMPTS);
    expect(server.counts()).not.toHaveProperty('ecs:ListClusters');
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('an account whose limits are all but used up', () => {
  test('gets no more requests than it takes, and all is cleaned', async () => {
    const { fleet, blue, green, before } = blueAndGreen();
    let now = 0;
    // Every request takes 100 ms of the server's time, in which half a token comes back.
    const tick = () => {
      now += 100;
      return now;
    };
    const server = await serve(fleet.world, { now: tick, quotas: { burst: 1, perSecond: 5 } });

    const report = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(report.summary).toMatchObject({ applied: 4, failed: 0, conflicts: 0 });
    expect(report.incomplete).toEqual([]);
    expect(report.awsThrottled).toBeGreaterThan(0);
    expect(rejected(server)).toBe(report.awsThrottled);
    expect(report.awsThrottled).toBeLessThanOrEqual(server.log.length - report.awsThrottled);
    expect(fleet.zone.list()).toEqual(without(before, [...blue.staleSets, ...green.staleSets]));
  });
});
