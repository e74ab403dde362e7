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
    ['mapped IPv4 in hexadecimal, inside a range', PRIVATE, '::ffff:a00:1', true],
    ['mapped IPv4 in full', PRIVATE, '0:0:0:0:0:ffff:10.0.0.1', true],
    ['an address with leading zeros', PRIVATE, '010.0.0.1', false],
    ['an address with a zone', PRIVATE, 'fd12::1%eth0', false],
    ['IPv4 behind NAT64, where IPv6 is not listed', PRIVATE, '64:ff9b::a00:1', false],
    ['a broken mapped address', PRIVATE, '::ffff:10.0.0.999', false],
    ['nothing', PRIVATE, '', false],
    ['anything where nothing is listed', [], '10.0.0.1', false],
  ])('%s', (_, listed, address, allowed) => {
    expect(allowList(ranges(...listed))(address)).toBe(allowed);
  });
});

const ALL = ['0.0.0.0/0', '::/0', 'fc00::/7', '169.254.0.0/16', 'fd00:ec2::254/128'];

describe('what is never probed, whatever is allowed', () => {
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '169.254.169.253',
    '169.254.169.123',
    '169.254.0.1',
    'fd00:ec2::254',
    'FD00:0EC2:0:0:0:0:0:0254',
    'fd00:ec2::23',
    'fd00:ec2::253',
    'fd00:ec2::123',
    '::ffff:169.254.169.254',
    '::FFFF:a9fe:a9fe',
    '0:0:0:0:0:ffff:169.254.169.254',
    '0000:0000:0000:0000:0000:ffff:a9fe:a9fe',
    '0::ffff:a9fe:aa02',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '64:ff9b:1:a9fe:a9fe::',
    '2002:a9fe:a9fe::',
    '2001:0:a9fe:a9fe::1',
    'fd00::5efe:169.254.169.254',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254%lo',
    '::ffff:169.254.169.254%lo',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '::ffff:0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    '2852039166',
    '0xa9fea9fe',
    '0xa9.0xfe.0xa9.0xfe',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.254.169.254.',
    '169.254.169.0254',
    '[fd00:ec2::254]',
    'instance-data.ec2.internal',
  ])('%s', (address) => {
    expect(allowList(ranges(...ALL))(address)).toBe(false);
  });

  it.each([
    '10.0.0.1',
    '127.0.0.1',
    '::1',
    'fd00::1',
    'fd00:ec3::1',
    '2600:1f18::1',
    '169.253.1.1',
    '64:ff9b::a00:1',
  ])('but %s may be', (address) => {
    expect(allowList(ranges(...ALL))(address)).toBe(true);
  });
});
