import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import { type RecordSet, recordSetKey, withValues } from '../../../src/model/record-set.ts';
import { removalGroups } from '../../../src/plan/change/plan-removals.ts';
import type { Removable } from '../../../src/plan/judge/judge-entries.ts';
import { addressSet, multiValueSet, ownSet, taskName, V6 } from '../addresses.ts';
import { agentSet, hostName, hostSet, simpleSet, srvValue, vacant, ZONE } from '../support.ts';

type Reasoned = 'task-gone' | 'superseded';

/** Removals of the values at the given locations of a set; of all of them if none are given. */
function removalsOf(
  set: RecordSet,
  locations?: readonly number[],
  reasons: readonly Reasoned[] = [],
): Removable[] {
  const entries = entriesOf([set]);
  const chosen = locations ?? entries.map((_, i) => i);
  return entries
    .filter((_, i) => chosen.includes(i))
    .map((entry, i) => ({
      match: vacant(),
      judgement: { entry, evidence: {}, verdict: 'stale', reason: reasons[i] ?? 'task-gone' },
    }));
}

const THREE = simpleSet([srvValue(), srvValue({ target: 2 }), srvValue({ target: 3 })]);

describe('one record set', () => {
  it('goes whole: the exact set that was read, and nothing else', () => {
    const set = agentSet({}, { Name: `_CALC._tcp.${ZONE}`, HealthCheckId: 'abc' });
    const [group, ...others] = removalGroups(removalsOf(set));
    expect(group).toEqual({
      key: recordSetKey(set),
      changes: [{ action: 'DELETE', recordSet: set }],
      removed: [srvValue()],
      reasons: ['task-gone'],
      after: [],
    });
    expect(group?.changes[0]?.recordSet).toBe(set);
    expect(others).toEqual([]);
  });

  it('goes in part: the exact set is deleted, and created again with what stays', () => {
    const [group] = removalGroups(removalsOf(THREE, [1]));
    expect(group?.changes).toEqual([
      { action: 'DELETE', recordSet: THREE },
      { action: 'CREATE', recordSet: withValues(THREE, [srvValue(), srvValue({ target: 3 })]) },
    ]);
    expect(group?.removed).toEqual([srvValue({ target: 2 })]);
  });

  it('goes whole when all of its values go, in one change', () => {
    expect(removalGroups(removalsOf(THREE)).map(({ changes }) => changes)).toEqual([
      [{ action: 'DELETE', recordSet: THREE }],
    ]);
  });

  it('gives each reason once, sorted', () => {
    const [group] = removalGroups(removalsOf(THREE, undefined, ['task-gone', 'superseded', 'task-gone']));
    expect(group?.reasons).toEqual(['superseded', 'task-gone']);
  });
});

it('sets of one name are changed apart', () => {
  const sets = [agentSet({ owner: 1 }), agentSet({ owner: 2 })];
  expect(removalGroups(sets.flatMap((set) => removalsOf(set))).map(({ key }) => key)).toEqual(
    sets.map(recordSetKey),
  );
});

it('nothing to remove is nothing to change', () => {
  expect(removalGroups([])).toEqual([]);
});

describe('a host’s A set', () => {
  const byName = simpleSet([srvValue({ target: `IP-10-0-0-1.${ZONE}.` })], '_name._tcp');
  const byHost = agentSet();
  const elsewhere = agentSet({ target: 2 });

  it('comes last, after every set that points at it by name or by host', () => {
    const removals = [hostSet(1), byHost, elsewhere, byName].flatMap((set) => removalsOf(set));
    const groups = removalGroups(removals);
    expect(groups.map(({ key, after }) => [key, after])).toEqual([
      [recordSetKey(byHost), []],
      [recordSetKey(elsewhere), []],
      [recordSetKey(byName), []],
      [recordSetKey(hostSet(1)), [recordSetKey(byName), recordSetKey(byHost)]],
    ]);
  });

  it('waits for a set that points at a CNAME which leads there', () => {
    const set = simpleSet([srvValue({ target: `web.${ZONE}` })]);
    const web: RecordSet = {
      Name: `web.${ZONE}.`,
      Type: 'CNAME',
      ResourceRecords: [{ Value: `ip-10-0-0-1.${ZONE}.` }],
    };
    const removals = [set, hostSet(1)].flatMap((one) => removalsOf(one));
    expect(removalGroups(removals, [set, web]).at(-1)?.after).toEqual([recordSetKey(set)]);
  });

  it('waits once for a set that points at it with several values', () => {
    const twice = simpleSet([srvValue({ port: 1 }), srvValue({ port: 2 })]);
    const groups = removalGroups([...removalsOf(twice), ...removalsOf(hostSet(1))]);
    expect(groups.at(-1)?.after).toEqual([recordSetKey(twice)]);
  });

  it('waits for a set that goes in part, if that part points at it', () => {
    const waitsFor = (location: number) =>
      removalGroups([...removalsOf(THREE, [location]), ...removalsOf(hostSet(1))]).at(-1)?.after;
    expect(waitsFor(0)).toEqual([recordSetKey(THREE)]);
    expect(waitsFor(1)).toEqual([]);
  });

  it('waits for nobody where nothing points at it', () => {
    expect(removalGroups(removalsOf(hostSet(1)))[0]?.after).toEqual([]);
    expect(hostSet(1).SetIdentifier).toBe(hostName(1));
  });

  it('an A set without identifier is found by its name alone', () => {
    const set = hostSet(1, { SetIdentifier: undefined });
    expect(removalGroups([...removalsOf(byName), ...removalsOf(set)]).at(-1)?.after).toEqual([
      recordSetKey(byName),
    ]);
  });
});

it('the addresses of a task come after every set that points at the task’s own name', () => {
  const set = agentSet({}, { ResourceRecords: [{ Value: srvValue({ target: `${taskName(1)}.` }) }] });
  const addresses = [ownSet(1), ownSet(1, V6), addressSet(1)];
  const groups = removalGroups([...addresses, set].flatMap((one) => removalsOf(one)));
  expect(groups.map(({ key, after }) => [key, after])).toEqual([
    [recordSetKey(set), []],
    [recordSetKey(ownSet(1)), [recordSetKey(set)]],
    [recordSetKey(ownSet(1, V6)), [recordSetKey(set)]],
    [recordSetKey(addressSet(1)), []],
  ]);
});

it('one of many values goes, and the rest is created anew', () => {
  const many = multiValueSet(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
  const [group] = removalGroups(removalsOf(many, [1]));
  expect(group?.changes).toEqual([
    { action: 'DELETE', recordSet: many },
    { action: 'CREATE', recordSet: multiValueSet(['10.0.0.1', '10.0.0.3']) },
  ]);
});

it('a value that is no SRV value points at nothing', () => {
  const broken = agentSet({}, { ResourceRecords: [{ Value: hostName(1) }] });
  expect(removalGroups([...removalsOf(broken), ...removalsOf(hostSet(1))]).at(-1)?.after).toEqual([]);
});
