import type { Clock } from '../../../src/model/clock.ts';
import { feedTaskEvents } from '../../../src/sandbox/events/task-events.ts';
import type { MessageQueue } from '../../../src/sandbox/world/message-queue.ts';
import type { World } from '../../../src/sandbox/world/world.ts';

interface LateEvents {
  readonly world: World;
  readonly queue: MessageQueue;
  readonly clock: Clock;
  /** From its abort on no event comes any more. */
  readonly stop: AbortSignal;
  readonly lagMs: number;
}

/** Events of tasks as EventBridge brings them: what each tells is of its moment, and it comes a while later by the clock given. */
export function feedLateEvents({ world, queue, clock, stop, lagMs }: LateEvents): void {
  const onTheirWay = world.addQueue(`${queue.name}-on-their-way`);
  feedTaskEvents(world, onTheirWay, { now: () => clock.now(), lagMs: 0 });
  const bring = async (bodies: readonly string[]) => {
    await clock.sleep(lagMs, stop).catch(() => {});
    if (stop.aborted) return;
    for (const body of bodies) queue.send(body, Date.now());
  };
  world.taskListeners.add(() => {
    const messages = onTheirWay.receive(Number.POSITIVE_INFINITY, 0, clock.now());
    for (const { receipt } of messages) onTheirWay.delete(receipt);
    void bring(messages.map(({ body }) => body));
  });
}
