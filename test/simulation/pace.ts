import type { SimTask } from './world/entities.ts';
import type { World } from './world/world.ts';
import type { Write } from './world/zone-store.ts';

/** How long the zone took to follow containers, in milliseconds each. */
export interface Pace {
  /** From when a container without an agent was up to its first entry. */
  readonly starts: readonly number[];
  /** From when a container had ended to when a run took its last entry; 0 for one that went before. */
  readonly stops: readonly number[];
}

/** The pace of what happened from one time to another, in which the periodic runs go on. */
export function paceOf(world: World, first: number, last: number): Pace {
  const isWithin = (at: number | undefined): at is number => at !== undefined && at >= first && at <= last;
  const written = world.tasks.filter(isWritten).map((task) => ({ task, writes: writesOf(task, world) }));
  return {
    starts: written.flatMap(({ task, writes }) => {
      const up = task.upBefore[0]?.from ?? task.upSince;
      const entered = writes.find(({ after }) => after !== undefined);
      const isTimely = isWithin(up) && !world.hasAgent(task) && typeof entered?.by === 'number';
      return isTimely ? [Math.max(0, entered.time - up)] : [];
    }),
    stops: written.flatMap(({ task: { exitedAt }, writes }) => {
      const gone = writes.findLast(({ after }) => after === undefined);
      const isTimely = isWithin(exitedAt) && typeof gone?.by === 'number';
      return isTimely ? [Math.max(0, gone.time - exitedAt)] : [];
    }),
  };
}

function isWritten({ service }: SimTask): boolean {
  return !service.pooled;
}

/** What was written of the sets that bear the id of a container. */
function writesOf({ containerId }: SimTask, { zone }: World): readonly Write[] {
  return zone.writes.filter(({ key }) => key.includes(containerId));
}
