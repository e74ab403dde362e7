import { describe, expect, test } from 'vitest';
import type { Container, Endpoint } from '../../../src/model/inventory.ts';
import { Multimap } from '../../../src/model/multimap.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import { planStops, type StopInput, type StopPlan } from '../../../src/plan/stop/plan-stops.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import {
  agentSet,
  at,
  CALC,
  container,
  endpoint,
  FAILING,
  GONE,
  HEALTHY,
  host,
  inventory,
  judged,
  RECOVERING,
  RUNNING,
  SPARED,
  simpleSet,
  vacant,
  YOUNG,
  ZONE,
} from '../support.ts';

const NOW = 1_000_000;
const READ_AT = NOW - 2_000;
const DRAINING = { verdict: 'draining', reason: 'draining' } as const;

type Assessment = Parameters<typeof judged>[0];

/** A task of a service with one port, and what was found of it. */
interface Given {
  readonly n: number;
  readonly assessment?: Assessment;
  readonly service?: string | undefined;
  readonly container?: Partial<Container>;
  readonly port?: Partial<Endpoint>;
  readonly evidence?: Judged['judgement']['evidence'];
}

function taskOf({ n, service = 'orders', container: over = {}, port = {} }: Given): Endpoint {
  return endpoint(container(n, { ecsService: service, ...over }), { port: 1024 + n, ...port });
}

function judgedAs(one: Endpoint, assessment: Assessment, evidence: Given['evidence'] = {}): Judged {
  const match = { kind: 'endpoint', isSuccessor: false, endpoint: one, address: one.address } as const;
  return judged(assessment, agentSet(), match, evidence);
}

/** Two healthy tasks in addition to what is given; nothing of them is in DNS, and there is no TTL. */
function stops(
  given: readonly Given[],
  over: Partial<StopInput> = {},
  beside: readonly Given[] = HEALTHY_TWO,
) {
  const all = [...given, ...beside];
  const endpoints = all.map(taskOf);
  return planStops({
    zoneName: ZONE,
    recordSets: [],
    references: new Multimap(),
    inventory: inventory(endpoints),
    judged: all.map(({ assessment = FAILING, evidence }, i) =>
      judgedAs(at(endpoints, i), assessment, evidence),
    ),
    networkSelfTests: [],
    panicPercent: 50,
    policy: { mayStop: () => true, limit: 1, ttl: 0, overridesOf: ({ overrides }) => overrides },
    deregisteredSince: new Map(),
    readAt: READ_AT,
    lastRunAt: undefined,
    now: NOW,
    ...over,
  });
}

const HEALTHY_TWO: readonly Given[] = [8, 9].map((n) => ({ n, assessment: HEALTHY }));

function arn(n: number): string {
  return container(n).taskArn;
}

function statuses(plans: readonly StopPlan[]): readonly string[] {
  return plans.map((plan) => (plan.kind === 'due' ? 'due' : plan.detail));
}

const policy = (over: Partial<StopInput['policy']>): Pick<StopInput, 'policy'> => ({
  policy: { mayStop: () => true, limit: 1, ttl: 0, overridesOf: ({ overrides }) => overrides, ...over },
});

test('a task that fails and is out of DNS is stopped, with how it fails and where it would be found', () => {
  const given = {
    n: 1,
    assessment: { verdict: 'unhealthy', reason: 'http-status' } as const,
    container: { addressName: 'orders' },
    evidence: { status: 503 },
  };
  expect(stops([given])).toEqual([
    {
      kind: 'due',
      cluster: BLUE,
      service: 'orders',
      task: arn(1),
      reason: 'http-status',
      httpStatus: 503,
      names: [`1.${ZONE}`, `${CALC}.${ZONE}`, `orders.${ZONE}`],
      since: READ_AT,
      dueAt: READ_AT,
    },
  ]);
});

