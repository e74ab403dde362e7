import { expect, test } from 'vitest';
import { roll } from '../../src/sandbox/ecs/services.ts';
import { addService, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';

const SETTINGS = { '--names': 'metadata,registries', '--health-enabled': 'false' };

test('a container without ports keeps no stale record of its host, though a registry may name its task', async () => {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
  const cluster = fleet.world.cluster('blue');
  const containers = [{ portMappings: [] }];
  const taskDefinition = fleet.world.addTaskDefinition({ family: 'jobs', networkMode: 'bridge', containers });
  const service = fleet.world.addService({ cluster, serviceName: 'jobs', taskDefinition });
  fleet.world.addTask({ cluster, taskDefinition, service: 'jobs', machine: fleet.machine(cluster, 0) });
  // What an earlier deployment has started may have been named by another registry.
  roll(service, service.taskDefinition);
  const before = fleet.zone.list();

  const { summary } = await openWorker(await serve(fleet.world), SETTINGS).apply();

  expect(summary).toMatchObject({ live: 4, unverified: 0, removals: 1 });
  expect(fleet.zone.list()).toEqual(without(before, staleSets));
});
