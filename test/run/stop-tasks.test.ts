import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { ServiceState } from '../../src/model/task-stop.ts';
import type { Observation } from '../../src/plan/observation.ts';
import type { DueStop, StopPlan } from '../../src/plan/stop/plan-stops.ts';
import type { Ports } from '../../src/run/ports.ts';
import type { RunOptions } from '../../src/run/run.ts';
import { stopTasks } from '../../src/run/stop-tasks.ts';
import type { TaskStopper } from '../../src/sources/ecs/task-stopper.ts';
import { NO_STATE_STORE } from '../../src/state/state-store.ts';
import { BLUE, GREEN } from '../clusters.ts';
import { agentSet, container, endpoint, inventory, NO_LIMITS, ZONE } from '../plan/support.ts';
import { type VirtualClock, virtualClock } from '../route53/virtual-clock.ts';

const SECOND = 1000;
const FINE: ServiceState = { status: 'ACTIVE', runningCount: 9, desiredCount: 3, isDeploying: false };

function due(n: number, over: Partial<DueStop> = {}): DueStop {
  return {
    kind: 'due',
    cluster: BLUE,
    service: 'orders',
    task: container(n).taskArn,
    reason: 'timeout',
    httpStatus: undefined,
    names: [`_calc._tcp.${ZONE}`],
    since: 0,
    dueAt: 0,
    ...over,
  };
}

interface Given {
  readonly clock?: VirtualClock;
  readonly stopper?: Partial<TaskStopper>;
  readonly options?: Partial<RunOptions>;
  /** What the second reading of the names finds. */
  readonly readNames?: () => Promise<readonly RecordSet[]>;
}

/** Carries plans out in a world in which nothing speaks against it but what is given. */
async function carryOut(plans: readonly StopPlan[], given: Given = {}) {
  const calls: string[] = [];
  const noting =
    <A extends readonly unknown[], R>(name: string, act: (...args: A) => Promise<R>) =>
    (...args: A) => {
      calls.push(name);
      return act(...args);
    };
  const stopper: TaskStopper = {
    describeServices: async (_, names) => new Map(names.map((name) => [name, FINE])),
    findRunning: async (_, tasks) => new Map(tasks.map((task) => [task, 'orders'])),
    stop: async () => {},
    ...given.stopper,
  };
  const ports = {
    clock: given.clock ?? virtualClock(),
    state: NO_STATE_STORE,
    zone: { readNames: noting('readNames', given.readNames ?? (async () => [])) },
    stopper: {
      describeServices: noting('describeServices', stopper.describeServices),
      findRunning: noting('findRunning', stopper.findRunning),
      stop: noting('stop', stopper.stop),
    },
  };
  const observation = {
    startedAt: 0,
    zone: { id: 'Z1', name: `${ZONE}.` },
    recordSets: [],
    inventory: inventory([1, 2].map((n) => endpoint(container(n), { port: 1024 + n }))),
  };
  // Nothing else of them is looked at.
  const stops = await stopTasks(plans, {
    runId: 'run-1',
    observation: observation as unknown as Observation,
    ports: ports as unknown as Ports,
    options: { limits: NO_LIMITS, ...given.options } as RunOptions,
  });
  return { stops, calls, endings: stops.map(({ status, detail }) => `${status}: ${detail}`) };
}

test('stops nothing by what was seen too long ago', async () => {
  const clock = virtualClock();
  await clock.sleep(NO_LIMITS.maxPlanAgeMs, undefined);
  const { calls, endings } = await carryOut([due(1)], { clock });
  expect(calls).toEqual([]);
  expect(endings).toEqual([
    'waiting: plan-too-old: what it was planned from was read 10m ago, and guardrails.maxPlanAge is 10m',
  ]);
});

test('looks at the services, the zone and the tasks, in this order, and then stops', async () => {
  const { calls, stops } = await carryOut([due(1), due(2)]);

  expect(calls).toEqual(['describeServices', 'readNames', 'findRunning', 'stop', 'stop']);
  expect(stops.map(({ status }) => status)).toEqual(['stopped', 'stopped']);
});

test('asks nobody when there is nothing to stop', async () => {
  const held: StopPlan = { ...due(1), kind: 'held', detail: 'it is not' };

  const { calls, endings } = await carryOut([held]);

  expect([calls, endings]).toEqual([[], ['waiting: it is not']]);
});

