import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import { type HealthRecord, historyKey } from '../../../src/model/health-history.ts';
import type { Container } from '../../../src/model/inventory.ts';
import type { ProbeOutcome } from '../../../src/model/probe.ts';
import type { TargetState } from '../../../src/model/target-health.ts';
import type { Evidence } from '../../../src/model/verdict.ts';
import { judgeEntries } from '../../../src/plan/judge/judge-entries.ts';
import type { JudgeInput } from '../../../src/plan/judge/judge-input.ts';
import { agentSet, CHECKED, container, endpoint, leadsTo, UNCHECKED } from '../support.ts';

const NOW = CHECKED.now;
const TRIED = { attempts: 1, durationMs: 1 };
const PASS: ProbeOutcome = { kind: 'healthy', ...TRIED };
const FAIL: ProbeOutcome = { kind: 'unhealthy', reason: 'timeout', ...TRIED };
const UNSURE: ProbeOutcome = { kind: 'indeterminate', reason: 'checker-error', ...TRIED };

const key = historyKey(endpoint(container(1)));
const past = (failing: number, passing = 0) => ({
  history: new Map<string, HealthRecord>([[key, { failing, passing }]]),
});
const TWICE = { thresholds: { unhealthyThreshold: 2, healthyThreshold: 2 } };
const MINUTE = { graceOf: () => 60_000 };
const TRUST = { trustEcs: true };
const SICK: Partial<Container> = { ecsHealth: 'UNHEALTHY' };

/** What any judgement of a container that was probed has, whatever the rule. */
const FROM_MATCH_AND_PROBE = [
  'cluster',
  'task',
  'container',
  'instance',
  'address',
  'ecsHealth',
  'attempts',
  'durationMs',
];

function without(evidence: Evidence, keys: readonly string[]): Evidence {
  return Object.fromEntries(Object.entries(evidence).filter(([name]) => !keys.includes(name)));
}

function judge(outcome: ProbeOutcome | undefined, facts: Partial<JudgeInput>, over: Partial<Container> = {}) {
  const match = leadsTo(over);
  const outcomes = new Map(outcome === undefined ? [] : [['10.0.0.1 32801', outcome] as const]);
  const { checkOf } = outcome === undefined ? UNCHECKED : CHECKED;
  const [entry] = entriesOf([agentSet()]);
  const [judged] =
    entry === undefined ? [] : judgeEntries([{ entry, match }], { ...CHECKED, checkOf, outcomes, ...facts });
  const { verdict, reason, evidence = {} } = judged?.judgement ?? {};
  return [verdict, reason, without(evidence, FROM_MATCH_AND_PROBE)];
}

describe('one run', () => {
  it.each<[string, ProbeOutcome | undefined, unknown[]]>([
    ['not checked', undefined, ['live', 'running', {}]],
    ['healthy', PASS, ['live', 'healthy', {}]],
    ['indeterminate', UNSURE, ['unverified', 'checker-error', {}]],
    ['unhealthy', FAIL, ['unhealthy', 'timeout', {}]],
  ])('%s', (_, outcome, expected) => {
    expect(judge(outcome, {})).toEqual(expected);
  });
});

describe('ECS’s own health check', () => {
  it.each<[string, ProbeOutcome | undefined, Partial<Container>, Partial<JudgeInput>, string]>([
    ['UNHEALTHY, believed', undefined, SICK, TRUST, 'ecs-unhealthy'],
    ['UNHEALTHY, believed before any probe', PASS, SICK, TRUST, 'ecs-unhealthy'],
    ['UNHEALTHY, not believed', PASS, SICK, {}, 'healthy'],
    [
      'UNHEALTHY, of a container that is not essential',
      PASS,
      { ...SICK, essential: false },
      TRUST,
      'healthy',
    ],
    ['HEALTHY does not outweigh a probe', FAIL, { ecsHealth: 'HEALTHY' }, TRUST, 'timeout'],
    ['UNKNOWN', undefined, {}, TRUST, 'running'],
  ])('%s', (_, outcome, over, facts, reason) => {
    expect(judge(outcome, facts, over)[1]).toBe(reason);
  });
});

