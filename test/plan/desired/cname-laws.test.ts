import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BalancedService, ClusterServices } from '../../../src/model/balanced-service.ts';
import { normalizeName } from '../../../src/model/dns-name.ts';
import { isSameRecordSet, type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { type CnameInput, type CnamePlan, planCnames } from '../../../src/plan/desired/desired-cnames.ts';
import { managedCnames } from '../../../src/plan/match/managed-cnames.ts';
import { ALB, groupsOf, input, NLB, ownSet, plainSet, service, services } from '../cname-worlds.ts';
import { ZONE } from '../support.ts';

const CLUSTERS = ['blue', 'green', 'grey'] as const;
const LABELS = ['web', 'api'] as const;
const TARGETS = [ALB, NLB, `dualstack.${ALB}.`, 'www.example.com'] as const;

const someService = fc.record({
  name: fc.constantFrom('web', 'web', 'Web', 'api', 'web_'),
  state: fc.constantFrom<BalancedService['state']>('active', 'active', 'draining'),
  balancers: fc.constantFrom<readonly string[]>([ALB], [NLB], [], [ALB, NLB]),
  unresolved: fc.constantFrom<readonly string[]>([], [], ['it could not be read']),
});

const someCluster = (name: string): fc.Arbitrary<ClusterServices> =>
  fc
    .record({
      all: fc.uniqueArray(someService, { maxLength: 2, selector: (one) => one.name }),
      complete: fc.constantFrom(true, true, true, false),
    })
    .map(({ all, complete }) =>
      services(
        name,
        all.map((one) => service(one.name, one)),
        { complete },
      ),
    );

const someName = fc.constantFrom(...LABELS, 'web').map((label) => `${label}.${ZONE}.`);
const someTarget = fc.constantFrom(...TARGETS);

/** Sets of one name as Route 53 would have them: a simple one alone, or weighted ones, or another type. */
const someSets = someName.chain((Name) =>
  fc.oneof(
    someTarget.map((to) => [plainSet(to, { Name })]),
    fc
      .uniqueArray(fc.constantFrom(...CLUSTERS, 'red', 'canary'), { minLength: 1, maxLength: 2 })
      .chain((owners) =>
        fc.tuple(
          ...owners.map((owner) =>
            fc.tuple(someTarget, fc.constantFrom(60, 5)).map(([to, TTL]) => {
              const set = ownSet({ Name, to, TTL }, owner);
              return owner === 'canary' ? { ...set, SetIdentifier: owner } : set;
            }),
          ),
        ),
      ),
    fc.constant([plainSet('', { Name, Type: 'A', ResourceRecords: [{ Value: '10.0.0.1' }] })]),
  ),
);

const someWorld: fc.Arbitrary<CnameInput> = fc
  .record({
    clusters: fc
      .subarray([...CLUSTERS], { minLength: 1 })
      .chain((names) => fc.tuple(...names.map(someCluster))),
    sets: fc.uniqueArray(someSets, { maxLength: 2, selector: ([first]) => first?.Name ?? '' }),
    correct: fc.boolean(),
    cname: fc.constantFrom<boolean | readonly string[]>(true, ['web'], false),
  })
  .map(({ clusters, sets, ...over }) => input(clusters, sets.flat(), over));

/** The zone after a plan, with Route 53's own rules for each change. */
function applied(sets: readonly RecordSet[], plan: CnamePlan): readonly RecordSet[] {
  let zone = [...sets];
  for (const { changes } of groupsOf(plan)) {
    for (const { action, recordSet } of changes) {
      const there = zone.find((one) => recordSetKey(one) === recordSetKey(recordSet));
      if (action === 'DELETE') {
        if (there === undefined || !isSameRecordSet(there, recordSet)) throw new Error('not as it was read');
        zone = zone.filter((one) => one !== there);
      } else {
        if (there !== undefined) throw new Error('it is there already');
        const others = at(zone, normalizeName(recordSet.Name));
        if (others.some(({ Type, Weight }) => Type !== 'CNAME' || Weight === undefined))
          throw new Error('a CNAME stands alone');
        zone = [...zone, recordSet];
      }
    }
  }
  return zone;
}

function at(zone: readonly RecordSet[], name: string): readonly RecordSet[] {
  return zone.filter((set) => normalizeName(set.Name) === name);
}

function always(law: (world: CnameInput, plan: CnamePlan) => void): void {
  fc.assert(
    fc.property(someWorld, (world) => law(world, planCnames(world))),
    { numRuns: 3_000 },
  );
}

describe('whatever there is', () => {
  it('every change is one that Route 53 takes, and no set is changed twice', () => {
    always(({ recordSets }, plan) => {
      applied(recordSets, plan);
      expect(new Set(groupsOf(plan).map(({ key }) => key)).size).toBe(groupsOf(plan).length);
    });
  });

  it('what others made stays to the letter, but for a plain CNAME that is adopted', () => {
    always(({ recordSets, zoneName }, plan) => {
      const own = new Set(managedCnames(recordSets, zoneName).map(({ recordSet }) => recordSet));
      const after = new Set(applied(recordSets, plan));
      const lost = recordSets.filter((set) => !own.has(set) && !after.has(set));
      const adopted = groupsOf(plan).filter(({ reasons }) => reasons.includes('adopted'));
      expect(new Set(lost)).toEqual(new Set(adopted.map(({ changes }) => changes[0]?.recordSet)));
    });
  });

  it('a name that somebody wants is never emptied', () => {
    always(({ recordSets, zoneName }, plan) => {
      const after = applied(recordSets, plan);
      for (const { desired } of plan.planned) {
        const wasThere = at(recordSets, desired.name).length > 0;
        if (wasThere) expect(at(after, desired.name)).not.toEqual([]);
      }
      expect(zoneName).toBe(ZONE);
    });
  });

  it('a second plan has nothing to do', () => {
    always((world, plan) => {
      const again = planCnames({ ...world, recordSets: applied(world.recordSets, plan) });
      expect(groupsOf(again)).toEqual([]);
      expect(again.removals).toEqual([]);
    });
  });

  it('nothing goes of a cluster that was not read, or only in part', () => {
    always(({ services: { clusters } }, { removals }) => {
      const complete = clusters.filter((one) => one.complete).map(({ cluster }) => cluster.name);
      expect(removals.filter(({ cluster }) => !complete.includes(cluster.name))).toEqual([]);
    });
  });

  it('nothing goes that the confirmation could not ask about', () => {
    always((world, { removals }) => {
      const look = { sights: new Map(), incomplete: [] };
      const again = planCnames({ ...world, look });
      expect(again.removals).toEqual([]);
      const stale = new Set(removals.map(({ own }) => own.recordSet));
      const touched = groupsOf(again).flatMap(({ changes }) => changes.map(({ recordSet }) => recordSet));
      expect(touched.filter((set) => stale.has(set))).toEqual([]);
    });
  });

  it('the order in which it was read makes no difference', () => {
    always((world, plan) => {
      const clusters = world.services.clusters.toReversed().map((one) => ({
        ...one,
        services: one.services.toReversed(),
      }));
      const recordSets = world.recordSets.toReversed();
      expect(planCnames({ ...world, recordSets, services: { clusters, incomplete: [] } })).toEqual(plan);
    });
  });
});
