/** Chance that belongs to a seed: the same seed gives the same draws. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  /** A whole number in [from, to], both included. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** One of the items; throws a `RangeError` when there are none. */
  pick<T>(items: readonly T[]): T;
}

const TWO_32 = 4_294_967_296;

/** Spreads numbers over 32 bits, so that neighbouring ones give unrelated results. */
export function mix(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ (part | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    hash = (hash ^ (hash >>> 13)) + 0x6d2b79f5;
  }
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A number in [0, 1) out of whole numbers, without any state. */
export function unit(...parts: readonly number[]): number {
  return mix(...parts) / TWO_32;
}

/** A counter that is mixed at every draw. */
export function createRandom(...seed: readonly number[]): Random {
  const start = mix(...seed);
  let draws = 0;
  const next = () => unit(start, ++draws);
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    between: (from, to) => from + int(to - from + 1),
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}
