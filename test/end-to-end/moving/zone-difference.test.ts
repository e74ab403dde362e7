import { expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { expectDifferences, zoneDifferences } from './zone-difference.ts';

const SET: RecordSet = {
  Name: '_orders._tcp.a.internal.',
  Type: 'SRV',
  SetIdentifier: 'one',
  Weight: 1,
  TTL: 0,
  ResourceRecords: [{ Value: '1 1 80 host' }],
};
const OTHER: RecordSet = { ...SET, SetIdentifier: 'two', ResourceRecords: [{ Value: '1 1 81 host' }] };
const NAMED = '_orders._tcp.a.internal. SRV 1 1 80 host';

test('a zone that is as it was does not differ, whatever the order', () => {
  expect(zoneDifferences([SET, OTHER], [OTHER, structuredClone(SET)])).toEqual([]);
});

test.each<[string, Partial<RecordSet>, readonly string[]]>([
  ['identifier', { SetIdentifier: 'three' }, [`~ ${NAMED}: SetIdentifier "one" → "three"`]],
  ['weight', { Weight: 2 }, [`~ ${NAMED}: Weight 1 → 2`]],
  ['TTL', { TTL: 60 }, [`~ ${NAMED}: TTL 0 → 60`]],
  [
    'value',
    { ResourceRecords: [{ Value: '1 1 82 host' }] },
    [`~ ${NAMED}: ResourceRecords [{"Value":"1 1 80 host"}] → [{"Value":"1 1 82 host"}]`],
  ],
  ['health check', { HealthCheckId: 'x' }, [`~ ${NAMED}: HealthCheckId none → "x"`]],
])('another %s is told', (_, over, lines) => {
  expect(zoneDifferences([SET, OTHER], [{ ...SET, ...over }, OTHER])).toEqual(lines);
});

test.each<[string, Partial<RecordSet>]>([
  ['name', { Name: '_users._tcp.a.internal.' }],
  ['type', { Type: 'TXT' }],
])('another %s is another set', (_, over) => {
  expect(zoneDifferences([SET], [{ ...SET, ...over }])).toEqual([
    expect.stringMatching(/^- _orders\._tcp\.a\.internal\. SRV \{"SetIdentifier":"one",/),
    expect.stringMatching(/^\+ _/),
  ]);
});

test('what may differ is listed, and all else fails, as does what is listed and does not', () => {
  const gone = { line: '- _orders._tcp', why: 'its container has ended' };
  const expecting =
    (after: readonly RecordSet[], ...permitted: Parameters<typeof expectDifferences>[2]) =>
    () =>
      expectDifferences([SET, OTHER], after, permitted);

  expect(expecting([SET], gone)).not.toThrow();
  expect(expecting([], { ...gone, times: 2 })).not.toThrow();
  expect(expecting([])).toThrow();
  expect(expecting([], gone)).toThrow();
  expect(expecting([SET, OTHER], gone)).toThrow();
  expect(expecting([{ ...SET, TTL: 60 }], gone)).toThrow();
});
