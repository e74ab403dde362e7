import { describe, expect, test } from 'vitest';
import { addService, addStale, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';

/** What AWS puts into a task: ECS describes it with the others, and the task definition does not name it. */
const INJECTED = ['aws-guardduty-agent-Qf3a1c', 'ecs-service-connect-8kXw2'];

/** ECS does not tell the ids of them all. */
const WITHOUT_IDS = Object.fromEntries(INJECTED.map((name) => [name, { runtimeId: null }]));

/** A name with live entries, and one of a container that is gone from a host with injected containers. */
function fleetWithInjected() {
  const fleet = newFleet();
  const { service } = addService(fleet, '_orders._tcp', { live: 4 });
  const machine = fleet.machine(service.cluster, 0);
  fleet.run(service, { machine, injected: INJECTED, containers: WITHOUT_IDS });
  const staleSets = addStale(fleet, '_orders._tcp', 1);
  return { fleet, staleSets, before: fleet.zone.list() };
}

describe('containers that AWS has put into a task, and that no task definition names', () => {
  test('keep no stale entry of their host', async () => {
    const { fleet, staleSets, before } = fleetWithInjected();
    const server = await serve(fleet.world);

    const { entries, summary } = await openWorker(server).apply();

    expect(entries.filter(({ reason }) => reason === 'task-starting')).toEqual([]);
    expect(summary).toMatchObject({ applied: 1 });
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('of tasks with an IPv6 address alone keep no stale entry of the zone', async () => {
    const fleet = newFleet();
    const { service, staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
    const own = fleet.addService({
      name: '_search._tcp',
      mode: 'awsvpc',
      cluster: service.cluster,
      portMappings: [8080],
    });
    fleet.run(own, { address: 'fd00::7', injected: INJECTED, containers: WITHOUT_IDS });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    await openWorker(server).apply();

    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('are unknown, and keep it, while their task definition cannot be read', async () => {
    const { fleet, before } = fleetWithInjected();
    const server = await serve(fleet.world);
    server.addFault({
      operation: 'ecs:DescribeTaskDefinition',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'no' },
    });

    const { entries } = await openWorker(server).apply();

    expect(entries.filter(({ reason }) => reason === 'task-starting')).toHaveLength(1);
    expect(fleet.zone.list()).toEqual(before);
  });
});
