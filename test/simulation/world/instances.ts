import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import type { DiscoverySpec } from '../registry-setup.ts';
import type { SimTask } from './entities.ts';
import type { World } from './world.ts';

/** What Cloud Map has written of a task, by its keys. */
const WRITTEN = new WeakMap<SimTask, readonly string[]>();

/**
 * So many sets of a name Cloud Map has at the most here: with those of the worker they stay below the 100 beyond which all
 * values of a name move into one set, which the invariants do not follow.
 */
const MOST_OF_NAME = 40;

/** Enters a task as Cloud Map does it, where that has the zone as well; the worker is to leave it alone. */
export function registerInstance(task: SimTask, world: World): void {
  const { cloudMap, zone } = world;
  if (cloudMap?.setup.ownsRecords !== true || task.stopDesiredAt !== undefined) return;
  const sets = cloudMap.registriesOf(task.serviceIndex).flatMap((spec) => {
    const discovery = cloudMap.discoveryOf(spec);
    if (discovery === undefined || discovery.isElsewhere || isFull(discovery, world)) return [];
    return setsOf(task, discovery, spec.port, world);
  });
  const keys = sets.flatMap((set) => {
    if (zone.offer(set, 'other', world.now) !== undefined) return [];
    zone.foreignKeys.add(recordSetKey(set));
    return [recordSetKey(set)];
  });
  WRITTEN.set(task, keys);
}

function isFull({ name }: DiscoverySpec, { zone }: World): boolean {
  const Name = `${name}.${zone.name}`;
  return (
    zone.all().filter((set) => set.Name === Name && zone.foreignKeys.has(recordSetKey(set))).length >=
    MOST_OF_NAME
  );
}

export function deregisterInstance(task: SimTask, { zone, now }: World): void {
  for (const key of WRITTEN.get(task) ?? []) zone.remove(key, 'other', now);
  WRITTEN.delete(task);
}

/** Source: Cloud Map Developer Guide, "DNS record types and routing policy". */
function setsOf(
  task: SimTask,
  { name, types, ttl, routing }: DiscoverySpec,
  portIndex: number | undefined,
  world: World,
): readonly RecordSet[] {
  const instance = task.arn.slice(task.arn.lastIndexOf('/') + 1);
  const at = `${name}.${world.zone.name}`;
  const kind = routing === 'WEIGHTED' ? { Weight: 1 } : { MultiValueAnswer: true };
  const set = (Name: string, Type: 'A' | 'SRV', Value: string): RecordSet => {
    const head = { Name, Type, SetIdentifier: instance, ...kind };
    return { ...head, TTL: ttl, ResourceRecords: [{ Value }] };
  };
  const port = portIndex === undefined ? undefined : task.ports[portIndex];
  const isSrv = types.includes('SRV') && port !== undefined;
  if (isSrv) world.knowAddress(instance, task.address);
  return [
    ...(types.includes('A') ? [set(at, 'A', task.address)] : []),
    ...(isSrv
      ? [set(at, 'SRV', `1 1 ${port} ${instance}.${at}`), set(`${instance}.${at}`, 'A', task.address)]
      : []),
  ];
}
