import { normalizeName } from '../../model/dns-name.ts';
import type { Inventory } from '../../model/inventory.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { DeregisteredSince } from '../../model/task-stop.ts';
import type { OverridesOf } from '../desired/override-rules.ts';

/** What a task's TTL follows from. */
export interface TtlInput {
  /** Of the zone as it was read. */
  readonly recordSets: readonly RecordSet[];
  readonly inventory: Inventory;
  readonly deregisteredSince: DeregisteredSince;
  /** `ttl` in seconds: how long answers are kept of a name about which nothing else is known. */
  readonly policy: { readonly ttl: number; readonly overridesOf: OverridesOf };
}

const TYPES: readonly string[] = ['SRV', 'A', 'AAAA'];

/**
 * How long answers may be kept that lead to a task, in seconds: the largest TTL of the sets that are left
 * of its names, of its own ones when they were last seen, of what it asks for, and of the setting.
 */
export function ttlRule({
  recordSets,
  inventory,
  deregisteredSince,
  policy,
}: TtlInput): (one: { readonly task: string; readonly names: readonly string[] }) => number {
  const ofNames = new Map<string, number>();
  for (const { Name, Type, TTL = 0 } of recordSets) {
    if (TYPES.includes(Type)) raise(ofNames, normalizeName(Name), TTL);
  }
  const form = new Map<string, number>();
  for (const endpoint of inventory.endpoints) {
    const { ttl } = policy.overridesOf(endpoint);
    if (ttl !== undefined) raise(form, endpoint.container.taskArn, ttl);
  }
  for (const { taskArn, addressName, addressOverrides: overrides = {} } of inventory.containers) {
    const { ttl } = policy.overridesOf({ serviceName: addressName, overrides });
    if (ttl !== undefined) raise(form, taskArn, ttl);
  }
  return ({ task, names }) =>
    Math.max(
      policy.ttl,
      form.get(task) ?? 0,
      deregisteredSince.get(task)?.ttl ?? 0,
      ...names.map((name) => ofNames.get(name) ?? 0),
    );
}

function raise(largest: Map<string, number>, key: string, ttl: number): void {
  largest.set(key, Math.max(ttl, largest.get(key) ?? 0));
}
