import type { Entry } from '../../model/entry.ts';
import type { Container, Endpoint } from '../../model/inventory.ts';
import { canonicalAddress, isIpv6, isPublicIpv4 } from '../../model/ip-address.ts';
import { taskIdOf } from '../../model/managed-identifier.ts';
import type { EndpointIndex } from './endpoint-index.ts';
import { type AddressOwner, isNameOfTask, type TaskOwner } from './managed-addresses.ts';
import type { EndedTask, Match, MatchOf } from './match-kinds.ts';
import type { KnownTask, TaskIndex, TaskRef } from './task-index.ts';

/** What matching an address looks at. `zoneName` is normalised. */
export interface AddressContext {
  readonly zoneName: string;
  readonly index: EndpointIndex;
  readonly tasks: () => TaskIndex;
}

/**
 * What an address entry of this worker's leads to: of the task that its identifier names, or, where it
 * names none, of whatever task of its name has the address.
 *
 * | the task that is named …             | match           | an address of no named task, which …     | match           |
 * |--------------------------------------|-----------------|------------------------------------------|-----------------|
 * | is of a cluster that was not read    | cluster-unknown | a task of the name has                   | as on the left  |
 * | is not there, or has ended           | task-gone       | a starting task of the name may get      | starting        |
 * | … and one of the name has the address by now | as of that one | …                         | …               |
 * | … and one that may bear the name has | address-reassigned | …                                     | …               |
 * | starts, or is being stopped          | starting, …     | tasks of other names have                | address-reassigned   |
 * | runs, but not at the address         | readdressed     | no task has, in a network of known tasks | address-unassigned    |
 * | runs there, and has a port to check  | endpoint        | no task has, in any other network        | address-out-of-scope |
 * | runs there otherwise                 | addressed       |                                          |                 |
 */
export function matchAddress(entry: Entry, owner: AddressOwner, context: AddressContext): Match {
  const address = canonicalAddress(entry.value);
  if (address === undefined || isIpv6(address) !== (entry.type === 'AAAA')) return { kind: 'malformed' };
  if (owner.kind === 'multi-value') return matchAnyTask(entry.name, address, context);
  if (owner.kind === 'label-agent') return matchLabelled(entry.name, address, context);
  const ref = taskRefOf(owner, context);
  if (ref === undefined) return { kind: 'cluster-unknown', cluster: owner.cluster };
  const task = context.tasks().taskOf(ref);
  if (task === undefined) {
    const gone = { kind: 'task-gone', task: ref } as const;
    return (
      passedOn(entry.name, address, ref, gone, context) ?? {
        ...gone,
        ...lost(entry.name, address, ref, context),
      }
    );
  }
  const isMeant = isNameOfTask(entry.name, owner) ? hasNamedPort(context) : bearer(entry.name, context);
  const match = leadToTask(task, address, isMeant, context);
  if (match.kind === 'stopping') return passedOn(entry.name, address, ref, match, context) ?? match;
  const isThere = context.tasks().tasksAt(address).includes(task);
  if (!isServed(match) || isThere) return match;
  return { kind: 'readdressed', container: task.alive[0], address, isElsewhere: isKnownNotAt(task, address) };
}

/**
 * An address of a task that has ended, and that another one has by now. One that bears the name is what clients reach,
 * until it has an entry of its own; of one that may bear it, nothing tells. A run of a scope leaves the entry to one that
 * looks at everything, and gives the other task its own.
 */
