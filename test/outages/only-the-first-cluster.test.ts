import { describe, expect, test } from 'vitest';
import { agentHostRecord } from '../../src/sandbox/fleet/agent-records.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';

const CLUSTERS = ['blue', 'green', 'grey'];

/** Three clusters, each with live and stale entries, a Fargate service, and A sets of its hosts. */
function threeClusters() {
  const fleet = newFleet({ clusters: CLUSTERS, machines: 3 });
  const services = CLUSTERS.map((cluster) =>
    addService(fleet, `_${cluster}._tcp`, { cluster, live: 4, stale: 2 }),
  );
  for (const [index, cluster] of CLUSTERS.entries()) addFargateTask(fleet, cluster, `10.2.${index}.1`);
  for (const { privateDnsName, address } of fleet.world.machines.values())
    fleet.plantHost(privateDnsName, address, { expected: 'live', reason: 'host-present' });
  return { fleet, stale: services.map(({ staleSets }) => staleSets) };
}

/** A task with a network interface of its own, which EC2 shows as such. */
function addFargateTask(fleet: FleetBuilder, cluster: string, address: string): void {
  const service = fleet.addService({
    name: `_fargate-${cluster}._tcp`,
    mode: 'awsvpc',
    cluster: fleet.world.cluster(cluster),
    portMappings: [8080],
  });
  fleet.runAndRegister(service, { address }, { expected: 'live', reason: 'running' });
}

describe('records of all clusters but the first', () => {
  test('are judged by their own clusters: only what is stale in each goes', async () => {
    const { fleet, stale } = threeClusters();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const report = await openWorker(server).apply();

    expect(report.summary).toMatchObject({ stale: 6, applied: 6, heldBack: 0 });
    expect(fleet.zone.list()).toEqual(without(before, stale.flat()));
  });

  test('stay when only the first is configured, whoever they lead to', async () => {
    const { fleet, stale } = threeClusters();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const report = await openWorker(server, {
      '--clusters': 'blue',
      '--guardrails-removal-budget-percent': '100',
    }).apply();

    expect(new Set(report.heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['host-not-covered']));
    expect(fleet.zone.list()).toEqual(without(before, stale[0] ?? []));
  });

  test('stay when only the first is configured by its ARN', async () => {
    const { fleet, stale } = threeClusters();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    await openWorker(server, {
      '--clusters': fleet.world.cluster('blue').arn,
      '--guardrails-removal-budget-percent': '100',
    }).apply();

    expect(fleet.zone.list()).toEqual(without(before, stale[0] ?? []));
  });
});

describe('a host of which no cluster that was read knows', () => {
  test('keeps its A set and its entries while EC2 has it, and loses them when it is terminated', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 6 });
    const stranger = fleet.world.addMachine({ address: '10.3.0.1' });
    const owner = { host: stranger.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_orders._tcp', owner, [32_768], { expected: 'stale', reason: 'task-gone' });
    fleet.zone.put(agentHostRecord(stranger.privateDnsName, stranger.address, fleet.zone.name));
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world));

    const first = await worker.apply();
    expect(first.heldBack.map(({ guardrail }) => guardrail)).toEqual([
      'host-not-covered',
      'host-not-covered',
    ]);
    expect(fleet.zone.list()).toEqual(before);

    fleet.world.terminateMachine(stranger);
    const second = await worker.apply();
    expect(second.summary).toMatchObject({ stale: 2, applied: 2, heldBack: 0 });
    expect(fleet.zone.list()).toHaveLength(before.length - 2);
  });
});
