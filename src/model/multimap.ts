/** A map from one key to several values, in the order in which they were added. */
export class Multimap<K, V> {
  readonly #values = new Map<K, V[]>();

  add(key: K, value: V): void {
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [value]);
    else values.push(value);
  }

  /** The values of a key; none for a key that was never added. */
  get(key: K): readonly V[] {
    return this.#values.get(key) ?? [];
  }

  has(key: K): boolean {
    return this.#values.has(key);
  }

  [Symbol.iterator](): IterableIterator<[K, readonly V[]]> {
    return this.#values.entries();
  }
}

/** Groups values by key; keys in the order of their first value. */
export function groupBy<K, V>(values: Iterable<V>, keyOf: (value: V) => K): Multimap<K, V> {
  const groups = new Multimap<K, V>();
  for (const value of values) groups.add(keyOf(value), value);
  return groups;
}
