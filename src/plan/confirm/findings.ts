import { taskKey } from '../../model/cluster.ts';
import type { ConfirmationReads, Machine, SightedInterface } from '../../model/confirmation.ts';
import type { Container, Host, IncompleteScope, Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import { namesakeRule } from '../judge/host-coverage.ts';
import type { Judged } from '../judge/judge-entries.ts';
import { isGone } from '../match/endpoint-index.ts';
import { hostIndex } from '../match/host-index.ts';
import { containerOf } from '../match/match-kinds.ts';
import type { TaskRef } from '../match/task-index.ts';
import { hostRelied, namesRelied, sharedNames, staleLocations } from './stale-locations.ts';

/** One thing that the confirmation looked at for an entry. */
export interface Finding {
  readonly asked: string;
  readonly seen: string;
  /** What in it speaks against removing the entry, if anything does. */
  readonly objection: string | undefined;
}

/**
 * Walks what the confirmation looked at: only of stale entries was more asked than their task. `inventory` has the
 * tasks that it found.
 *
 * | the entry's host     | an objection is left when                                                           |
 * |----------------------|-------------------------------------------------------------------------------------|
 * | gone, unreachable    | EC2 could not be asked, or has it now                                               |
 * | any but gone         | ECS could not be asked, or no longer has it                                         |
 * |                      | its tasks could not all be listed, or ECS counts others than it lists               |
 |                      | it has or had more tasks than are known                                             |
 * | unreachable          | its agent is connected again                                                        |
 * | unreachable, unknown | EC2 could not be asked for its name, or has one of that name that is not registered |
 * | known                | the same, or EC2 lacks a host of that name that it had                              |
 *
 * So does what fails, or is drained, and was matched by the name of its host alone, where a network of the zone is out
 * of sight. A task leaves one when ECS still has it in any state but the last ones, or was not asked; an address, when
 * EC2 was not asked, or has it for anything but a host or a task that the inventory has there.
 */
export function findingsRule(
  look: ConfirmationReads,
  inventory: Inventory,
): (judged: Judged) => readonly Finding[] {
  const locationsOf = staleLocations(inventory);
  const tasksOf = knownTasks(inventory);
  const hostsAt = hostIndex(inventory);
  const known = (name: string) => hostsAt(name).filter((host) => !isGone(host));
  const found = new Set(look.containers);
  let atAddresses: InterfaceRule | undefined;
  // Most confirmations ask for no address, and fleets are large.
  const isKnownAt: InterfaceRule = (sighted, address) => {
    atAddresses ??= interfaceRule(inventory);
    return atAddresses(sighted, address);
  };
  const named = (names: readonly string[]) =>
    [...new Set(names)].map((name) => nameFinding(name, known(name), look));
  const namesakeOf = namesakeRule(inventory, look.named);
  const inNetworks = (judged: Judged) => {
    const host = hostRelied(judged);
    return host === undefined || look.named.coverage === undefined
      ? []
      : [networksFinding(namesakeOf(host, judged.judgement.entry))];
  };
  return (judged) => {
    const container = containerOf(judged.match);
    const task = container !== undefined && found.has(container) ? [foundTask(container)] : [];
    if (judged.judgement.verdict !== 'stale')
      return [...task, ...named(namesRelied(judged)), ...inNetworks(judged)];
    const { hosts, names: inDoubt, tasks, addresses } = locationsOf(judged);
    return [
      ...task,
      ...hosts.flatMap((host) => [
        ...(isGone(host) ? [instanceFinding(host, look)] : []),
        ...(host.state === 'gone' ? [] : [machineFinding(host, tasksOf, look)]),
      ]),
      ...named([...inDoubt, ...sharedNames(hosts)]),
      ...tasks.map((one) => taskFinding(one, look)),
      ...addresses.map((address) => addressFinding(address, isKnownAt, look)),
    ];
  };
}

/** Says what speaks against removing a stale entry; `undefined` when nothing does. */
export function objectionRule(
  look: ConfirmationReads,
  inventory: Inventory,
): (stale: Judged) => string | undefined {
  const findingsOf = findingsRule(look, inventory);
  return (stale) => findingsOf(stale).find(({ objection }) => objection !== undefined)?.objection;
}

type KnownTasks = ReturnType<typeof knownTasks>;

/** The tasks that ECS counts of each container instance: those that run, or are about to. */
function knownTasks({ containers }: Inventory): ReadonlyMap<string, ReadonlySet<string>> {
  const known = new Map<string, Set<string>>();
  for (const { host, phase, taskArn } of containers) {
    if (host === undefined || (phase !== 'running' && phase !== 'starting')) continue;
    known.set(host.containerInstance, (known.get(host.containerInstance) ?? new Set()).add(taskArn));
  }
  return known;
}

function networksFinding(objection: string | undefined): Finding {
  const seen =
    objection === undefined
      ? 'another host may have the name in none of them'
      : 'not all of them are in sight';
  return finding('Route 53 for the networks of the zone', seen, objection);
}

function finding(asked: string, seen: string, objection?: string): Finding {
  return { asked, seen, objection };
}

function foundTask({ taskArn, phase, host }: Container): Finding {
  const asked = host === undefined ? 'ECS for its task' : 'ECS for the tasks of its host';
  return finding(asked, `${taskArn} is ${phase}, and was not in the first listing`);
}

const ENDED = 'it does not exist, or has ended';

function instanceFinding({ instanceId }: Host, { instances, unasked }: ConfirmationReads): Finding {
  const asked = `EC2 for ${instanceId}`;
  if (instances.has(instanceId)) return finding(asked, 'it exists', `EC2 has ${instanceId} after all`);
  return notAsked(asked, instanceId, unasked.get(instanceId)) ?? finding(asked, ENDED);
}

function machineFinding(host: Host, known: KnownTasks, { machines, unasked }: ConfirmationReads): Finding {
  const { instanceId, containerInstance, taskCount } = host;
  const asked = `ECS for ${instanceId}`;
  const machine = machines.get(containerInstance);
  if (machine === undefined) {
    return (
      notAsked(asked, instanceId, unasked.get(containerInstance)) ??
      finding(asked, 'it is no longer registered', `ECS no longer has ${instanceId} registered`)
    );
  }
  const { agentConnected, tasks, listed } = machine;
  const read = known.get(containerInstance)?.size ?? 0;
  const agent = agentConnected ? 'its agent is connected' : 'its agent is not connected';
  const before = taskCount === undefined || taskCount === tasks ? '' : ` (${taskCount} at first)`;
  const counted =
    tasks === undefined ? 'does not say how many tasks it has' : `counts ${tasks} tasks${before}`;
  const lists = typeof listed === 'number' ? `lists ${listed}` : 'could not list them all';
  const seen = `${agent}; ECS ${counted}, ${lists}, and ${read} are known`;
  return finding(asked, seen, machineObjection(host, machine, read));
}

function machineObjection(
  { state, instanceId, taskCount = 0 }: Host,
  { agentConnected, tasks, listed }: Machine,
  read: number,
): string | undefined {
  if (state === 'unreachable' && agentConnected) return `the agent of ${instanceId} is connected again`;
  if (typeof listed !== 'number') return notListed(instanceId, listed);
  // A task that has ended makes up for another one in a count, but not in a listing.
  const seen = Math.min(read, listed);
  if (tasks !== undefined && tasks > seen) return surplus('counts', tasks, instanceId, seen);
  if (tasks !== undefined && tasks < listed)
    return `ECS lists ${listed} tasks on ${instanceId}, and counts ${tasks}`;
  // A task that is known may have ended between the two readings, and hide one that is not.
  return taskCount > read ? surplus('counted', taskCount, instanceId, read) : undefined;
}

function notListed(instanceId: string, { operation, error }: IncompleteScope): string {
  return `the tasks of ${instanceId} could not all be listed: ${operation} ${error}`;
}

function surplus(counts: string, tasks: number, instanceId: string, read: number): string {
  return `ECS ${counts} ${tasks} ${tasks === 1 ? 'task' : 'tasks'} on ${instanceId}, of which ${read} could be read`;
}

/**
 * A name says nothing as long as only hosts bear it that the inventory knows by this name. An answer without a host that
 * EC2 has just described is none: whatever else the answer lacks may be there, too.
 */
function nameFinding(
  name: string,
  known: readonly Host[],
  { named: { existing, instances, incomplete } }: ConfirmationReads,
): Finding {
  const asked = `EC2 for the name ${name}`;
  const sighted = instances.get(name) ?? [];
  const ids = sighted.map(({ instanceId }) => instanceId);
  const seen = ids.length === 0 ? 'nothing has it' : ids.join(', ');
  const other = ids.find((id) => !known.some(({ instanceId }) => instanceId === id));
  if (other !== undefined)
    return finding(
      asked,
      seen,
      `EC2 has ${other} of the name ${name}, which no cluster is known to have registered`,
    );
  if (ids.length === 0 && existing.has(name)) {
    return finding(asked, 'a network interface has it', `EC2 has a network interface of the name ${name}`);
  }
  const absent = known.find(({ state, instanceId }) => state === 'present' && !ids.includes(instanceId));
  return (
    notAsked(asked, name, incomplete[0]) ??
    finding(asked, seen, absent && `EC2 no longer has ${absent.instanceId} of the name ${name}`)
  );
}

function taskFinding({ cluster, taskId }: TaskRef, { tasks, unasked }: ConfirmationReads): Finding {
  const asked = `ECS for the task ${taskId}`;
  const key = taskKey(cluster, taskId);
  const seen = tasks.get(key);
  if (seen === 'ended') return finding(asked, ENDED);
  if (seen === 'there') return finding(asked, 'it is still there', `ECS has the task ${taskId} after all`);
  return (
    notAsked(asked, `the task ${taskId}`, unasked.get(key)) ??
    finding(asked, NOT_ASKED, `ECS was not asked for the task ${taskId}`)
  );
}

const NOT_ASKED = 'not asked';

function addressFinding(
  address: string,
  isKnownAt: InterfaceRule,
  { addresses, unasked }: ConfirmationReads,
): Finding {
  const asked = `EC2 for the address ${address}`;
  const sighted = addresses.get(address);
  if (sighted === undefined) {
    return (
      notAsked(asked, address, unasked.get(address)) ??
      finding(asked, NOT_ASKED, `EC2 was not asked for ${address}`)
    );
  }
  const other = sighted.find((one) => !isKnownAt(one, address));
  const seen = sighted.length === 0 ? 'no interface has it' : sighted.map(({ id }) => id).join(', ');
  return finding(
    asked,
    seen,
    other && `EC2 has ${address} at ${other.id}, and what that interface serves is unknown`,
  );
}

/** Whether what has an address is a task, or a host, that the inventory has at this very address. */
type InterfaceRule = (sighted: SightedInterface, address: string) => boolean;

/** A task whose name is out of sight, or whose definition was not read, may serve any name. */
function interfaceRule({ containers, hosts }: Inventory): InterfaceRule {
  const tasks = new Set<string>();
  for (const { phase, serviceNames, hiddenAddressName, networkInterface } of containers) {
    if (networkInterface === undefined || phase === 'stopped' || serviceNames === 'unknown') continue;
    if (hiddenAddressName !== undefined) continue;
    const { id, address, ipv6 } = networkInterface;
    for (const text of [address, ipv6]) tasks.add(`${id} ${canonicalAddress(text ?? '')}`);
  }
  const there = hosts.filter((host) => !isGone(host));
  const machines = new Set(there.map(({ vpcId, address }) => `${vpcId} ${canonicalAddress(address ?? '')}`));
  return ({ id, vpcId }, address) =>
    tasks.has(`${id} ${address}`) || (vpcId !== undefined && machines.has(`${vpcId} ${address}`));
}

/** What could not be asked, and why; `undefined` without a scope. */
function notAsked(asked: string, what: string, scope: IncompleteScope | undefined): Finding | undefined {
  if (scope === undefined) return undefined;
  const why = `${scope.operation} ${scope.error}`;
  return finding(asked, `could not be asked: ${why}`, `${what} could not be confirmed: ${why}`);
}
