import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangeGroup } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../src/model/record-set.ts';
import type { Removal } from '../../src/model/removal.ts';
import { removalsOf } from '../../src/model/removal.ts';
import { planRestore } from '../../src/plan/restore.ts';
import { lawsOf } from './law.ts';
import { carryOut, planOf, type World, worldArbitrary } from './worlds.ts';

const ZONE = { id: 'Z1', name: 'discovery.internal.' };
const RUNS = { numRuns: 500 };

/** The budget and the panic threshold only make for fewer removals. */
const lifted = worldArbitrary.map(
  (world): World => ({ ...world, limits: { ...world.limits, force: true, allowEmpty: true } }),
);

/** A plan, and the groups of it that were carried out before the run was killed. */
const brokenOff = lifted.chain((world) => {
  const { groups } = planOf(world);
  return fc.record({ world: fc.constant(world), applied: fc.subarray([...groups]) });
});

const law = lawsOf(brokenOff);

function apply(recordSets: readonly RecordSet[], groups: readonly ChangeGroup[]): readonly RecordSet[] {
  return carryOut(recordSets, { groups } as Parameters<typeof carryOut>[1]);
}

function restore(recordSets: readonly RecordSet[], removals: readonly Removal[]): readonly RecordSet[] {
  return apply(recordSets, planRestore(removals, recordSets, ZONE).groups);
}

function byKey(recordSets: readonly RecordSet[]): readonly RecordSet[] {
  return recordSets.toSorted((a, b) => (recordSetKey(a) < recordSetKey(b) ? -1 : 1));
}

describe('restoring', () => {
  it('after a run gives the zone as it was before, wherever the run was broken off', () => {
    law(({ world, applied }) => {
      const removals = removalsOf(ZONE, planOf(world).groups, 1);
      const zone = apply(world.recordSets, applied);
      expect(byKey(restore(zone, removals))).toEqual(byKey(world.recordSets));
    });
  });

  it('twice changes nothing the second time', () => {
    law(({ world, applied }) => {
      const removals = removalsOf(ZONE, planOf(world).groups, 1);
      const once = restore(apply(world.recordSets, applied), removals);
      const again = planRestore(removals, once, ZONE);
      expect(again.groups).toEqual([]);
      expect(again.restorations.map(({ state }) => state)).toEqual(removals.map(() => 'there'));
    });
  });

  it('all of several runs gives the zone before the first, in whatever order their journals come', () => {
    const twoRuns = fc.record({ first: lifted, second: lifted, isReversed: fc.boolean() });
    fc.assert(
      fc.property(twoRuns, ({ first, second, isReversed }) => {
        const planned = planOf(first).groups;
        const between = apply(first.recordSets, planned);
        const then = planOf({ ...second, recordSets: between }).groups;
        const removals = [...removalsOf(ZONE, planned, 1), ...removalsOf(ZONE, then, 2)];
        const all = isReversed ? removals.toReversed() : removals;
        expect(byKey(restore(apply(between, then), all))).toEqual(byKey(first.recordSets));
      }),
      RUNS,
    );
  });

  it('never touches a set that somebody has changed since', () => {
    fc.assert(
      fc.property(brokenOff, fc.nat(), ({ world, applied }, pick) => {
        const removals = removalsOf(ZONE, planOf(world).groups, 1);
        fc.pre(removals.length > 0);
        const { recordSet } = removals[pick % removals.length] ?? { recordSet: undefined };
        fc.pre(recordSet !== undefined && valuesOf(recordSet).length > 0);
        if (recordSet === undefined) return;
        const others = apply(world.recordSets, applied).filter(
          (set) => recordSetKey(set) !== recordSetKey(recordSet),
        );
        const changed = { ...recordSet, TTL: 4711 };
        const { groups } = planRestore(removals, [...others, changed], ZONE);
        expect(groups.filter(({ key }) => key === recordSetKey(recordSet))).toEqual([]);
      }),
      RUNS,
    );
  });
});
