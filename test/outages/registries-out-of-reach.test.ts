import { expect, test } from 'vitest';
import { predecessorFleet } from '../../src/sandbox/fleet/predecessors.ts';
import { openWorker, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

const SETTINGS = {
  '--policy': 'sync',
  '--names': 'metadata,registries',
  '--health-enabled': 'false',
};

test.each(['servicediscovery:ListNamespaces', 'servicediscovery:ListServices', 'ecs:DescribeServices'])(
  'nothing goes and nothing comes for registries that cannot be read: %s',
  async (operation) => {
    const { world, zone } = predecessorFleet('cloud-map', { block: OWN_BLOCK });
    const server = await serve(world);
    const worker = openWorker(server, SETTINGS);
    await worker.apply();
    const registered = zone.list();
    const shop = [...world.clusters.values()]
      .flatMap((cluster) => [...cluster.services.values()])
      .find(({ serviceName }) => serviceName === 'shop');
    const taskDefinition = world.taskDefinitions.get(shop?.taskDefinition ?? '');
    if (shop === undefined || taskDefinition === undefined) throw new TypeError('there is no shop');
    const cluster = world.cluster(shop.clusterArn);
    world.addTask({ cluster, taskDefinition, service: 'shop', address: world.freshAddress() });
    const code = 'AccessDeniedException';
    server.addFault({ operation, effect: { kind: 'error', code, status: 400 } });

    const { incomplete, withheld } = await worker.apply();

    expect(zone.list()).toEqual(registered);
    expect(new Set(incomplete.map((one) => one.operation))).toEqual(new Set([operation]));
    expect(new Set(withheld.map(({ reason }) => reason))).toContain('registry-unknown');
  },
);
