import { probeKey } from '../../../src/model/probe.ts';
import type { Session } from '../aws/session.ts';
import { isRunning, type SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { probeKeyOf } from './judgements.ts';

/** One host that is down says nothing of the network, and two do not either. */
const TELLING_ADDRESSES = 3;

/** … unless several services fail there that answer elsewhere. */
const TELLING_SERVICES = 2;

/**
 * Whether a run found no way to where an entry leads, and had nothing to tell it by: of its availability zone too few
 * tasks were cut off that ECS has in good order and whose service does not fail elsewhere as well, and of too few
 * services that answer elsewhere.
 */
export function couldNotTell(value: string, session: Session): boolean {
  return couldNotTellAt(probeKeyOf(value, session.world), session);
}

/** The same of what is stopped. */
export function couldNotTellOf(task: SimTask, session: Session): boolean {
  return keysOf(task).some((key) => couldNotTellAt(key, session));
}

function couldNotTellAt(probed: string, session: Session): boolean {
  const { world, cutOff } = session;
  const zone = cutOff.get(probed)?.zone;
  if (zone === undefined) return false;
  const telling = world.tasks.filter(
    (task) =>
      keysOf(task).some((key) => cutOff.get(key)?.zone === zone) &&
      isInGoodOrder(task, session) &&
      !failsElsewhere(task, zone, session),
  );
  const answering = telling.filter((task) => answersElsewhere(task, zone, session));
  return (
    new Set(telling.map(({ address }) => address)).size < TELLING_ADDRESSES &&
    new Set(answering.map(({ serviceIndex }) => serviceIndex)).size < TELLING_SERVICES
  );
}

/** What a fault of ECS has kept from the run tells it nothing. */
function isInGoodOrder(task: SimTask, session: Session): boolean {
  const { world, startedAt } = session;
  const { host, reportedAt, stopDesiredAt = Number.POSITIVE_INFINITY } = task;
  const isConnected =
    host === undefined || ((host.flapsUntil ?? 0) <= startedAt && host.lostAt === undefined);
  const isReported = reportedAt <= startedAt && isRunning(task, world.now);
  const isHostTold = host === undefined || !session.isKeptInTheDark(host.instanceArn);
  const isTold = isHostTold && world.isVisible(task) && !session.isKeptInTheDark(task.arn);
  // What is told to stop while the run reads has a failure that is its own.
  const isStaying = stopDesiredAt > world.now;
  return isTold && isReported && isStaying && isConnected && isNamed(task, world);
}

/** What no entry leads to is not asked for the sake of its health. */
function isNamed({ address, ports }: SimTask, world: World): boolean {
  const keys = new Set(ports.map((port) => probeKey({ address, port })));
  return world.zone
    .all()
    .some(({ ResourceRecords = [] }) =>
      ResourceRecords.some(({ Value }) => keys.has(probeKeyOf(Value, world))),
    );
}

function answersElsewhere({ serviceIndex }: SimTask, zone: number, session: Session): boolean {
  const { world, cutOff, probed } = session;
  return world.tasks
    .filter((task) => task.serviceIndex === serviceIndex && isInGoodOrder(task, session))
    .flatMap(keysOf)
    .some((key) => cutOff.get(key)?.zone !== zone && probed.get(key) === 'healthy');
}

/** Whether half of a service fails elsewhere, or of what ECS still knew of it when the run began. */
function failsElsewhere({ serviceIndex }: SimTask, zone: number, session: Session): boolean {
  const { world, startedAt } = session;
  // What ECS keeps from the run may answer, and is of no service to it.
  const own = world.tasks.filter(
    (task) => task.serviceIndex === serviceIndex && !session.isKeptInTheDark(task.arn),
  );
  // Where one of them has ended something else may answer.
  const left = own.filter(({ stoppedAt = Number.POSITIVE_INFINITY }) => stoppedAt >= startedAt);
  return [own, left].some((tasks) => isHalfFailing(tasks, zone, session));
}

function isHalfFailing(tasks: readonly SimTask[], zone: number, { cutOff, probed }: Session): boolean {
  // A place that several have had one after the other is one place.
  const others = [...new Set(tasks.flatMap(keysOf))].filter((key) => cutOff.get(key)?.zone !== zone);
  const failing = others.filter((key) => probed.get(key) === 'unhealthy').length;
  return failing > 0 && failing * 2 >= others.filter((key) => probed.has(key)).length;
}

function keysOf({ address, ports }: SimTask): readonly string[] {
  return ports.map((port) => probeKey({ address, port }));
}
