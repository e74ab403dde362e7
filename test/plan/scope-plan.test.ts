import { describe, expect, it, test } from 'vitest';
import type { ChangeOutcome } from '../../src/model/change.ts';
import type { Container, Endpoint, Inventory } from '../../src/model/inventory.ts';
import { NO_GRACE, NO_UNKNOWN_HOSTS } from '../../src/model/inventory.ts';
import type { ProbeOutcome } from '../../src/model/probe.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { EMPTY_STATE } from '../../src/model/run-state.ts';
import { type Observation, questionsOf } from '../../src/plan/observation.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { namesOfScope, startingIn } from '../../src/plan/scope-plan.ts';
import { addressSet, BLUE, multiValueSet, task } from './addresses.ts';
import {
  agentSet,
  CONVENTION,
  container,
  dockerId,
  endpoint,
  HEALTH_POLICY,
  host,
  hostName,
  inventory,
  MANAGE_ZONE,
  NO_LIMITS,
  PORT,
  SYNC_POLICY,
  ZONE,
} from './support.ts';

const POLICY: Policy = {
  manage: CONVENTION,
  health: { ...HEALTH_POLICY, gracePeriodMs: 60_000 },
  sync: SYNC_POLICY,
  limits: { ...NO_LIMITS, minEndpoints: 1 },
};

const IMPATIENT: Policy = { ...POLICY, health: { ...POLICY.health, gracePeriodMs: 0 } };

const ANSWERS: ProbeOutcome = { kind: 'healthy', attempts: 1, durationMs: 1 };
const FAILS: ProbeOutcome = { kind: 'unhealthy', reason: 'timeout', attempts: 1, durationMs: 1 };
const UNCLEAR: ProbeOutcome = {
  kind: 'indeterminate',
  reason: 'malformed-answer',
  attempts: 1,
  durationMs: 1,
};

/** What runs here, and nothing else. */
function scopeOf(endpoints: readonly Endpoint[], over: Partial<Inventory> = {}): Inventory {
  return inventory(endpoints, { coverage: 'scope', ...over });
}

function planOf(
  recordSets: readonly RecordSet[],
  of: Inventory,
  outcomes: ReadonlyMap<string, ProbeOutcome> = new Map(),
  policy: Policy = POLICY,
) {
  const reading = { zone: { id: 'Z1', name: `${ZONE}.` }, recordSets, inventory: of, services: undefined };
  const observation: Observation = {
    ...reading,
    startedAt: 0,
    readAt: 1,
    now: 2,
    unknownHosts: NO_UNKNOWN_HOSTS,
    state: EMPTY_STATE,
    probeResults: { outcomes, answers: new Map(), grace: NO_GRACE },
    matchings: questionsOf(reading, [policy]).matchings,
  };
  return makePlan(observation, policy);
}

const at = (n: number) => `10.0.0.${n} ${PORT}`;
const verdicts = (plan: ReturnType<typeof planOf>) =>
  plan.judgements.map(({ verdict, reason }) => `${verdict} ${reason}`);

describe('the names of a scope', () => {
  const fargate = container(1, {
    host: undefined,
    addressName: 'api',
    serviceNames: 'unknown',
    networkInterface: { id: 'eni-1', address: '10.0.1.1', ipv6: undefined },
  });

  test.each<[string, readonly Endpoint[], readonly Container[], readonly string[]]>([
    ['of a port', [endpoint(container(1))], [container(1)], [`_calc._tcp.${ZONE}`]],
    ['of a container that tells no port', [], [container(1)], [`_calc._tcp.${ZONE}`]],
    [
      'of an address, and of the task that it is',
      [endpoint(fargate, { serviceName: undefined })],
      [fargate],
      [`1.${ZONE}`, `api.${ZONE}`],
    ],
    ['that DNS does not take are none', [], [container(1, { serviceNames: ['a b'] })], []],
  ])('%s', (_, endpoints, containers, names) => {
    expect(namesOfScope({ endpoints, containers }, [], { name: `${ZONE}.` })).toEqual(names);
  });

  test('of a service that may have a CNAME', () => {
    expect(namesOfScope({ endpoints: [], containers: [] }, ['front'], { name: ZONE })).toEqual([
      `front.${ZONE}`,
    ]);
  });
});

