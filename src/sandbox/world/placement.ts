import type { LaunchType, TaskDefinition } from './ecs-shapes.ts';
import type { Machine } from './machine.ts';
import type { TaskOptions } from './new-task.ts';
import type { World } from './world.ts';
import type { Cluster } from './world-cluster.ts';

/** Where a task goes, or why it goes nowhere, in ECS's own words. */
export type Placement =
  | { readonly kind: 'placed'; readonly at: Pick<TaskOptions, 'machine' | 'address'> }
  | { readonly kind: 'failed'; readonly arn: string; readonly reason: string };

/**
 * Finds a place: on the machine of the cluster that has the fewest tasks and the ports that are wanted, or nowhere in
 * particular for Fargate. A task with an interface of its own gets a fresh address. `undefined` where the cluster has no
 * machine at all.
 */
export function placeTask(
  world: World,
  cluster: Cluster,
  definition: TaskDefinition,
  launchType: LaunchType,
): Placement | undefined {
  const own = definition.networkMode === 'awsvpc' ? { address: world.freshAddress() } : {};
  if (launchType === 'FARGATE') return { kind: 'placed', at: own };
  const machines = machinesOf(world, cluster);
  const [first] = machines;
  if (first === undefined) return undefined;
  const wanted = fixedPorts(definition);
  const machine = machines.find((one) => !wanted.some((port) => portsOn(world, cluster, one).has(port)));
  if (machine !== undefined) return { kind: 'placed', at: { machine, ...own } };
  return { kind: 'failed', arn: instanceArn(first), reason: 'RESOURCE:PORTS' };
}

/** Those that take tasks, the emptiest first. */
function machinesOf(world: World, cluster: Cluster): readonly Machine[] {
  return [...world.machines.values()]
    .filter((one) => one.cluster === cluster && isOpen(one, cluster))
    .map((machine) => ({ machine, count: tasksOn(cluster, machine).length }))
    .toSorted((a, b) => a.count - b.count)
    .map(({ machine }) => machine);
}

function isOpen({ containerInstance, ec2 }: Machine, cluster: Cluster): boolean {
  if (containerInstance === undefined || (ec2 !== undefined && ec2.state !== 'running')) return false;
  const isRegistered = cluster.containerInstances.get(containerInstance.containerInstanceArn) !== undefined;
  return isRegistered && containerInstance.status === 'ACTIVE';
}

function instanceArn({ containerInstance }: Machine): string {
  return containerInstance?.containerInstanceArn ?? '';
}

function tasksOn(cluster: Cluster, machine: Machine) {
  return [...cluster.tasksOf(instanceArn(machine)).values()].filter(
    ({ lastStatus }) => lastStatus !== 'STOPPED',
  );
}

/** Those that are bound, and those that a task on its way will bind. */
function portsOn(world: World, cluster: Cluster, machine: Machine): ReadonlySet<number> {
  const ports = tasksOn(cluster, machine).flatMap(({ containers, taskDefinitionArn }) => {
    const bindings = containers.flatMap(({ networkBindings }) => networkBindings);
    const definition = world.taskDefinitions.get(taskDefinitionArn);
    return [
      ...bindings.flatMap(({ hostPort }) => hostPort ?? []),
      ...(definition ? fixedPorts(definition) : []),
    ];
  });
  return new Set(ports);
}

/** The ports of the machine that a task cannot do without. */
function fixedPorts({ networkMode, containerDefinitions }: TaskDefinition): readonly number[] {
  const mappings = containerDefinitions.flatMap(({ portMappings }) => portMappings);
  if (networkMode === 'host') return mappings.flatMap(({ containerPort }) => containerPort ?? []);
  if (networkMode !== 'bridge') return [];
  return mappings.flatMap(({ hostPort }) => (hostPort === undefined || hostPort === 0 ? [] : [hostPort]));
}
