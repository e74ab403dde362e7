import { describe, expect, it } from 'vitest';
import type { ConfirmationQuery } from '../../../src/model/confirmation.ts';
import type { Host, Inventory } from '../../../src/model/inventory.ts';
import type { Machine } from '../../../src/sandbox/world/machine.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import { ecsApi } from '../../../src/sources/ecs/ecs-api.ts';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { type Sandbox, withSandbox } from '../../sandbox/with-sandbox.ts';

/** A cluster with so many machines, and so many running tasks in turn on them. */
async function fleet(machines: number, tasks: number) {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const on = Array.from({ length: machines }, () => world.addMachine({ cluster }));
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{ portMappings: [80] }] });
  const run = (machine: Machine | undefined, over: object = {}) =>
    world.addTask({ cluster, taskDefinition, ...(machine === undefined ? {} : { machine }), ...over });
  for (let i = 0; i < tasks; i++) run(on[i % machines]);
  return { world, cluster, machines: on, run, sandbox: await withSandbox(world) };
}

function open({ ecs, ec2 }: Sandbox) {
  const sources = { ecs: ecsApi(ecs), ec2: ec2Api(ec2), region: 'us-east-1', clusters: [] };
  const port = createInventory({ ...sources, definitions: new Map() });
  return {
    take: () => port.take(() => {}, undefined),
    look: (query: ConfirmationQuery) => port.confirm(query, undefined),
  };
}

/** Entries wait for all hosts of the inventory, or for some of them. */
function queryFor(
  { clusters, containers, hosts }: Inventory,
  waiting: readonly Host[] = hosts,
): ConfirmationQuery {
  const [cluster] = clusters;
  if (cluster === undefined) throw new TypeError('no cluster');
  const knownTasks = new Map(
    containers.map(({ taskArn, host }) => [taskArn, host?.containerInstance] as const),
  );
  return {
    clusters: [{ cluster, hosts: waiting, candidates: waiting.length, knownTasks }],
    instanceIds: [],
    hostNames: [],
    interfaceNames: [],
    tasks: [],
    addresses: [],
  };
}

/** How often each operation was called by `act`. */
async function callsOf(sandbox: Sandbox, act: () => Promise<unknown>) {
  const before = sandbox.server.log.length;
  await act();
  const counts: Record<string, number> = {};
  for (const { operation } of sandbox.server.log.slice(before))
    counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

describe('a confirmation at machines', () => {
  it.each([
    { machines: 1, tasks: 50, describing: 1, listing: 2 },
    { machines: 100, tasks: 50, describing: 1, listing: 2 },
    { machines: 101, tasks: 50, describing: 2, listing: 2 },
    { machines: 250, tasks: 50, describing: 3, listing: 2 },
    { machines: 250, tasks: 350, describing: 3, listing: 5 },
  ])('$machines of them, $tasks tasks: it counts the tasks that the inventory has', async (given) => {
    const { machines, tasks, describing, listing } = given;
    const { sandbox } = await fleet(machines, tasks);
    const inventory = await open(sandbox).take();
    const query = queryFor(inventory);

    const calls = await callsOf(sandbox, () => open(sandbox).look(query));
    const seen = await open(sandbox).look(query);

    expect(calls).toEqual({ 'ecs:DescribeContainerInstances': describing, 'ecs:ListTasks': listing });
    expect([seen.containers, seen.incomplete, seen.unasked.size]).toEqual([[], [], 0]);
    expect(seen.machines.size).toBe(machines);
    const counted = [...seen.machines.values()].reduce((sum, machine) => sum + (machine.tasks ?? 0), 0);
    expect(counted).toBe(tasks);
    const perHost = new Map<string, number>();
    for (const { host } of inventory.containers) {
      const arn = host?.containerInstance ?? '';
      perHost.set(arn, (perHost.get(arn) ?? 0) + 1);
    }
    for (const [arn, machine] of seen.machines) expect(machine.tasks).toBe(perHost.get(arn) ?? 0);
  });

  it('finds what has started or was asked to stop since, and counts only the former', async () => {
    const { sandbox, machines, run } = await fleet(2, 4);
    const inventory = await open(sandbox).take();
    const [first] = machines;
    run(first, { lastStatus: 'PENDING' });
    run(first);
    run(first, { desiredStatus: 'STOPPED' });

    const [host] = inventory.hosts.filter(({ instanceId }) => instanceId === first?.instanceId);
    const seen = await open(sandbox).look(queryFor(inventory, host === undefined ? [] : [host]));

    expect(seen.containers.map(({ phase }) => phase).toSorted()).toEqual(['running', 'starting', 'stopping']);
    expect(seen.containers.every((container) => container.host === host)).toBe(true);
    const running = seen.containers.filter(({ phase }) => phase === 'running');
    expect(seen.endpoints.filter(({ container }) => running.includes(container))).toHaveLength(1);
    expect([...seen.machines.values()]).toEqual([{ agentConnected: true, tasks: 4, listed: 4 }]);
  });

  it('does not see one that was deregistered, and says so of none that it could not ask for', async () => {
    const { sandbox, world, machines } = await fleet(2, 2);
    const inventory = await open(sandbox).take();
    const [first, second] = machines;
    if (first === undefined || second === undefined) throw new TypeError('too few machines');
    world.deregisterMachine(first);

    const seen = await open(sandbox).look(queryFor(inventory));
    expect([...seen.machines.keys()]).toEqual([second.containerInstance?.containerInstanceArn]);
    expect([seen.unasked.size, seen.incomplete]).toEqual([0, []]);

    sandbox.server.addFault({ operation: 'ecs:DescribeContainerInstances', effect: { kind: 'throttle' } });
    const blind = await open(sandbox).look(queryFor(inventory));
    expect([...blind.unasked.keys()].toSorted()).toEqual(
      inventory.hosts.map(({ containerInstance }) => containerInstance).toSorted(),
    );
    expect(blind.incomplete).toEqual([
      {
        scope: 'cluster/blue',
        operation: 'ecs:DescribeContainerInstances',
        error: 'ThrottlingException: Rate exceeded',
        hides: 'endpoints',
      },
    ]);
  });
});

describe('a confirmation at EC2', () => {
  it('has instances by id and by name, and the interfaces of tasks', async () => {
    const { sandbox, world, machines, run } = await fleet(1, 0);
    const [there] = machines;
    const gone = world.addMachine({});
    world.terminateMachine(gone);
    const definition = world.addTaskDefinition({ family: 'own', networkMode: 'awsvpc', containers: [{}] });
    run(undefined, { taskDefinition: definition, address: '10.9.0.1' });
    const [id = '', name = ''] = [there?.instanceId, there?.privateDnsName];
    const names = [name, 'ip-10-9-0-1.ec2.internal', 'ip-10-9-0-2.ec2.internal'];

    const calls = await callsOf(sandbox, async () => {
      const seen = await open(sandbox).look({
        clusters: [],
        instanceIds: [id, gone.instanceId, 'i-00000000000000000'],
        hostNames: names,
        interfaceNames: names,
        tasks: [],
        addresses: [],
      });
      expect([...seen.instances]).toEqual([id]);
      expect([...seen.named.existing]).toEqual(names.slice(0, 2));
      expect([...seen.named.instances]).toEqual([[name, [{ instanceId: id, vpcId: there?.ec2?.vpcId }]]]);
      expect(seen.incomplete).toEqual([]);
    });

    expect(calls).toEqual({ 'ec2:DescribeInstances': 2, 'ec2:DescribeNetworkInterfaces': 1 });
  });
});
