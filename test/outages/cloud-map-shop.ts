import { roll } from '../../src/sandbox/ecs/services.ts';
import { predecessorFleet } from '../../src/sandbox/fleet/predecessors.ts';
import type { LaunchType, Service } from '../../src/sandbox/world/ecs-shapes.ts';
import { openWorker, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

const SETTINGS = {
  '--policy': 'sync',
  '--names': 'metadata,registries',
  '--health-enabled': 'false',
  '--guardrails-removal-budget-percent': '100',
};

/** An ECS service `shop` that Cloud Map names, and others next to it, as a first run has registered them. */
export async function openShop() {
  const { world, zone } = predecessorFleet('cloud-map', { block: OWN_BLOCK });
  const server = await serve(world);
  const workerWith = (flags: Partial<Record<string, string>> = {}) =>
    openWorker(server, { ...SETTINGS, ...flags });
  const worker = workerWith();
  const serviceOf = (name: string): Service => {
    const all = [...world.clusters.values()].flatMap(({ services }) => [...services.values()]);
    const found = all.find(({ serviceName }) => serviceName === name);
    if (found === undefined) throw new TypeError(`there is no ${name}`);
    return found;
  };
  const shop = serviceOf('shop');
  const runAnother = (service = shop, address = world.freshAddress()) => {
    const taskDefinition = world.taskDefinitions.get(service.taskDefinition);
    if (taskDefinition === undefined) throw new TypeError(`${service.serviceName} has no task definition`);
    const cluster = world.cluster(service.clusterArn);
    world.addTask({ cluster, taskDefinition, service: service.serviceName, address });
    return address;
  };
  /** A task of `shop` in a cluster of its own. */
  const runUnseen = (address: string, launchType: LaunchType = 'FARGATE') => {
    const taskDefinition = world.taskDefinitions.get(shop.taskDefinition);
    if (taskDefinition === undefined) throw new TypeError('shop has no task definition');
    world.addTask({ cluster: world.addCluster('unseen'), taskDefinition, address, launchType });
  };
  const discovery = [...world.cloudMapServices.values()].find(({ name }) => name === 'shop');
  if (discovery === undefined) throw new TypeError('Cloud Map has no shop');
  /** The task of `shop` at an address ends, and is forgotten. */
  const end = (address: string) => {
    const details = { name: 'privateIPv4Address', value: address };
    const task = [...world.cluster(shop.clusterArn).tasks.values()].find(({ attachments }) =>
      attachments.some((one) => one.details.some(({ value }) => value === details.value)),
    );
    if (task === undefined) throw new TypeError(`nothing runs at ${address}`);
    world.stopTask(task);
    world.removeTask(task);
  };
  /** A deployment of `shop` that registers its tasks with another service of Cloud Map. */
  const changeRegistry = (name: string) => {
    const { arn } = world.addCloudMapService({ namespace: discovery.namespace, name, dnsRecords: { A: 15 } });
    shop.serviceRegistries = [{ registryArn: arn }];
    roll(shop, shop.taskDefinition);
  };
  const setsOf = (name: string) => zone.list().filter((set) => set.Name === `${name}.${zone.name}`);
  const addressesOf = (name: string) =>
    setsOf(name)
      .flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value }) => Value))
      .toSorted();
  await worker.apply();
  return {
    worker,
    workerWith,
    runAnother,
    runUnseen,
    end,
    changeRegistry,
    setsOf,
    addressesOf,
    search: serviceOf('search'),
    registryId: discovery.id,
    deleteRegistry: () => world.cloudMapServices.delete(discovery.id),
  };
}
