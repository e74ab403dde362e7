import { describe, expect, it } from 'vitest';
import type { ChangeGroup } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey, withValues } from '../../src/model/record-set.ts';
import type { Removal } from '../../src/model/removal.ts';
import { removalsOf } from '../../src/model/removal.ts';
import { planRestore, type RestoreState } from '../../src/plan/restore.ts';

const ZONE = { id: 'Z1', name: 'zone.test.' };

function srv(values: readonly string[], fields: Partial<RecordSet> = {}): RecordSet {
  const set = { Name: '_a._tcp.zone.test.', Type: 'SRV', SetIdentifier: 'h:1', Weight: 1, TTL: 0, ...fields };
  return withValues(set, values);
}

const HOST: RecordSet = {
  Name: 'ip-10-0-0-1.zone.test.',
  Type: 'A',
  SetIdentifier: 'ip-10-0-0-1.ec2.internal',
  Weight: 1,
  TTL: 0,
  ResourceRecords: [{ Value: '10.0.0.1' }],
};

const [A, B, C] = ['1 1 1 a', '1 1 2 b', '1 1 3 c'];
const ALL = srv([A, B, C]);

function removal(recordSet: RecordSet, replacedBy: RecordSet | undefined, time: number): Removal {
  return { zone: ZONE, recordSet, replacedBy, reasons: [`reason-${time}`], time };
}

describe('a set that was removed', () => {
  const gone = [removal(ALL, undefined, 1)];
  const reduced = [removal(ALL, srv([C]), 1)];
  it.each<[string, readonly Removal[], RecordSet | undefined, RestoreState, readonly string[]]>([
    ['whole, and is missing', gone, undefined, 'missing', ['CREATE']],
    ['whole, and is there again as it was', gone, ALL, 'there', []],
    ['whole, and is there with its values in another order', gone, srv([C, A, B]), 'there', []],
    ['whole, and is there with another TTL', gone, { ...ALL, TTL: 60 }, 'changed', []],
    ['whole, and is there with fewer values', gone, srv([C]), 'changed', []],
    ['but for one value, and is as that left it', reduced, srv([C]), 'reduced', ['DELETE', 'CREATE']],
    ['but for one value, and is as it was', reduced, ALL, 'there', []],
    ['but for one value, and has another one now', reduced, srv([B]), 'changed', []],
    ['but for one value, and has one more now', reduced, srv([C, '1 1 9 z']), 'changed', []],
    ['but for one value, and is missing', reduced, undefined, 'missing', ['CREATE']],
  ])('%s', (_, removals, there, state, actions) => {
    const { restorations, groups } = planRestore(removals, there === undefined ? [] : [there]);

    expect(restorations).toEqual([
      {
        key: recordSetKey(ALL),
        state,
        recordSet: ALL,
        there,
        reasons: ['reason-1'],
        removedAt: 1,
      },
    ]);
    expect(groups.flatMap(({ changes }) => changes.map(({ action }) => action))).toEqual(actions);
  });

  it('is deleted as it was read, and created as it was before', () => {
    const read = { ...srv([C]), Name: '_A._tcp.zone.test' };

    expect(planRestore(reduced, [read]).groups).toEqual([
      {
        key: recordSetKey(ALL),
        changes: [
          { action: 'DELETE', recordSet: read },
          { action: 'CREATE', recordSet: ALL },
        ],
        removed: [],
        reasons: [],
        after: [],
      },
    ]);
  });
});

