import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import type { RunResult } from '../../../src/run/run.ts';
import type { Session } from '../aws/session.ts';
import { isAlive, type SimHost, type SimTask } from '../world/entities.ts';
import { isNameTold } from '../world/task-names.ts';
import { nameTask, type World } from '../world/world.ts';
import { isCalled, isOnward, type TrueEntry, targetOf, trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

/**
 * What was healthy, reported and reachable before an undisturbed run began, and stayed so until it ended, is in
 * the zone when it has ended: so it takes one run and the TTL. Not meant is what is on a machine that is being
 * drained, or has to pass more checks after a failure; what has a name that another kind of set holds; and what
 * others wrote to meanwhile.
 */
export function checkPrompt(session: Session, result: RunResult, report: Report): void {
  if (!session.syncs || !session.isUndisturbed) return;
  const { world } = session;
  if (world.onward.hasMovedSince(session.startedAt)) return;
  for (const task of world.tasks.filter((one) => isPresentable(one, session))) {
    for (const [index, port] of task.ports.entries()) {
      const name = task.portNames[index];
      if (name === undefined || !isReadable(task, name, session)) continue;
      if (isThere(task, name, port, world) || isHindered(task, name, port, session, result)) continue;
      const why = result.plan.withheld.find(({ value }) => value.includes(` ${port} `))?.reason;
      report('late', `${nameTask(task)} has no entry of ${name} for ${port}: ${why}`);
    }
    checkAddress(task, session, result, report);
  }
}

function checkAddress(task: SimTask, session: Session, { plan }: RunResult, report: Report): void {
  const { addressName: name, address } = task;
  const { zone } = session.world;
  if (name === undefined || !isReadable(task, name, session)) return;
  const Name = `${name}.${zone.name}`;
  const isOfName = (set: RecordSet | undefined) => set?.Name === Name && set.Type === 'A';
  const isLed = zone.all().some((set) => isOfName(set) && valuesOf(set).includes(address));
  const isOfOthers = zone.writes.some(
    ({ by, time, before, after }) =>
      typeof by !== 'number' && time >= session.startedAt && (isOfName(before) || isOfName(after)),
  );
  const withheld = plan.withheld.find((one) => one.name === Name && one.value === address)?.reason;
  if (!isLed && !isOfOthers && withheld !== 'recovering')
    report('late', `${nameTask(task)} has no address under ${name}: ${withheld}`);
}

function isPresentable(task: SimTask, { world, startedAt }: Session): boolean {
  const isRead = world.isVisible(task) && task.service.namesFrom === undefined;
  const isReported = task.reportedAt <= startedAt && task.runningAt <= startedAt;
  const isSettled = task.host === undefined || task.host.registeredAt <= startedAt;
  // An end of the draining is a turn of its own.
  const isStaying = task.host?.drainingAt === undefined && !task.turns.some((at) => at >= startedAt);
  return isRead && isReported && isSettled && isStaying && world.isUpSince(task, startedAt);
}

/** Whether the settings let the name be read where it stands, and what it stands in is still there. */
function isReadable(task: SimTask, name: string, { world, nameOrder, startedAt }: Session): boolean {
  const isSaid = task.service.isSilent !== true;
  if (world.cloudMap === undefined || (isSaid && name !== world.cloudMap.named(name)?.name))
    return nameOrder?.includes('metadata') ?? true;
  const changedAt = world.cloudMap.changedAt.get(task.serviceIndex) ?? 0;
  return nameOrder?.includes('registries') === true && isNameTold(task, world) && changedAt < startedAt;
}

/** Whether any SRV record of the name leads there, by whichever writer, or names the task and leads nowhere any more. */
function isThere(task: SimTask, name: string, port: number, world: World): boolean {
  return world.zone
    .all()
    .filter(({ Type }) => Type === 'SRV')
    .some((set) =>
      trueEntries(set, world).some(
        (entry) =>
          entry.service === name &&
          entry.port === port &&
          (entry.address === task.address || isNamedAlone(entry, task, world)),
      ),
    );
}

/** Whether an entry names a task by its identifier, while the zone leads on from its target to no host that is known. */
function isNamedAlone(entry: TrueEntry, task: SimTask, world: World): boolean {
  const hasAddress = (host: SimHost) =>
    host.address === entry.address && isAlive(host) && world.isVisible(host);
  const isKnown = !world.onward.isWild(targetOf(entry)) && world.hosts.some(hasAddress);
  const isNamed = parseSetIdentifier(entry.set.SetIdentifier)?.containerId === task.containerId;
  return isOnward(entry, world) && isNamed && !isKnown;
}

function isHindered(
  task: SimTask,
  name: string,
  port: number,
  { world, startedAt, shown }: Session,
  { plan }: RunResult,
): boolean {
  const Name = `${name}.${world.zone.name}`;
  const isOfHost = ({ Type, SetIdentifier }: RecordSet) =>
    Type === 'A' && task.host !== undefined && isCalled(task.host, SetIdentifier);
  const isOfOthers = world.zone.writes.some(
    ({ by, time, before, after }) =>
      typeof by !== 'number' &&
      time >= startedAt &&
      [before, after].some((set) => set !== undefined && (set.Name === Name || isOfHost(set))),
  );
  const isTaken = [...shown.values()]
    .flat()
    .some((set) => set.Name === Name && set.Type === 'SRV' && set.Weight === undefined);
  const isRecovering = plan.withheld.some(
    ({ reason, value, name: withheld }) =>
      reason === 'recovering' && withheld === Name && value.includes(` ${port} `),
  );
  return world.zone.isProtected({ Name, Type: 'SRV' }) || isOfOthers || isTaken || isRecovering;
}
