import type { RecordSet } from '../../model/record-set.ts';
import type { CloudMapService } from '../world/cloud-map.ts';
import type { Service, ServiceRegistry, Task } from '../world/ecs-shapes.ts';
import type { World } from '../world/world.ts';

/**
 * Writes what ECS registers of its tasks into the zones of Cloud Map, now and from now on: what runs has its records, and
 * what is to stop has none. What it returns ends that.
 */
export function registerInstances(world: World): () => void {
  const registered = new Map<string, readonly (readonly [CloudMapService, RecordSet])[]>();
  const follow = (task: Task) => {
    const isThere = task.lastStatus === 'RUNNING' && task.desiredStatus === 'RUNNING';
    if (isThere && !registered.has(task.taskArn)) {
      const records = instanceRecords(world, task);
      registered.set(task.taskArn, records);
      for (const [service, set] of records) service.namespace.zone?.put(set);
    }
    if (isThere) return;
    for (const [service, set] of registered.get(task.taskArn) ?? []) service.namespace.zone?.delete(set);
    registered.delete(task.taskArn);
  };
  for (const cluster of world.clusters.values()) for (const task of cluster.tasks.values()) follow(task);
  world.taskListeners.add(follow);
  return () => void world.taskListeners.delete(follow);
}

/** What Cloud Map has of a task, by the registries that its ECS service had when it was started. */
function instanceRecords(world: World, task: Task): readonly (readonly [CloudMapService, RecordSet])[] {
  const service = serviceOf(world, task);
  return (service?.serviceRegistries ?? []).flatMap((registry) => {
    const found = [...world.cloudMapServices.values()].find(({ arn }) => arn === registry.registryArn);
    return found === undefined
      ? []
      : recordsOf(world, task, registry, found).map((set) => [found, set] as const);
  });
}

function serviceOf(world: World, { clusterArn, group }: Task): Service | undefined {
  const cluster = world.cluster(clusterArn);
  return cluster.services.get(cluster.arnOf('service', group.replace(/^service:/, '')));
}

/** Source: Cloud Map Developer Guide, "DNS record types and routing policy": priority and weight of SRV are 1. */
function recordsOf(
  world: World,
  task: Task,
  registry: ServiceRegistry,
  { name, namespace, dnsRecords, routingPolicy }: CloudMapService,
): readonly RecordSet[] {
  const instance = task.taskArn.slice(task.taskArn.lastIndexOf('/') + 1);
  const { address, port } = placeOf(world, task, registry);
  if (address === undefined) return [];
  const at = `${name}.${namespace.name}`;
  const routing = routingPolicy === 'WEIGHTED' ? { Weight: 1 } : { MultiValueAnswer: true };
  const set = (Name: string, Type: 'A' | 'SRV', TTL: number, Value: string): RecordSet => {
    const head = { Name: `${Name}.`, Type, SetIdentifier: instance };
    return { ...head, ...routing, TTL, ResourceRecords: [{ Value }] };
  };
  const { A, SRV } = dnsRecords;
  return [
    ...(A === undefined ? [] : [set(at, 'A', A, address)]),
    ...(SRV === undefined || port === undefined
      ? []
      : [set(at, 'SRV', SRV, `1 1 ${port} ${instance}.${at}`), set(`${instance}.${at}`, 'A', SRV, address)]),
  ];
}

/** Where it is reached: at its own interface, or at its host and the port that is bound there. */
function placeOf(world: World, task: Task, registry: ServiceRegistry) {
  const details = task.attachments.flatMap((one) => one.details);
  const own = details.find(({ name }) => name === 'privateIPv4Address')?.value;
  const wanted = registry.containerPort ?? registry.port;
  if (own !== undefined) return { address: own, port: wanted };
  const bindings = task.containers
    .filter(({ name }) => registry.containerName === undefined || name === registry.containerName)
    .flatMap(({ networkBindings }) => networkBindings);
  const port = bindings.find(({ containerPort }) => containerPort === wanted)?.hostPort;
  const host = world.cluster(task.clusterArn).containerInstances.get(task.containerInstanceArn ?? '');
  return { address: host && world.instances.get(host.ec2InstanceId)?.privateIpAddress, port };
}
