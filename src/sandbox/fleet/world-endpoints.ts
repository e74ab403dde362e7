import type { NetworkBinding, Task, TaskDefinition } from '../world/ecs-shapes.ts';
import type { World } from '../world/world.ts';

/** A TCP port at which a container of the world is to be reached. */
export interface WorldEndpoint {
  readonly address: string;
  readonly port: number;
  readonly task: Task;
  /** The name of the container. */
  readonly container: string;
}

/** Every TCP endpoint of every running task; a port published twice, on IPv4 and IPv6, counts once. */
export function worldEndpoints(world: World): readonly WorldEndpoint[] {
  const tasks = [...world.clusters.values()].flatMap((cluster) => [...cluster.tasks.values()]);
  return endpointsOf(
    world,
    tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING'),
  );
}

/** Every TCP endpoint of the tasks, running or not. */
export function endpointsOf(world: World, tasks: readonly Task[]): readonly WorldEndpoint[] {
  const addresses = new Map<string, string>();
  for (const machine of world.machines.values())
    if (machine.containerInstance !== undefined)
      addresses.set(machine.containerInstance.containerInstanceArn, machine.address);
  const endpoints = new Map<string, WorldEndpoint>();
  for (const task of tasks)
    for (const endpoint of taskEndpoints(world, task, addresses))
      endpoints.set(`${endpoint.address}:${endpoint.port}`, endpoint);
  return [...endpoints.values()];
}

function taskEndpoints(
  world: World,
  task: Task,
  addresses: ReadonlyMap<string, string>,
): readonly WorldEndpoint[] {
  const definition = world.taskDefinitions.get(task.taskDefinitionArn);
  const machineAddress = addresses.get(task.containerInstanceArn ?? '');
  return task.containers.flatMap((container) => {
    const [own] = container.networkInterfaces;
    const address = own?.privateIpv4Address ?? own?.ipv6Address ?? machineAddress;
    if (address === undefined) return [];
    const ports =
      own === undefined
        ? container.networkBindings.flatMap(hostPorts)
        : containerPorts(definition, container.name);
    return ports.map((port) => ({ address, port, task, container: container.name }));
  });
}

function hostPorts(binding: NetworkBinding): readonly number[] {
  if (binding.protocol !== 'tcp') return [];
  if (binding.hostPortRange !== undefined) return portsOf(binding.hostPortRange);
  return binding.hostPort === undefined ? [] : [binding.hostPort];
}

function containerPorts(definition: TaskDefinition | undefined, name: string): readonly number[] {
  const mappings = definition?.containerDefinitions.find((one) => one.name === name)?.portMappings ?? [];
  return mappings
    .filter((mapping) => mapping.protocol !== 'udp')
    .flatMap((mapping) =>
      mapping.containerPortRange === undefined
        ? (mapping.containerPort ?? [])
        : portsOf(mapping.containerPortRange),
    );
}

function portsOf(range: string): readonly number[] {
  const [first = 0, last = first] = range.split('-').map(Number);
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