function passedOn(
  name: string,
  address: string,
  task: TaskRef,
  ended: EndedTask,
  context: AddressContext,
): Match | undefined {
  if (isNameOfTask(name, task)) return undefined;
  const tasks = context.tasks();
  const isMeant = bearer(name, context);
  const there = tasks.tasksAt(address).filter(({ arn }) => taskIdOf(arn) !== task.taskId);
  const leads = there
    .filter(({ containers }) => containers.some(isMeant))
    .map((one) => leadToTask(one, address, isMeant, context));
  const lead = leads.find(isServed) ?? leads.find(({ kind }) => kind === 'starting');
  if (lead !== undefined && isServed(lead))
    return tasks.isPart ? { kind: 'task-gone', task } : asHeir(lead, ended);
  if (lead !== undefined) return lead;
  const [taker] = there;
  if (taker === undefined || leads.length > 0) return undefined;
  const by = nameKindOf(there, isMeant, tasks);
  return by === 'other-name'
    ? undefined
    : { kind: 'address-reassigned', by, container: taker.alive[0], address };
}

/** The address of a task that is gone, where another one may have it that is not known. A public one may be anyone's. */
function lost(name: string, address: string, task: TaskRef, { tasks }: AddressContext) {
  const isKnown = isNameOfTask(name, task) || isPublicIpv4(address) || tasks().tasksAt(address).length > 0;
  return isKnown ? {} : { address };
}

/** The task of an identifier; `undefined` when its cluster is not among those that were read. */
export function taskRefOf(
  { cluster: key, taskId }: TaskOwner,
  { tasks }: AddressContext,
): TaskRef | undefined {
  const cluster = tasks().clusterOf(key);
  return cluster && { cluster, taskId };
}

/** Whether a container is one of those that a name of the zone stands for. */
type IsMeant = (container: Container) => boolean;

function bearer(name: string, { zoneName }: AddressContext): IsMeant {
  return ({ addressName }) => addressName !== undefined && `${addressName}.${zoneName}` === name;
}

function hasNamedPort({ index }: AddressContext): IsMeant {
  return (container) => index.endpointsOf(container).some(({ serviceName }) => serviceName !== undefined);
}

/** Whether a match is one of those that lead to a running task. */
function isServed(match: Match): match is Served {
  return match.kind === 'endpoint' || match.kind === 'addressed';
}

type Served = MatchOf<'endpoint'> | MatchOf<'addressed'>;

function asHeir(lead: Served, ended: EndedTask): Match {
  return lead.kind === 'endpoint' ? { ...lead, isSuccessor: true, ended } : { ...lead, ended };
}

/** Containers that are meant decide over others, and running ones over starting ones. */
function leadToTask(task: KnownTask, address: string, isMeant: IsMeant, context: AddressContext): Match {
  const rank = (one: Container) => Number(isMeant(one)) * 4 + PHASE_RANKS[one.phase];
  const lead = task.alive.reduce((best, one) => (rank(one) > rank(best) ? one : best));
  if (lead.phase !== 'running') {
    return { kind: lead.phase === 'starting' ? 'starting' : 'stopping', container: lead };
  }
  const endpoint = firstChecked(task, isMeant, context);
  return endpoint === undefined
    ? { kind: 'addressed', container: lead }
    : { kind: 'endpoint', isSuccessor: false, endpoint, address: askedAt(address, endpoint) };
}

/** A public address is of the same interface as the private one, and hardly to be reached from inside the VPC. */
function askedAt(address: string, endpoint: Endpoint): string {
  return isPublicIpv4(address) ? (endpoint.address ?? address) : address;
}

const PHASE_RANKS: Readonly<Record<Container['phase'], number>> = {
  running: 2,
  starting: 1,
  stopping: 0,
  stopped: 0,
};

/** The TCP port of the lowest number within the containers that are meant. */
function firstChecked(task: KnownTask, isMeant: IsMeant, { index }: AddressContext): Endpoint | undefined {
  const [first] = task.alive
    .filter((container) => container.phase === 'running' && isMeant(container))
    .flatMap((container) => index.endpointsOf(container))
    .filter(({ protocol }) => protocol === 'tcp')
    .toSorted((a, b) => a.containerPort - b.containerPort || a.port - b.port);
  return first;
}

