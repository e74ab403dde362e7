import type { Task } from '../world/ecs-shapes.ts';
import type { MessageQueue } from '../world/message-queue.ts';
import type { World } from '../world/world.ts';

interface FeedOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** How much later an event comes than what it tells. */
  readonly lagMs: number;
}

/** Sends the queue an event of each task that starts, is told to stop, or has stopped, as a rule of EventBridge does. */
export function feedTaskEvents(world: World, queue: MessageQueue, { now, lagMs }: FeedOptions): void {
  world.taskListeners.add((task) => {
    queue.send(JSON.stringify(taskEvent(world, task, now())), now(), lagMs);
  });
}

/** The event has the task as ECS describes it at that moment. */
function taskEvent({ account, region, random }: World, task: Task, now: number) {
  const time = new Date(now).toISOString();
  return {
    version: '0',
    id: random.hex(32),
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account,
    time,
    region,
    resources: [task.taskArn],
    detail: { ...task, updatedAt: time },
  };
}
