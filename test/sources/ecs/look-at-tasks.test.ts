import { describe, expect, it } from 'vitest';
import { clusterOf, taskKey } from '../../../src/model/cluster.ts';
import type { ConfirmationQuery } from '../../../src/model/confirmation.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import { ecsApi } from '../../../src/sources/ecs/ecs-api.ts';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { type Sandbox, withSandbox } from '../../sandbox/with-sandbox.ts';

const NOTHING: ConfirmationQuery = {
  clusters: [],
  instanceIds: [],
  hostNames: [],
  interfaceNames: [],
  tasks: [],
  addresses: [],
};

/** A confirmation over the wire, with the real clients. */
async function opened() {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const taskDefinition = world.addTaskDefinition({
    family: 'own',
    networkMode: 'awsvpc',
    containers: [{ portMappings: [80], dockerLabels: { 'discovery.service.name': 'api' } }],
  });
  const run = (over: object = {}) => world.addTask({ cluster, taskDefinition, ...over });
  const sandbox = await withSandbox(world);
  const sources = { ecs: ecsApi(sandbox.ecs), ec2: ec2Api(sandbox.ec2), region: 'us-east-1', clusters: [] };
  const port = createInventory({ ...sources, definitions: new Map() });
  const blue = clusterOf(cluster.arn, '', []);
  return {
    world,
    sandbox,
    cluster,
    blue,
    run,
    take: () => port.take(() => {}, undefined),
    look: (query: Partial<ConfirmationQuery>) => port.confirm({ ...NOTHING, ...query }, undefined),
  };
}

const idOf = ({ taskArn }: { taskArn: string }) => taskArn.slice(taskArn.lastIndexOf('/') + 1);
const id = (n: number) => n.toString(16).padStart(32, '0');

function callsSince({ server }: Sandbox, before: number): readonly string[] {
  return server.log.slice(before).map(({ operation }) => operation);
}

describe('a confirmation at tasks', () => {
  it.each<[string, object, string, readonly string[]]>([
    ['RUNNING', {}, 'there', ['running']],
    ['PENDING', { lastStatus: 'PENDING' }, 'there', ['starting']],
    ['to be stopped', { desiredStatus: 'STOPPED' }, 'there', ['stopping']],
    ['STOPPING', { lastStatus: 'STOPPING', desiredStatus: 'STOPPED' }, 'there', ['stopping']],
    ['DEPROVISIONING', { lastStatus: 'DEPROVISIONING', desiredStatus: 'STOPPED' }, 'ended', []],
    ['STOPPED', { lastStatus: 'STOPPED', desiredStatus: 'STOPPED' }, 'ended', []],
  ])('%s', async (_, over, state, phases) => {
    const { run, look, blue } = await opened();
    const taskId = idOf(run(over));
    const seen = await look({ tasks: [{ cluster: blue, taskIds: [taskId] }] });
    expect([...seen.tasks]).toEqual([[taskKey(blue, taskId), state]]);
    expect(seen.containers.map(({ phase }) => phase)).toEqual(phases);
    expect([seen.unasked.size, seen.incomplete]).toEqual([0, []]);
  });

  it('that ECS has forgotten: they have ended; 100 a call', async () => {
    const { look, blue, sandbox } = await opened();
    const taskIds = Array.from({ length: 101 }, (_, n) => id(n));
    const before = sandbox.server.log.length;
    const seen = await look({ tasks: [{ cluster: blue, taskIds }] });
    expect([...seen.tasks.values()]).toEqual(taskIds.map(() => 'ended'));
    expect(callsSince(sandbox, before)).toEqual(['ecs:DescribeTasks', 'ecs:DescribeTasks']);
  });

  it('that could not be asked for, or of which the answer does not speak', async () => {
    const { run, look, blue, sandbox } = await opened();
    const [there, silent] = [idOf(run()), idOf(run())];
    const asked = { tasks: [{ cluster: blue, taskIds: [there, silent, id(1), id(2)] }] };
    sandbox.server.addFault({
      operation: 'ecs:DescribeTasks',
      times: 1,
      effect: {
        kind: 'transform',
        transform: ({ tasks }) => ({
          tasks: Array.isArray(tasks) ? tasks.slice(0, 1) : [],
          failures: [
            { arn: `arn:aws:ecs:us-east-1:1:task/blue/${id(1)}`, reason: 'INTERNAL' },
            { reason: 'MISSING' },
          ],
        }),
      },
    });
    const half = await look(asked);
    expect(half.tasks.get(taskKey(blue, there))).toBe('there');
    expect([...half.unasked.keys()]).toEqual([silent, id(1), id(2)].map((one) => taskKey(blue, one)));
    expect(half.incomplete).toMatchObject([{ scope: 'cluster/blue', operation: 'ecs:DescribeTasks' }]);

    sandbox.server.addFault({ operation: 'ecs:DescribeTasks', effect: { kind: 'throttle' } });
    const blind = await look(asked);
    expect([blind.tasks.size, blind.unasked.size]).toEqual([0, 4]);
    expect(blind.incomplete).toMatchObject([{ error: 'ThrottlingException: Rate exceeded' }]);
  });

  it('finds none twice', async () => {
    const { world, cluster, run, look, take, blue } = await opened();
    const machine = world.addMachine({ cluster });
    const inventory = await take();
    const taskId = idOf(run({ machine }));
    const seen = await look({
      clusters: [{ cluster: blue, hosts: inventory.hosts, candidates: 1, knownTasks: new Map() }],
      tasks: [{ cluster: blue, taskIds: [taskId] }],
    });
    expect(seen.containers.map(({ host }) => host?.instanceId)).toEqual([machine.instanceId]);
  });
});

