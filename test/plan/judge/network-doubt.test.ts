import { describe, expect, it } from 'vitest';
import type { Placement } from '../../../src/model/inventory.ts';
import { networkDoubt } from '../../../src/plan/judge/network-doubt.ts';
import type { NetworkSelfTest } from '../../../src/plan/judge/network-self-test.ts';
import {
  agentSet,
  container,
  endpoint,
  FAILING,
  HEALTHY,
  host,
  judged,
  leadsTo,
  SPARED,
  vacant,
} from '../support.ts';

const suspected = (scope: string): NetworkSelfTest => ({
  scope,
  reason: 'timeout',
  failing: 3,
  probed: 3,
  hosts: 3,
  detail: `the way to ${scope}`,
});

/** What leads to a container at an address, on a host that stands where it is told. */
function placed(address: string, placement: Placement | undefined) {
  const own = endpoint(container(9, { host: host(9, { address, placement }) }));
  return { kind: 'endpoint', endpoint: own, address, isSuccessor: false } as const;
}

describe('a network in doubt', () => {
  const tests = [suspected('network 10.0.2.0/24')];
  const lost = placed('10.0.2.8', undefined);

  it.each([
    ['what fails there', judged(FAILING, agentSet(), lost), true],
    [
      'what a threshold still spares',
      judged(SPARED, agentSet(), lost, { failure: 'connection-refused' }),
      true,
    ],
    ['not what fails elsewhere', judged(FAILING, agentSet(), leadsTo()), false],
    ['not what passes there', judged(HEALTHY, agentSet(), lost), false],
    ['not what leads to no container', judged(FAILING, agentSet(), vacant()), false],
  ])('casts doubt on %s', (_, one, expected) => {
    expect(networkDoubt(tests)(one)).toBe(expected ? 'the way to network 10.0.2.0/24' : undefined);
    expect(networkDoubt([])(one)).toBeUndefined();
  });
});

describe('a zone in doubt', () => {
  it.each([
    ['what fails at a place of which nothing is known', undefined, true],
    ['what fails in it', { availabilityZone: 'b', subnetId: undefined }, true],
    ['not what fails in another zone', { availabilityZone: 'a', subnetId: undefined }, false],
  ])('casts doubt on %s', (_, placement, expected) => {
    const doubt = networkDoubt([suspected('availability zone b')]);
    const one = judged(FAILING, agentSet(), placed('10.0.9.9', placement));
    expect(doubt(one)).toBe(expected ? 'the way to availability zone b' : undefined);
  });
});