test('a task of which two ports fail is stopped once, and its names are those of all of its ports', () => {
  const one = taskOf({ n: 1 });
  const others = [undefined, '_admin._tcp'].map((serviceName, i) => ({ ...one, serviceName, port: 9 + i }));
  const known = inventory([one, ...others, taskOf({ n: 9 })]);
  const refusing = { verdict: 'unhealthy', reason: 'connection-refused' } as const;
  const healthy = [8, 9].map((n) => judgedAs(taskOf({ n }), HEALTHY));
  const all = [judgedAs(one, FAILING), judgedAs(at(others, 1), refusing), ...healthy];
  expect(stops([], { inventory: known, judged: all })).toMatchObject([
    { kind: 'due', reason: 'timeout', names: [`1.${ZONE}`, `_admin._tcp.${ZONE}`, `${CALC}.${ZONE}`] },
  ]);
});

describe('is not looked at: a task', () => {
  test.each<[string, Given]>([
    ['that no service has started', { n: 1, container: { ecsService: undefined } }],
    ['that starts', { n: 1, container: { phase: 'starting' } }],
    ['that stops', { n: 1, container: { phase: 'stopping' } }],
    ['that is healthy', { n: 1, assessment: HEALTHY }],
    ['that is young', { n: 1, assessment: YOUNG }],
    ['that has not failed often enough', { n: 1, assessment: SPARED }],
    ['that passes again', { n: 1, assessment: RECOVERING }],
    ['that is drained', { n: 1, assessment: DRAINING }],
    ['of which a port without a name fails', { n: 1, port: { serviceName: undefined } }],
  ])('%s', (_, given) => {
    expect(stops([given])).toEqual([]);
  });

  test('of a service that may not be stopped', () => {
    const only = policy({ mayStop: (name) => name === 'users' });
    expect(stops([{ n: 1 }], only)).toEqual([]);
    const users = [{ n: 8, service: 'users', assessment: HEALTHY }];
    expect(statuses(stops([{ n: 1, service: 'users' }, { n: 2 }], only, [...users, ...HEALTHY_TWO]))).toEqual(
      ['due'],
    );
  });

  test('to which nothing leads but a location', () => {
    expect(stops([], { judged: [judged(GONE, agentSet(), vacant())] })).toEqual([]);
  });
});

test('a task of which one container has ended and one starts is not running yet', () => {
  const one = taskOf({ n: 1 });
  const beside = (phase: Container['phase']) => {
    const known = inventory([one, taskOf({ n: 9 })]);
    const sidecar = container(2, { taskArn: arn(1), phase, ecsService: 'orders' });
    const all = [judgedAs(one, FAILING), judgedAs(taskOf({ n: 9 }), HEALTHY)];
    return statuses(
      stops([], { inventory: { ...known, containers: [...known.containers, sidecar] }, judged: all }),
    );
  };
  expect([beside('stopped'), beside('starting'), beside('stopping')]).toEqual([['due'], [], []]);
});

