import { type ChangeGroup, deletedSets } from '../model/change.ts';
import { areaOf } from '../model/cluster.ts';
import { entryKey } from '../model/entry.ts';
import { nextHistory } from '../model/health-history.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import { recordSetKey } from '../model/record-set.ts';
import {
  type FinishedRun,
  type PastRemovals,
  type RunState,
  recentRemovals,
  type SeenHost,
} from '../model/run-state.ts';
import { countRunning } from '../model/running-tasks.ts';
import { containerKey } from '../model/set-identifier.ts';
import { isBelieved } from './guard/inventory-shrunk.ts';
import { healthRecords } from './judge/health-records.ts';
import { containerNamedBy } from './judge/host-coverage.ts';
import type { Judged, Removable } from './judge/judge-entries.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan.ts';
import type { Policy } from './policy.ts';

/** A host that no cluster had for so long is forgotten: its name and address may be another's by now. */
const HOSTS_KEPT_MS = 7 * 24 * 3_600_000;

/** A run that came to its end, and what it has applied. */
export interface RunEnd extends FinishedRun {
  readonly applied: readonly ChangeGroup[];
  /** By `entryKey`: what only a budget, or a change that failed, has kept from going. */
  readonly confirmed: readonly string[];
}

/** What a run leaves for the runs after it. */
export function nextState(
  { state, inventory, missing, now }: Observation,
  { judged, desiredRecords, unregistered, removing, networkSelfTests }: Plan,
  { applied, confirmed, ...lastRun }: RunEnd,
  { health: thresholds, limits }: Pick<Policy, 'health' | 'limits'>,
): RunState {
  const records = healthRecords(
    [...judged, ...desiredRecords, ...unregistered],
    state.health,
    networkSelfTests,
  );
  const deleted = new Set(applied.flatMap(deletedSets).map(recordSetKey));
  const isRemoved = ({ judgement }: Removable) => deleted.has(recordSetKey(judgement.entry.recordSet));
  const removed = removing.filter(isRemoved);
  const gone = new Set(removed.map(({ judgement }) => entryKey(judgement.entry)));
  const stillThere = confirmed.filter((key) => !gone.has(key));
  return {
    health: nextHistory(records, thresholds),
    hosts: nextHosts(state.hosts, inventory.hosts, now),
    containers: nextContainers(state.containers, judged, inventory),
    removals: [...recentRemovals(state, now), ...rowOf(removed, lastRun.finishedAt)],
    staleSince: new Map(stillThere.map((key) => [key, state.staleSince.get(key) ?? now])),
    running: nextRunning(inventory, missing !== undefined && !isBelieved({ state, now, limits }), {
      state,
      now,
    }),
    lastRun,
  };
}

/** No row for a run that removed nothing. */
function rowOf(removed: readonly Removable[], at: number): readonly PastRemovals[] {
  const stale = removed.filter(({ judgement: { verdict } }) => verdict === 'stale').length;
  return removed.length === 0 ? [] : [{ at, stale, unhealthy: removed.length - stale }];
}

/** Until a lower number is believed, what ran before is what the next run is held against. */
function nextRunning(
  inventory: Inventory,
  isInDoubt: boolean,
  { state: { running: before }, now }: Pick<Observation, 'state' | 'now'>,
): RunState['running'] {
  const tasks = countRunning(inventory);
  if (tasks === undefined) return before;
  if (before === undefined || !isInDoubt) return { tasks, shrunkSince: undefined };
  return { ...before, shrunkSince: before.shrunkSince ?? now };
}

/** What an entry names is kept for as long as one does: it is known to have been of a cluster, whatever ECS forgets. */
function nextContainers(
  before: RunState['containers'],
  judged: readonly Judged[],
  { containers }: Inventory,
): RunState['containers'] {
  const seen = new Map(before);
  for (const { id, cluster } of containers)
    if (id !== undefined) seen.set(containerKey(id), areaOf(cluster.arn));
  const named = new Set(judged.flatMap(({ judgement }) => containerNamedBy(judgement.entry) ?? []));
  return new Map([...seen].filter(([key]) => named.has(key)));
}

function nextHosts(
  before: RunState['hosts'],
  hosts: readonly Host[],
  now: number,
): ReadonlyMap<string, SeenHost> {
  const kept = [...before].filter(([, { seenAt }]) => seenAt > now - HOSTS_KEPT_MS);
  const seen = hosts.flatMap(({ instanceId, privateDnsName, address, vpcId, cluster }) => {
    const host = { instanceId, address, vpcId, clusterArn: cluster.arn, seenAt: now };
    return [privateDnsName, address].flatMap((key) => (key === undefined ? [] : [[key, host] as const]));
  });
  return new Map([...kept, ...seen]);
}
