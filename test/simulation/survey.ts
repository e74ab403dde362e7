import type { Invariant, Violation } from './checks/violation.ts';
import { generate } from './generate.ts';
import type { FaultKind, History } from './history.ts';
import { HONEST, type Mutant } from './mutants/mutant.ts';
import { play } from './play.ts';
import type { Choice, ShapeKind } from './shapes.ts';
import { shrink, sizeOf } from './shrink.ts';

/** What came of many histories. */
export interface Survey {
  readonly histories: number;
  readonly runs: number;
  readonly steps: number;
  readonly changes: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  /** How many histories had each shape. */
  readonly shapes: ReadonlyMap<ShapeKind, number>;
  readonly broken: readonly { readonly seed: number; readonly violation: Violation }[];
}

/** Plays the histories of `count` seeds, one after the other from `seed` on. */
export async function survey(
  seed: number,
  count: number,
  choice: Choice = {},
  mutant: Mutant = HONEST,
): Promise<Survey> {
  const faults = new Map<FaultKind, number>();
  const shapes = new Map<ShapeKind, number>();
  const broken: { seed: number; violation: Violation }[] = [];
  let [runs, steps, changes] = [0, 0, 0];
  for (let index = 0; index < count; index++) {
    const history = generate(seed + index, choice);
    const played = await play(history, mutant);
    for (const kind of history.setup.shapes) shapes.set(kind, (shapes.get(kind) ?? 0) + 1);
    runs += played.runs;
    steps += played.steps;
    changes += played.changes;
    for (const [kind, number] of played.faults) faults.set(kind, (faults.get(kind) ?? 0) + number);
    const [violation] = played.violations;
    if (violation !== undefined) broken.push({ seed: seed + index, violation });
  }
  return { histories: count, runs, steps, changes, faults, shapes, broken };
}

/** The counts of a survey in words. */
export function renderSurvey({ histories, runs, steps, changes, faults, shapes, broken }: Survey): string {
  const counts = (kinds: ReadonlyMap<string, number>) =>
    [...kinds].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([kind, number]) => `${kind} ${number}`);
  const invariants = new Map<Invariant, number>();
  for (const { violation } of broken) {
    invariants.set(violation.invariant, (invariants.get(violation.invariant) ?? 0) + 1);
  }
  const found = [...invariants].map(([invariant, number]) => `${invariant} in ${number} histories`);
  return [
    `${histories} histories, ${runs} runs, ${steps} steps, ${changes} record sets changed`,
    `shapes: ${counts(shapes).join(', ')}`,
    `faults met: ${counts(faults).join(', ')}`,
    `violations: ${found.length === 0 ? 'none' : found.join(', ')}`,
  ].join('\n');
}

/** Makes the smallest history that still breaks what the given one breaks first. */
export async function shrinkBroken(history: History, mutant: Mutant = HONEST): Promise<History> {
  const invariant = (await play(history, mutant)).violations[0]?.invariant;
  const fails = async (one: History) =>
    (await play(one, mutant)).violations.some((violation) => violation.invariant === invariant);
  return invariant === undefined ? history : shrink(history, fails);
}

/** The seed, the step, and the smallest history that breaks the same, told step by step up to the breach. */
export async function renderViolation(history: History, mutant: Mutant = HONEST): Promise<string> {
  const [full] = (await play(history, mutant)).violations;
  if (full === undefined) return `seed ${history.seed}: no violation`;
  const small = await shrinkBroken(history, mutant);
  const played = await play(small, mutant, true);
  const breach = played.log.findIndex((line) => line.includes(`VIOLATION ${full.invariant}`));
  const { setup, runs, faults, events } = small;
  const line = (item: object) => `  ${JSON.stringify(item)}`;
  return [
    `seed ${history.seed}, step ${full.step}: ${full.invariant}: ${full.detail}`,
    `shrunk from ${sizeOf(history)} to ${sizeOf(small)} runs, faults and events:`,
    ...[setup.settings, { ...setup, settings: undefined }, ...runs, ...faults, ...events].map(line),
    ...played.log.slice(0, breach + 1),
    '',
  ].join('\n');
}
