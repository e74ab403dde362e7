import { expect } from 'vitest';
import { type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';

/** A difference between two readings of a zone that there is to be, and why. */
export interface Permitted {
  /** Fits its line, or all of its lines. */
  readonly line: string | RegExp;
  /** How many lines it stands for; by default one. */
  readonly times?: number;
  readonly why: string;
}

/**
 * How a zone differs from what it was, a line each:
 *
 * | line                              | what                                                                       |
 * |-----------------------------------|----------------------------------------------------------------------------|
 * | `+ NAME TYPE {the other fields}`  | a set that came                                                            |
 * | `- NAME TYPE {the other fields}`  | a set that went                                                            |
 * | `~ NAME TYPE VALUES: FIELD a → b` | a set that has another field: of the same key, or else of the same values  |
 */
export function zoneDifferences(
  before: readonly RecordSet[],
  after: readonly RecordSet[],
): readonly string[] {
  const now = new Map(after.map((set) => [recordSetKey(set), set]));
  const was = new Map(before.map((set) => [recordSetKey(set), set]));
  const kept = before.flatMap((set) => {
    const same = now.get(recordSetKey(set));
    return same === undefined ? [] : fieldLines(set, same);
  });
  const come = after.filter((set) => !was.has(recordSetKey(set)));
  const [gone, moved]: [RecordSet[], string[]] = [[], []];
  for (const set of before.filter((one) => !now.has(recordSetKey(one)))) {
    const other = come.find((one) => answerOf(one) === answerOf(set));
    if (other === undefined) {
      gone.push(set);
      continue;
    }
    come.splice(come.indexOf(other), 1);
    moved.push(...fieldLines(set, other));
  }
  const whole = (sign: string) => (set: RecordSet) => `${sign} ${lineOf(set)}`;
  return [...kept, ...moved, ...gone.map(whole('-')), ...come.map(whole('+'))];
}

/** Fails where a zone differs from what it was in anything else, or in less. */
export function expectDifferences(
  before: readonly RecordSet[],
  after: readonly RecordSet[],
  permitted: readonly Permitted[],
): void {
  const lines = zoneDifferences(before, after);
  const fits = ({ line }: Permitted, text: string) =>
    typeof line === 'string' ? text.startsWith(line) : line.test(text);
  const found = permitted.map((one) => ({
    why: one.why,
    times: lines.filter((text) => fits(one, text)).length,
  }));
  const other = lines.filter((text) => !permitted.some((one) => fits(one, text)));
  expect({ found, other }).toEqual({
    found: permitted.map(({ why, times = 1 }) => ({ why, times })),
    other: [],
  });
}

/** What a client is told. */
function answerOf(set: RecordSet): string {
  return `${set.Name} ${set.Type} ${valuesOf(set).join(', ')}`;
}

function lineOf({ Name, Type, ...rest }: RecordSet): string {
  return `${Name} ${Type} ${JSON.stringify(rest)}`;
}

function fieldLines(from: RecordSet, to: RecordSet): readonly string[] {
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  return fields.flatMap((field) => {
    const [a, b] = [from, to].map((set) => JSON.stringify(Reflect.get(set, field)) ?? 'none');
    return a === b ? [] : `~ ${answerOf(from)}: ${field} ${a} → ${b}`;
  });
}
