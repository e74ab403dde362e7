import { expect, it } from 'vitest';
import { batchChanges, type Change, nameKeyOf, takenSets } from '../../src/model/change.ts';
import { recordSetKey } from '../../src/model/record-set.ts';

const ALIAS = { Name: 'www.example.', Type: 'A', AliasTarget: { DNSName: 'lb.example.' } };
const PLAIN = { Name: 'www.example.', Type: 'A', TTL: 60, ResourceRecords: [{ Value: '10.0.0.1' }] };
const change = (action: Change['action'], recordSet: Change['recordSet']): Change => ({ action, recordSet });

it('a set without values is taken when nothing stands in its place, and not when something does', () => {
  const gone = takenSets({ changes: [change('DELETE', ALIAS)] });
  expect(gone).toEqual([{ recordSet: ALIAS, values: [], other: undefined }]);
  expect(takenSets({ changes: [change('DELETE', ALIAS), change('CREATE', PLAIN)] })).toEqual([]);
});

it('a group has the key of its one name, in any case; a group of nothing has none', () => {
  const upper = { ...PLAIN, Name: 'WWW.example.' };
  expect(nameKeyOf({ changes: [change('CREATE', upper)] })).toBe(
    nameKeyOf({ changes: [change('CREATE', PLAIN)] }),
  );
  expect(nameKeyOf({ changes: [] })).toBe('');
});

it('a batch takes out each survivor once and writes it as it is, unless one of its groups writes it anew', () => {
  const weighted = (SetIdentifier: string) => ({ ...PLAIN, SetIdentifier, Weight: 1 });
  const [gone, kept, narrowed, moved] = ['a', 'b', 'c', 'd'].map(weighted);
  if (!gone || !kept || !narrowed || !moved) throw new TypeError('too few sets');
  const survivors = [kept, narrowed, moved];
  const groups = [
    { changes: [change('DELETE', gone)], survivors },
    { changes: [change('DELETE', narrowed), change('CREATE', { ...narrowed, TTL: 1 })], survivors },
  ];
  const now = { ...moved, TTL: 5 };
  expect(batchChanges(groups, new Map([[recordSetKey(moved), now]]))).toEqual([
    change('DELETE', gone),
    change('DELETE', narrowed),
    change('CREATE', { ...narrowed, TTL: 1 }),
    change('DELETE', kept),
    change('CREATE', kept),
    change('DELETE', now),
    change('CREATE', now),
  ]);
});