describe('a confirmation at addresses', () => {
  it('tells who has them, of both families, and says so of none that it could not ask for', async () => {
    const { world, run, look, sandbox } = await opened();
    run({ address: '10.9.0.1', ipv6Address: 'fd00::9:1' });
    run({ address: '10.9.0.2', lastStatus: 'STOPPED', desiredStatus: 'STOPPED' });
    const machine = world.addMachine({ address: '10.9.0.3' });
    const addresses = ['10.9.0.1', '10.9.0.2', '10.9.0.3', 'fd00::9:1', 'fd00::9:2'];
    const seen = await look({ addresses });
    const vpcId = machine.ec2?.vpcId;
    const own = [{ id: expect.stringMatching(/^eni-/), vpcId }];
    expect(Object.fromEntries(seen.addresses)).toEqual({
      '10.9.0.1': own,
      '10.9.0.2': [],
      '10.9.0.3': [{ id: `eni-${machine.instanceId.slice(2)}`, vpcId }],
      'fd00::9:1': own,
      'fd00::9:2': [],
    });

    sandbox.server.addFault({ operation: 'ec2:DescribeNetworkInterfaces', effect: { kind: 'throttle' } });
    const blind = await look({ addresses });
    expect([blind.addresses.size, [...blind.unasked.keys()]]).toEqual([0, addresses]);
    expect(blind.incomplete.map(({ operation }) => operation)).toEqual(
      Array(2).fill('ec2:DescribeNetworkInterfaces'),
    );
  });

  it('asks for 199 a call', async () => {
    const { look, sandbox } = await opened();
    const addresses = Array.from({ length: 200 }, (_, n) => `10.0.1.${n}`);
    const before = sandbox.server.log.length;
    expect((await look({ addresses })).addresses.size).toBe(200);
    expect(callsSince(sandbox, before)).toEqual(Array(2).fill('ec2:DescribeNetworkInterfaces'));
  });
});

it('the inventory has all addresses of a task that ECS tells, and its interface', async () => {
  const { run, take, world, sandbox } = await opened();
  run({ address: '10.9.0.1', ipv6Address: 'fd00::9:1', publicAddress: '3.3.3.3' });
  const [container] = (await take()).containers;
  const eni = container?.networkInterface?.id ?? '';
  expect(container?.networkInterface).toEqual({
    id: eni,
    address: '10.9.0.1',
    ipv6: 'fd00::9:1',
    placement: { availabilityZone: 'us-east-1a', subnetId: 'subnet-0a1b2c3d4e5f60718' },
  });
  expect(world.publicAddresses.get(eni)).toBe('3.3.3.3');
  expect(sandbox.server.log.map(({ operation }) => operation)).not.toContain('ec2:DescribeNetworkInterfaces');
});
