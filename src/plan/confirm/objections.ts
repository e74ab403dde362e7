import { taskKey } from '../../model/cluster.ts';
import type { ConfirmationReads, SightedInterface } from '../../model/confirmation.ts';
import { firstLabel } from '../../model/dns-name.ts';
import type { Host, Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import type { Judged } from '../judge/judge-entries.ts';
import type { TaskRef } from '../match/task-index.ts';
import { staleLocations } from './stale-locations.ts';

/** Says what speaks against removing a stale entry; `undefined` when nothing does. */
export type Objection = (stale: Judged) => string | undefined;

/**
 * What the confirmation leaves in objection. `inventory` has the tasks that it found.
 *
 * | the entry's host | doubtful when                                                                     |
 * |------------------|-----------------------------------------------------------------------------------|
 * | gone, or silent  | EC2 could not be asked, or has it now                                             |
 * | any but gone     | ECS could not be asked, or no longer has it                                       |
 * |                  | it has or had more tasks than are known, or nobody says how many                  |
 * | silent           | its agent is connected again                                                      |
 * | silent, unknown  | EC2 could not be asked for its name, or has one of that name that is not registered |
 * | known            | the same, where not all clusters were asked for                                   |
 *
 * A task is doubtful when ECS still has it in any state but the last ones, or was not asked; an address, when
 * EC2 was not asked, or has it for anybody but a host or a task that the inventory has there.
 */
export function objectionRule(look: ConfirmationReads, inventory: Inventory): Objection {
  const placesOf = staleLocations(inventory);
  const known = knownTasks(inventory);
  const names = new Map(
    inventory.hosts.filter(isThere).map((host) => [host.instanceId, host.privateDnsName]),
  );
  let atAddresses: InterfaceRule | undefined;
  // Most looks ask for no address, and fleets are large.
  const isKnownAt: InterfaceRule = (sighted, address) => {
    atAddresses ??= interfaceRule(inventory);
    return atAddresses(sighted, address);
  };
  const objectionTo = (host: Host) =>
    lostObjection(host, look) ?? machineObjection(host, known.get(host.containerInstance)?.size ?? 0, look);
  return (stale) => {
    const { hosts, names: inDoubt, tasks, addresses } = placesOf(stale);
    const shared =
      inventory.coverage === 'all-clusters'
        ? []
        : hosts.flatMap(({ privateDnsName }) => privateDnsName ?? []);
    return (
      firstOf(hosts, objectionTo) ??
      firstOf([...inDoubt, ...shared], (name) => nameObjection(name, names, look)) ??
      firstOf(tasks, (task) => taskObjection(task, look)) ??
      firstOf(addresses, (address) => addressObjection(address, isKnownAt, look))
    );
  };
}

function firstOf<T>(items: readonly T[], objectionTo: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const objection = objectionTo(item);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

function isThere({ state }: Host): boolean {
  return state === 'present' || state === 'unknown';
}

/** The tasks that ECS counts of each container instance: those that run, or are about to. */
export function knownTasks({ containers }: Inventory): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const { host, phase, taskArn } of containers) {
    if (host === undefined || (phase !== 'running' && phase !== 'starting')) continue;
    known.set(host.containerInstance, (known.get(host.containerInstance) ?? new Set()).add(taskArn));
  }
  return known;
}

function lostObjection(
  { state, instanceId }: Host,
  { instances, unasked }: ConfirmationReads,
): string | undefined {
  if (state !== 'gone' && state !== 'unreachable') return undefined;
  if (instances.has(instanceId)) return `EC2 has ${instanceId} after all`;
  return couldNotAsk(instanceId, instanceId, unasked);
}

