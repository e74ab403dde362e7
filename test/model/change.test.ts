import { expect, it } from 'vitest';
import { type Change, nameKeyOf, takenSets } from '../../src/model/change.ts';

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
