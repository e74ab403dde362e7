import { isAddress, isBelow, normalizeName } from '../../../src/model/dns-name.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import { reachedAt } from '../aws/fake-prober.ts';
import { isAlive, isOfOtherAccount, type SimHost, type SimTask } from '../world/entities.ts';
import { isNameTold } from '../world/task-names.ts';
import type { World } from '../world/world.ts';
import { isAt, isLedAway, type TrueEntry } from './truth.ts';

/**
 * Whether a worker that reads all it may can know that an entry leads to no container. It cannot where the entry's container
 * was another account's, or of a cluster that is out of its sight; where its host is not known by the name that the
 * entry has; where what answers there, or what runs there, may be the entry's for all that ECS tells.
 */
export function isKnowable(entry: TrueEntry, world: World): boolean {
  const { owner, address, port } = entry;
  if (owner !== undefined && !isInSight(owner, world)) return false;
  if (!isTold(entry, world)) return false;
  const hosts = world.hosts.filter((host) => host.address === address);
  if (hosts.some((host) => !isHostInSight(host, world))) return false;
  if (hosts.some(({ spec }) => spec.naming !== undefined) && !haveAddressSet(hosts, world)) return false;
  const answering = address === undefined ? undefined : reachedAt(address, port, world);
  if (answering !== undefined && !world.isVisible(answering)) return false;
  return !world.tasks.some((task) => isAt(task, entry) && !isNamed(task, world));
}

/**
 * Whether a worker can know where the zone leads on to from a target: not where a wildcard stands for it, where the record is
 * gone, or where it leads to another place than that of the container which the identifier names; and a plain record of
 * an address that no host has says no name by which EC2 could be asked.
 */
export function isTold({ set, value, address }: TrueEntry, world: World): boolean {
  const target = parseSrvValue(value)?.target ?? '';
  if (!world.onward.isOnward(target)) return true;
  if (world.onward.isWild(target) || address === undefined) return false;
  const named = world.taskOf(parseSetIdentifier(set.SetIdentifier)?.containerId ?? '');
  if (named !== undefined && isLedAway(named, target, world)) return false;
  const end = world.onward.end(target);
  return (
    (!isAddress(end) && !isBelow(end, normalizeName(world.zone.name))) ||
    world.hosts.some((host) => host.address === address && isAlive(host))
  );
}

/** Of what says nothing of a port, the image may. */
function isNamed(task: SimTask, world: World): boolean {
  const isInDefinition = task.service.namesFrom === undefined && isNameTold(task, world);
  return isInDefinition && task.portNames.every((name) => name !== undefined);
}

/** Whether a worker can know that the host of an A set is no more. */
export function isHostKnowable({ SetIdentifier = '' }: RecordSet, world: World): boolean {
  const named = world.hosts.filter(({ name, ec2Name }) =>
    [name, ec2Name].some((one) => normalizeName(one) === normalizeName(SetIdentifier)),
  );
  return named.every((host) => isHostInSight(host, world) && host.spec.naming === undefined);
}

/** Containers that ECS did not start, on a known host, are in sight as far as they answer or do not. */
function isInSight(task: SimTask, world: World): boolean {
  const { of, namesFrom } = task.service;
  if (isOfOtherAccount(task.service) || namesFrom !== undefined) return false;
  return of === 'docker' || task.cluster === undefined || world.isVisible(task);
}

function isHostInSight({ spec, cluster }: SimHost, world: World): boolean {
  if (spec.cluster === 'other-account' || spec.cluster === 'participant') return false;
  return spec.twinOf === undefined && (cluster === undefined || world.isVisible({ cluster }));
}

/** The zone's own A set of a host is all that leads from a name of its own to EC2's. */
function haveAddressSet(hosts: readonly SimHost[], { zone }: World): boolean {
  return zone
    .all()
    .some(({ Type, SetIdentifier }) => Type === 'A' && hosts.some(({ name }) => name === SetIdentifier));
}
