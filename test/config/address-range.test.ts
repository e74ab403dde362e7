import { describe, expect, it } from 'vitest';
import { addressRanges } from '../../src/config/value-types.ts';

describe('addressRanges', () => {
  it.each([
    ['10.0.0.0/8', { family: 'ipv4', address: '10.0.0.0', prefixLength: 8 }],
    ['0.0.0.0/0', { family: 'ipv4', address: '0.0.0.0', prefixLength: 0 }],
    ['10.1.2.3', { family: 'ipv4', address: '10.1.2.3', prefixLength: 32 }],
    ['fc00::/7', { family: 'ipv6', address: 'fc00::', prefixLength: 7 }],
    ['FD00::1', { family: 'ipv6', address: 'FD00::1', prefixLength: 128 }],
    ['::ffff:10.0.0.1/128', { family: 'ipv6', address: '::ffff:10.0.0.1', prefixLength: 128 }],
  ])('reads %s', (text, range) => {
    expect(addressRanges.parse([text])).toEqual([range]);
  });

  it.each([
    '',
    '10.0.0.0/33',
    'fc00::/129',
    '10.0.0/8',
    '10.0.0.256',
    '10.0.0.0/',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    'fe80::1%eth0',
    'localhost',
    '10.0.0.0/8 ',
    '010.0.0.0/8',
  ])('rejects %j', (text) => {
    expect(addressRanges.safeParse([text]).success).toBe(false);
  });
});
