import { recordSetKey } from '../../../src/model/record-set.ts';
import type { Session } from '../aws/session.ts';
import type { SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import type { Write } from '../world/zone-store.ts';
import { servedBy, type TrueEntry, trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

/** The last thing that a run did to the entry of one port of one container. */
interface Deed {
  readonly session: Session;
  readonly kind: 'in' | 'out';
}

/** ECS may describe a container as it was so long ago, or learn of its end so much later. */
const SLACK_MS = 15_000;

/** What the runs of a history put into the zone, and took out of it. */
export class Deeds {
  readonly #last = new Map<string, Deed>();

  /**
   * What one run puts in no later run takes out, nor the other way round, unless something has really changed in
   * between: the container, its machine, the zone by another's hand, or that a grace period is over. A
   * run that could not see what is there may have had its reasons.
   */
  check(session: Session, { key, before, after }: Write, report: Report): void {
    const { world } = session;
    const [had, has] = [before, after].map((set) => (set === undefined ? [] : trueEntries(set, world)));
    for (const entry of has ?? []) {
      if (!had?.some(({ value }) => value === entry.value)) this.#note(entry, key, session, 'in', report);
    }
    for (const entry of had ?? []) {
      if (!has?.some(({ value }) => value === entry.value)) this.#note(entry, key, session, 'out', report);
    }
  }

  #note(entry: TrueEntry, key: string, session: Session, kind: Deed['kind'], report: Report): void {
    const { world } = session;
    const task = entry.owner ?? servedBy(entry, world);
    if (task === undefined) return;
    const what = `${entry.service} ${task.containerId} ${entry.port}`;
    const last = this.#last.get(what);
    this.#last.set(what, { session, kind });
    if (last === undefined || last.kind === kind || last.session === session) return;
    const isExcused = (one: Session) => one.isMisled || isUnawareOfDraining(one, task);
    if (isExcused(last.session) || isExcused(session)) return;
    const since = last.session.startedAt - SLACK_MS;
    if (!hasTurned(entry, task, since, world))
      report('flapping', `${key} goes ${kind}: nothing has changed since run ${last.session.number}`);
  }
}

/** A run of a scope asks no host that it knows whether it is drained. */
function isUnawareOfDraining(session: Session, { host }: SimTask): boolean {
  const isDrained = host?.drainingAt !== undefined && host.drainingAt <= session.startedAt;
  return session.isLook && isDrained && !session.hasDescribed(host.instanceArn);
}

function hasTurned({ service }: TrueEntry, task: SimTask, since: number, world: World): boolean {
  const { settings } = world.history.setup;
  const graceMs = Math.max(settings.gracePeriodMs, 1_000 * task.service.graceSeconds);
  const isIn = (time: number | undefined) => time !== undefined && time >= since && time <= world.now;
  const { host } = task;
  // What is drained stays and goes with what else its name has.
  const tasks = host?.drainingAt === undefined ? [task] : world.tasks.filter((one) => named(one, service));
  return (
    world.onward.hasMovedSince(since) ||
    tasks.some(({ turns, runningAt }) => turns.some(isIn) || isIn(runningAt + graceMs)) ||
    [host?.drainingAt, host?.diedAt, host?.terminatedAt, host?.deregisteredAt].some(isIn) ||
    world.zone.writes.some(
      ({ by, time, before, after }) =>
        typeof by !== 'number' &&
        isIn(time) &&
        [before, after].some((set) => set !== undefined && nameOf(set, world) === service),
    )
  );
}

function named(task: SimTask, service: string): boolean {
  return task.portNames.includes(service) || task.addressName === service;
}

function nameOf(set: Parameters<typeof recordSetKey>[0], world: World): string {
  const [name = ''] = recordSetKey(set).split(' ');
  return name.slice(0, -world.zone.name.length);
}
