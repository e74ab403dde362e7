import { describe, expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve } from '../end-to-end/support.ts';
import type { FaultRule } from '../sandbox/faults.ts';

/** The other guardrails on stale entries, out of the way. */
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

function ofCluster(cluster: string, transform: (arns: readonly unknown[]) => readonly unknown[]): FaultRule {
  return {
    operation: 'ecs:ListTasks',
    when: ({ input }) => String(input['cluster']).endsWith(`/${cluster}`),
    effect: {
      kind: 'transform',
      transform: ({ taskArns }) => ({ taskArns: transform([taskArns].flat()) }),
    },
  };
}

describe('a listing of tasks that ends too early', () => {
  test.each([
    { listed: 100, of: 140 },
    { listed: 0, of: 140 },
    { listed: 100, of: 200 },
  ])('with $listed of $of tasks proves nothing of the others', async ({ listed, of }) => {
    const fleet = newFleet({ clusters: ['blue', 'green'], machines: 4 });
    addService(fleet, '_orders._tcp', { live: of });
    addService(fleet, '_users._tcp', { cluster: 'green', live: 4 });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault(ofCluster('blue', (arns) => arns.slice(0, listed)));

    const { incomplete, heldBack, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(incomplete).toEqual([
      {
        scope: 'cluster/blue',
        operation: 'ecs:ListTasks',
        error: `${listed} tasks were listed, but the container instances report ${of} running`,
      },
    ]);
    expect(summary).toMatchObject({ removals: 0, heldBack: of - listed });
    expect(new Set(heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['inventory-incomplete']));
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('a cluster of Fargate tasks that is listed as empty', () => {
  function fleetWithFargate() {
    const fleet = newFleet({ clusters: ['blue', 'far'] });
    addService(fleet, '_users._tcp', { live: 4 });
    const service = fleet.addService({
      name: '_orders._tcp',
      mode: 'awsvpc',
      cluster: fleet.world.cluster('far'),
      portMappings: [8080],
    });
    const members = Array.from({ length: 3 }, (_, index) =>
      fleet.runAndRegister(
        service,
        { address: `10.98.0.${index + 1}` },
        { expected: 'live', reason: 'running' },
      ),
    );
    return { fleet, members, before: fleet.zone.list() };
  }

  test('keeps its entries, because EC2 has the network interfaces', async () => {
    const { fleet, before } = fleetWithFargate();
    const server = await serve(fleet.world);
    server.addFault(ofCluster('far', () => []));

    const { heldBack, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ stale: 3, removals: 0 });
    expect(heldBack.map(({ guardrail, reason }) => [guardrail, reason])).toEqual(
      Array.from({ length: 3 }, () => ['host-not-covered', 'task-gone']),
    );
    expect(server.counts()).toMatchObject({ 'ec2:DescribeNetworkInterfaces': 1 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('keeps them, too, when EC2 cannot be asked for interfaces', async () => {
    const { fleet, before } = fleetWithFargate();
    const server = await serve(fleet.world);
    server.addFault(ofCluster('far', () => []));
    server.addFault({
      operation: 'ec2:DescribeNetworkInterfaces',
      effect: { kind: 'error', code: 'UnauthorizedOperation', status: 403 },
    });

    const { incomplete, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect([...new Set(incomplete.map(({ operation }) => operation))]).toEqual([
      'ec2:DescribeNetworkInterfaces',
    ]);
    expect(summary).toMatchObject({ removals: 0, heldBack: 3 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('loses them when the interfaces are gone as well', async () => {
    const { fleet, members, before } = fleetWithFargate();
    for (const { task } of members) fleet.world.removeTask(task);
    const server = await serve(fleet.world);

    const { entries, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(entries.filter(({ verdict }) => verdict === 'stale').map(({ reason }) => reason)).toEqual(
      Array.from({ length: 3 }, () => 'task-gone'),
    );
    expect(summary).toMatchObject({ applied: 3 });
    expect(fleet.zone.list()).toHaveLength(before.length - 3);
  });
});
