import { isIPv6 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalAddress,
  carriedIpv4,
  isIpv6,
  isPublicIpv4,
  mappedIpv4,
  networkOf,
} from '../../src/model/ip-address.ts';

describe('one spelling per address', () => {
  it.each<[string, string | undefined]>([
    ['10.0.0.1', '10.0.0.1'],
    ['010.000.0.001', '10.0.0.1'],
    ['256.0.0.1', undefined],
    ['10.0.0', undefined],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['fd00::', 'fd00::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:0:2:3:0:0:4', '1::2:3:0:0:4'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['10:0:0:20:30:40:50:60', '10::20:30:40:50:60'],
    ['::ffff:10.0.0.1', '::ffff:a00:1'],
    ['::ffff:10.0.0.256', undefined],
    ['10.0.0.1::', undefined],
    ['1:2:3:4:5:6:7', undefined],
    ['1:2:3:4:5:6:7:8:9', undefined],
    ['1:2:3:4::5:6:7:8', undefined],
    ['1::2::3', undefined],
    ['12345::', undefined],
    ['::g', undefined],
    ['db.example.com', undefined],
    ['', undefined],
  ])('%s', (text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });

  it('is the same for every spelling of IPv6, and is IPv6', () => {
    const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (all) => {
        const long = all.map((group) => group.toString(16).padStart(4, '0')).join(':');
        const canonical = canonicalAddress(long) ?? '';
        expect(isIPv6(canonical)).toBe(true);
        expect(new URL(`http://[${long}]/`).hostname).toBe(`[${canonical}]`);
        expect(canonicalAddress(canonical.toUpperCase())).toBe(canonical);
      }),
    );
  });
});

it.each<[string, boolean]>([
  ['10.1.2.3', false],
  ['172.15.0.1', true],
  ['172.16.0.1', false],
  ['172.31.0.1', false],
  ['172.32.0.1', true],
  ['192.168.0.1', false],
  ['192.169.0.1', true],
  ['100.63.0.1', true],
  ['100.64.0.1', false],
  ['100.127.0.1', false],
  ['100.128.0.1', true],
  ['127.0.0.1', false],
  ['169.254.1.1', false],
  ['3.4.5.6', true],
  ['101.0.0.1', true],
  ['2001:db8::1', false],
])('%s may be an IPv4 address of the internet: %s', (address, expected) => {
  expect(isPublicIpv4(address)).toBe(expected);
});

it.each<[string, string, boolean]>([
  ['10.0.0.1', '10.0.0.254', true],
  ['10.0.0.1', '10.0.1.1', false],
  ['fd00::1', 'fd00::ffff:1', true],
  ['fd00::1', 'fd00:0:0:1::1', false],
  ['::g', '::g', true],
  ['::g', '::h', false],
])('%s and %s are neighbours: %s', (left, right, expected) => {
  expect(networkOf(left) === networkOf(right)).toBe(expected);
});

it('tells the families apart', () => {
  expect([isIpv6('fd00::1'), isIpv6('10.0.0.1')]).toEqual([true, false]);
});

describe('IPv4 addresses inside IPv6 ones', () => {
  it.each<[string, readonly string[]]>([
    ['10.0.0.1', []],
    ['fd00::1', []],
    ['2001:db8::a9fe:a9fe', []],
    ['fd00:ec2::254', []],
    ['::ffff:a9fe:a9fe', ['169.254.169.254']],
    ['::a9fe:a9fe', ['169.254.169.254']],
    ['::1', []],
    ['::ffff:0:a9fe:a9fe', ['169.254.169.254']],
    ['64:ff9b::a9fe:a9fe', ['169.254.169.254']],
    ['2002:a9fe:a9fe::1', ['169.254.169.254']],
    ['2001:0:a9fe:a9fe::', ['169.254.169.254']],
    ['fd00::200:5efe:a9fe:a9fe', ['169.254.169.254']],
    ['fd00::5efe:a9fe:a9fe', ['169.254.169.254']],
    ['64:ff9b:1::a9fe:a9fe', ['0.0.0.0', '0.0.0.0', '0.0.169.254', '169.254.169.254']],
    ['64:ff9b:1:a9fe:a9fe::', ['169.254.169.254', '169.254.0.0', '0.0.0.0', '0.0.0.0']],
  ])('%s carries %j', (address, carried) => {
    expect(carriedIpv4(address)).toEqual(carried);
  });

  it.each<[string, string | undefined]>([
    ['::ffff:a00:1', '10.0.0.1'],
    ['::ffff:0:1', '0.0.0.1'],
    ['::a00:1', undefined],
    ['::ffff:0:a00:1', undefined],
    ['64:ff9b::a00:1', undefined],
    ['10.0.0.1', undefined],
  ])('%s stands for %s', (address, expected) => {
    expect(mappedIpv4(address)).toBe(expected);
  });
});
