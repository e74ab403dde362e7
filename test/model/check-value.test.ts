import { describe, expect, it } from 'vitest';
import { type CheckValueName, checkValueOf } from '../../src/model/check-value.ts';
import type { CheckOverrides } from '../../src/model/health-check.ts';
import { linesOf, load } from '../config/support.ts';

const CASES: readonly (readonly [CheckValueName, string, CheckOverrides | undefined])[] = [
  ['method', 'GET', { method: 'GET' }],
  ['method', 'OPTIONS', { method: 'OPTIONS' }],
  ['method', 'head', undefined],
  ['method', 'POST', undefined],
  ['method', '', undefined],
  ['path', '/', { path: '/' }],
  ['path', '/ready?deep=1', { path: '/ready?deep=1' }],
  ['path', 'ready', undefined],
  ['path', '//host/ready', undefined],
  ['matcher', '204', { matcher: [{ from: 204, to: 204 }] }],
  [
    'matcher',
    '200-299, 301',
    {
      matcher: [
        { from: 200, to: 299 },
        { from: 301, to: 301 },
      ],
    },
  ],
  ['matcher', '2xx', undefined],
  ['matcher', '600', undefined],
  ['timeout', '1ms', { timeoutMs: 1 }],
  ['timeout', '24h', { timeoutMs: 86_400_000 }],
  ['timeout', '0s', undefined],
  ['timeout', '25h', undefined],
  ['timeout', '2', undefined],
  ['interval', '0s', { intervalMs: 0 }],
  ['interval', '10s', { intervalMs: 10_000 }],
  ['interval', '1441m', undefined],
  ['interval', '-1s', undefined],
];

describe.each(CASES)('%s: %j', (name, text, overrides) => {
  it('is read, or is not', () => {
    expect(checkValueOf(name, text)).toStrictEqual(overrides);
  });

  it('is taken by the setting of that name, or is not', () => {
    const env = { ECS_DNS_ZONE: 'example.com', [`ECS_DNS_HEALTH_${name.toUpperCase()}`]: text };
    expect(linesOf({ env })).toHaveLength(overrides === undefined ? 1 : 0);
    if (overrides !== undefined) expect(load({ env }).health).toMatchObject(overrides);
  });
});
