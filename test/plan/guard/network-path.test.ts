import { describe, expect, it } from 'vitest';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import type { NetworkSelfTest } from '../../../src/plan/judge/network-self-test.ts';
import { CALC, FAILING, facts, GONE, HEALTHY, host, leadsTo, several } from '../support.ts';

const RUN: NetworkSelfTest = {
  scope: 'run',
  reason: 'timeout',
  failing: 3,
  probed: 4,
  hosts: 3,
  detail: 'most time out',
};
const ZONE_B = 'availability zone eu-west-1b';
const HALF = { panicPercent: 50 };
const IN_B = { host: host(1, { placement: { availabilityZone: 'eu-west-1b', subnetId: 'subnet-b' } }) };
const IN_A = { host: host(1, { placement: { availabilityZone: 'eu-west-1a', subnetId: 'subnet-a' } }) };

function outcome(entries: readonly Judged[], tests: readonly NetworkSelfTest[], limits: object = HALF) {
  const { removals, heldBack } = guard(facts(entries, limits, { networkSelfTests: tests }));
  return [
    removals.map(({ judgement }) => judgement.verdict),
    heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`),
  ];
}

describe('a worker that suspects its own network', () => {
  const entries = [...several(1, FAILING), ...several(9, HEALTHY), ...several(1, GONE)];

  it('holds every unhealthy removal, whatever the shares', () => {
    expect(outcome(entries, [RUN])).toEqual([['stale'], ['network-self-test: most time out']]);
  });

  it('is overruled by force', () => {
    expect(outcome(entries, [RUN], { ...HALF, force: true })).toEqual([['unhealthy', 'stale'], []]);
  });
});

describe('a worker that suspects the way to one availability zone', () => {
  const cut = { ...RUN, scope: ZONE_B, detail: 'it is cut off' };
  const held = 'network-self-test: it is cut off';
  const rest = several(9, HEALTHY);
  const STATUS = { verdict: 'unhealthy', reason: 'http-status' } as const;
  const TRUSTED = { verdict: 'unhealthy', reason: 'ecs-unhealthy' } as const;

  it.each<[string, Judged[], readonly string[], readonly string[]]>([
    ['holds what does not answer there', several(1, FAILING, CALC, leadsTo(IN_B)), [], [held]],
    ['lets what fails elsewhere go', several(1, FAILING, CALC, leadsTo(IN_A)), ['unhealthy'], []],
    [
      'holds what fails where it is not known in which zone that is',
      several(1, FAILING, CALC, leadsTo()),
      [],
      [held],
    ],
    [
      'lets a bad answer from there go: the network has carried it',
      several(1, STATUS, CALC, leadsTo(IN_B)),
      ['unhealthy'],
      [],
    ],
    ['lets what ECS calls unhealthy go', several(1, TRUSTED, CALC, leadsTo(IN_B)), ['unhealthy'], []],
    [
      'lets what does not answer there go, where ECS finds it UNHEALTHY itself',
      several(1, FAILING, CALC, leadsTo({ ...IN_B, ecsHealth: 'UNHEALTHY' })),
      ['unhealthy'],
      [],
    ],
  ])('%s', (_, entries, removed, kept) => {
    expect(outcome([...entries, ...rest], [cut])).toEqual([removed, kept]);
  });
});
