import { describe, expect, it } from 'vitest';
import { ecsHealthKey } from '../../src/model/ecs-health.ts';
import { historyKey } from '../../src/model/health-history.ts';
import { type ProbeOutcome, probeKey } from '../../src/model/probe.ts';
import type { TargetState } from '../../src/model/target-health.ts';
import { type Observation, ruleOf } from '../../src/plan/observation.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Policy } from '../../src/plan/policy.ts';
import {
  askedAgain,
  askedBefore,
  condemnedBefore,
  ecsAskedAgain,
  groupsAskedAgain,
} from '../../src/plan/recovery.ts';
import { agentSet, CHECKED, container, endpoint, judged, leadsTo, UNCHECKED } from './support.ts';

const TRIED = { attempts: 3, durationMs: 5 };
const FAILS: ProbeOutcome = { kind: 'unhealthy', reason: 'timeout', ...TRIED };
const PASSES: ProbeOutcome = { kind: 'healthy', ...TRIED };
const NO_SOCKET: ProbeOutcome = { kind: 'indeterminate', reason: 'checker-error', ...TRIED };

const failing = judged({ verdict: 'unhealthy', reason: 'timeout' }, agentSet(), leadsTo());
const stale = judged({ verdict: 'stale', reason: 'task-gone' }, agentSet(), leadsTo());
const { address = '', port } = endpoint(container(1));
const KEY = probeKey({ address, port });

const SICK: TargetState = { group: 'tg', state: 'unhealthy', reason: 'Target.Timeout' };
const WELL: TargetState = { group: 'tg', state: 'healthy', reason: undefined };
const CONDEMNING = { ...CHECKED, trustsTargetsOf: () => true, targetsOf: () => [SICK] };
const ofService = endpoint({ ...container(1), ecsService: 'orders' });
const drained = judged({ verdict: 'draining', reason: 'host-draining' } as never, agentSet(), {
  kind: 'no-task-on-host',
} as never);

const planOf = (removing: readonly unknown[], rule: unknown = CHECKED) =>
  ({ removing, matching: { rule } }) as unknown as Plan;
const observed = (outcomes: ReadonlyMap<string, ProbeOutcome>, now = 1_000) =>
  ({ now, probeResults: { outcomes } }) as unknown as Observation;
const endedAt = (ms: number) => observed(new Map([[KEY, { ...FAILS, endedAt: ms }]]));

describe('what is asked again before it goes', () => {
  it.each<[string, Plan, Observation, readonly string[]]>([
    ['what failed before that time', planOf([failing]), endedAt(99), [KEY]],
    ['not what failed after it', planOf([failing]), endedAt(100), []],
    ['what failed in an observation of before that time', planOf([failing]), observed(new Map(), 99), [KEY]],
    ['not what is stale', planOf([stale]), endedAt(99), []],
  ])('is %s', (_, plan, observation, keys) => {
    expect(askedBefore(100, plan, CHECKED, observation).map(probeKey)).toEqual(keys);
  });

  it('is not what is not checked', () => {
    expect(askedBefore(100, planOf([failing]), UNCHECKED, endedAt(99))).toEqual([]);
  });
});

describe('of which target groups are asked again before it goes', () => {
  const condemned = judged({ verdict: 'unhealthy', reason: 'target-unhealthy' }, agentSet(), {
    kind: 'endpoint',
    endpoint: ofService,
    address,
  } as never);
  const seen = (readAt: number) => ({ readAt }) as Observation;

  it.each<[string, readonly unknown[], unknown, number, number]>([
    ['what they condemned before that time', [condemned], CONDEMNING, 99, 1],
    ['not what they condemned after it', [condemned], CONDEMNING, 100, 0],
    ['not what fails itself', [condemned], CHECKED, 99, 0],
    ['not what is stale', [stale], CONDEMNING, 99, 0],
    ['not what leads to no endpoint', [drained], CONDEMNING, 99, 0],
  ])('is %s', (_, removing, rule, readAt, count) => {
    expect(condemnedBefore(100, 'target-unhealthy', planOf(removing, rule), seen(readAt))).toHaveLength(
      count,
    );
  });
});

describe('what ECS says of containers when it is asked again', () => {
  const sick = endpoint({ ...container(1), ecsHealth: 'UNHEALTHY' });
  const key = ecsHealthKey(sick.container);
  const before = { readAt: 99 } as Observation;

  it('is asked of those that it condemned, where it is believed', () => {
    const condemned = judged({ verdict: 'unhealthy', reason: 'ecs-unhealthy' }, agentSet(), {
      kind: 'endpoint',
      endpoint: sick,
      address,
    } as never);
    const asked = (trustEcs: boolean) =>
      condemnedBefore(100, 'ecs-unhealthy', planOf([condemned], { ...CHECKED, trustEcs }), before);
    expect([asked(true), asked(false)]).toEqual([[sick], []]);
  });

  it.each(['HEALTHY', 'UNKNOWN'] as const)('counts where it is %s', (now) => {
    const again = new Map([[key, now]]);
    const { ecsHealth } = ecsAskedAgain(before, again);
    expect(ecsHealth).toBe(again);
    const health = { services: [], trustTargetGroups: false };
    const rule = ruleOf({ ecsHealth }, { health } as unknown as Policy);
    const all = [sick, endpoint(container(2))].map((one) => rule.ecsHealthOf(one.container));
    expect(all).toEqual([now, 'UNKNOWN']);
  });

  it('changes nothing where they are as they were', () => {
    expect(ecsAskedAgain(before, new Map([[key, 'UNHEALTHY']]))).toBe(before);
  });
});

describe('what they then say', () => {
  const key = historyKey(ofService);
  const before = {
    targetHealth: { states: new Map([[key, [SICK]]]), incomplete: [] },
  } as unknown as Observation;
  const said = (states: readonly TargetState[] | undefined, observation = before) =>
    groupsAskedAgain(observation, [ofService], {
      states: new Map(states === undefined ? [] : [[key, states]]),
      incomplete: [],
    });

  it.each([[[WELL]], [[SICK, WELL]]])('counts where they condemn it no more: %j', (states) => {
    expect(said(states).targetHealth?.states.get(key)).toEqual(states);
  });

  it('counts where they say nothing', () => {
    expect(said(undefined).targetHealth?.states.get(key)).toEqual([]);
    expect(said(undefined, {} as Observation).targetHealth?.states.get(key)).toEqual([]);
  });

  it('changes nothing where they still do', () => {
    expect(said([SICK])).toBe(before);
  });
});

describe('what it then says', () => {
  const before = endedAt(99);
  const said = (outcome: ProbeOutcome) =>
    askedAgain(before, new Map([[KEY, outcome]])).probeResults.outcomes.get(KEY);

  it('counts where it passes: it has recovered', () => {
    expect(said(PASSES)).toEqual({ ...PASSES, hasRecovered: true });
  });

  it('counts where it could not be asked: nothing is known any more', () => {
    expect(said(NO_SOCKET)).toEqual(NO_SOCKET);
  });

  it('changes nothing where it fails again', () => {
    expect(askedAgain(before, new Map([[KEY, FAILS]]))).toBe(before);
  });
});