describe('runs on: a task', () => {
  test('that is reached nobody knows where', () => {
    const nowhere = { n: 1, container: { host: undefined } };
    expect(statuses(stops([nowhere]))).toEqual([
      'it is unknown where it is reached, so that no record can be told from its',
    ]);
    expect(statuses(stops([{ ...nowhere, port: { hostNames: ['somewhere'] } }]))).toEqual(['due']);
  });

  test('of a cluster that was not read completely', () => {
    const known = inventory([taskOf({ n: 1 })], { clusters: [{ ...BLUE, complete: false }] });
    expect(statuses(stops([{ n: 1 }], { inventory: known }))).toEqual([
      'cluster blue was not read completely',
    ]);
  });

  test('in a run that suspects its own network', () => {
    const networkSelfTest = {
      scope: 'run',
      reason: 'timeout',
      failing: 3,
      probed: 3,
      hosts: 3,
      detail: 'it is me',
    } as const;
    expect(statuses(stops([{ n: 1 }], { networkSelfTests: [networkSelfTest] }))).toEqual(['it is me']);
  });

  test.each<[string, readonly Given[], readonly Given[], string]>([
    ['half of the service fails', [{ n: 1 }, { n: 2 }], HEALTHY_TWO, 'due'],
    [
      'more than half of it fails',
      [{ n: 1 }, { n: 2 }, { n: 3, assessment: SPARED }],
      HEALTHY_TWO,
      '3 of 5 checked ports of ECS service orders fail (60 %), more than 50 %',
    ],
    [
      'more than half of the run fails',
      [{ n: 1 }],
      [
        ...HEALTHY_TWO,
        ...[2, 3, 4, 5].map((n) => ({ n, service: 'users' })),
        { n: 6, container: { ecsService: undefined } },
      ],
      '6 of 8 checked ports of the run fail (75 %), more than 50 %',
    ],
    [
      'those that are young or drained count on no side',
      [{ n: 1 }, { n: 2, assessment: DRAINING }, { n: 3, assessment: YOUNG }],
      HEALTHY_TWO,
      'due',
    ],
  ])('where %s', (_, given, beside, status) => {
    const [first] = stops(given, policy({ limit: 9 }), beside).filter(({ service }) => service === 'orders');
    expect(first?.kind === 'held' ? first.detail : first?.kind).toBe(status);
  });

  test('to which a record leads', () => {
    const references = new Multimap<string, RecordSet>();
    references.add(arn(1), simpleSet(['1 1 1 x']));
    expect(statuses(stops([{ n: 1 }], { references }))).toEqual([
      `1 record leads to it, such as ${CALC}.${ZONE}. SRV: a later run stops it once the zone has none`,
    ]);
    references.add(arn(1), agentSet());
    expect(statuses(stops([{ n: 1 }], { references }))[0]).toMatch(/^2 records lead to it, such as /);
  });

  test.each<[string, readonly Given[], boolean]>([
    ['a healthy task', [{ n: 8, assessment: HEALTHY }], true],
    [
      'a task that is healthy but for a port that is not checked',
      [
        { n: 8, assessment: HEALTHY },
        { n: 8, assessment: RUNNING, port: { port: 9 } },
      ],
      true,
    ],
    [
      'one that is healthy in one port of two',
      [
        { n: 8, assessment: HEALTHY },
        { n: 8, assessment: RECOVERING, port: { port: 9 } },
      ],
      false,
    ],
    ['one that is not checked', [{ n: 8, assessment: RUNNING }], false],
    [
      'one that passes again',
      [
        { n: 8, assessment: RECOVERING },
        { n: 7, assessment: RECOVERING },
      ],
      false,
    ],
    [
      'a healthy one on a host that is drained',
      [{ n: 8, assessment: HEALTHY, container: { host: host(2, { isDraining: true }) } }],
      false,
    ],
    ['a healthy one without a host', [{ n: 8, assessment: HEALTHY, container: { host: undefined } }], true],
    [
      'a healthy port without a name',
      [{ n: 8, assessment: HEALTHY, port: { serviceName: undefined } }],
      false,
    ],
    ['one of another service', [{ n: 8, assessment: HEALTHY, service: 'users' }], false],
    ['one of another cluster', [{ n: 8, assessment: HEALTHY, container: { cluster: GREEN } }], false],
  ])('with nothing healthy beside it; beside it: %s', (_, beside, isStopped) => {
    const limits = { panicPercent: 100 };
    expect(statuses(stops([{ n: 1 }], limits, beside))).toEqual([
      isStopped ? 'due' : 'no other task of orders is healthy',
    ]);
  });

  test('beside which nothing was checked at all', () => {
    expect(statuses(stops([{ n: 1 }], { panicPercent: 100 }, []))).toEqual([
      'no other task of orders is healthy',
    ]);
  });

  test('beyond as many as a run may stop, the ones that have been out the longest first', () => {
    const deregisteredSince = new Map([
      [arn(1), { since: 300_000, ttl: 0, pending: [] }],
      [arn(2), { since: 100_000, ttl: 0, pending: [] }],
      [arn(3), { since: 300_000, ttl: 0, pending: [] }],
    ]);
    const beside = [5, 6, 7].map((n) => ({ n, assessment: HEALTHY }));
    const given = [{ n: 2 }, { n: 3 }, { n: 1 }];
    const with2 = stops(given, { deregisteredSince, ...policy({ limit: 2 }) }, beside);
    expect(with2.map(({ task }) => task)).toEqual([arn(1), arn(2), arn(3)]);
    expect(statuses(with2)).toEqual(['due', 'due', 'stopLimit: a run stops 2 of a service']);
    expect(statuses(stops(given, { deregisteredSince }, beside))[1]).toBe('due');
  });

  test('of another service has a limit of its own', () => {
    const users = [1, 2].map((n) => ({ n, service: n === 1 ? 'users' : 'orders' }));
    const beside = [...HEALTHY_TWO, { n: 7, service: 'users', assessment: HEALTHY }];
    expect(stops(users, {}, beside).map(({ service, kind }) => [service, kind])).toEqual([
      ['orders', 'due'],
      ['users', 'due'],
    ]);
  });
});

