import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { indexZone } from '../../../src/plan/desired/zone-index.ts';

const PLAIN: RecordSet = {
  Name: 'shop.a.internal.',
  Type: 'A',
  TTL: 300,
  ResourceRecords: [{ Value: '10.0.0.7' }],
};
const IN_THE_WAY = 'shop.a.internal has a record of type A that is not weighted';

test.each<[string, readonly RecordSet[], string | undefined]>([
  ['nothing', [], undefined],
  ['a weighted set', [{ ...PLAIN, SetIdentifier: 'one', Weight: 0 }], undefined],
  ['a plain set', [PLAIN], IN_THE_WAY],
  [
    'a placeholder of a virtual service',
    [{ ...PLAIN, ResourceRecords: [{ Value: '10.10.10.10' }] }],
    `${IN_THE_WAY}: 10.10.10.10, as App Mesh has it`,
  ],
])('what keeps weighted sets from a name that has %s', (_, sets, obstacle) => {
  expect(indexZone(sets).obstacle('shop.a.internal', 'A', 'weighted')).toBe(obstacle);
});
