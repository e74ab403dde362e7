import { describe, expect, it } from 'vitest';
import {
  firstLabel,
  isAddress,
  isBelow,
  normalizeName,
  parentDomain,
  relativeName,
  writtenName,
} from '../../src/model/dns-name.ts';

describe('normalizeName', () => {
  it.each([
    ['a trailing dot', 'calc.example.', 'calc.example'],
    ['no trailing dot', 'calc.example', 'calc.example'],
    ['upper case', 'Calc.EXAMPLE.', 'calc.example'],
    ['an octal escape', '\\052.example.', '*.example'],
    ['several octal escapes', 'a\\040b\\100c.example', 'a b@c.example'],
    ['an escaped upper-case letter', '\\101.example', 'a.example'],
    ['an escape that is no octal number', '\\089.example', '\\089.example'],
    ['an escape beyond one byte', '\\400.example', '\\400.example'],
    ['a lone backslash', 'a\\b.example', 'a\\b.example'],
    ['the root', '.', ''],
    ['nothing', '', ''],
  ])('%s', (_, name, expected) => {
    expect(normalizeName(name)).toBe(expected);
  });
});

describe('writtenName', () => {
  it.each([
    ['a plain name', '_calc._tcp.example', '_calc._tcp.example'],
    ['a wildcard', '*.example', '\\052.example'],
    ['blanks, signs and bytes', 'a b@\u00e9.example', 'a\\040b\\100\\351.example'],
    ['a backslash', 'a\\b.example', 'a\\134b.example'],
    ['what is no byte', '\u4e2d.example', '\u4e2d.example'],
  ])('%s', (_, name, expected) => {
    expect(writtenName(name)).toBe(expected);
  });

  it('is what Route 53 has, whatever character stands in a label', () => {
    for (let code = 0; code < 0x100; code++) {
      const kept = `a\\${code.toString(8).padStart(3, '0')}b.example`;
      const name = normalizeName(kept);
      expect(normalizeName(writtenName(name)), kept).toBe(name);
      const character = String.fromCharCode(code);
      const isEscaped = !/[a-z0-9_.-]/i.test(character) && character === character.toLowerCase();
      if (isEscaped) expect(writtenName(name)).toBe(kept);
    }
  });
});

describe('labels', () => {
  it.each([
    ['three labels', 'a.b.c', 'a', 'b.c'],
    ['one label', 'a', 'a', ''],
  ])('%s', (_, name, first, parent) => {
    expect([firstLabel(name), parentDomain(name)]).toEqual([first, parent]);
  });
});

describe('isBelow and relativeName', () => {
  it.each([
    ['a child', 'a.zone.test', true, 'a'],
    ['a grandchild', '_a._tcp.zone.test', true, '_a._tcp'],
    ['the apex', 'zone.test', false, 'zone.test'],
    ['a name that merely ends alike', 'myzone.test', false, 'myzone.test'],
    ['a name elsewhere', 'a.zone.example', false, 'a.zone.example'],
    ['an empty label below', '.zone.test', false, '.zone.test'],
  ])('%s', (_, name, below, relative) => {
    expect([isBelow(name, 'zone.test'), relativeName(name, 'zone.test')]).toEqual([below, relative]);
  });
});

describe('isAddress', () => {
  it.each([
    ['an IPv4 address', '10.0.0.1', true],
    ['an IPv6 address', 'fd00::1', true],
    ['the unspecified IPv6 address', '::', true],
    ['an IPv4 address within IPv6', '::ffff:10.0.0.1', true],
    ['a host name that ends with an address', 'ip-10-0-0-1', false],
    ['a name with digits for labels', '10.0.0.1.example', false],
    ['three numbers', '10.0.0', false],
    ['a name of hexadecimal digits', 'cafe', false],
    ['nothing', '', false],
  ])('%s', (_, name, expected) => {
    expect(isAddress(name)).toBe(expected);
  });
});
