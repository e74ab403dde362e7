import { firstLabel } from '../../../src/model/dns-name.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import { addressSet } from './address-set.ts';
import type { SimHost, SimTask } from './entities.ts';
import { isRunning } from './entities.ts';
import { onwardName, ZONE_NAME } from './names.ts';
import type { World } from './world.ts';

/** Enters a container, as the agent of its host does it: one weighted set a name, with all its ports. */
export function register(task: SimTask, world: World): void {
  if (!isOfOldAgent(task, world)) return;
  for (const set of setsOf(task, world)) {
    if (task.service.pooled) addToPool(set, world);
    else upsert(set, world);
  }
}

/** A new agent acts by itself. */
function isOfOldAgent(task: SimTask, world: World): boolean {
  return world.hasAgent(task) && task.host?.spec.agent !== 'new';
}

function upsert(set: RecordSet, world: World): void {
  const refusal = world.zone.offer(set, 'agent', world.now);
  if (refusal !== undefined) world.trace?.(`agent is refused: ${refusal}`);
}

export function deregister(task: SimTask, world: World): void {
  if (!isOfOldAgent(task, world)) return;
  for (const set of setsOf(task, world)) {
    if (!task.service.pooled) world.zone.remove(recordSetKey(set), 'agent', world.now);
    else takeFromPool(set, world);
  }
}

/** What the agent does when it starts: enters the host's address and all that runs. */
export function synchronize(host: SimHost, world: World): void {
  if (host.spec.agentless === true || host.spec.agent === 'new') return;
  if (host.spec.writesAddress) upsert(addressSet(host), world);
  for (const task of world.tasks) {
    if (task.host === host && isRunning(task, world.now)) register(task, world);
  }
}

/** The sets of a container by their names: ports of one name share a set. */
function setsOf(task: SimTask, world: World): readonly RecordSet[] {
  const { service, containerId, host, interfaceName } = task;
  if (service.isSilent === true) return [];
  const names = [service.name, service.secondName ?? service.name];
  const onward = host?.spec.onward?.isIdentified === true ? onwardName(host.spec) : undefined;
  const hostName = interfaceName ?? onward ?? host?.name ?? '';
  const target = targetOf(task);
  return [...new Set(names)].flatMap((name) => {
    const ports = task.ports.filter((_, index) => names[index] === name);
    if (ports.length === 0) return [];
    const records = ports.map((port) => ({ Value: `1 1 ${port} ${target}` }));
    const Name = `${name}.${world.zone.name}`;
    if (service.pooled) return [{ Name, Type: 'SRV', TTL: 0, ResourceRecords: records }];
    const SetIdentifier = `${hostName}:${containerId}`;
    const Weight = isLight(task) ? 0 : 1;
    return [{ Name, Type: 'SRV', SetIdentifier, Weight, TTL: 0, ResourceRecords: records }];
  });
}

function isLight({ service, createdAt }: SimTask): boolean {
  return createdAt >= (service.lightFrom ?? Number.POSITIVE_INFINITY);
}

function targetOf({ host, interfaceName }: SimTask): string {
  if (interfaceName !== undefined) return interfaceName;
  const onward = host && onwardName(host.spec);
  if (onward !== undefined) return onward;
  const name = host?.name ?? '';
  const label = firstLabel(name);
  switch (host?.spec.target) {
    case 'name-dot':
      return name.endsWith('.') ? name : `${name}.`;
    case 'label':
      return label;
    case 'zone-name':
      return `${label}.${ZONE_NAME}`;
    case 'name':
    case undefined:
      return name;
  }
}

function addToPool(set: RecordSet, world: World): void {
  const there = world.zone.get(recordSetKey(set));
  const values = new Set([...(there === undefined ? [] : valuesOf(there)), ...valuesOf(set)]);
  const ResourceRecords = [...values].map((Value) => ({ Value }));
  upsert({ ...set, ResourceRecords }, world);
}

function takeFromPool(set: RecordSet, world: World): void {
  const key = recordSetKey(set);
  const there = world.zone.get(key);
  if (there === undefined) return;
  const gone = new Set(valuesOf(set));
  const values = valuesOf(there).filter((value) => !gone.has(value));
  if (values.length === 0) {
    world.zone.remove(key, 'agent', world.now);
    return;
  }
  const ResourceRecords = values.map((Value) => ({ Value }));
  world.zone.put({ ...there, ResourceRecords }, 'agent', world.now);
}
