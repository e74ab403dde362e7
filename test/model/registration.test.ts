import { expect, it } from 'vitest';
import { WITHHELD_REASONS, withheldWords } from '../../src/model/registration.ts';
import { REASON_WORDS } from '../../src/model/verdict.ts';

it('what is withheld has words of its own, or those of the verdict that it would get', () => {
  expect(withheldWords('name-taken')).toBe(WITHHELD_REASONS['name-taken']);
  expect(withheldWords('http-status')).toBe(REASON_WORDS['http-status']);
});
