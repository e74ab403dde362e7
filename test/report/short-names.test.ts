import { describe, expect, it } from 'vitest';
import { normalizeName } from '../../src/model/dns-name.ts';
import { selectionOf } from '../../src/plan/explain.ts';
import { shortNames } from '../../src/report/short-names.ts';

const ZONE = 'discovery.internal.';
const HOSTS = ['1 1 80 ip-10-0-0-1.ec2.internal', 'host ip-10-0-0-2.ec2.internal, attempts 3'];

describe('a name', () => {
  const NAMES = [
    '_orders._tcp.discovery.internal.',
    '\\052.api.discovery.internal.',
    'discovery.internal.',
    'discovery.internal.discovery.internal.',
    'a.discovery.internal.discovery.internal.',
    '_a._tcp.other.example.',
  ];

  it.each([
    ['_orders._tcp', NAMES[0]],
    ['\\052.api', NAMES[1]],
    [NAMES[2], NAMES[2]],
    [NAMES[3], NAMES[3]],
    [NAMES[4], NAMES[4]],
    [NAMES[5], NAMES[5]],
  ])('is written as %s', (short, name = '') => {
    expect(shortNames(ZONE, []).name(name)).toBe(short);
  });

  it('is found by what is written of it, and nothing else is', () => {
    const own = NAMES.filter((name) => name.endsWith(ZONE)).map(normalizeName);
    for (const name of NAMES.slice(0, 5)) {
      const isMeant = selectionOf(shortNames(ZONE, []).name(name), normalizeName(ZONE));
      const found = own.filter((one) => isMeant({ name: one, setIdentifier: undefined }));
      expect(found).toEqual([normalizeName(name)]);
    }
  });
});

describe('a text', () => {
  it.each([
    ['1 1 80 ip-10-0-0-1', '1 1 80 ip-10-0-0-1.ec2.internal.'],
    ['EC2 has ip-10-0-0-1, but', 'EC2 has ip-10-0-0-1.ec2.internal, but'],
    ['ip-10-0-0-1.ec2.internal:0123456789ab', 'ip-10-0-0-1.ec2.internal:0123456789ab'],
    ['ip-10-0-0-1.ec2.internal.example.com', 'ip-10-0-0-1.ec2.internal.example.com'],
    ['ip-10-0-0-1.eu-west-1.compute.internal', 'ip-10-0-0-1.eu-west-1.compute.internal'],
    ['2 of 2 entries of _a._tcp fail', '2 of 2 entries of _a._tcp.discovery.internal fail'],
    ['ip-10-0-0-1.discovery.internal', 'ip-10-0-0-1.discovery.internal'],
    ['web.ec2.internal', 'web.ec2.internal'],
  ])('is written as %s', (short, text) => {
    const names = shortNames(ZONE, [...HOSTS, text]);
    expect(names.domain).toBe('ec2.internal');
    expect(names.text(text)).toBe(short);
  });

  it('keeps all domains where a host stands without one', () => {
    const texts = [...HOSTS, '1 1 80 ip-10-0-0-3'];
    const { domain, text } = shortNames(ZONE, texts);
    expect(domain).toBeUndefined();
    expect(texts.map(text)).toEqual(texts);
  });

  it('has the domain of most hosts left off, and no instance taken for a host', () => {
    const texts = [...HOSTS, 'ip-10-0-0-9.eu-west-1.compute.internal', 'instance i-0123456789abcdef0'];
    expect(shortNames(ZONE, texts).domain).toBe('ec2.internal');
  });
});
