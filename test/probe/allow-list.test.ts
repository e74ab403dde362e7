import { describe, expect, it } from 'vitest';
import { allowList } from '../../src/probe/allow-list.ts';
import { ranges } from './support.ts';

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', 'fc00::/7'];

describe('allowList', () => {
  it.each<[string, readonly string[], string, boolean]>([
    ['inside a range', PRIVATE, '10.255.255.255', true],
    ['inside another range', PRIVATE, '100.64.0.1', true],
    ['just outside of a range', PRIVATE, '11.0.0.0', false],
    ['loopback, which is not listed', PRIVATE, '127.0.0.1', false],
    ['link-local, which is not listed', PRIVATE, '169.254.169.254', false],
    ['IPv6 inside a range', PRIVATE, 'fd12:3456::1', true],
    ['IPv6 outside of the ranges', PRIVATE, '2001:db8::1', false],
    ['IPv6 loopback', PRIVATE, '::1', false],
    ['IPv6 in capitals', PRIVATE, 'FD12:3456::1', true],
    ['mapped IPv4 inside a range', PRIVATE, '::ffff:10.0.0.1', true],
    ['mapped IPv4 in capitals', PRIVATE, '::FFFF:10.0.0.1', true],
    ['mapped IPv4 outside of the ranges', PRIVATE, '::ffff:127.0.0.1', false],
    ['mapped IPv4 in hexadecimal, outside of the ranges', PRIVATE, '::ffff:7f00:1', false],
    ['a single address', ['127.0.0.1/32'], '127.0.0.1', true],
    ['the neighbour of a single address', ['127.0.0.1/32'], '127.0.0.2', false],
    ['all of IPv4', ['0.0.0.0/0'], '192.0.2.1', true],
    ['IPv6 where all of IPv4 is listed', ['0.0.0.0/0'], '2001:db8::1', false],
    ['a name', PRIVATE, 'localhost', false],
    ['a name that looks like an address', PRIVATE, '10.0.0.1.example.com', false],
    ['an address with a port', PRIVATE, '10.0.0.1:80', false],
    ['a number that some resolvers read as an address', PRIVATE, '0x0a000001', false],
    ['an octal address', PRIVATE, '012.0.0.1', false],
    ['a broken mapped address', PRIVATE, '::ffff:10.0.0.999', false],
    ['nothing', PRIVATE, '', false],
    ['anything where nothing is listed', [], '10.0.0.1', false],
  ])('%s', (_, listed, address, allowed) => {
    expect(allowList(ranges(...listed))(address)).toBe(allowed);
  });
});
