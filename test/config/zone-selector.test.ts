import { describe, expect, it } from 'vitest';
import { zoneSelector } from '../../src/config/value-types.ts';

describe('zoneSelector', () => {
  it.each([
    ['an id', 'Z0123456789ABC', { kind: 'id', id: 'Z0123456789ABC' }],
    ['an id as the API prints it', '/hostedzone/Z2ABC', { kind: 'id', id: 'Z2ABC' }],
    ["an emulator's id", 'JXY8F57I91CGZLIG7PI8CT', { kind: 'id', id: 'JXY8F57I91CGZLIG7PI8CT' }],
    ["an emulator's id with its prefix", '/hostedzone/ABC1', { kind: 'id', id: 'ABC1' }],
    ['an upper-case name that is too short for an id', 'CORP2', { kind: 'name', name: 'corp2' }],
    ['a name', 'servicediscovery.internal', { kind: 'name', name: 'servicediscovery.internal' }],
    ['a name with a final dot', 'Example.COM.', { kind: 'name', name: 'example.com' }],
    ['a name of one label', 'internal', { kind: 'name', name: 'internal' }],
    ['a lower-case z', 'z2abc', { kind: 'name', name: 'z2abc' }],
    ['a name that begins like an id', 'Z2ABC.internal', { kind: 'name', name: 'z2abc.internal' }],
  ])('reads %s', (_, text, selector) => {
    expect(zoneSelector.safeParse(text).data).toEqual(selector);
  });

  it.each([
    '',
    '.',
    'a..b',
    '.a',
    'a b',
    '*.internal',
    '/hostedzone/z2abc',
    '/hostedzone/',
    'hostedzone/Z2ABC',
    `${'a'.repeat(64)}.internal`,
    Array.from({ length: 64 }, () => 'abc').join('.'),
  ])('rejects %j', (text) => {
    expect(zoneSelector.safeParse(text).data).toBeUndefined();
  });
});
