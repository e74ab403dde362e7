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

const TASK_ID = '0123456789abcdef0123456789abcdef';
const TASK: RecordSet = {
  Name: `${TASK_ID}.zone.test.`,
  Type: 'AAAA',
  SetIdentifier: `ecs-dns:us-east-1/123456789012/blue/${TASK_ID}`,
  Weight: 1,
  TTL: 60,
  ResourceRecords: [{ Value: 'fd00::1' }],
};
const CNAME: RecordSet = {
  Name: 'orders.zone.test.',
  Type: 'CNAME',
  SetIdentifier: 'ecs-dns:us-east-1/123456789012/blue',
  Weight: 1,
  TTL: 60,
  ResourceRecords: [{ Value: 'one.elb.amazonaws.com' }],
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
    const { restorations, groups } = planRestore(removals, there === undefined ? [] : [there], ZONE);

    expect(restorations).toEqual([
      {
        key: recordSetKey(ALL),
        state,
        objection: undefined,
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

    expect(planRestore(reduced, [read], ZONE).groups).toEqual([
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
    const { restorations } = planRestore(removals, there === undefined ? [] : [there], ZONE);

    expect(restorations).toMatchObject([{ state, recordSet }]);
    expect(restorations[0]?.removedAt).toBe(Math.max(...removals.map(({ time }) => time)));
  });
});

describe('a journal that no run can have written', () => {
  const stateOf = (recordSet: RecordSet, there?: RecordSet, replacedBy: RecordSet | undefined = there) => {
    const found = there === undefined ? [] : [there];
    const { restorations, groups } = planRestore([removal(recordSet, replacedBy, 1)], found, ZONE);
    const [{ state, objection } = {}] = restorations;
    expect(groups).toHaveLength(state === 'missing' || state === 'reduced' ? 1 : 0);
    return objection ?? state;
  };
  const alias = { HostedZoneId: 'Z9', DNSName: 'other.' };
  const none = (type: string) => `no run removes ${type} sets of that name and identifier`;

  it.each<[string, RecordSet, string]>([
    ['a service', ALL, 'missing'],
    [
      'a service without weight or identifier',
      srv([A], { Weight: undefined, SetIdentifier: undefined }),
      'missing',
    ],
    ['the address of a host', HOST, 'missing'],
    [
      'that of a host by its own name',
      { ...HOST, Name: 'node1.zone.test', SetIdentifier: 'node1' },
      'missing',
    ],
    ['that of a task', TASK, 'missing'],
    ['a CNAME of this worker', CNAME, 'missing'],
    ['the zone itself', srv([A], { Name: 'Zone.Test.' }), 'it is of the zone itself, which no run removes'],
    ['another zone', srv([A], { Name: '_a._tcp.zone.test.evil.' }), 'its name is not below zone.test'],
    ['a name that only ends like it', srv([A], { Name: 'xzone.test.' }), 'its name is not below zone.test'],
    ['an alias', { ...ALL, AliasTarget: alias }, 'it is an alias, which no run removes'],
    [
      'a traffic policy',
      { ...ALL, TrafficPolicyInstanceId: 'x' },
      'it is of a traffic policy, which no run removes',
    ],
    ['a set without values', srv([]), 'it has no value'],
    ['NS below the zone', { ...ALL, Type: 'NS' }, none('NS')],
    ['MX', { ...ALL, Type: 'MX' }, none('MX')],
    ['TXT', { ...ALL, Type: 'TXT' }, none('TXT')],
    ['an A set of another name', { ...HOST, Name: 'www.zone.test.' }, none('A')],
    ['an A set of a host without identifier', { ...HOST, SetIdentifier: undefined }, none('A')],
    ['an A set of a host without weight', { ...HOST, Weight: undefined }, none('A')],
    ['an AAAA set of a host', { ...HOST, Type: 'AAAA' }, none('AAAA')],
    ['a CNAME of another tool', { ...CNAME, SetIdentifier: 'mine' }, none('CNAME')],
    ['a CNAME without identifier', { ...CNAME, SetIdentifier: undefined }, none('CNAME')],
  ])('%s: %#', (_, recordSet, expected) => {
    expect(stateOf(recordSet)).toBe(expected);
  });

  it.each<[string, RecordSet, RecordSet, string]>([
    ['fewer values stay: it comes back', ALL, srv([C]), 'reduced'],
    ['a value in another spelling stays', srv(['1 1 3 C.', A]), srv(['2 5 3 c']), 'reduced'],
    [
      'a set of this worker was written anew',
      CNAME,
      { ...CNAME, ResourceRecords: [{ Value: 'two' }] },
      'reduced',
    ],
    [
      'what is there has a value that would go',
      srv([A]),
      srv([B]),
      'it would take away what is there, which no run left of it',
    ],
    [
      'what is there has all of them and one that would go',
      srv([A, B]),
      srv([A, B, C]),
      'it would take away what is there, which no run left of it',
    ],
    [
      'what is there has a weight that would go',
      srv([A, B], { Weight: 0 }),
      srv([A]),
      'it would take away what is there, which no run left of it',
    ],
    [
      'what is there has another TTL',
      srv([A, B], { TTL: 9 }),
      srv([A]),
      'it would take away what is there, which no run left of it',
    ],
    [
      'what is there is an alias',
      srv([A]),
      { ...srv([]), AliasTarget: alias },
      'it would take away what is there, which no run left of it',
    ],
    [
      'what is there is as it was, in whatever form',
      { ...ALL, Type: 'TXT' },
      { ...ALL, Type: 'TXT' },
      'there',
    ],
    [
      'a form that no run removes was changed since',
      { ...ALL, Type: 'TXT' },
      { ...ALL, Type: 'TXT', TTL: 9 },
      none('TXT'),
    ],
  ])('%s', (_, recordSet, there, expected) => {
    expect(stateOf(recordSet, there)).toBe(expected);
  });

  it('tells of a set of another identifier: that is not touched', () => {
    expect(stateOf(ALL, undefined, srv([A], { SetIdentifier: 'h:2' }))).toBe('missing');
  });
});

describe('the address of a host comes before what points at it', () => {
  const byAgent = srv(['1 1 1 ip-10-0-0-1.ec2.internal']);
  const byName = srv(['1 1 1 ip-10-0-0-1.zone.test.', 'malformed'], { SetIdentifier: 'h:2' });
  const byTask = srv([`1 1 1 ${TASK_ID}.zone.test.`], { SetIdentifier: 'h:4' });
  const other = srv(['1 1 1 ip-10-0-0-2.zone.test'], { SetIdentifier: 'h:3' });
  const removals = [byAgent, byName, other, HOST].map((set) => removal(set, undefined, 1));
  const afterOf = (recordSets: readonly RecordSet[]) =>
    new Map(planRestore(removals, recordSets, ZONE).groups.map(({ key, after }) => [key, after]));

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
    const plan = planRestore([removal(byTask, undefined, 1), removal(TASK, undefined, 1)], [], ZONE);
    expect(plan.groups.find(({ key }) => key === recordSetKey(byTask))?.after).toEqual([recordSetKey(TASK)]);
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

describe('a set that another writer had taken out before the run', () => {
  const others = (recordSet: RecordSet, replacedBy: RecordSet | undefined, time: number): Removal => ({
    ...removal(recordSet, replacedBy, time),
    isOfAnother: true,
  });
  const objection = 'another look, run or tool had taken it out before the run could';

  it.each<[string, readonly Removal[], readonly RecordSet[], object]>([
    ['and is missing', [others(ALL, undefined, 1)], [], { state: 'changed', objection }],
    ['in part, and is so still', [others(ALL, srv([C]), 1)], [srv([C])], { state: 'changed', objection }],
    ['and is there again', [others(ALL, undefined, 1)], [ALL], { state: 'there', objection: undefined }],
    [
      'and is there as another',
      [others(ALL, undefined, 1)],
      [srv([B])],
      { state: 'changed', objection: undefined },
    ],
  ])('%s: is left to it', (_, removals, zone, expected) => {
    const { restorations, groups } = planRestore(removals, zone, ZONE);
    expect(restorations).toMatchObject([expected]);
    expect(groups).toEqual([]);
  });

  it('comes back where a run has removed it, too', () => {
    const { restorations, groups } = planRestore(
      [removal(ALL, undefined, 1), others(ALL, undefined, 2)],
      [],
      ZONE,
    );
    expect(restorations).toMatchObject([{ state: 'missing', removedAt: 1, reasons: ['reason-1'] }]);
    expect(groups).toHaveLength(1);
  });
});
