import { describe, expect, it } from 'vitest';
import { MAX_CHARACTERS } from '../../src/model/batches.ts';
import type { ChangeGroup } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey, withValues } from '../../src/model/record-set.ts';
import { applyChanges } from '../../src/route53/apply-changes.ts';
import { FAULT, groupOf, inMemoryRoute53, srvSet, type ZoneWorld } from './support.ts';
import { virtualClock } from './virtual-clock.ts';

const kept = srvSet(9);
const needing = (set: RecordSet, ...survivors: readonly RecordSet[]): ChangeGroup => ({
  ...groupOf(set),
  survivors,
});

async function apply(groups: readonly ChangeGroup[], world: ZoneWorld) {
  const api = inMemoryRoute53(world);
  const outcomes = await applyChanges('Z1', groups, { api, clock: virtualClock(), signal: undefined });
  return { api, statuses: groups.map(({ key }) => outcomes.get(key)?.status) };
}

describe('a batch with survivors', () => {
  const groups = [needing(srvSet(1), kept), needing(srvSet(2), kept), groupOf(srvSet(3))];
  const sets = [srvSet(1), srvSet(2), srvSet(3)];

  it('leaves them as they were', async () => {
    const { api, statuses } = await apply(groups, { sets: [...sets, kept] });
    expect(statuses).toEqual(['applied', 'applied', 'applied']);
    expect(api.keys()).toEqual([recordSetKey(kept)]);
  });

  it.each<[string, readonly RecordSet[]]>([
    ['is gone', []],
    ['is not as it was', [{ ...kept, Weight: 0 }]],
  ])('loses all groups that need one that %s, and the rest goes', async (_, there) => {
    const { api, statuses } = await apply(groups, { sets: [...sets, ...there] });
    expect(statuses).toEqual(['conflict', 'conflict', 'applied']);
    expect(api.requests).toHaveLength(2);
    expect(api.keys()).toEqual([srvSet(1), srvSet(2), ...there].map(recordSetKey).toSorted());
  });

  it('is applied after a lost reply, whatever has become of them since', async () => {
    const { api, statuses } = await apply(groups, {
      sets: [...sets, kept],
      replies: [{ error: FAULT, carriedOut: true }],
    });
    expect(statuses).toEqual(['applied', 'applied', 'applied']);
    expect(api.keys()).toEqual([recordSetKey(kept)]);
  });
});

it('a survivor that an earlier batch has written anew is needed as that batch has left it', async () => {
  const values = Array.from({ length: 100 }, (_, i) => `1 1 ${1000 + i} ${'h'.repeat(40)}`);
  const large = withValues(srvSet(9), values);
  const narrowed = groupOf(large, { staying: values.slice(0, 1) });
  const filler = Array.from({ length: 30 }, (_, i) =>
    groupOf(withValues(srvSet(20 + i), [`1 1 ${i} ${'x'.repeat(MAX_CHARACTERS / 30)}`])),
  );
  const last = { ...needing(srvSet(1), large), after: [narrowed.key] };
  const there = [
    large,
    srvSet(1),
    ...filler.flatMap(({ changes }) => changes.map(({ recordSet }) => recordSet)),
  ];

  const { api, statuses } = await apply([narrowed, ...filler, last], { sets: there });

  expect(new Set(statuses)).toEqual(new Set(['applied']));
  expect(api.requests.length).toBeGreaterThan(1);
  expect(api.keys()).toEqual([recordSetKey(large)]);
});