describe('what a run of a scope decides', () => {
  it('takes out what has stopped, whatever it could not read, and nothing that only is not there', () => {
    const stopped = container(1, { phase: 'stopped' });
    const sets = [agentSet(), agentSet({ owner: 2, target: 2 }), agentSet({ owner: 'not an id' })];
    const incomplete = [{ scope: 'x', operation: 'y', error: 'z', hides: 'endpoints' }] as const;
    const plan = planOf(sets, scopeOf([], { containers: [stopped], incomplete }));
    expect(verdicts(plan).toSorted()).toEqual([
      'foreign set-identifier',
      'stale task-stopping',
      'unverified out-of-scope',
    ]);
    expect(plan.removals).toBe(1);
    expect(plan.heldBack).toEqual([]);
  });

  it.each<[string, string, string, string]>([
    ['takes out what leads to a host that EC2 has ended', hostName(1), dockerId(9), 'stale instance-gone'],
    [
      'leaves what does so by a name of the zone: a CNAME that was not read may lead it elsewhere',
      `ip-10-0-0-1.${ZONE}`,
      dockerId(9),
      'unverified out-of-scope',
    ],
    [
      'takes that out, too, where the set identifier names the host',
      `ip-10-0-0-1.${ZONE}`,
      `${hostName(1)}:${dockerId(9)}`,
      'stale instance-gone',
    ],
  ])('%s', (_, target, SetIdentifier, verdict) => {
    const ended = scopeOf([], { hosts: [host(1, { state: 'gone' })] });
    const set = agentSet({ target, owner: 9 }, { SetIdentifier });
    expect(verdicts(planOf([set], ended, new Map(), { ...POLICY, manage: MANAGE_ZONE }))).toEqual([verdict]);
  });

  it('leaves what is told to stop as long as nothing else of its name may help', () => {
    const stopping = container(1, { phase: 'stopping' });
    const other = container(2, { host: undefined });
    const alone = planOf([agentSet()], scopeOf([endpoint(stopping)]));
    expect(alone.removals).toBe(0);
    expect(alone.heldBack).toMatchObject([
      { guardrail: 'min-endpoints', detail: expect.stringContaining('has not stopped yet') },
    ]);
    const both = scopeOf([
      endpoint(stopping),
      endpoint(other, { hostNames: [hostName(2)], address: '10.0.0.2' }),
    ]);
    const plan = planOf([agentSet(), agentSet({ owner: 2, target: 2 })], both, new Map([[at(2), ANSWERS]]));
    expect(plan.removing.map(({ judgement }) => judgement.entry.setIdentifier)).toEqual([
      `${hostName(1)}:${dockerId(1)}`,
    ]);
  });

  it.each<[string, Partial<Container>, string]>([
    ['is still starting', { phase: 'starting' }, 'task-starting'],
    ['fails in its grace period', { startedAt: 1 }, 'grace-period'],
  ])('leaves what is told to stop where the only other one of its name %s', (_, over, reason) => {
    const other = endpoint(container(2, { host: host(2), ...over }));
    const here = scopeOf([endpoint(container(1, { phase: 'stopping' })), other]);
    const sets = [agentSet(), agentSet({ owner: 2, target: 2 })];
    const plan = planOf(sets, here, new Map([[at(2), FAILS]]));
    expect(verdicts(plan)).toEqual(['stale task-stopping', `unverified ${reason}`]);
    expect(plan.groups).toEqual([]);
    expect(plan.heldBack).toContainEqual(
      expect.objectContaining({
        guardrail: 'min-endpoints',
        detail: expect.stringContaining('has not stopped yet'),
      }),
    );
  });

  it('takes nothing out for its health', () => {
    const here = scopeOf([endpoint(container(1))]);
    const plan = planOf([agentSet()], here, new Map([[at(1), FAILS]]), IMPATIENT);
    expect(verdicts(plan)).toEqual(['unverified out-of-scope']);
    expect(plan.removals).toBe(0);
  });

  it('registers what answers, and not what does not', () => {
    const here = scopeOf([endpoint(container(1))]);
    expect(planOf([], here, new Map([[at(1), ANSWERS]])).registered).toBe(1);
    const failing = planOf([], here, new Map([[at(1), FAILS]]), IMPATIENT);
    expect(failing.registered).toBe(0);
    expect(failing.withheld.map(({ reason }) => reason)).toEqual(['timeout']);
  });

  it('leaves to others a name whose values do not fit in sets of their own, and hosts that the zone names', () => {
    const here = scopeOf([endpoint(container(1))]);
    const answers = new Map([[at(1), ANSWERS]]);
    const crowded = Array.from({ length: 100 }, (_, i) => agentSet({ owner: i + 10, target: i + 10 }));
    const zoneNames = { ...POLICY, sync: { ...POLICY.sync, hostNames: 'zone' } } as Policy;
    for (const plan of [planOf(crowded, here, answers), planOf([], here, answers, zoneNames)]) {
      expect(plan.registered).toBe(0);
      expect(plan.withheld.map(({ reason }) => reason)).toEqual(['out-of-scope']);
    }
  });

  it('leaves to others what has a set that leads to a name of the zone which it does not read', () => {
    const here = scopeOf([endpoint(container(1))]);
    const answers = new Map([[at(1), ANSWERS]]);
    const [led, away, ofPort] = [
      agentSet({ target: `node-3.${ZONE}` }),
      agentSet({ target: 'node-3.example.com' }),
      agentSet({ target: `node-3.${ZONE}`, port: PORT + 1 }),
    ].map((set) => planOf([{ ...set, SetIdentifier: `${hostName(1)}:${dockerId(1)}` }], here, answers));
    expect(led?.withheld.map(({ reason }) => reason)).toEqual(['out-of-scope']);
    expect([led, away, ofPort].map((plan) => plan?.registered)).toEqual([0, 1, 1]);
    const unread = agentSet({}, { ResourceRecords: [{ Value: 'x' }] });
    expect(planOf([unread], here, answers).registered).toBe(1);
  });

  it('sees a task that has stopped by the address that names it, and no other address', () => {
    const stopped = task(1, { phase: 'stopped' });
    const many = multiValueSet(['10.0.0.1'], { Name: `other.${ZONE}.` });
    const here = scopeOf([], { clusters: [BLUE], containers: [stopped] });
    expect(verdicts(planOf([addressSet(1), many], here)).toSorted()).toEqual([
      'stale task-stopping',
      'unverified out-of-scope',
    ]);
    const own = multiValueSet(['10.0.0.1']);
    expect(verdicts(planOf([own], here))).toEqual(['unverified out-of-scope']);
  });

  it('neither corrects nor drains, and registers nothing on a host that is being drained', () => {
    const [draining, calm] = [
      container(1, { host: host(1, { isDraining: true }) }),
      container(2, { host: host(2) }),
    ];
    const corrected = { ...POLICY, sync: { ...POLICY.sync, ttl: 60, correct: true } } as Policy;
    const answers = new Map([
      [at(1), ANSWERS],
      [at(2), ANSWERS],
    ]);
    const here = scopeOf([endpoint(draining), endpoint(calm)]);
    const plan = planOf([agentSet({ owner: 2, target: 2 })], here, answers, corrected);
    expect(plan.groups).toEqual([]);
    expect(plan.withheld.map(({ reason }) => reason)).toEqual(['draining']);
    expect(planOf([], scopeOf([endpoint(draining)]), answers).withheld.map(({ reason }) => reason)).toEqual([
      'draining',
    ]);
  });

  it('names what is told to stop with the one because of which it may go, so that only one of two workers takes its own', () => {
    const stopping = container(1, { phase: 'stopping' });
    const other = container(2, { host: host(2) });
    const here = scopeOf([endpoint(stopping), endpoint(other)]);
    const sets = [agentSet(), agentSet({ owner: 2, target: 2 })];
    const { groups } = planOf(sets, here, new Map([[at(2), ANSWERS]]));
    expect(groups.map(({ survivors }) => survivors)).toEqual([[sets[1]]]);
    // Of one that was not asked it is not known whether it works.
    expect(planOf(sets, here).groups).toEqual([]);
  });

  it('names none that only may answer soon as the one because of which it may go', () => {
    const others = [container(2, { phase: 'starting', host: host(2) }), container(3, { host: host(3) })];
    const here = scopeOf([container(1, { phase: 'stopping' }), ...others].map((one) => endpoint(one)));
    const sets = [1, 2, 3].map((n) => agentSet({ owner: n, target: n }));
    const { groups } = planOf(sets, here, new Map([[at(3), UNCLEAR]]));
    expect(groups.map(({ survivors }) => survivors)).toEqual([[sets[2]]]);
  });
});

