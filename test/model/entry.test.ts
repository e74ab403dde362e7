import { describe, expect, it } from 'vitest';
import { entriesOf, sortEntries } from '../../src/model/entry.ts';
import type { RecordSet } from '../../src/model/record-set.ts';

function srv(Name: string, SetIdentifier: string | undefined, ...values: string[]): RecordSet {
  return { Name, Type: 'SRV', SetIdentifier, ResourceRecords: values.map((Value) => ({ Value })) };
}

describe('entriesOf', () => {
  it('yields one entry a value, in the order read, with the set as it was read', () => {
    const set = srv('_Calc._tcp.Zone.test.', 'one', '1 1 2 B.', '1 1 1 a');
    const common = { recordSet: set, name: '_calc._tcp.zone.test', type: 'SRV', setIdentifier: 'one' };
    const entries = entriesOf([set]);
    expect(entries).toEqual([
      { ...common, value: '1 1 2 B.' },
      { ...common, value: '1 1 1 a' },
    ]);
    expect(entries[0]?.recordSet).toBe(set);
  });

  it.each<[string, RecordSet, string[]]>([
    ['an alias yields its target', { Name: 'a.', Type: 'A', AliasTarget: { DNSName: 'lb.' } }, ['ALIAS lb.']],
    [
      'an alias without a target is not left out',
      { Name: 'a.', Type: 'A', AliasTarget: { DNSName: undefined } },
      ['ALIAS '],
    ],
    ['a set without values yields nothing', { Name: 'a.', Type: 'A' }, []],
  ])('%s', (_, set, values) => {
    expect(entriesOf([set]).map(({ value }) => value)).toEqual(values);
  });
});

describe('sortEntries', () => {
  const inOrder = entriesOf([
    { Name: 'zone.test.', Type: 'NS', ResourceRecords: [{ Value: 'ns1' }] },
    { Name: 'zone.test.', Type: 'SOA', ResourceRecords: [{ Value: 'soa' }] },
    { Name: 'a.zone.test.', Type: 'A', ResourceRecords: [{ Value: '10.0.0.1' }] },
    srv('a.zone.test.', undefined, 'v1', 'v2'),
    srv('a.zone.test.', 'one', 'v0'),
    srv('a.zone.test.', 'two', 'v0'),
    srv('z.a.zone.test.', undefined, 'v'),
    srv('ab.zone.test.', undefined, 'v'),
    srv('a.zone2.test.', undefined, 'v'),
  ]);

  it.each([
    ['a hyphen comes before the dot that ends a label', ['a-b.zone.test.', 'a.zone.test.']],
    ['… and before what lies below the shorter one', ['a-b.zone.test.', 'z.a.zone.test.', 'a0.zone.test.']],
    ['the rightmost label decides first', ['z.a.test.', 'a.b.test.']],
    ['a name comes before its own children', ['b.test.', 'a.b.test.', 'c.test.']],
    [
      'a service before its neighbour with a longer name',
      ['_tcp.zone.test.', '_calc._tcp.zone.test.', '_tcpx.zone.test.'],
    ],
  ])('is that of Route 53: %s', (_, names) => {
    const entries = entriesOf(names.map((name) => srv(name, undefined, 'v')));
    expect(sortEntries([...entries].toReversed())).toEqual(entries);
  });

  it('goes by labels from the right, then type, set identifier and value', () => {
    expect(sortEntries([...inOrder].toReversed())).toEqual(inOrder);
  });

  it('keeps the order of entries that are alike', () => {
    const twins = entriesOf([srv('a.', 'one', 'v', 'v')]);
    const sorted = sortEntries(twins);
    expect(sorted[0]).toBe(twins[0]);
    expect(sorted[1]).toBe(twins[1]);
  });
});
