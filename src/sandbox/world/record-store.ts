import type { RecordSet } from '../../model/record-set.ts';
import { nameSortKey, storedName } from './record-name.ts';

type Key = Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'>;

const END = '\u0000';
const AFTER_ALL = '\uffff';

/** Name, then type, then set identifier, in Route 53's order; also what identifies a set. */
export function recordSortKey(set: Key): string {
  return nameSortKey(storedName(set.Name)) + END + set.Type + END + (set.SetIdentifier ?? '');
}

/** The record sets of one zone: found by key, kept in Route 53's order, sorted only after a change. */
export class RecordStore {
  readonly #sets = new Map<string, RecordSet>();
  #keys: string[] = [];
  #isSorted = true;

  get size(): number {
    return this.#sets.size;
  }

  hasKey(sortKey: string): boolean {
    return this.#sets.has(sortKey);
  }

  get(set: Key): RecordSet | undefined {
    return this.#sets.get(recordSortKey(set));
  }

  /** Puts a set in place of the one with its key; the name is kept in its stored form. */
  put(set: RecordSet): void {
    const key = recordSortKey(set);
    if (!this.#sets.has(key)) {
      this.#keys.push(key);
      this.#isSorted = false;
    }
    this.#sets.set(key, { ...set, Name: storedName(set.Name) });
  }

  delete(set: Key): boolean {
    const deleted = this.#sets.delete(recordSortKey(set));
    if (deleted) this.#isSorted = false;
    return deleted;
  }

  list(): readonly RecordSet[] {
    return this.#slice(0, Number.POSITIVE_INFINITY);
  }

  /** Up to `size` sets from the first that does not sort before `start`. */
  from(start: string, size: number): readonly RecordSet[] {
    return this.#slice(this.#indexOf(start), size);
  }

  /** All sets of a name, or of a name and type. */
  group(name: string, type?: string): readonly RecordSet[] {
    const start = nameSortKey(storedName(name)) + END + (type === undefined ? '' : type + END);
    const first = this.#indexOf(start);
    return this.#slice(first, this.#indexOf(start + AFTER_ALL) - first);
  }

  #slice(first: number, size: number): readonly RecordSet[] {
    const keys = this.#sorted().slice(first, first + size);
    return keys.map((key) => this.#sets.get(key)).filter((set) => set !== undefined);
  }

  #indexOf(start: string): number {
    const keys = this.#sorted();
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] ?? '') < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Keys that were deleted and put back are in the list twice until it is sorted again.
  #sorted(): readonly string[] {
    if (this.#isSorted) return this.#keys;
    const sorted = this.#keys.filter((key) => this.#sets.has(key)).toSorted();
    this.#keys = sorted.filter((key, i) => key !== sorted[i - 1]);
    this.#isSorted = true;
    return this.#keys;
  }
}
