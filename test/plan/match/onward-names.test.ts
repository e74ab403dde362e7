import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { namesOnTheWay, onwardNames } from '../../../src/plan/match/onward-names.ts';
import { agentSet, ZONE } from '../support.ts';

function set(label: string, Type: string, over: Partial<RecordSet>): RecordSet {
  return { Name: `${label}.${ZONE}.`, Type, ...over };
}

function cname(label: string, ...values: readonly string[]): readonly RecordSet[] {
  return values.map((Value, i) =>
    set(label, 'CNAME', { SetIdentifier: String(i), Weight: 1, ResourceRecords: [{ Value }] }),
  );
}

function alias(label: string, DNSName: string | undefined): RecordSet {
  return set(label, 'A', { AliasTarget: { DNSName } });
}

const address = (label: string) => set(label, 'A', { ResourceRecords: [{ Value: '10.0.0.1' }] });

const SETS = [
  address('db'),
  ...cname('one', 'Host.example.com.'),
  ...cname('twice', 'host.example.com', 'HOST.example.com.'),
  ...cname('chain', `one.${ZONE}.`),
  ...cname('several', 'a.example.com', 'b.example.com'),
  ...cname('loop', `back.${ZONE}`),
  ...cname('back', `loop.${ZONE}`),
  ...cname('self', `self.${ZONE}`),
  alias('alias', `db.${ZONE}.`),
  alias('unnamed', undefined),
  alias('mixed', 'lb.example.com.'),
  address('mixed'),
];

describe('where a name leads in the end', () => {
  it.each<[string, string, string | undefined]>([
    ['a name with an address', `db.${ZONE}`, `db.${ZONE}`],
    ['a name without any record', `none.${ZONE}`, `none.${ZONE}`],
    ['a name elsewhere', 'ip-10-0-0-1.ec2.internal', 'ip-10-0-0-1.ec2.internal'],
    ['a CNAME', `one.${ZONE}`, 'host.example.com'],
    ['two CNAMEs to one name', `twice.${ZONE}`, 'host.example.com'],
    ['a CNAME to a CNAME', `chain.${ZONE}`, 'host.example.com'],
    ['an alias', `alias.${ZONE}`, `db.${ZONE}`],
    ['an alias that tells no name', `unnamed.${ZONE}`, ''],
    ['CNAMEs to several names', `several.${ZONE}`, undefined],
    ['CNAMEs in a circle', `loop.${ZONE}`, undefined],
    ['a CNAME to itself', `self.${ZONE}`, undefined],
    ['an alias beside an address', `mixed.${ZONE}`, undefined],
  ])('%s', (_, name, expected) => {
    expect(onwardNames(SETS)(name)).toBe(expected);
  });

  it.each<[string, RecordSet]>([
    ['addresses', set('\\052', 'A', { ResourceRecords: [{ Value: '10.0.0.9' }] })],
    ['a CNAME', set('\\052', 'CNAME', { ResourceRecords: [{ Value: 'lb.example.com' }] })],
  ])('a name for which a wildcard of %s stands', (_, wildcard) => {
    const leadsTo = onwardNames([wildcard, agentSet(), address('db')]);
    expect(leadsTo(`none.${ZONE}`)).toBeUndefined();
    expect(leadsTo(`a.b.${ZONE}`)).toBeUndefined();
    expect(leadsTo(`db.${ZONE}`)).toBe(`db.${ZONE}`);
    expect(leadsTo('ip-10-0-0-1.ec2.internal')).toBe('ip-10-0-0-1.ec2.internal');
  });

  it('a wildcard of another type stands for no address', () => {
    const leadsTo = onwardNames([set('\\052', 'TXT', { ResourceRecords: [{ Value: '"x"' }] })]);
    expect(leadsTo(`none.${ZONE}`)).toBe(`none.${ZONE}`);
  });
});

describe('through which names clients may come', () => {
  it.each<[string, string, readonly string[]]>([
    ['a name with an address', `db.${ZONE}`, [`db.${ZONE}`]],
    ['a CNAME to a CNAME', `chain.${ZONE}`, [`chain.${ZONE}`, `one.${ZONE}`, 'host.example.com']],
    ['an alias', `alias.${ZONE}`, [`alias.${ZONE}`, `db.${ZONE}`]],
    ['CNAMEs to several names', `several.${ZONE}`, [`several.${ZONE}`, 'a.example.com', 'b.example.com']],
    ['CNAMEs in a circle', `loop.${ZONE}`, [`loop.${ZONE}`, `back.${ZONE}`]],
  ])('%s', (_, name, expected) => {
    expect([...namesOnTheWay([...SETS, agentSet()])(name)]).toEqual(expected);
  });
});
