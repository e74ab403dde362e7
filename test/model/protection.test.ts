import { expect, it } from 'vitest';
import { NO_PROTECTIONS, protectionOf } from '../../src/model/protection.ts';

const SET = { Name: 'A.internal.', Type: 'SRV' };

it.each([
  ['keep', 'Route 53 protects A.internal. SRV from changes: keep'],
  ['', 'Route 53 protects A.internal. SRV from changes'],
])('a protection covers all of a name and type, with its comment %o', (comment, expected) => {
  const protections = new Map([['a.internal SRV', comment]]);
  expect(protectionOf(SET, protections)).toBe(expected);
  expect(protectionOf({ ...SET, Type: 'A' }, protections)).toBeUndefined();
  expect(protectionOf(SET, NO_PROTECTIONS)).toBeUndefined();
});
