import { expect, test } from 'vitest';
import { groupText, zoneDifferences } from '../../src/model/approved-plan.ts';
import type { Change } from '../../src/model/change.ts';
import type { RecordSet } from '../../src/model/record-set.ts';

function set(id: string, ...values: readonly string[]): RecordSet {
  const ResourceRecords = values.map((Value) => ({ Value }));
  return { Name: '_a._tcp.x.', Type: 'SRV', SetIdentifier: id, Weight: 1, TTL: 0, ResourceRecords };
}

const [a, b] = [set('a', '1', '2'), set('b', '3')];
const deleting = (recordSet: RecordSet): Change => ({ action: 'DELETE', recordSet });
const creating = (recordSet: RecordSet): Change => ({ action: 'CREATE', recordSet });
const differences = (
  changes: readonly Change[],
  zone: readonly RecordSet[],
  survivors?: readonly RecordSet[],
) =>
  zoneDifferences({ groups: [{ changes, survivors }] }, zone).map(({ recordSet, difference }) => [
    recordSet.SetIdentifier,
    difference,
  ]);

test('a group is what it changes, in whatever order', () => {
  const text = groupText({ changes: [deleting(a), creating(b)] });

  expect(groupText({ changes: [creating(b), deleting(set('a', '2', '1'))] })).toBe(text);
  expect(groupText({ changes: [creating(a), deleting(b)] })).not.toBe(text);
  expect(groupText({ changes: [deleting(a)] })).not.toBe(text);
});

test.each<[string, readonly Change[], readonly RecordSet[], readonly (readonly string[])[]]>([
  ['what goes is there as it was', [deleting(a)], [set('a', '2', '1'), b], []],
  ['what goes is gone', [deleting(a)], [b], [['a', 'gone']]],
  ['what goes was changed', [deleting(a)], [{ ...a, TTL: 1 }], [['a', 'changed']]],
  ['what comes is not there', [creating(b)], [a], []],
  ['what comes is there by now', [creating(b)], [b], [['b', 'there by now']]],
  ['what is written anew is there as it was', [deleting(a), creating(set('a', '1'))], [a], []],
  [
    'what is written anew was changed, which is told once',
    [deleting(a), creating(set('a', '1'))],
    [{ ...a, TTL: 1 }],
    [['a', 'changed']],
  ],
])('%s', (_, changes, zone, expected) => {
  expect(differences(changes, zone)).toEqual(expected);
});

test('what is to stay has to be there, too', () => {
  expect(differences([deleting(a)], [a, b], [b])).toEqual([]);
  expect(differences([deleting(a)], [a], [b])).toEqual([['b', 'gone']]);
});
