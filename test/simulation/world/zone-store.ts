import type { Change } from '../../../src/model/change.ts';
import { isSameRecordSet, type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import { AwsError } from '../../../src/sandbox/error-answer.ts';
import { route53Service } from '../../../src/sandbox/route53/route53-service.ts';
import type { HostedZone, HostedZoneOptions } from '../../../src/sandbox/world/hosted-zone.ts';
import type { World as Account } from '../../../src/sandbox/world/world.ts';

/** One record set before and after a change. */
export interface Write {
  readonly time: number;
  readonly order: number;
  /** The run's number; `agent` for one that keeps entries next to the worker, `other` for a writer of foreign ones. */
  readonly by: number | 'agent' | 'other';
  readonly key: string;
  readonly before: RecordSet | undefined;
  readonly after: RecordSet | undefined;
}

/** One hosted zone of the sandbox, which alone knows Route 53's rules, with all that was ever written to it. */
export class ZoneStore {
  readonly name: string;
  readonly id: string;
  readonly writes: Write[] = [];
  /** Keys of sets that are not the worker's, however they read. */
  readonly foreignKeys: Set<string>;
  onWrite?: (write: Write) => void;
  readonly #account: Account;
  readonly #zone: HostedZone;
  readonly #sets: Map<string, RecordSet>;
  #sorted: readonly RecordSet[] | undefined;

  constructor(account: Account, options: HostedZoneOptions) {
    this.#account = account;
    this.#zone = account.addHostedZone(options);
    this.name = this.#zone.name;
    this.id = this.#zone.id;
    this.#sets = new Map(this.#zone.list().map((set) => [recordSetKey(set), set]));
    this.foreignKeys = new Set(this.#sets.keys());
  }

  get(key: string): RecordSet | undefined {
    return this.#sets.get(key);
  }

  /** In Route 53's order: name by labels from the right, type, set identifier. */
  all(): readonly RecordSet[] {
    this.#sorted ??= this.#zone.list();
    return this.#sorted;
  }

  /** Puts a set past every check. */
  put(set: RecordSet, by: Write['by'], time: number): void {
    if (this.isProtected(set)) return;
    this.#zone.put(set);
    this.#note(recordSetKey(set), set, by, time);
  }

  /** Puts what Route 53 takes next to the other sets of its name; nothing, and why, otherwise. */
  offer(set: RecordSet, by: Write['by'], time: number): string | undefined {
    try {
      this.change([{ Action: 'UPSERT', ResourceRecordSet: set }], by, time);
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return error.message;
      throw error;
    }
  }

  /** Protects the SRV sets of a name from every change. */
  protect(name: string): void {
    this.#zone.protect(name, 'SRV', 'asked for by the owner');
  }

  isProtected(set: Pick<RecordSet, 'Name' | 'Type'>): boolean {
    return this.#zone.protectionOf(set) !== undefined;
  }

  remove(key: string, by: Write['by'], time: number): void {
    const there = this.#sets.get(key);
    if (there === undefined || this.isProtected(there)) return;
    this.#zone.delete(there);
    this.#note(key, undefined, by, time);
  }

  /** Carries a batch out, or throws the AwsError with which Route 53 rejects it; then nothing has changed. */
  change(changes: readonly RequestedChange[], by: Write['by'], time: number): void {
    const input = { HostedZoneId: this.id, ChangeBatch: { Changes: changes } };
    const context = { world: this.#account, now: () => time };
    route53Service.execute(context, { operation: 'ChangeResourceRecordSets', input });
    const written = new Map(changes.map((one) => [recordSetKey(one.ResourceRecordSet), one]));
    for (const [key, { Action, ResourceRecordSet }] of written) {
      const before = this.#sets.get(key);
      const after = Action === 'DELETE' ? undefined : ResourceRecordSet;
      // A batch may take out what is to stay, and write it again as it was: nothing of it is another then.
      const isSame = before !== undefined && after !== undefined && isSameRecordSet(before, after);
      if (typeof by !== 'number' || !isSame) this.#note(key, after, by, time);
    }
  }

  #note(key: string, after: RecordSet | undefined, by: Write['by'], time: number): void {
    const write = { time, order: this.writes.length, by, key, before: this.#sets.get(key), after };
    this.writes.push(write);
    this.onWrite?.(write);
    if (after === undefined) this.#sets.delete(key);
    else this.#sets.set(key, after);
    this.#sorted = undefined;
  }
}

/** A change as Route 53 is asked for it. */
export interface RequestedChange {
  readonly Action: Change['action'] | 'UPSERT';
  readonly ResourceRecordSet: RecordSet;
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