describe('what is still starting', () => {
  const now = { now: 2, gracePeriodMs: 60_000 };
  const tasksOf = (plan: ReturnType<typeof planOf>, time = now) =>
    startingIn(plan, undefined, time).tasks.map((scope) => ('taskArn' in scope ? scope.taskArn : ''));

  it('is what has no record yet, with where to ask it, until its grace period is over', () => {
    const plan = planOf([], scopeOf([endpoint(container(1))]), new Map([[at(1), FAILS]]));
    expect(startingIn(plan, undefined, now)).toMatchObject({
      tasks: [{ kind: 'task', taskArn: container(1).taskArn }],
      targets: [{ address: '10.0.0.1', port: PORT }],
    });
    expect(startingIn(plan, undefined, { ...now, now: 60_000 })).toEqual({ tasks: [], targets: [] });
  });

  it('is not what is registered, nor what nothing is to be asked', () => {
    const here = scopeOf([endpoint(container(1))]);
    expect(tasksOf(planOf([], here, new Map([[at(1), ANSWERS]])))).toEqual([]);
    const unaddressed = scopeOf([endpoint(container(1), { address: undefined })]);
    expect(startingIn(planOf([], unaddressed), undefined, now)).toMatchObject({ tasks: [{}], targets: [] });
  });

  it('is what is told to stop and stays as the last of its name, while its successor is starting', () => {
    const successor = endpoint(container(2, { host: host(2) }));
    const planFor = (phase: Container['phase'], ...others: readonly Endpoint[]) =>
      planOf(
        [agentSet()],
        scopeOf([endpoint(container(1, { phase })), ...others]),
        new Map([[at(2), FAILS]]),
      );
    const plan = planFor('stopping', successor);
    expect(plan.heldBack).toMatchObject([{ guardrail: 'min-endpoints' }]);
    const [old, young] = [container(1).taskArn, container(2).taskArn];
    expect(tasksOf(plan).toSorted()).toEqual([old, young]);
    expect(tasksOf(planFor('stopped', successor))).toEqual([young]);
    // Without one it may be told to stop for hours, on a host whose agent is away.
    expect(tasksOf(planFor('stopping'))).toEqual([]);
    expect(tasksOf(plan, { ...now, now: 60_000 })).toEqual([]);
  });

  it('is what was told to stop just now and stays as the last of its name, although no successor is in sight', () => {
    const stoppingAt = 1_000_000;
    const plan = planOf([agentSet()], scopeOf([endpoint(container(1, { phase: 'stopping', stoppingAt }))]));
    const later = (seconds: number) => ({ ...now, now: stoppingAt + 1_000 * seconds });
    expect(tasksOf(plan, later(149))).toEqual([container(1).taskArn]);
    expect(tasksOf(plan, later(150))).toEqual([]);
  });

  it('is not what is told to stop and goes, because another one of its name answers', () => {
    const here = scopeOf([
      endpoint(container(1, { phase: 'stopping' })),
      endpoint(container(2, { host: host(2) })),
    ]);
    const sets = [agentSet(), agentSet({ owner: 2, target: 2 })];
    expect(tasksOf(planOf(sets, here, new Map([[at(2), ANSWERS]])))).toEqual([]);
  });

  const PROTECTED: ChangeOutcome = { status: 'conflict', detail: '', code: 'name-protected' };
  const GONE: ChangeOutcome = { status: 'already-done', detail: '', code: 'already-gone' };

  test.each<[ChangeOutcome, number]>([
    [{ status: 'applied' }, 0],
    [{ status: 'failed', detail: '' }, 0],
    [{ status: 'already-done', detail: '', code: 'already-there' }, 0],
    [{ status: 'conflict', detail: '' }, 1],
    [PROTECTED, 0],
  ])('counts what was to be registered and ended as %o: %i', (outcome, count) => {
    const plan = planOf([], scopeOf([endpoint(container(1))]), new Map([[at(1), ANSWERS]]));
    const outcomes = new Map(plan.groups.map(({ key }) => [key, outcome]));
    expect(plan.groups.length).toBeGreaterThan(0);
    expect(startingIn(plan, outcomes, now).tasks).toHaveLength(count);
  });

  test.each<[ChangeOutcome, number, number]>([
    [{ status: 'conflict', detail: '' }, 149, 1],
    [{ status: 'conflict', detail: '' }, 150, 0],
    [PROTECTED, 1, 0],
    [GONE, 1, 0],
    [{ status: 'applied' }, 1, 0],
  ])('is what is told to stop, and went as %o, %i s later: %i', (outcome, seconds, count) => {
    const stoppingAt = 1_000_000;
    const here = scopeOf([
      endpoint(container(1, { phase: 'stopping', stoppingAt })),
      endpoint(container(2, { host: host(2) })),
    ]);
    const sets = [agentSet(), agentSet({ owner: 2, target: 2 })];
    const plan = planOf(sets, here, new Map([[at(2), ANSWERS]]));
    const outcomes = new Map(plan.groups.map(({ key }) => [key, outcome]));
    expect(plan.groups).toHaveLength(1);
    const later = { ...now, now: stoppingAt + 1_000 * seconds };
    expect(startingIn(plan, outcomes, later).tasks).toHaveLength(count);
  });

  test.each<[string, Partial<Container>, boolean]>([
    ['that ECS is starting', { phase: 'starting' }, true],
    ['of which ECS has not told the id', { id: undefined }, true],
    ['whose names are unknown', { phase: 'starting', serviceNames: 'unknown' }, true],
    ['that has an address', { phase: 'starting', serviceNames: [], addressName: 'api' }, true],
    ['without a name', { phase: 'starting', serviceNames: [] }, false],
    ['that has started at no known time', { phase: 'starting', startedAt: undefined }, true],
    ['that is told to stop', { phase: 'stopping' }, false],
  ])('a container %s', (_, over, isStarting) => {
    const one = container(1, over);
    const plan = planOf([], scopeOf([], { containers: [one] }));
    expect(tasksOf(plan)).toEqual(isStarting ? [one.taskArn] : []);
  });
});
