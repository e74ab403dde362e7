import type { Invariant } from '../checks/violation.ts';
import { generate } from '../generate.ts';
import { play } from '../play.ts';
import type { Choice, ShapeKind } from '../shapes.ts';
import { MUTANTS } from './catalogue.ts';
import type { Mutant } from './mutant.ts';

/** How soon a broken worker was found out, over several rows of histories. */
export interface Catch {
  readonly mutant: string;
  /** Shapes that all of these histories have. */
  readonly worlds: readonly ShapeKind[];
  readonly rows: number;
  readonly caught: number;
  /** How many histories it took on average, in the rows in which it was caught. */
  readonly meanHistories: number;
  readonly invariants: ReadonlyMap<Invariant, number>;
}

const ROWS = 5;

/** Plays every mutant, or those of the given names, in rows of at most `limit` histories each. */
export async function* catchMutants(
  seed: number,
  limit: number,
  { only = [], choice = {} }: { readonly only?: readonly string[]; readonly choice?: Choice } = {},
): AsyncGenerator<Catch> {
  for (const mutant of MUTANTS)
    if (only.length === 0 || only.includes(mutant.name)) yield catchMutant(mutant, seed, limit, choice);
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
    worlds: mutant.worlds,
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
  const always = [...mutant.worlds, ...(choice.always ?? [])];
  for (let index = 0; index < limit; index++) {
    const history = generate(seed + index, { ...choice, always });
    const [violation] = (await play(history, mutant)).violations;
    if (violation === undefined || (await play(history, mutant.besides)).violations.length > 0) continue;
    return { histories: index + 1, invariant: violation.invariant };
  }
  return undefined;
}

const HEADER: readonly string[] = [
  '| mutant | in a world with | rows in which it was caught | histories to the first catch, mean | by |',
  '|---|---|---|---|---|',
];

/** A catch as a row of a table in Markdown. */
export function renderCatch({ mutant, worlds, rows, caught, meanHistories, invariants }: Catch): string {
  const mean = caught === 0 ? '–' : meanHistories.toFixed(1);
  const by = [...invariants].map(([invariant, count]) => `${invariant} ${count}`).join(', ');
  return `| ${mutant} | ${worlds.join(', ')} | ${caught} of ${rows} | ${mean} | ${by} |`;
}

/** The table with the rows of some mutants as they are now, and those of the others as they were. */
export function renderTable(before: string, rows: ReadonlyMap<string, string>): string {
  const known = new Map(before.split('\n').map((line) => [line.split(' ')[1] ?? '', line]));
  const all = MUTANTS.flatMap(({ name }) => rows.get(name) ?? known.get(name) ?? []);
  return [...HEADER, ...all].join('\n');
}
