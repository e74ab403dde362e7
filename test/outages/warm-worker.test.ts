import { expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

test('a worker that is used again sees the cluster that was created in between', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4 });
  const server = await serve(fleet.world);
  const worker = openWorker(server);
  await worker.apply();

  const cluster = fleet.world.addCluster('green');
  fleet.machines.set(cluster, [fleet.world.addMachine({ cluster, address: `127.${OWN_BLOCK}.9.1` })]);
  const { staleSets } = addService(fleet, '_users._tcp', { cluster: 'green', live: 4, stale: 1 });
  const before = fleet.zone.list();
  const second = await worker.apply();

  expect(second.summary).toMatchObject({ live: 8, stale: 1, applied: 1, heldBack: 0 });
  expect(fleet.zone.list()).toEqual(without(before, staleSets));
});

test('a worker that is used again reads new revisions, and none that it knows', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const server = await serve(fleet.world);
  const worker = openWorker(server);

  const first = await worker.plan();
  addService(fleet, '_orders._tcp', { live: 2 });
  const second = await worker.plan();
  const third = await worker.plan();

  const reads = [first, second, third].map(({ awsCalls }) => awsCalls['ecs:DescribeTaskDefinition'] ?? 0);
  expect(reads).toEqual([1, 1, 0]);
  expect(third.summary).toMatchObject({ live: 4, removals: 0 });
});

test('a task definition that could not be read is asked for again by the next run', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const server = await serve(fleet.world);
  server.addFault({
    operation: 'ecs:DescribeTaskDefinition',
    times: 1,
    effect: { kind: 'error', code: 'AccessDeniedException' },
  });
  const worker = openWorker(server);

  expect((await worker.plan()).incomplete).toHaveLength(1);
  expect((await worker.plan()).incomplete).toEqual([]);
});

test('a run counts its own calls only, even after one that failed', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const server = await serve(fleet.world);
  const takeBack = server.addFault({
    operation: 'route53:ListHostedZonesByName',
    effect: { kind: 'error', code: 'AccessDenied', status: 403 },
  });
  const worker = openWorker(server);

  await expect(worker.plan()).rejects.toMatchObject({ code: 'access-denied' });
  takeBack();
  const { awsCalls } = await worker.plan();

  expect(awsCalls['route53:ListHostedZonesByName']).toBe(1);
});
