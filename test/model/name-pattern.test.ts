import { expect, it } from 'vitest';
import { namePattern } from '../../src/model/name-pattern.ts';

it.each([
  ['_calc._tcp', '_calc._tcp', true],
  ['_CALC._tcp.', '_calc._tcp', true],
  ['_calc._tcp', '_calc_tcp', false],
  ['_calc._tcp', 'x_calc._tcp', false],
  ['_calc*', '_calc._tcp', true],
  ['*._tcp', 'a.b._tcp', true],
  ['*', '', true],
  ['a*c', 'ac', true],
  ['a*c*', 'abcd', true],
  ['a(b|c)+', 'ab', false],
  ['[a-z]', 'a', false],
  ['a?', 'a', false],
  ['', 'a', false],
])('%j on %j: %s', (pattern, name, expected) => {
  expect(namePattern(pattern)(name)).toBe(expected);
});
