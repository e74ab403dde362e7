import { firstLabel, normalizeName, relativeName } from '../../../src/model/dns-name.ts';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import { isRunning, type SimHost, type SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';

/** One value of a set, and where it truly leads. */
export interface TrueEntry {
  readonly set: RecordSet;
  readonly value: string;
  readonly service: string;
  readonly address: string | undefined;
  readonly port: number;
  /** The container that the identifier names, dead or alive. */
  readonly owner: SimTask | undefined;
  /** The same, wherever the zone leads from the target. */
  readonly named: SimTask | undefined;
  readonly namesOwner: boolean;
}

export function trueEntries(set: RecordSet, world: World): readonly TrueEntry[] {
  if (isOfTask(set)) return valuesOf(set).map((value) => addressEntry(set, value, world));
  if (set.Type !== 'SRV') return [];
  return valuesOf(set).map((value) => trueEntry(set, value, world));
}

/** Whether a set is the address of a task under a name, in the worker's own form. */
export function isOfTask({ Type, SetIdentifier = '' }: RecordSet): boolean {
  return Type === 'A' && TASK.test(SetIdentifier);
}

const TASK = /^ecs-dns:us-east-1\/123456789012\/[^/]+\/[0-9a-f]{32}$/;

/** Cloud Map calls an instance by its task, and takes it out itself. */
export function isOfCloudMap({ SetIdentifier = '' }: RecordSet): boolean {
  return /^[0-9a-f]{32}$/.test(SetIdentifier);
}

/** At which a task is asked for its address: the lowest of its ports. */
export function askedPort({ ports }: SimTask): number {
  return Math.min(...ports);
}

/** The address of a task, as an entry. */
function addressEntry(set: RecordSet, value: string, world: World): TrueEntry {
  const id = set.SetIdentifier?.slice(-32) ?? '';
  const owner = world.tasks.find(({ arn }) => arn.endsWith(`/${id}`));
  return {
    set,
    value,
    service: relativeName(normalizeName(set.Name), normalizeName(world.zone.name)),
    address: value,
    port: owner === undefined ? 0 : askedPort(owner),
    owner: owner?.address === value ? owner : undefined,
    named: owner,
    namesOwner: true,
  };
}

function trueEntry(set: RecordSet, value: string, world: World): TrueEntry {
  const srv = parseSrvValue(value);
  const owner = parseSetIdentifier(set.SetIdentifier);
  const task = owner === undefined ? undefined : world.taskOf(owner.containerId);
  const address = srv === undefined ? undefined : world.addressOf(srv.target);
  const named = task?.ports.includes(srv?.port ?? 0) === true ? task : undefined;
  const isAway = named !== undefined && isLedAway(named, srv?.target, world);
  return {
    set,
    value,
    service: relativeName(normalizeName(set.Name), normalizeName(world.zone.name)),
    address,
    port: srv?.port ?? 0,
    owner: isAway ? undefined : named,
    named,
    namesOwner: owner !== undefined && isNamedThere(owner.host, srv?.target ?? '', world),
  };
}

/** Whether an identifier names the host by the target of its set, or by where the zone leads on to from that. */
function isNamedThere(host: string | undefined, target: string, { onward }: World): boolean {
  if (host === undefined || !onward.isOnward(target)) return true;
  return [target, onward.end(target)].some((name) => firstLabel(name) === firstLabel(host));
}

/** Whether the zone leads from a target to another place than that of the container which wrote it. */
export function isLedAway({ address }: SimTask, target: string | undefined, world: World): boolean {
  if (target === undefined || !world.onward.isOnward(target)) return false;
  const led = world.addressOf(target);
  return led !== undefined && led !== address;
}

/** Whether records of other tools lead on from the target of an entry, or have done so. */
export function isOnward(entry: Pick<TrueEntry, 'value'>, { onward }: World): boolean {
  return onward.isOnward(targetOf(entry));
}

/** The target of an entry; none of an address. */
export function targetOf({ value }: Pick<TrueEntry, 'value'>): string {
  return parseSrvValue(value)?.target ?? '';
}

/** Whether a container serves a name on a port of its own. */
export function serves(task: SimTask, service: string, port: number): boolean {
  const isNamed = task.ports.some((own, index) => own === port && task.portNames[index] === service);
  return isNamed || (task.addressName === service && askedPort(task) === port);
}

/** Who runs where an entry leads, under its name, now. */
export function servedBy(entry: TrueEntry, world: World): SimTask | undefined {
  const { port, service } = entry;
  return world.tasks.find(
    (task) => isAt(task, entry) && serves(task, service, port) && isRunning(task, world.now),
  );
}

/** Whether a container has the address that an entry leads to, in the VPC of the entry's own one. */
export function isAt({ address, host }: SimTask, { address: wanted, owner }: TrueEntry): boolean {
  return address === wanted && (owner === undefined || networkOf(host) === networkOf(owner.host));
}

/** One of several VPCs that have the same addresses. */
export function networkOf(host: SimHost | undefined): string {
  const { twinOf, takes, cluster } = host?.spec ?? {};
  if (twinOf !== undefined) return 'twin';
  return takes !== undefined && cluster === 'other-account' ? 'other' : 'own';
}

/** Whether a host bears a name, be it its agent's or EC2's. */
export function isCalled({ name, ec2Name }: SimHost, wanted: string | undefined): boolean {
  return wanted !== undefined && [name, ec2Name].some((one) => normalizeName(one) === normalizeName(wanted));
}

/** The machines that have had an address at any time from `since` on, as ECS or EC2 knew them. */
export function hostsAt(address: string | undefined, since: number, { hosts }: World): readonly SimHost[] {
  return hosts.filter(
    (host) => host.address === address && (host.deregisteredAt === undefined || host.deregisteredAt > since),
  );
}
