interface Slot<T> {
  readonly position: number;
  readonly key: string;
  readonly value: T;
  removed: boolean;
}

/** A stretch of a sequence; `next` is the position to go on from, absent at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: number | undefined;
}

/**
 * Values by key in the order they were added. A position, once given, stands for the same value for
 * ever, so that a listing in pages skips and repeats nothing while things come and go.
 */
export class Sequence<T> {
  #slots: Slot<T>[] = [];
  readonly #byKey = new Map<string, Slot<T>>();
  #nextPosition = 0;

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): T | undefined {
    return this.#byKey.get(key)?.value;
  }

  add(key: string, value: T): void {
    this.delete(key);
    const slot = { position: this.#nextPosition++, key, value, removed: false };
    this.#slots.push(slot);
    this.#byKey.set(key, slot);
  }

  delete(key: string): boolean {
    const slot = this.#byKey.get(key);
    if (slot === undefined) return false;
    slot.removed = true;
    this.#byKey.delete(key);
    if (this.#slots.length > 2 * this.#byKey.size + 16) this.#slots = this.#slots.filter((s) => !s.removed);
    return true;
  }

  *values(): Generator<T> {
    for (const slot of this.#slots) if (!slot.removed) yield slot.value;
  }

  /** Up to `size` matching values from `position` on. */
  page(position: number, size: number, matches: (value: T) => boolean = () => true): Page<T> {
    const items: T[] = [];
    for (let i = this.#indexOf(position); i < this.#slots.length; i++) {
      const slot = this.#slots[i];
      if (slot === undefined || slot.removed || !matches(slot.value)) continue;
      if (items.length === size) return { items, next: slot.position };
      items.push(slot.value);
    }
    return { items, next: undefined };
  }

  #indexOf(position: number): number {
    let [low, high] = [0, this.#slots.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#slots[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
