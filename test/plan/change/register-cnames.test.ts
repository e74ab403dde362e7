import { describe, expect, it } from 'vitest';
import type { ClusterServices } from '../../../src/model/balanced-service.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { type Decision, decide } from '../../../src/plan/change/decide.ts';
import { cnameFacts } from '../../../src/plan/desired/desired-cnames.ts';
import { inventoryIncomplete } from '../../../src/plan/guard/inventory-incomplete.ts';
import { BLUE } from '../../clusters.ts';
import { ALB, NLB, ownSet, plainSet, service, services } from '../cname-worlds.ts';
import { carriedOut, created, NOTHING_DESIRED, withheld } from '../desired/support.ts';
import {
  at,
  CONVENTION,
  container,
  endpoint,
  facts as guardFacts,
  inventory,
  matchSets,
  quietFacts,
  ZONE,
} from '../support.ts';

const OTHER = plainSet('cdn.example.com');

function cnamesOf(zone: readonly RecordSet[], clusters: readonly ClusterServices[], of = inventory([])) {
  const read = { clusters, incomplete: [] };
  return cnameFacts({
    zoneName: ZONE,
    recordSets: zone,
    services: read,
    inventory: of,
    cname: true,
    correct: true,
  });
}

function decideCnames(
  zone: readonly RecordSet[],
  clusters: readonly ClusterServices[],
  of = inventory([]),
): Decision {
  const cnames = cnamesOf(zone, clusters, of);
  const matched = matchSets(zone, of, CONVENTION, cnames.statusOf);
  return decide(matched, { ...quietFacts(of), desired: NOTHING_DESIRED, cnames });
}

const WEB = [services('blue', [service('web')])];

describe('the CNAME of a load-balanced service', () => {
  it('is registered', () => {
    const decision = decideCnames([], WEB);
    expect(created(decision)).toEqual([ownSet()]);
    expect(decision.plan).toMatchObject({ registered: 1, registrations: [], withheld: [] });
    const zone = carriedOut([], decision.plan.groups);
    expect(decideCnames(zone, WEB).plan.groups).toEqual([]);
  });

  it('is written anew where the balancer is another, which is no registration', () => {
    const { plan } = decideCnames([ownSet({ to: NLB })], WEB);
    expect(plan.groups).toMatchObject([{ reasons: ['balancer-replaced'] }]);
    expect(plan).toMatchObject({ registered: 0, removals: 0 });
  });

  it('is withheld where somebody else has the name', () => {
    expect(withheld(decideCnames([OTHER], WEB))).toEqual([[ALB, 'name-taken']]);
  });

  it('goes with its service, like any other entry', () => {
    const { plan } = decideCnames([ownSet()], [services('blue', [])]);
    expect(plan.removing).toMatchObject([{ judgement: { verdict: 'stale', reason: 'service-gone' } }]);
    expect(plan.groups).toMatchObject([{ changes: [{ action: 'DELETE' }], reasons: ['service-gone'] }]);
  });

  it('is handed over in one change', () => {
    const clusters = [services('blue', []), services('green', [service('web')])];
    const { plan } = decideCnames([ownSet()], clusters);
    expect(plan.groups.map(({ changes }) => changes.map(({ action }) => action))).toEqual([
      ['DELETE', 'CREATE'],
    ]);
    expect(plan.removals).toBe(1);
  });

  it('is not handed over while a guardrail holds it', () => {
    const clusters = [services('blue', []), services('green', [service('web')])];
    const zone = [ownSet()];
    const cnames = cnamesOf(zone, clusters);
    const unread = {
      scope: 'cluster/blue',
      operation: 'ecs:ListTasks',
      error: 'x',
      hides: 'endpoints',
    } as const;
    const known = inventory([], {
      incomplete: [unread],
      clusters: [{ ...BLUE, complete: false }],
    });
    const matched = matchSets(zone, known, CONVENTION, cnames.statusOf);
    const { plan } = decide(matched, { ...quietFacts(known), desired: NOTHING_DESIRED, cnames });
    expect(plan.heldBack).toMatchObject([{ guardrail: 'inventory-incomplete' }]);
    expect(plan.groups).toEqual([]);
  });

  it.each([
    ['a name of SRV records', container(1, { serviceNames: ['web'] })],
    ['a name of addresses', container(1, { addressName: 'web' })],
  ])('is not put beside %s', (_, other) => {
    const decision = decideCnames([], WEB, inventory([endpoint(other, { serviceName: undefined })]));
    expect(created(decision)).toEqual([]);
    expect(withheld(decision).map(([, reason]) => reason)).toEqual(['name-taken']);
  });

  it('is put beside what has no known name', () => {
    const nameless = container(1, { serviceNames: 'unknown' });
    const decision = decideCnames([], WEB, inventory([endpoint(nameless, { serviceName: undefined })]));
    expect(created(decision)).toEqual([ownSet()]);
  });
});

it('is held by a cluster that was not read, whatever hides its balancers', () => {
  const zone = [ownSet()];
  const cnames = cnamesOf(zone, [services('blue', [])]);
  const { judged, plan } = decideCnames(zone, [services('blue', [])]);
  expect(cnames.plan.removals).toHaveLength(1);
  for (const hides of ['balancers', 'public-addresses'] as const) {
    const unread = { scope: 'x', operation: 'y', error: 'z', hides };
    const known = inventory([], { incomplete: [unread] });
    const { objection } = inventoryIncomplete.evaluate([], guardFacts(judged, {}, { inventory: known }), []);
    expect(objection(at(plan.removing, 0))).toBeUndefined();
  }
});