function machineObjection(
  host: Host,
  known: number,
  { machines, unasked }: ConfirmationReads,
): string | undefined {
  if (host.state === 'gone') return undefined;
  const { instanceId, containerInstance } = host;
  const machine = machines.get(containerInstance);
  if (machine === undefined) {
    return (
      couldNotAsk(instanceId, containerInstance, unasked) ?? `ECS no longer has ${instanceId} registered`
    );
  }
  const { agentConnected, tasks, isListed } = machine;
  if (host.state === 'unreachable' && agentConnected) return `the agent of ${instanceId} is connected again`;
  if (tasks === undefined) return isListed ? undefined : `ECS does not say how many tasks ${instanceId} has`;
  if (tasks > known) return surplus('counts', tasks, instanceId, known);
  // A task that is known may have ended between the two readings, and hide one that is not.
  const before = host.taskCount ?? 0;
  return before > known ? surplus('counted', before, instanceId, known) : undefined;
}

function surplus(counts: string, tasks: number, instanceId: string, read: number): string {
  return `ECS ${counts} ${tasks} ${tasks === 1 ? 'task' : 'tasks'} on ${instanceId}, of which ${read} could be read`;
}

/** A name says nothing as long as only hosts bear it that the inventory knows by this name. */
function nameObjection(
  name: string,
  known: ReadonlyMap<string, string | undefined>,
  { named: { existing, instances, incomplete } }: ConfirmationReads,
): string | undefined {
  const [unread] = incomplete;
  if (!existing.has(name)) {
    return unread && `${name} could not be looked up again: ${unread.operation} ${unread.error}`;
  }
  const sighted = instances.get(name) ?? [];
  if (sighted.length === 0) return `EC2 has a network interface of the name ${name}`;
  const other = sighted.find(({ instanceId }) => !isNamed(known.get(instanceId), name));
  return (
    other && `EC2 has ${other.instanceId} of the name ${name}, which no cluster is known to have registered`
  );
}

function taskObjection(
  { cluster, taskId }: TaskRef,
  { tasks, unasked }: ConfirmationReads,
): string | undefined {
  const key = taskKey(cluster, taskId);
  switch (tasks.get(key)) {
    case 'ended':
      return undefined;
    case 'there':
      return `ECS has the task ${taskId} after all`;
    case undefined:
      return couldNotAsk(`the task ${taskId}`, key, unasked) ?? `ECS was not asked for the task ${taskId}`;
  }
}

function addressObjection(
  address: string,
  isKnownAt: InterfaceRule,
  { addresses, unasked }: ConfirmationReads,
): string | undefined {
  const sighted = addresses.get(address);
  if (sighted === undefined) {
    return couldNotAsk(address, address, unasked) ?? `EC2 was not asked for ${address}`;
  }
  const other = sighted.find((one) => !isKnownAt(one, address));
  return other && `EC2 has ${address} at ${other.id}, of which nobody knows what it serves`;
}

/** Whether what has an address is a task, or a host, that the inventory has at this very address. */
type InterfaceRule = (sighted: SightedInterface, address: string) => boolean;

/** A task whose definition was not read may serve any name. */
function interfaceRule({ containers, hosts }: Inventory): InterfaceRule {
  const tasks = new Set<string>();
  for (const { phase, serviceNames, networkInterface } of containers) {
    if (networkInterface === undefined || phase === 'stopped' || serviceNames === 'unknown') continue;
    const { id, address, ipv6 } = networkInterface;
    for (const text of [address, ipv6]) tasks.add(`${id} ${canonicalAddress(text ?? '')}`);
  }
  const machines = new Set(
    hosts.filter(isThere).map(({ vpcId, address }) => `${vpcId} ${canonicalAddress(address ?? '')}`),
  );
  return ({ id, vpcId }, address) =>
    tasks.has(`${id} ${address}`) || (vpcId !== undefined && machines.has(`${vpcId} ${address}`));
}

function isNamed(known: string | undefined, name: string): boolean {
  return known !== undefined && (known === name || firstLabel(known) === name);
}

function couldNotAsk(
  what: string,
  subject: string,
  unasked: ConfirmationReads['unasked'],
): string | undefined {
  const scope = unasked.get(subject);
  return scope && `${what} could not be looked at again: ${scope.operation} ${scope.error}`;
}
