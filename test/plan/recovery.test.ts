import { describe, expect, it } from 'vitest';
import { type ProbeOutcome, probeKey } from '../../src/model/probe.ts';
import type { Observation } from '../../src/plan/observation.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { askedAgain, askedBefore } from '../../src/plan/recovery.ts';
import { agentSet, CHECKED, container, endpoint, judged, leadsTo, UNCHECKED } from './support.ts';

const TRIED = { attempts: 3, durationMs: 5 };
const FAILS: ProbeOutcome = { kind: 'unhealthy', reason: 'timeout', ...TRIED };
const PASSES: ProbeOutcome = { kind: 'healthy', ...TRIED };
const NO_SOCKET: ProbeOutcome = { kind: 'indeterminate', reason: 'checker-error', ...TRIED };

const failing = judged({ verdict: 'unhealthy', reason: 'timeout' }, agentSet(), leadsTo());
const stale = judged({ verdict: 'stale', reason: 'task-gone' }, agentSet(), leadsTo());
const { address = '', port } = endpoint(container(1));
const KEY = probeKey({ address, port });

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
    ['not what is not checked', planOf([failing], UNCHECKED), endedAt(99), []],
  ])('is %s', (_, plan, observation, keys) => {
    expect(askedBefore(100, plan, observation).map(probeKey)).toEqual(keys);
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
