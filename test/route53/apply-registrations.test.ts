import { describe, expect, it } from 'vitest';
import type { ChangeGroup } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import { applyChanges } from '../../src/route53/apply-changes.ts';
import { awsError } from '../aws/support.ts';
import { groupOf, hostSet, inMemoryRoute53, multiValueSets, srvSet, type ZoneWorld } from './support.ts';
import { virtualClock } from './virtual-clock.ts';

function creation(recordSet: RecordSet, ...after: readonly string[]): ChangeGroup {
  const changes = [{ action: 'CREATE', recordSet }] as const;
  return { key: recordSetKey(recordSet), changes, removed: [], reasons: ['missing'], after };
}

async function apply(groups: readonly ChangeGroup[], world: ZoneWorld = {}) {
  const api = inMemoryRoute53(world);
  const outcomes = await applyChanges('Z1', groups, { api, clock: virtualClock(), signal: undefined });
  const statusOf = (set: RecordSet) => outcomes.get(recordSetKey(set))?.status;
  return { api, outcomes, statusOf };
}

describe('a record that is created', () => {
  it('is there afterwards, and nobody has read for it', async () => {
    const { api, statusOf } = await apply([creation(srvSet(1))]);
    expect([statusOf(srvSet(1)), api.keys(), api.readings]).toEqual([
      'applied',
      [recordSetKey(srvSet(1))],
      [],
    ]);
  });

  it('is there already where another writer has written the very same meanwhile', async () => {
    const { api, outcomes, statusOf } = await apply([creation(srvSet(1)), creation(srvSet(2))], {
      sets: [srvSet(1)],
    });
    expect([statusOf(srvSet(1)), statusOf(srvSet(2))]).toEqual(['already-done', 'applied']);
    expect(outcomes.get(recordSetKey(srvSet(1)))).toMatchObject({ code: 'already-there' });
    expect(api.requests.map(({ length }) => length)).toEqual([2, 1]);
  });

  it('is in conflict with another value under its identifier, which stays', async () => {
    const theirs = { ...srvSet(1), ResourceRecords: [{ Value: '1 1 9 elsewhere' }] };
    const { api, statusOf } = await apply([creation(srvSet(1)), creation(srvSet(2))], { sets: [theirs] });
    expect([statusOf(srvSet(1)), statusOf(srvSet(2))]).toEqual(['conflict', 'applied']);
    expect((await api.listRecordSets('Z1', {}, undefined)).recordSets).toContainEqual(theirs);
  });

  it('is created once, though the reply was lost', async () => {
    const lost = { error: awsError('InternalFailure', { status: 500 }), carriedOut: true };
    const { api, statusOf } = await apply([creation(srvSet(1))], { replies: [lost] });
    expect([statusOf(srvSet(1)), api.keys()]).toEqual(['applied', [recordSetKey(srvSet(1))]]);
  });

  it('waits for its host, which another writer has written', async () => {
    const groups = [creation(srvSet(1), recordSetKey(hostSet(1))), creation(hostSet(1))];
    const { statusOf } = await apply(groups, { sets: [hostSet(1)] });
    expect([statusOf(hostSet(1)), statusOf(srvSet(1))]).toEqual(['already-done', 'applied']);
  });

  it('is not sent without its host', async () => {
    const groups = [creation(srvSet(1), recordSetKey(hostSet(1))), creation(hostSet(1))];
    const { statusOf } = await apply(groups, { sets: [{ ...hostSet(1), TTL: 99 }] });
    expect([statusOf(hostSet(1)), statusOf(srvSet(1))]).toEqual(['conflict', 'conflict']);
  });

  it('comes before what goes, in whatever order they are given', async () => {
    const old = multiValueSets(3);
    const groups = [...old.map((set) => groupOf(set)), creation(srvSet(99))];
    const { api } = await apply(groups, { sets: old });
    expect(api.requests.flat().map(({ action }) => action)).toEqual(['CREATE', 'DELETE', 'DELETE', 'DELETE']);
  });
});

describe('several sets that change in one group', () => {
  const old = multiValueSets(2);
  const many = { ...srvSet(1), SetIdentifier: 'ecs-dns:many' };
  const group: ChangeGroup = {
    key: recordSetKey(many),
    changes: [
      ...old.map((recordSet) => ({ action: 'DELETE', recordSet }) as const),
      { action: 'CREATE', recordSet: many },
    ],
    removed: [],
    reasons: ['merged'],
    after: [],
  };

  it('are all changed, or none', async () => {
    const good = await apply([group], { sets: old });
    expect([good.statusOf(many), good.api.keys()]).toEqual(['applied', [recordSetKey(many)]]);
    const bad = await apply([group, creation(srvSet(50))], { sets: old.slice(1) });
    expect([bad.statusOf(many), bad.statusOf(srvSet(50))]).toEqual(['conflict', 'applied']);
    expect(bad.api.keys()).toContain(recordSetKey(old[1] ?? many));
  });

  it.each([
    ['as a whole', true, 'applied'],
    ['or not at all', false, 'applied'],
  ])('are told from the zone after a lost reply: %s', async (_, carriedOut, expected) => {
    const lost = { error: awsError('InternalFailure', { status: 500 }), carriedOut };
    const { statusOf } = await apply([group], { sets: old, replies: [lost] });
    expect(statusOf(many)).toBe(expected);
  });

  it('are in conflict where the zone holds only a part of it', async () => {
    const { statusOf } = await apply([group], { sets: [...old, many] });
    expect(statusOf(many)).toBe('conflict');
  });
});
