import { describe, expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve, srvSet, without } from '../end-to-end/support.ts';

const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

describe('records of tasks that have stopped', () => {
  test('go, whatever ECS still says of the tasks, and their neighbours stay', async () => {
    const fleet = newFleet({ machines: 3 });
    const { live } = addService(fleet, '_orders._tcp', { live: 12 });
    const { world, zone } = fleet;
    const [stopped, removed, deprovisioning, stopping] = live;
    if (!stopped || !removed || !deprovisioning || !stopping) throw new TypeError('too few containers');
    world.stopTask(stopped.task);
    world.stopTask(removed.task);
    world.removeTask(removed.task);
    Object.assign(deprovisioning.task, { lastStatus: 'DEPROVISIONING', desiredStatus: 'STOPPED' });
    Object.assign(stopping.task, { lastStatus: 'STOPPING', desiredStatus: 'STOPPED' });
    const before = zone.list();
    const gone = [stopped, removed, deprovisioning, stopping].map((one) =>
      srvSet(fleet, '_orders._tcp', one),
    );
    const server = await serve(world);

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ live: 8, stale: 4, applied: 4 });
    expect(zone.list()).toEqual(without(before, gone));
  });

  test('go although the task still appears in the list of running ones', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 6 });
    const [late] = live;
    if (late === undefined) throw new TypeError('too few containers');
    const set = srvSet(fleet, '_orders._tcp', late);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault({
      operation: 'ecs:DescribeTasks',
      effect: { kind: 'before', before: (world) => world.stopTask(late.task) },
    });

    const worker = openWorker(server);
    const first = await worker.apply();
    // It ended just when its host was being read: ECS had counted one more than ran then, and that may be another.
    expect(first.summary).toMatchObject({ live: 5, stale: 1, applied: 0 });
    expect(first.heldBack).toMatchObject([{ guardrail: 'not-confirmed' }]);

    const { summary } = await worker.apply();

    expect(summary).toMatchObject({ live: 5, stale: 1, applied: 1 });
    expect(fleet.zone.list()).toEqual(without(before, [set]));
  });
});

describe('more than 100 tasks and', () => {
  test.each([{ machines: 12 }, { machines: 110 }])(
    'more than 10 or 100 instances: all 250 stale records go ($machines instances)',
    async ({ machines }) => {
      const fleet = newFleet({ machines });
      const names = ['_orders._tcp', '_users._tcp', '_carts._tcp', '_stock._tcp', '_mailer._tcp'];
      const services = names.map((name) => addService(fleet, name, { live: 52, stale: 50 }));
      const before = fleet.zone.list();
      const stale = services.flatMap(({ staleSets }) => staleSets);
      const server = await serve(fleet.world);

      const { summary, awsCalls } = await openWorker(server, WITHOUT_BUDGET).apply();

      expect(summary).toMatchObject({ live: 260, stale: 250, applied: 250, heldBack: 0 });
      expect(awsCalls['route53:ChangeResourceRecordSets']).toBe(1);
      expect(fleet.zone.list()).toEqual(without(before, stale));
    },
  );
});
