import type { LoggedRequest } from './answer.ts';
import { feedTaskEvents } from './events/task-events.ts';
import { type SandboxOptions, startSandboxServer } from './server.ts';
import type { World } from './world/world.ts';

/** The APIs of a world, on a port of this machine. */
export interface OpenApis {
  /** The address of all APIs, to be given to SDK clients as their `endpoint`. */
  readonly url: string;
  /** Every request in the order of its arrival. */
  readonly log: readonly LoggedRequest[];
  /** The address of a queue that is told of each task which starts or stops. */
  readonly queueUrl: string;
  close(): Promise<void>;
}

/** EventBridge typically takes about half a second. */
const EVENT_LAG_MS = 500;

/** Opens the APIs, and the queue of the events of tasks. Rejects when the port is taken. */
export async function openApis(world: World, options: SandboxOptions = {}): Promise<OpenApis> {
  const queue = world.addQueue('ecs-events');
  feedTaskEvents(world, queue, { now: Date.now, lagMs: EVENT_LAG_MS });
  const server = await startSandboxServer(world, options);
  const queueUrl = `${server.url}/${world.account}/${queue.name}`;
  return { url: server.url, log: server.log, queueUrl, close: () => server.close() };
}
