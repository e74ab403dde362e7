import type { Invariant } from '../checks/violation.ts';
import { generate } from '../generate.ts';
import { play } from '../play.ts';
import type { Choice } from '../shapes.ts';
import { MUTANTS } from './catalogue.ts';
import type { Mutant } from './mutant.ts';

/** How soon a broken worker was found out, over several rows of histories. */
export interface Catch {
  readonly mutant: string;
  readonly rows: number;
  readonly caught: number;
  /** How many histories it took on average, in the rows in which it was caught. */
  readonly meanHistories: number;
  readonly invariants: ReadonlyMap<Invariant, number>;
}

const ROWS = 5;

/** Plays every mutant (or the one of that name) in rows of at most `limit` histories each. */
export async function catchMutants(
  seed: number,
  limit: number,
  { only, choice = {} }: { readonly only?: string | undefined; readonly choice?: Choice } = {},
): Promise<readonly Catch[]> {
  const catches: Catch[] = [];
  for (const mutant of MUTANTS) {
    if (only !== undefined && mutant.name !== only) continue;
    catches.push(await catchMutant(mutant, seed, limit, choice));
  }
  return catches;
}

async function catchMutant(mutant: Mutant, seed: number, limit: number, choice: Choice): Promise<Catch> {
  const invariants = new Map<Invariant, number>();
  const needed: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    const found = await firstCatch(mutant, seed + row * 100_000, limit, choice);
    if (found === undefined) continue;
    needed.push(found.histories);
    invariants.set(found.invariant, (invariants.get(found.invariant) ?? 0) + 1);
  }
  const sum = needed.reduce((total, histories) => total + histories, 0);
  return {
    mutant: mutant.name,
    rows: ROWS,
    caught: needed.length,
    meanHistories: sum / needed.length,
    invariants,
  };
}

/**
 * How many histories it takes from a seed on until the mutant breaks what the worker as it is does not
 * break in the same history.
 */
export async function firstCatch(
  mutant: Mutant,
  seed: number,
  limit: number,
  choice: Choice = {},
): Promise<{ readonly histories: number; readonly invariant: Invariant } | undefined> {
  for (let index = 0; index < limit; index++) {
    const history = generate(seed + index, choice);
    const [violation] = (await play(history, mutant)).violations;
    if (violation === undefined || (await play(history, mutant.besides)).violations.length > 0) continue;
    return { histories: index + 1, invariant: violation.invariant };
  }
  return undefined;
}

/** The catches as a table in Markdown. */
export function renderCatches(catches: readonly Catch[]): string {
  const rows = catches.map(({ mutant, rows: all, caught, meanHistories, invariants }) => {
    const mean = caught === 0 ? '–' : meanHistories.toFixed(1);
    const by = [...invariants].map(([invariant, count]) => `${invariant} ${count}`).join(', ');
    return `| ${mutant} | ${caught} of ${all} | ${mean} | ${by} |`;
  });
  return [
    '| mutant | rows in which it was caught | histories to the first catch, mean | by |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
