import { normalizeName, relativeName } from '../../../src/model/dns-name.ts';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import { isRunning, type SimHost, type SimTask } from '../world/entities.ts';
import { addressOfTarget, type World } from '../world/world.ts';

/** One value of a set, and where it truly leads. */
export interface TrueEntry {
  readonly set: RecordSet;
  readonly value: string;
  readonly service: string;
  readonly address: string | undefined;
  readonly port: number;
  /** The container that the identifier names, dead or alive. */
  readonly owner: SimTask | undefined;
  readonly namesOwner: boolean;
}

export function trueEntries(set: RecordSet, world: World): readonly TrueEntry[] {
  if (set.Type !== 'SRV') return [];
  return valuesOf(set).map((value) => trueEntry(set, value, world));
}

function trueEntry(set: RecordSet, value: string, world: World): TrueEntry {
  const srv = parseSrvValue(value);
  const owner = parseSetIdentifier(set.SetIdentifier);
  const task = owner === undefined ? undefined : world.taskOf(owner.containerId);
  return {
    set,
    value,
    service: relativeName(normalizeName(set.Name), normalizeName(world.zone.name)),
    address: srv === undefined ? undefined : addressOfTarget(srv.target),
    port: srv?.port ?? 0,
    owner: task?.ports.includes(srv?.port ?? 0) ? task : undefined,
    namesOwner: owner !== undefined,
  };
}

/** Whether a container serves a name on a port of its own. */
export function serves(task: SimTask, service: string, port: number): boolean {
  const names = [task.service.name, task.service.secondName ?? task.service.name];
  return task.ports.some((own, index) => own === port && names[index] === service);
}

/** Who runs where an entry leads, under its name, now. */
export function servedBy({ address, port, service }: TrueEntry, world: World): SimTask | undefined {
  return world.tasks.find(
    (task) => task.address === address && serves(task, service, port) && isRunning(task, world.now),
  );
}

/** The machines that have had an address at any time from `since` on, as ECS or EC2 knew them. */
export function hostsAt(address: string | undefined, since: number, { hosts }: World): readonly SimHost[] {
  return hosts.filter(
    (host) => host.address === address && (host.deregisteredAt === undefined || host.deregisteredAt > since),
  );
}
