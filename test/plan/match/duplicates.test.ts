import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/model/inventory.ts';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { addressSet, BLUE, multiValueSet, portOf, running, task } from '../addresses.ts';
import { carriedOut, decideSync } from '../desired/support.ts';
import {
  agentSet,
  container,
  dockerId,
  endpoint,
  hostName,
  hostSet,
  MANAGE_ZONE,
  matchSets,
  srvValue,
} from '../support.ts';

const ONE = endpoint(container(1));
const TWO: Endpoint = { ...ONE, port: 32_900, containerPort: 9090 };
const BOTH = agentSet(
  {},
  { ResourceRecords: [{ Value: srvValue() }, { Value: srvValue({ port: 32_900 }) }] },
);
const OWN = agentSet({ port: 32_900 }, { SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32900` });
const FLEET = { endpoints: [ONE, TWO] };

function planFor(zone: readonly RecordSet[], over: Partial<Parameters<typeof decideSync>[0]> = {}) {
  return decideSync({ ...FLEET, zone: [hostSet(1), ...zone], ...over }).plan;
}

describe('a value of several that has a set of its own', () => {
  it('goes, while the set of its own is there as it was read', () => {
    const { groups, removing } = planFor([BOTH, OWN]);
    expect(removing.map(({ judgement }) => judgement)).toMatchObject([
      { verdict: 'stale', reason: 'duplicate', evidence: { own: OWN.SetIdentifier } },
    ]);
    expect(groups).toMatchObject([{ reasons: ['duplicate'], survivors: [OWN] }]);
    expect(carriedOut([BOTH, OWN], groups).map(valuesOf)).toEqual([
      [srvValue({ port: 32_900 })],
      [srvValue()],
    ]);
  });

  it('takes the whole set with it where each of its values has one', () => {
    const first = agentSet({}, { SetIdentifier: `${hostName(1)}:${dockerId(1).slice(0, 12)}` });
    const { groups } = planFor([BOTH, OWN, first]);
    expect(groups).toMatchObject([
      { changes: [{ action: 'DELETE', recordSet: BOTH }], survivors: [first, OWN] },
    ]);
  });

  it.each<[string, readonly RecordSet[], Partial<Parameters<typeof decideSync>[0]>]>([
    ['of weight 0 beside others', [BOTH, { ...OWN, Weight: 0 }], {}],
    ['that a health check may take out', [BOTH, { ...OWN, HealthCheckId: 'abc' }], {}],
    ['of another name', [BOTH, { ...OWN, Name: '_other._tcp.discovery.internal.' }], {}],
    ['at another port', [BOTH, { ...OWN, ResourceRecords: [{ Value: srvValue({ port: 1 }) }] }], {}],
    ['that has several values, too', [BOTH, { ...BOTH, SetIdentifier: OWN.SetIdentifier }], {}],
    ['of what fails', [BOTH, OWN], { failing: [TWO] }],
    ['of what was not asked', [BOTH, OWN], { unasked: [TWO] }],
  ])('stays next to one %s', (_, zone, over) => {
    const reasons = decideSync({ ...FLEET, zone: [hostSet(1), ...zone], ...over }).judged.map(
      ({ judgement }) => judgement.reason,
    );
    expect(reasons).not.toContain('duplicate');
  });

  it.each([
    ['all sets of the name', []],
    ['both, and no other, then neither is answered', [agentSet({ owner: 9 }, { SetIdentifier: 'backup' })]],
  ])('goes where the weight is 0 of %s', (_, others) => {
    const zone = [BOTH, OWN].map((set) => ({ ...set, Weight: 0 }));
    const { groups } = planFor([...zone, ...others]);
    expect(groups).toMatchObject([{ reasons: ['duplicate'] }]);
  });

  it('goes of addresses, too', () => {
    const many = multiValueSet(['10.0.0.1', '10.0.0.2']);
    const known = running([], [task(1), task(2)]);
    const duplicates = matchSets([many, addressSet(2)], known).map(({ match }) => 'duplicateOf' in match);
    expect(duplicates).toEqual([false, true, false]);
  });

  it('is told by the endpoint alone where the set is not answered with others', () => {
    const simple: RecordSet = { ...BOTH, SetIdentifier: undefined, Weight: undefined };
    const sole: RecordSet = { ...OWN, SetIdentifier: undefined, Weight: undefined };
    const matched = matchSets([simple, sole], planInventory(), MANAGE_ZONE);
    expect(matched.some(({ match }) => 'duplicateOf' in match)).toBe(false);
  });
});

function planInventory() {
  return running([ONE, TWO], [], { clusters: [BLUE], hosts: [] });
}

describe('a set in an old form', () => {
  const LABEL: RecordSet = addressSet(1, { SetIdentifier: 'api.discovery.internal.' });
  const BARE = agentSet({}, { SetIdentifier: dockerId(1) });
  const OLD_PORT = agentSet({ port: 32_900 }, { SetIdentifier: `${hostName(1)}:${dockerId(1)}/32900` });

  it.each<[string, readonly RecordSet[], RecordSet]>([
    ['of an agent before 1.4', [BARE, agentSet()], BARE],
    ['of this worker', [agentSet(), OLD_PORT, OWN], OLD_PORT],
  ])('%s goes next to one in today’s form', (_, zone, gone) => {
    expect(planFor(zone).removing.map(({ judgement }) => judgement.entry.recordSet)).toEqual([gone]);
  });

  it('of the label agent goes next to that of its task', () => {
    const known = running([portOf(task(1))]);
    const matched = matchSets([LABEL, addressSet(1)], known);
    expect(matched.map(({ match }) => 'duplicateOf' in match)).toEqual([true, false]);
  });

  it('is that of a second port next to one as an agent writes it: it would write that again', () => {
    const agents = agentSet({ port: 32_900 });
    const { removing } = planFor([
      OWN,
      agents,
      agentSet({}, { SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32801` }),
    ]);
    expect(removing.map(({ judgement }) => judgement.entry.recordSet)).toEqual([OWN]);
  });

  it('is no set of its own for another', () => {
    const { removing } = planFor([BARE, BOTH]);
    expect(removing).toEqual([]);
  });
});