describe('target groups', () => {
  const says = (state: string, reason?: string) => ({ group: 'orders', state, reason });
  const TIMED_OUT = says('unhealthy', 'Target.Timeout');
  const heard = (...states: readonly TargetState[]) => ({ targetsOf: () => states });
  const BELIEVED = { trustsTargetsOf: (service: string) => service === 'orders' };
  const ORDERS: Partial<Container> = { ecsService: 'orders' };

  it.each<[string, ProbeOutcome | undefined, Partial<Container>, Partial<JudgeInput>, string]>([
    ['unhealthy, believed', undefined, ORDERS, { ...BELIEVED, ...heard(TIMED_OUT) }, 'target-unhealthy'],
    [
      'unhealthy, believed before any probe',
      PASS,
      ORDERS,
      { ...BELIEVED, ...heard(TIMED_OUT) },
      'target-unhealthy',
    ],
    ['unhealthy, not believed', PASS, ORDERS, heard(TIMED_OUT), 'healthy'],
    [
      'unhealthy, of a service that no pattern has',
      PASS,
      { ecsService: 'web' },
      { ...BELIEVED, ...heard(TIMED_OUT) },
      'healthy',
    ],
    [
      'unhealthy, of a task that no service has started',
      PASS,
      {},
      { ...BELIEVED, ...heard(TIMED_OUT) },
      'healthy',
    ],
    [
      'healthy does not outweigh a probe',
      FAIL,
      ORDERS,
      { ...BELIEVED, ...heard(says('healthy')) },
      'timeout',
    ],
    [
      'disputed: the probe decides',
      PASS,
      ORDERS,
      { ...BELIEVED, ...heard(TIMED_OUT, says('healthy')) },
      'healthy',
    ],
    [
      'unhealthy by its own trouble: the probe decides',
      PASS,
      ORDERS,
      { ...BELIEVED, ...heard(says('unhealthy', 'Elb.InternalError')) },
      'healthy',
    ],
    [
      'draining: the probe decides',
      FAIL,
      ORDERS,
      { ...BELIEVED, ...heard(says('draining', 'Target.DeregistrationInProgress')) },
      'timeout',
    ],
    ['nothing heard: the probe decides', PASS, ORDERS, BELIEVED, 'healthy'],
    [
      'ECS’s word comes first',
      undefined,
      { ...ORDERS, ...SICK },
      { ...BELIEVED, ...TRUST, ...heard(TIMED_OUT) },
      'ecs-unhealthy',
    ],
  ])('%s', (_, outcome, over, facts, reason) => {
    expect(judge(outcome, facts, over)[1]).toBe(reason);
  });

  it.each<[string, readonly TargetState[], Evidence]>([
    [
      'with a verdict',
      [TIMED_OUT],
      { targetHealth: 'unhealthy', targets: 'orders unhealthy (Target.Timeout)' },
    ],
    [
      'without one',
      [says('initial', 'Elb.RegistrationInProgress')],
      { targets: 'orders initial (Elb.RegistrationInProgress)' },
    ],
    [
      'of several',
      [TIMED_OUT, says('healthy')],
      { targetHealth: 'disputed', targets: 'orders unhealthy (Target.Timeout), orders healthy' },
    ],
  ])('are evidence whether they are believed or not: %s', (_, states, evidence) => {
    expect(judge(PASS, heard(...states), ORDERS)).toEqual(['live', 'healthy', evidence]);
  });

  it('are bound by grace period and threshold as ECS is', () => {
    const facts = { ...BELIEVED, ...heard(TIMED_OUT) };
    const young = judge(undefined, { ...facts, ...MINUTE }, { ...ORDERS, startedAt: NOW });
    const first = judge(undefined, { ...facts, ...TWICE }, ORDERS);
    const second = judge(undefined, { ...facts, ...TWICE, ...past(1) }, ORDERS);

    expect(young).toMatchObject(['unverified', 'grace-period', { failure: 'target-unhealthy' }]);
    expect(first).toMatchObject(['unverified', 'below-threshold', { failure: 'target-unhealthy' }]);
    expect(second).toMatchObject(['unhealthy', 'target-unhealthy', {}]);
  });
});

describe('the grace period', () => {
  const early = (ageSeconds: number, failure = 'timeout') => [
    'unverified',
    'grace-period',
    { failure, ageSeconds, graceSeconds: 60 },
  ];

  it.each<[string, number | undefined, unknown[]]>([
    ['one millisecond short of it', NOW - 59_999, early(59)],
    ['exactly its end', NOW - 60_000, ['unhealthy', 'timeout', {}]],
    ['just started', NOW, early(0)],
    ['started in the future, by another clock', NOW + 5000, early(0)],
    ['started nobody knows when', undefined, ['unhealthy', 'timeout', {}]],
  ])('%s', (_, startedAt, expected) => {
    expect(judge(FAIL, MINUTE, { startedAt })).toEqual(expected);
  });

  it('covers what ECS says as well', () => {
    expect(judge(undefined, { ...MINUTE, ...TRUST }, { ...SICK, startedAt: NOW })).toEqual(
      early(0, 'ecs-unhealthy'),
    );
  });

  it('comes before the threshold', () => {
    expect(judge(FAIL, { ...MINUTE, ...TWICE }, { startedAt: NOW })).toEqual(early(0));
  });

  it('is that of the container', () => {
    const graceOf = ({ name }: Container) => (name === 'slow' ? 60_000 : 0);
    const reasons = ['slow', 'quick'].map((name) => judge(FAIL, { graceOf }, { name, startedAt: NOW })[1]);
    expect(reasons).toEqual(['grace-period', 'timeout']);
  });

  it('does not concern what passes', () => {
    expect(judge(PASS, MINUTE, { startedAt: NOW })).toEqual(['live', 'healthy', {}]);
  });
});

describe('thresholds', () => {
  const below = (failingRuns: number) => ({ failure: 'timeout', failingRuns, unhealthyThreshold: 2 });
  const recovering = (passingRuns: number) => ({ passingRuns, healthyThreshold: 2 });

  it.each<[string, ProbeOutcome, Partial<JudgeInput>, unknown[]]>([
    ['the first failure', FAIL, {}, ['unverified', 'below-threshold', below(1)]],
    ['the second in a row', FAIL, past(1), ['unhealthy', 'timeout', {}]],
    ['the tenth in a row', FAIL, past(9), ['unhealthy', 'timeout', {}]],
    ['a pass after one failure', PASS, past(1), ['live', 'healthy', {}]],
    ['the first pass after enough failures', PASS, past(2), ['unverified', 'recovering', recovering(1)]],
    ['the second pass after enough failures', PASS, past(2, 1), ['live', 'healthy', {}]],
    ['indeterminate after enough failures', UNSURE, past(2), ['unverified', 'checker-error', {}]],
  ])('%s', (_, outcome, facts, expected) => {
    expect(judge(outcome, { ...TWICE, ...facts })).toEqual(expected);
  });

  it('start over for another container on the same port', () => {
    expect(judge(FAIL, { ...TWICE, ...past(1) }, { id: 'f'.repeat(64) })[1]).toBe('below-threshold');
  });
});
