import { expect, test } from 'vitest';
import { predecessorFleet } from '../../src/sandbox/fleet/predecessors.ts';
import { openWorker, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

const MANY = 120;

/** More tasks of a service that Cloud Map names than a name has sets for: they share one, which names no task. */
async function registered() {
  const { world, zone } = predecessorFleet('cloud-map', { block: OWN_BLOCK });
  const shop = [...world.clusters.values()]
    .flatMap(({ services }) => [...services.values()])
    .find(({ serviceName }) => serviceName === 'shop');
  const taskDefinition = world.taskDefinitions.get(shop?.taskDefinition ?? '');
  if (shop === undefined || taskDefinition === undefined) throw new TypeError('there is no shop');
  const cluster = world.cluster(shop.clusterArn);
  for (let i = 1; i < MANY; i++)
    world.addTask({ cluster, taskDefinition, service: 'shop', address: `127.${OWN_BLOCK}.120.${i}` });
  const server = await serve(world);
  const flags = { '--policy': 'sync', '--guardrails-removal-budget-percent': '100' } as const;
  await openWorker(server, { ...flags, '--names': 'metadata,registries' }).apply();
  const values = () =>
    zone
      .list()
      .filter(({ Name }) => Name.startsWith('shop.'))
      .flatMap(({ ResourceRecords = [] }) => ResourceRecords);
  return { values, withoutRegistries: openWorker(server, flags) };
}

test('where registries name tasks no more, the records of those that run stay, though no task has the name', async () => {
  const { values, withoutRegistries } = await registered();
  expect(values().length).toBeGreaterThanOrEqual(MANY);
  const before = values();

  const { entries } = await withoutRegistries.apply();

  expect(values()).toEqual(before);
  const ofShop = entries.filter(({ name, type }) => name.startsWith('shop.') && type === 'A');
  expect(new Set(ofShop.map(({ reason }) => reason))).toEqual(new Set(['service-unknown']));
});