describe('the wait for the TTL', () => {
  test('is one for all, and as long as the longest', async () => {
    const clock = virtualClock();
    const plans = [due(1, { dueAt: 20 * SECOND }), due(2, { dueAt: 10 * SECOND })];

    const { stops } = await carryOut(plans, { clock, options: { deadline: 60 * SECOND } });

    expect(clock.slept).toEqual([20 * SECOND]);
    expect(stops.map(({ status }) => status)).toEqual(['stopped', 'stopped']);
  });

  test('is left out where it would leave the run no time; others go on', async () => {
    const clock = virtualClock();
    const plans = [due(1, { dueAt: 26 * SECOND }), due(2)];

    const { endings } = await carryOut(plans, { clock, options: { deadline: 30 * SECOND } });

    expect(clock.slept).toEqual([]);
    expect(endings).toEqual([
      'waiting: the run has no time left for it',
      expect.stringMatching(/^stopped: /),
    ]);
  });

  test('that took longer than it should have leaves everything', async () => {
    const clock = virtualClock();
    await clock.sleep(26 * SECOND, undefined);

    const { calls, endings } = await carryOut([due(1)], { clock, options: { deadline: 30 * SECOND } });

    expect([calls, endings]).toEqual([[], ['waiting: the run has no time left for it']]);
  });

  test('ends with the run, which still reports', async () => {
    const stop = new AbortController();
    const clock = virtualClock([0.5], () => stop.abort(new Error('stopped by SIGTERM')));

    const { calls, endings } = await carryOut([due(1, { dueAt: SECOND })], {
      clock,
      options: { signal: stop.signal },
    });

    expect([calls, endings]).toEqual([[], ['waiting: could not be confirmed: stopped by SIGTERM']]);
  });
});

describe('spares a task', () => {
  const broken = async (): Promise<never> => {
    throw Object.assign(new Error('not you'), { name: 'AccessDeniedException' });
  };
  const unconfirmed = 'waiting: could not be confirmed: AccessDeniedException: not you';
  test.each<[string, Given, string]>([
    ['whose service cannot be asked', { stopper: { describeServices: broken } }, unconfirmed],
    ['when the zone cannot be read again', { readNames: broken }, unconfirmed],
    ['that cannot be asked', { stopper: { findRunning: broken } }, unconfirmed],
    [
      'whose service runs no other',
      { stopper: { describeServices: async () => new Map([['orders', { ...FINE, runningCount: 1 }]]) } },
      'waiting: its service runs 1, and the last one is never stopped',
    ],
    [
      'whose service is gone',
      { stopper: { describeServices: async () => new Map() } },
      'waiting: ECS does not describe its service',
    ],
    [
      'that has a record by now',
      { readNames: async () => [agentSet({ port: 1025 })] },
      `waiting: _calc._tcp.${ZONE}. SRV leads to it by now`,
    ],
    ['that has ended', { stopper: { findRunning: async () => new Map() } }, 'waiting: it no longer runs'],
    [
      'that is of another service',
      { stopper: { findRunning: async () => new Map([[container(1).taskArn, 'users']]) } },
      'waiting: it is not a task of orders',
    ],
  ])('%s', async (_, given, ending) => {
    const { calls, endings } = await carryOut([due(1)], given);

    expect(endings).toEqual([ending]);
    expect(calls).not.toContain('stop');
  });
});

test('one that ECS refuses to stop does not keep the others', async () => {
  let calls = 0;
  const stop = async () => {
    if (++calls === 1) throw Object.assign(new Error('try again'), { name: 'ServerException' });
  };

  const { endings } = await carryOut([due(1), due(2)], { stopper: { stop } });

  expect(endings).toEqual([
    'failed: ServerException: try again',
    expect.stringMatching(/^stopped: ecs-dns: /),
  ]);
});

test('services of several clusters are asked one by one', async () => {
  const clusters: string[] = [];
  const describeServices: TaskStopper['describeServices'] = async (cluster, names) => {
    clusters.push(`${cluster} ${names.join()}`);
    return new Map(names.map((name) => [name, FINE]));
  };

  await carryOut([due(1), due(2, { cluster: GREEN }), due(2, { service: 'users' })], {
    stopper: { describeServices },
  });

  expect(clusters).toEqual([`${BLUE.arn} orders,users`, `${GREEN.arn} orders`]);
});
