import { onTestFinished } from 'vitest';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { feedTaskEvents } from '../../../src/sandbox/events/task-events.ts';
import { type Predecessor, predecessorFleet } from '../../../src/sandbox/fleet/predecessors.ts';
import { scheduleTasks } from '../../../src/sandbox/fleet/task-scheduler.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import { virtualTime } from '../../watch/virtual-time.ts';
import { listen, serve } from '../support.ts';

/** How long a task goes on after it was told to stop. */
const ENDING_MS = 3_000;

/** A system that is to be replaced, with containers that answer, a queue of events, and tasks that can be replaced. */
export async function openPredecessor(system: Predecessor, block: number) {
  const fleet = predecessorFleet(system, { block });
  const { world, zone } = fleet;
  const queue = world.addQueue('ecs-events');
  feedTaskEvents(world, queue, { now: Date.now, lagMs: 0 });
  const server = await serve(world);
  const containers = await listen(fleet);
  const clock = virtualTime({ start: Date.now() });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  scheduleTasks({ world, containers, clock, stop: stop.signal, observe: () => {} });
  const running = (): readonly Task[] =>
    [...world.clusters.values()]
      .flatMap((cluster) => [...cluster.tasks.values()])
      .filter(({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus === 'RUNNING');
  return {
    ...fleet,
    url: server.url,
    queueUrl: `${server.url}/${world.account}/${queue.name}`,
    running,
    /** Tells the queue of something that is not a task's. */
    tell: (event: object) => void queue.send(JSON.stringify(event), Date.now()),
    /** Tells the first task of a service to stop; another takes its place. */
    replaceOne: async (service: string): Promise<void> => {
      const task = running().find(({ group }) => group === `service:${service}`);
      if (task === undefined) throw new TypeError(`nothing of ${service} runs`);
      world.tellToStop(task, 'replaced', clock.now() / 1000);
      await clock.advance(ENDING_MS);
    },
    /** The record sets of a type, in their order. */
    sets: (type: string): readonly RecordSet[] => zone.list().filter(({ Type }) => Type === type),
  };
}

/** What somebody would get who asks for the sets: names and values, each once. */
export function answers(sets: readonly RecordSet[]): readonly string[] {
  const all = sets.flatMap((set) => valuesOf(set).map((value) => `${set.Name} ${set.Type} ${value}`));
  return [...new Set(all)].toSorted();
}

export function identifiers(sets: readonly RecordSet[]): readonly string[] {
  return sets.map(({ SetIdentifier = '' }) => SetIdentifier);
}
