import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Clock } from '../../../src/model/clock.ts';
import type { LoggedRequest } from '../../../src/sandbox/answer.ts';
import { startContainers } from '../../../src/sandbox/fleet/containers.ts';
import { FleetBuilder } from '../../../src/sandbox/fleet/fleet-builder.ts';
import { scheduleTasks } from '../../../src/sandbox/fleet/task-scheduler.ts';
import { type SandboxServer, startSandboxServer } from '../../../src/sandbox/server.ts';
import type { Task } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { HostedZone } from '../../../src/sandbox/world/hosted-zone.ts';
import type { MessageQueue } from '../../../src/sandbox/world/message-queue.ts';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../../own-block.ts';
import { type DrainOptions, drainingContainers } from './draining-containers.ts';
import { feedLateEvents } from './late-events.ts';

export const ZONE_NAME = 'servicediscovery.internal';
export const SERVICE_NAME = '_orders._tcp';
const SERVICE = { cluster: 'shop', service: 'orders' };
export const CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

export interface RolloutOptions extends Pick<DrainOptions, 'drainMs' | 'bootMs' | 'observe'> {
  readonly clock: Clock;
  readonly tasks: number;
  readonly ttlSeconds: number;
  /** How much later an event comes than what it tells. */
  readonly lagMs: number;
  /** How long a task is on its way at each status before it runs. */
  readonly startingMs?: (task: Task) => number;
  /** Told of every request to AWS once it is answered. */
  readonly answered?: (request: LoggedRequest) => void;
}

/** A service whose tasks can be replaced, with all that a worker and a client need of it. */
export interface Rollout {
  readonly world: World;
  readonly zone: HostedZone;
  readonly server: SandboxServer;
  readonly queue: MessageQueue;
  readonly queueUrl: string;
  /** All tasks of the service, in the order in which they began. */
  readonly tasks: () => readonly Task[];
  /** Whether the zone leads to the container of a task. */
  readonly isRegistered: (task: Task) => boolean;
  /** `aws ecs update-service --force-new-deployment` */
  readonly deploy: () => Promise<void>;
  /** The container of a task ends without a warning, and ECS takes note. */
  readonly kill: (task: Task) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Runs the service with nothing registered yet; `close` ends it. */
export async function openRollout(options: RolloutOptions): Promise<Rollout> {
  const { clock, lagMs, answered = () => {}, startingMs } = options;
  const { world, zone } = worldOf(options);
  const queue = world.addQueue('ecs-events');
  const stopping = new AbortController();
  const { signal: stop } = stopping;
  const containers = drainingContainers(await startContainers({ world }), { ...options, stop });
  const pace = startingMs === undefined ? {} : { startingMs };
  const scheduled = scheduleTasks({ world, containers, clock, stop, observe: () => {}, ...pace });
  feedLateEvents({ world, queue, clock, stop, lagMs });
  const server = await startSandboxServer(world, { observe: answered });
  const access = { endpoint: server.url, region: world.region, credentials: CREDENTIALS };
  const ecs = new ECSClient(access);
  const cluster = world.cluster(SERVICE.cluster);
  const tasks = () => [...cluster.tasks.values()];
  return {
    world,
    zone,
    server,
    queue,
    queueUrl: `${server.url}/${world.account}/${queue.name}`,
    tasks,
    isRegistered: ({ containers: [container] }) =>
      container?.runtimeId !== undefined &&
      zone.list().some(({ SetIdentifier }) => SetIdentifier?.endsWith(container.runtimeId ?? '') === true),
    deploy: async () => {
      await ecs.send(new UpdateServiceCommand({ ...SERVICE, forceNewDeployment: true }));
    },
    kill: async (task) => {
      await containers.end(task);
      world.stopTask(task, clock.now() / 1000);
      // The service wants as many as before.
      for (const service of cluster.services.values()) world.announceService(service, false);
    },
    close: async () => {
      stopping.abort();
      ecs.destroy();
      await scheduled();
      await Promise.all([server.close(), containers.close()]);
    },
  };
}

/** A bridge service on three machines, with the TTL that it asks for. */
function worldOf({ tasks, ttlSeconds }: RolloutOptions): { world: World; zone: HostedZone } {
  const world = createWorld();
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const fleet = new FleetBuilder(world, zone);
  const cluster = world.addCluster(SERVICE.cluster);
  const machines = [1, 2, 3].map((n) => world.addMachine({ cluster, address: `127.${OWN_BLOCK}.0.${n}` }));
  const service = fleet.addService({
    name: SERVICE_NAME,
    mode: 'bridge',
    cluster,
    portMappings: [{ containerPort: 8080, hostPort: 0 }],
    environment: { SERVICE_TTL: String(ttlSeconds) },
  });
  for (let i = 0; i < tasks; i++) {
    const machine = machines[i % machines.length];
    if (machine !== undefined) fleet.run(service, { machine });
  }
  return { world, zone };
}