/** Whether the inventory knows where a task is, and that it is not there: ECS tells no public address. */
function isKnownNotAt({ networkInterface }: KnownTask, address: string): boolean {
  const own = isIpv6(address) ? networkInterface?.ipv6 : networkInterface?.address;
  return own !== undefined && !isPublicIpv4(address);
}

function matchAnyTask(name: string, address: string, context: AddressContext): Match {
  const tasks = context.tasks();
  const isMeant = bearer(name, context);
  const there = tasks.tasksAt(address);
  const own = there.filter(({ containers }) => containers.some(isMeant));
  const others = there.filter((task) => !own.includes(task));
  const leads = own.map((task) => leadToTask(task, address, isMeant, context));
  const best = leads.find(isServed) ?? leads.find(({ kind }) => kind === 'starting');
  if (best !== undefined) return best;
  const late = tasks.unaddressed.flatMap(({ alive }) => alive).find((one) => isMeant(one) || isUnread(one));
  if (late !== undefined) return { kind: 'starting', container: late };
  const [stopping] = leads;
  if (stopping !== undefined) return stopping;
  const [taker] = others;
  if (taker !== undefined) {
    const by = nameKindOf(others, isMeant, tasks);
    return { kind: 'address-reassigned', by, container: taker.alive[0], address };
  }
  const isOurs = !isPublicIpv4(address) && tasks.isKnownNetwork(address);
  return { kind: isOurs ? 'address-unassigned' : 'address-out-of-scope', address };
}

/**
 * An address of the label agent's, which tells a name and no task. The agent may have written it for a container that
 * ECS did not start, or for one of a cluster or an account out of sight: that no task has it tells less than of an
 * address which this worker has written.
 *
 * | the address                                          | match                                   |
 * |------------------------------------------------------|-----------------------------------------|
 * | is of a host, on which a task of the name runs       | that of the task                        |
 * | … nothing of the name is known to run                | address-of-host                         |
 * | anything else                                        | as `matchAnyTask` has it, but uncertain |
 */
function matchLabelled(name: string, address: string, context: AddressContext): Match {
  const isMeant = bearer(name, context);
  // What EC2 has seen end has no address any more; of a silent host nothing is known.
  const hosts = context.index.hostsAt(address).filter(({ state }) => state !== 'gone');
  const machines = new Set(hosts.map(({ containerInstance }) => containerInstance));
  const isThere = ({ alive: [{ host, networkInterface }] }: KnownTask) =>
    networkInterface === undefined && host !== undefined && machines.has(host.containerInstance);
  const own = context.tasks().all.filter((task) => task.containers.some(isMeant));
  const leads = own.filter(isThere).map((task) => leadToTask(task, address, isMeant, context));
  const best = leads.find(isServed) ?? leads.find(({ kind }) => kind === 'starting') ?? leads[0];
  if (best !== undefined) return best;
  const match = matchAnyTask(name, address, context);
  if (match.kind !== 'address-unassigned') return match;
  if (hosts.length > 0) return { kind: 'address-of-host', address };
  return { ...match, isUncertain: true };
}

/**
 * What tasks are called that have the address of another name. Where none of them has a name at all, and no task has the
 * other one any more, it may be theirs: what names tasks is a setting, which may have been changed.
 */
function nameKindOf(others: readonly KnownTask[], isMeant: IsMeant, { all }: TaskIndex) {
  if (others.some(({ alive }) => alive.some(isNameUnknown))) return 'unknown-name';
  const isNamed = others.some(({ containers }) =>
    containers.some(({ addressName }) => addressName !== undefined),
  );
  const isBorne = isNamed || all.some(({ containers }) => containers.some(isMeant));
  return isBorne ? 'other-name' : 'no-name';
}

/** Whether it is unknown under which name a container's address is to be found. */
function isNameUnknown(container: Container): boolean {
  return isUnread(container) || container.hiddenAddressName !== undefined;
}

/** Whether it is unknown what a container is called, because its task definition was not read. */
function isUnread({ serviceNames }: Container): boolean {
  return serviceNames === 'unknown';
}
