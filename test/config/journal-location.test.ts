import { describe, expect, it } from 'vitest';
import { journalLocation } from '../../src/config/value-types.ts';

describe('journalLocation', () => {
  it.each([
    ['none', { kind: 'none' }],
    ['stderr', { kind: 'stderr' }],
    ['./none', { kind: 'directory', path: './none' }],
    ['/var/lib/ecs dns/ü', { kind: 'directory', path: '/var/lib/ecs dns/ü' }],
    ['journal/', { kind: 'directory', path: 'journal/' }],
    ['C:\\journal', { kind: 'directory', path: 'C:\\journal' }],
  ])('reads %s', (text, location) => {
    expect(journalLocation.safeParse(text).data).toEqual(location);
  });

  it.each(['', 'off', 'stdout', 'None', 'journal', 'a/\0', '/a\nb'])('rejects %j', (text) => {
    expect(journalLocation.safeParse(text).data).toBeUndefined();
  });
});
