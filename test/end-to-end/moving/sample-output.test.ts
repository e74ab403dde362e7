import { expect, test } from 'vitest';
import { missingLine } from './sample-output.ts';

const OUTPUT = `one: 2 entries, 17 AWS calls in 736ms.

To remove: 1 entry.
    STATUS  NAME     VALUE
  - stale   _orders  1 1 20002
  - stale   _users   1 1 20003
2026-11-30T11:56:04Z INFO  bf26de50 removed _users._tcp: task-stopping
`;

test.each<[string, readonly string[]]>([
  ['all of it', OUTPUT.split('\n')],
  ['a part', ['To remove: 1 entry.', ' STATUS NAME VALUE']],
  [
    'parts, with what is between them left out',
    ['one: 2 entries, 9 AWS calls in 1.2s.', '…', '- stale _users 1 1 20003'],
  ],
  ['the beginning of a line', ['- stale _us…']],
  ['another run', ['2031-01-01T00:00:00Z INFO  00000000 removed _users._tcp: task-stopping']],
])('an output has a sample that is %s', (_, sample) => {
  expect(missingLine(sample, OUTPUT)).toBeUndefined();
});

test.each<[string, readonly string[], string]>([
  ['has another value', ['To remove: 2 entries.'], 'To remove: 2 entries.'],
  [
    'leaves a line out and does not say so',
    ['STATUS NAME VALUE', '- stale _users 1 1 20003'],
    '- stale _users 1 1 20003',
  ],
  [
    'has lines in another order',
    ['- stale _users 1 1 20003', '…', '- stale _orders 1 1 20002'],
    '- stale _orders 1 1 20002',
  ],
  ['begins a line otherwise', ['- live _us…'], '- live _us…'],
  ['has a line more', ['To remove: 1 entry.', 'To add: none.'], 'To add: none.'],
])('an output has no sample that %s', (_, sample, missing) => {
  expect(missingLine(sample, OUTPUT)).toBe(missing);
});
