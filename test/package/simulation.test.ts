import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { MUTANTS } from '../simulation/mutants/catalogue.ts';

const PAGE = readFileSync('docs/simulation.md', 'utf8');

/** Every mutant that the page lists, with the cells behind its name. */
function documented(): readonly (readonly string[])[] {
  const [, table = ''] = /<!-- mutants: begin -->\n([\s\S]*)<!-- mutants: end -->/.exec(PAGE) ?? [];
  const lines = table.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test('the page lists every mutant, in the order of the catalogue', () => {
  expect(documented().map(([name]) => name)).toEqual(MUTANTS.map(({ name }) => name));
});

test('every mutant that the page lists was caught', () => {
  for (const [name, , rows, mean] of documented()) {
    expect(`${name}: ${rows}`).toMatch(/: [1-9]\d* of \d+$/);
    expect(Number(mean)).toBeGreaterThan(0);
  }
});
