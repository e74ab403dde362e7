import type { RunResult } from '../../../src/run/run.ts';
import type { Session } from '../aws/session.ts';
import { addressSet } from '../world/agents.ts';
import type { SimTask } from '../world/entities.ts';
import { nameTask, type World } from '../world/world.ts';
import { trueEntries } from './truth.ts';
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
  for (const task of world.tasks.filter((one) => isPresentable(one, session))) {
    for (const [index, port] of task.ports.entries()) {
      const name = index === 0 ? task.service.name : (task.service.secondName ?? task.service.name);
      if (isThere(task, name, port, world) || isHindered(task, name, port, session, result)) continue;
      const why = result.plan.withheld.find(({ value }) => value.includes(` ${port} `))?.reason;
      report('late', `${nameTask(task)} has no entry of ${name} for ${port}: ${why}`);
    }
  }
}

function isPresentable(task: SimTask, { world, startedAt }: Session): boolean {
  const isRead = world.isVisible(task) && task.service.namesFrom === undefined;
  const isReported = task.reportedAt <= startedAt && task.runningAt <= startedAt;
  const isSettled = task.host === undefined || task.host.registeredAt <= startedAt;
  // An end of the draining is a turn of its own.
  const isStaying = task.host?.drainingAt === undefined && !task.turns.some((at) => at >= startedAt);
  return isRead && isReported && isSettled && isStaying && world.isUpSince(task, startedAt);
}

/** Whether any set of the name leads there, whoever has written it. */
function isThere({ address }: SimTask, name: string, port: number, world: World): boolean {
  return world.zone
    .all()
    .some((set) =>
      trueEntries(set, world).some(
        (entry) => entry.service === name && entry.port === port && entry.address === address,
      ),
    );
}

function isHindered(
  task: SimTask,
  name: string,
  port: number,
  { world, startedAt, shown }: Session,
  { plan }: RunResult,
): boolean {
  const Name = `${name}.${world.zone.name}`;
  const host = task.host === undefined ? undefined : addressSet(task.host).Name;
  const isOfOthers = world.zone.writes.some(
    ({ by, time, before, after }) =>
      typeof by !== 'number' &&
      time >= startedAt &&
      [before, after].some((set) => set?.Name === Name || set?.Name === host),
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
