import type { Change } from '../../../src/model/change.ts';
import { normalizeName } from '../../../src/model/dns-name.ts';
import { isSameRecordSet, type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';

/** One record set before and after somebody has changed it. */
export interface Write {
  readonly time: number;
  readonly order: number;
  /** The run's number; `agent` for who keeps entries beside the worker, `other` for who writes foreign ones. */
  readonly by: number | 'agent' | 'other';
  readonly key: string;
  readonly before: RecordSet | undefined;
  readonly after: RecordSet | undefined;
}

const MAX_ELEMENTS = 1_000;
const MAX_CHARACTERS = 32_000;

/** One hosted zone by Route 53's rules, with all that was ever written to it. */
export class ZoneStore {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly writes: Write[] = [];
  /** Keys of sets that are not the worker's, whoever reads them how. */
  readonly foreignKeys = new Set<string>();
  onWrite?: (write: Write) => void;
  #sets = new Map<string, RecordSet>();
  #sorted: readonly RecordSet[] | undefined;

  constructor(id: string, name: string, isPrivate: boolean) {
    this.id = id;
    this.name = name;
    this.isPrivate = isPrivate;
  }

  get(key: string): RecordSet | undefined {
    return this.#sets.get(key);
  }

  /** In Route 53's order: name by labels from the right, type, set identifier. */
  all(): readonly RecordSet[] {
    this.#sorted ??= [...this.#sets.values()]
      .map((set) => ({ set, key: sortKey(set) }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ set }) => set);
    return this.#sorted;
  }

  put(set: RecordSet, by: Write['by'], time: number): void {
    this.#write(recordSetKey(set), set, by, time);
  }

  /** Puts what Route 53 takes beside the other sets of its name; nothing, and why, otherwise. */
  offer(set: RecordSet, by: Write['by'], time: number): string | undefined {
    const problem = misfit(set, this.#sets);
    if (problem === undefined) this.put(set, by, time);
    return problem;
  }

  remove(key: string, by: Write['by'], time: number): void {
    if (this.#sets.has(key)) this.#write(key, undefined, by, time);
  }

  /** Carries a batch out, or gives every reason for which Route 53 would not; then nothing has changed. */
  change(changes: readonly Change[], by: number, time: number): readonly string[] {
    const next = new Map(this.#sets);
    const problems = [
      ...exceeded(changes),
      ...changes.flatMap((change) => this.#problem(change, next) ?? []),
    ];
    if (problems.length > 0) return problems;
    const keys = new Set(changes.map(({ recordSet }) => recordSetKey(recordSet)));
    for (const key of keys) this.#write(key, next.get(key), by, time);
    return [];
  }

  #write(key: string, after: RecordSet | undefined, by: Write['by'], time: number): void {
    const write = { time, order: this.writes.length, by, key, before: this.#sets.get(key), after };
    this.writes.push(write);
    this.onWrite?.(write);
    if (after === undefined) this.#sets.delete(key);
    else this.#sets.set(key, after);
    this.#sorted = undefined;
  }

  #problem({ action, recordSet }: Change, sets: Map<string, RecordSet>): string | undefined {
    const key = recordSetKey(recordSet);
    const there = sets.get(key);
    const name = normalizeName(recordSet.Name);
    const zone = normalizeName(this.name);
    if (name !== zone && !name.endsWith(`.${zone}`)) {
      return `RRSet with DNS name ${recordSet.Name} is not permitted in zone ${this.name}`;
    }
    if (action === 'CREATE') {
      if (there !== undefined)
        return `Tried to create resource record set ${printed(recordSet)} but it already exists`;
      const problem = misfit(recordSet, sets);
      if (problem !== undefined) return problem;
      sets.set(key, recordSet);
      return undefined;
    }
    const tried = `Tried to delete resource record set ${printed(recordSet)} but`;
    if (there === undefined) return `${tried} it was not found`;
    if (!isSameRecordSet(there, recordSet)) {
      return `${tried} the values provided do not match the current values`;
    }
    sets.delete(key);
    return undefined;
  }
}

/** Why a set cannot stand beside the others of its name, in Route 53's words. */
function misfit(set: RecordSet, sets: ReadonlyMap<string, RecordSet>): string | undefined {
  const key = recordSetKey(set);
  const place = key.slice(0, key.lastIndexOf(' ') + 1);
  const worded = `RRSet with DNS name ${set.Name}, type ${set.Type}, SetIdentifier ${set.SetIdentifier}`;
  for (const [other, { Weight, TTL }] of sets) {
    if (other === key || !other.startsWith(place)) continue;
    if ((Weight === undefined) !== (set.Weight === undefined)) {
      const kind = set.Weight === undefined ? 'simple' : 'weighted';
      return `${worded} cannot be created as a non-${kind} set exists with the same name and type.`;
    }
    if (TTL !== set.TTL) return `${worded} cannot be created as weighted sets must contain the same TTL.`;
  }
  return undefined;
}

function exceeded(changes: readonly Change[]): readonly string[] {
  const values = changes.flatMap(({ recordSet }) => valuesOf(recordSet));
  const characters = values.reduce((sum, value) => sum + value.length, 0);
  return [
    ...(values.length > MAX_ELEMENTS ? [`Number of records limit of ${MAX_ELEMENTS} exceeded.`] : []),
    ...(characters > MAX_CHARACTERS ? [`RDATA character limit of ${MAX_CHARACTERS} exceeded.`] : []),
  ];
}

function printed({ Name, Type, SetIdentifier }: RecordSet): string {
  const identifier = SetIdentifier === undefined ? '' : `, set-identifier='${SetIdentifier}'`;
  return `[name='${Name}', type='${Type}'${identifier}]`;
}

function sortKey({ Name, Type, SetIdentifier }: RecordSet): string {
  const reversed = normalizeName(Name).split('.').toReversed().join('.');
  return `${reversed}.\u0001${Type}\u0001${SetIdentifier ?? ''}`;
}

/** Where a page starts, by the three cursors of ListResourceRecordSets. */
export function isAtOrAfter(
  set: RecordSet,
  from: {
    readonly name?: string | undefined;
    readonly type?: string | undefined;
    readonly setIdentifier?: string | undefined;
  },
): boolean {
  if (from.name === undefined) return true;
  const start = { Name: from.name, Type: from.type ?? '', SetIdentifier: from.setIdentifier };
  return sortKey(set) >= sortKey(start);
}

/** A write in words. */
export function describeWrite({ by, key, before, after }: Write): string {
  const who = typeof by === 'number' ? `run ${by}` : by;
  const values = (set: RecordSet | undefined) => (set === undefined ? 'nothing' : valuesOf(set).join(' + '));
  return `${who} writes ${shortened(key)}: ${values(before)} → ${values(after)}`;
}

function shortened(key: string): string {
  return key.replace(/(:[0-9a-f]{6})[0-9a-f]{20,}/, '$1');
}
