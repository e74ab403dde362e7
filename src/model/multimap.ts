/** The values of a key that has more than one. */
class Several<V> {
  readonly values: V[];

  constructor(values: V[]) {
    this.values = values;
  }
}

/**
 * A map from one key to several values, in the order in which they were added. Most keys of a large
 * fleet have one value, and no array of their own is kept for it.
 */
export class Multimap<K, V> {
  readonly #values = new Map<K, V | Several<V>>();

  add(key: K, value: V): void {
    const there = this.#values.get(key);
    if (there instanceof Several) there.values.push(value);
    else if (there === undefined && !this.#values.has(key)) this.#values.set(key, value);
    else this.#values.set(key, new Several([there as V, value]));
  }

  /** The values of a key; none for a key that was never added. */
  get(key: K): readonly V[] {
    const there = this.#values.get(key);
    if (there === undefined && !this.#values.has(key)) return [];
    return listOf(there as V | Several<V>);
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  *[Symbol.iterator](): IterableIterator<[K, readonly V[]]> {
    for (const [key, there] of this.#values) yield [key, listOf(there)];
  }
}

function listOf<V>(there: V | Several<V>): readonly V[] {
  return there instanceof Several ? there.values : [there];
}

/** Groups values by key; keys in the order of their first value. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Multimap<K, V> {
  const groups = new Multimap<K, V>();
  for (const value of values) groups.add(keyOf(value), value);
  return groups;
}