describe('the TTL', () => {
  const since = NOW - 100_000;
  const seen = (ttl = 0) => new Map([[arn(1), { since, ttl, pending: [] }]]);
  test.each<[string, Partial<StopInput>, Given, number]>([
    ['is 0 where nobody says anything', {}, { n: 1 }, 0],
    ['is that of the setting', policy({ ttl: 40 }), { n: 1 }, 40],
    ['is what its service asks for', {}, { n: 1, port: { overrides: { ttl: 50 } } }, 50],
    ['is what is asked of its address', {}, { n: 1, container: { addressOverrides: { ttl: 60 } } }, 60],
    ['is that of its own records, when they were there', { deregisteredSince: seen(60) }, { n: 1 }, 60],
    [
      'is that of what is left of its names',
      {
        recordSets: [
          agentSet({}, { TTL: 70 }),
          agentSet({ owner: 2 }, { TTL: 20 }),
          agentSet({ owner: 3 }, { TTL: undefined }),
          { ...agentSet(), Type: 'TXT', TTL: 900 },
          agentSet({ service: '_other._tcp' }, { TTL: 800 }),
        ],
      },
      { n: 1 },
      70,
    ],
    [
      'is the largest of them',
      { deregisteredSince: seen(60), ...policy({ ttl: 40 }), recordSets: [agentSet({}, { TTL: 70 })] },
      { n: 1, port: { overrides: { ttl: 50 } } },
      70,
    ],
  ])('%s', (_, over, given, ttl) => {
    const [plan] = stops([given], { deregisteredSince: seen(), ...over });
    expect(plan).toMatchObject({ kind: 'due', since, dueAt: since + ttl * 1000 });
  });

  test.each([
    [130, 'due'],
    [131, 'seen out of DNS for 1m40s, of a TTL of 2m11s: a later run stops it'],
  ])('of %i s after 100 s: a run waits half a minute for it, and no longer', (ttl, status) => {
    expect(statuses(stops([{ n: 1 }], { deregisteredSince: seen(ttl) }))).toEqual([status]);
  });

  test('begins a minute after the reading of the zone where there was a record before', () => {
    const deregisteredSince = new Map([[arn(1), { since: undefined, ttl: 10, pending: [] }]]);
    expect(statuses(stops([{ n: 1 }], { deregisteredSince }))).toEqual([
      'it may still be answered: what took it out of DNS is not known, and the TTL counts in 58s',
    ]);
  });

  test.each([
    [['C1'], 'held'],
    [[], 'due'],
  ])('is over, and of the changes that took it out these are not in sync: %j', (pending, kind) => {
    const deregisteredSince = new Map([[arn(1), { since, ttl: 0, pending }]]);
    expect(stops([{ n: 1 }], { deregisteredSince })).toMatchObject([
      {
        kind,
        ...(kind === 'held' && {
          detail:
            'it may still be answered: Route 53 has not said INSYNC of the change that took it out of DNS (C1)',
        }),
      },
    ]);
  });
});
