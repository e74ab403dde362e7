import type { EngineApi, EngineEvent, Inspection } from '../../../src/sources/docker/engine-api.ts';
import { variablesOf } from '../world/account.ts';
import { isRunning, type SimHost, type SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';

/** The container engine of a host: it knows its containers as they are, and tells of each that starts or dies. */
export function hostEngine(host: SimHost, world: World): EngineApi {
  const running = () => world.tasks.filter((task) => task.host === host && isRunning(task, world.now));
  return {
    listRunning: async () => running().map(({ containerId }) => containerId),
    inspect: async (id) => {
      const task = running().find(({ containerId }) => containerId === id);
      return task && inspectionOf(task);
    },
    events: async (signal) => eventsOf(host, world, signal),
  };
}

/** From now on, until the signal aborts. */
function eventsOf(host: SimHost, world: World, signal: AbortSignal): AsyncIterable<EngineEvent> {
  const known = new Set<SimTask>(world.tasks.filter((task) => isRunning(task, world.now)));
  const told: EngineEvent[] = [];
  let wake: () => void = () => {};
  const watch = (task: SimTask) => {
    const runs = isRunning(task, world.now);
    if (task.host !== host || runs === known.has(task)) return;
    if (runs) known.add(task);
    else known.delete(task);
    told.push({ action: runs ? 'start' : 'die', containerId: task.containerId });
    wake();
  };
  world.watchers.add(watch);
  signal.addEventListener('abort', () => {
    world.watchers.delete(watch);
    wake();
  });
  return {
    async *[Symbol.asyncIterator]() {
      while (!signal.aborted) {
        const event = told.shift();
        if (event !== undefined) {
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = () => {
            world.scheduler.wake();
            resolve();
          };
        });
      }
    },
  };
}

/** A container with an interface of its own has no port of the host. */
function inspectionOf({ containerId, service, ports, interfaceName, startedAt }: SimTask): Inspection {
  const { mode, containerPorts, hasUdp } = service;
  const protocols = hasUdp === true ? ['tcp', 'udp'] : ['tcp'];
  const keyed = containerPorts.flatMap((port, index) =>
    protocols.map((protocol) => [`${port}/${protocol}`, ports[index]] as const),
  );
  const bindings = keyed.map(
    ([key, port]) => [key, [{ HostIp: '0.0.0.0', HostPort: String(port) }]] as const,
  );
  return {
    Id: containerId,
    Name: `/${containerId.slice(0, 12)}`,
    State: { Running: true, StartedAt: new Date(startedAt).toISOString() },
    Config: {
      Env: variablesOf(service).map(([name, value]) => `${name}=${value}`),
      Labels: {},
      ExposedPorts: Object.fromEntries(keyed.map(([key]) => [key, {}])),
    },
    HostConfig: { NetworkMode: interfaceName === undefined ? mode : 'none' },
    NetworkSettings: { Ports: mode === 'bridge' ? Object.fromEntries(bindings) : {} },
  };
}