describe('removals of one set in several runs', () => {
  const anew = srv([B], { Weight: 5 });
  it.each<[string, readonly Removal[], RecordSet | undefined, RestoreState, RecordSet]>([
    [
      'one value after the other: it comes back whole',
      [removal(ALL, srv([B, C]), 1), removal(srv([B, C]), srv([C]), 2), removal(srv([C]), undefined, 3)],
      undefined,
      'missing',
      ALL,
    ],
    [
      'in any order of the lines',
      [removal(srv([B, C]), srv([C]), 2), removal(ALL, srv([B, C]), 1)],
      srv([C]),
      'reduced',
      ALL,
    ],
    [
      'of which the last was not carried out',
      [removal(ALL, srv([B, C]), 1), removal(srv([B, C]), srv([C]), 2)],
      srv([B, C]),
      'reduced',
      ALL,
    ],
    [
      'the same one twice, because it had come back: put back once',
      [removal(ALL, undefined, 1), removal(ALL, undefined, 2)],
      undefined,
      'missing',
      ALL,
    ],
    [
      'told twice by one log',
      [removal(ALL, srv([C]), 1), removal(ALL, srv([C]), 2)],
      srv([C]),
      'reduced',
      ALL,
    ],
    [
      'written anew in between: what the last one took',
      [removal(ALL, srv([C]), 1), removal(anew, undefined, 2)],
      undefined,
      'missing',
      anew,
    ],
    [
      'written anew in between, and as the first one left it',
      [removal(ALL, srv([C]), 1), removal(anew, undefined, 2)],
      srv([C]),
      'changed',
      anew,
    ],
  ])('%s', (_, removals, there, state, recordSet) => {
    const { restorations } = planRestore(removals, there === undefined ? [] : [there]);

    expect(restorations).toMatchObject([{ state, recordSet }]);
    expect(restorations[0]?.removedAt).toBe(Math.max(...removals.map(({ time }) => time)));
  });
});

describe('the address of a host comes before what points at it', () => {
  const byAgent = srv(['1 1 1 ip-10-0-0-1.ec2.internal']);
  const byName = srv(['1 1 1 ip-10-0-0-1.zone.test.', 'malformed'], { SetIdentifier: 'h:2' });
  const other = srv(['1 1 1 ip-10-0-0-2.zone.test'], { SetIdentifier: 'h:3' });
  const removals = [byAgent, byName, other, HOST].map((set) => removal(set, undefined, 1));
  const afterOf = (recordSets: readonly RecordSet[]) =>
    new Map(planRestore(removals, recordSets).groups.map(({ key, after }) => [key, after]));

  it('when it is to be put back, too', () => {
    const host = recordSetKey(HOST);
    expect(afterOf([])).toEqual(
      new Map([
        [recordSetKey(byAgent), [host]],
        [recordSetKey(byName), [host]],
        [recordSetKey(other), []],
        [host, []],
      ]),
    );
  });

  it('and not when it is there', () => {
    expect([...afterOf([HOST]).values()]).toEqual([[], [], []]);
  });

  it('nor is it otherwise with an AAAA set', () => {
    const ipv6 = { ...HOST, Type: 'AAAA', ResourceRecords: [{ Value: 'fd00::1' }] };
    const plan = planRestore([removal(byName, undefined, 1), removal(ipv6, undefined, 1)], []);
    expect(plan.groups.find(({ key }) => key === recordSetKey(byName))?.after).toEqual([recordSetKey(ipv6)]);
  });

  it('also where the agent left it without an identifier', () => {
    const { SetIdentifier: _, ...plain } = HOST;
    const plan = planRestore([removal(plain, undefined, 1), removal(byName, undefined, 1)], []);
    expect(plan.groups.find(({ key }) => key === recordSetKey(byName))?.after).toEqual([recordSetKey(plain)]);
  });
});

describe('removalsOf', () => {
  const group = (changes: ChangeGroup['changes']): ChangeGroup => ({
    key: recordSetKey(ALL),
    changes,
    removed: [A],
    reasons: ['task-gone'],
    after: [],
  });
  const common = { zone: ZONE, recordSet: ALL, reasons: ['task-gone'], time: 7 };

  it.each<[string, ChangeGroup, readonly Removal[]]>([
    ['a set that goes', group([{ action: 'DELETE', recordSet: ALL }]), [common]],
    [
      'a set of which something stays',
      group([
        { action: 'DELETE', recordSet: ALL },
        { action: 'CREATE', recordSet: srv([C]) },
      ]),
      [{ ...common, replacedBy: srv([C]) }],
    ],
    ['a set that is only created', group([{ action: 'CREATE', recordSet: ALL }]), []],
  ])('%s', (_, one, removals) => {
    expect(removalsOf(ZONE, [one], 7)).toEqual(removals);
  });
});
