import { describe, expect, test } from 'vitest';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';

/** Eight healthy containers under two names, and one failing container each. */
function fleetWithFailures() {
  const fleet = newFleet();
  const names = ['_orders._tcp', '_users._tcp'];
  const services = names.map((name) => addService(fleet, name, { live: 5 }));
  const failing = services.flatMap(({ live }) => live.slice(0, 1));
  for (const member of failing) fleet.behave(member, { kind: 'status', status: 503 });
  return { fleet, failing, members: services.flatMap(({ live }) => live) };
}

function statuses({ world }: FleetBuilder): readonly string[] {
  return [...world.cluster('blue').tasks.values()].map(
    ({ lastStatus, desiredStatus }) => `${lastStatus}/${desiredStatus}`,
  );
}

function ecsOperations(server: TestServer): readonly string[] {
  return Object.keys(server.counts()).filter((operation) => operation.startsWith('ecs:'));
}

describe('a failing health check', () => {
  test('takes the entry out of the zone and never stops a task', async () => {
    const { fleet, failing } = fleetWithFailures();
    await listen(fleet);
    const server = await serve(fleet.world);

    const { changes } = await openWorker(server, PROBING).apply();

    expect(changes.map(({ recordSet, status }) => [recordSet.SetIdentifier, status])).toEqual(
      failing.map(({ host, containerId }) => [`${host}:${containerId}`, 'applied']),
    );
    for (const operation of ecsOperations(server)) expect(operation).toMatch(/^ecs:(List|Describe)/);
    expect(new Set(statuses(fleet))).toEqual(new Set(['RUNNING/RUNNING']));
  });

  test('means nothing at all when checks are off: nobody is asked, nothing goes', async () => {
    const { fleet, members } = fleetWithFailures();
    const containers = await listen(fleet);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary } = await openWorker(server, { ...PROBING, '--health-enabled': 'false' }).apply();

    expect(summary).toMatchObject({ live: 10, unhealthy: 0, removals: 0 });
    const connections = members.map(({ address, port }) => containers.connections(address, port));
    expect(new Set(connections)).toEqual(new Set([0]));
    expect(fleet.zone.list()).toEqual(before);
    for (const operation of ecsOperations(server)) expect(operation).toMatch(/^ecs:(List|Describe)/);
  });

  test('on addresses that may not be probed asks nobody and removes nothing', async () => {
    const { fleet, members } = fleetWithFailures();
    const containers = await listen(fleet);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary } = await openWorker(server, { ...PROBING, '--health-allow': '10.0.0.0/8' }).apply();

    expect(summary).toMatchObject({ unverified: 10, unhealthy: 0, removals: 0 });
    const connections = members.map(({ address, port }) => containers.connections(address, port));
    expect(new Set(connections)).toEqual(new Set([0]));
    expect(fleet.zone.list()).toEqual(before);
  });
});
