import type { ContainerInstance, Task } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import type { ClusterQuery, ConfirmationQuery } from '../../../src/model/confirmation.ts';
import type { Host } from '../../../src/model/inventory.ts';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { awsError } from '../../aws/support.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import {
  type Call,
  type ClusterWorld,
  countCalls,
  DEFINITION_ARN,
  type Ec2World,
  type EcsWorld,
  ec2Instance,
  ecsContainer,
  inMemoryEc2,
  inMemoryEcs,
  instanceArn,
  many,
  registration,
  task,
  taskArn,
} from './support.ts';

const NOTHING: ConfirmationQuery = {
  clusters: [],
  instanceIds: [],
  hostNames: [],
  interfaceNames: [],
  tasks: [],
  addresses: [],
};
const THROTTLED = awsError('ThrottlingException', { message: 'Rate exceeded' });

function hostOf(n: number): Host {
  return {
    containerInstance: instanceArn(n),
    instanceId: `i-${n}`,
    cluster: BLUE,
    state: 'present',
    privateDnsName: `ip-10-0-0-${n}.eu-west-1.compute.internal`,
    address: `10.0.0.${n}`,
    vpcId: undefined,
    taskCount: undefined,
    isDraining: false,
    placement: undefined,
    secondaryAddresses: [],
    isAgentConnected: true,
  };
}

/** So many entries wait for so many hosts of blue, of which so many tasks are known. */
function blueLook(hosts: number, candidates = hosts, known = 0): ClusterQuery {
  return {
    cluster: BLUE,
    hosts: many(hosts, hostOf),
    candidates,
    knownTasks: new Map(many(known, (id) => [taskArn(id), instanceArn(id % hosts)] as const)),
  };
}

/** Blue with so many machines and tasks, all of them on the first machine that is given. */
function blue(machines: number, tasks: readonly Task[] = []): Readonly<Record<string, ClusterWorld>> {
  return { blue: { instances: many(machines, (n) => registration(n)), tasks } };
}

function onHost(id: number, n: number, fields: Partial<Task> = {}): Task {
  return task(id, { containerInstanceArn: instanceArn(n), ...fields });
}

async function look(query: Partial<ConfirmationQuery>, ecsWorld: EcsWorld = {}, ec2World: Ec2World = {}) {
  const [ecs, ec2] = [inMemoryEcs(ecsWorld), inMemoryEc2(ec2World)];
  const sources = { ecs, ec2, region: 'eu-west-1', clusters: [], definitions: new Map() };
  const seen = await createInventory(sources).confirm({ ...NOTHING, ...query }, undefined);
  return { seen, counts: countCalls(ecs, ec2), calls: [...ecs.calls, ...ec2.calls] };
}

const listings = (calls: readonly Call[], desiredStatus: string) =>
  calls.filter(({ filter }) => filter?.desiredStatus === desiredStatus).length;

describe('the calls to ECS, for entries that wait for hosts of one cluster', () => {
  /** Entries, hosts, tasks of the cluster; then DescribeContainerInstances, and listings of running and of stopping tasks. */
  it.each<[number, number, number, number, number, number]>([
    [1, 1, 50, 1, 1, 1],
    [1, 1, 350, 1, 4, 1],
    [100, 1, 350, 1, 4, 1],
    [2, 2, 50, 1, 1, 1],
    [2, 2, 150, 1, 2, 1],
    [2, 2, 350, 1, 4, 1],
    [3, 3, 350, 1, 4, 1],
    [100, 100, 50, 1, 1, 1],
    [100, 100, 350, 1, 4, 1],
    [101, 2, 350, 1, 4, 2],
    [101, 101, 50, 2, 1, 1],
    [101, 101, 350, 2, 4, 1],
    [250, 3, 350, 1, 4, 3],
    [250, 250, 50, 3, 1, 1],
    [250, 250, 350, 3, 4, 1],
    [301, 250, 350, 3, 4, 1],
  ])('%i on %i hosts, %i tasks', async (entries, hosts, tasks, describing, running, stopped) => {
    const all = many(tasks, (id) => onHost(id, id % hosts));
    const { counts, calls } = await look(
      { clusters: [blueLook(hosts, entries, tasks)] },
      { clusters: blue(hosts, all) },
    );
    expect([listings(calls, 'RUNNING'), listings(calls, 'STOPPED')]).toEqual([running, stopped]);
    const ListTasks = running + stopped;
    expect(counts).toEqual({ DescribeContainerInstances: describing, ListTasks });
    const allowed = Math.ceil(entries / 100);
    expect(Math.max(describing, stopped)).toBeLessThanOrEqual(allowed);
  });

  /** Tasks that nothing is known of; then the listings of running tasks, and DescribeTasks. */
  it.each<[string, number, number, readonly Task[], number, number]>([
    ['a listing that has grown beyond what was known', 2, 2, many(350, (id) => onHost(id, id % 2)), 4, 4],
    ['more stopping tasks than entries', 2, 2, stopping(350, 2), 1, 1],
    ['both', 2, 2, [...many(350, (id) => onHost(id, id % 2)), ...stopping(350, 2)], 4, 4],
    ['one host, both', 1, 1, [...many(350, (id) => onHost(id, 0)), ...stopping(350, 1)], 4, 4],
    [
      'room for some of the stopping ones',
      1,
      1,
      [...many(60, (id) => onHost(id, 0)), ...stopping(350, 1)],
      1,
      1,
    ],
    ['more entries', 150, 150, [...many(50, (id) => onHost(id, id)), ...stopping(350, 2)], 1, 2],
  ])('list and describe all that run: %s', async (_, entries, hosts, tasks, running, describing) => {
    const { counts, calls } = await look(
      { clusters: [blueLook(hosts, entries)] },
      { clusters: blue(hosts, tasks) },
    );
    expect(listings(calls, 'RUNNING')).toBe(running);
    expect(listings(calls, 'STOPPED')).toBeLessThanOrEqual(Math.ceil(entries / 100));
    expect(counts['DescribeTasks']).toBe(describing);
    expect(counts['DescribeContainerInstances']).toBe(Math.ceil(hosts / 100));
  });

  it('are made for each cluster by itself', async () => {
    const green = { ...blueLook(1), cluster: { ...GREEN, complete: true } };
    const { calls } = await look({ clusters: [blueLook(1), green] }, { clusters: { ...blue(1), green: {} } });
    const clusters = calls.map(({ operation, cluster }) => `${operation} ${cluster?.split('/').at(-1)}`);
    expect(clusters.toSorted()).toEqual([
      'DescribeContainerInstances blue',
      'DescribeContainerInstances green',
      'ListTasks blue',
      'ListTasks blue',
      'ListTasks green',
      'ListTasks green',
    ]);
  });

  it('are none without hosts', async () => {
    expect((await look({})).counts).toEqual({});
  });
});

function stopping(count: number, hosts: number): readonly Task[] {
  return many(count, (id) => onHost(id, id % hosts, { desiredStatus: 'STOPPED' }), 1000);
}

describe('the calls to EC2', () => {
  const ids = (count: number) => many(count, (n) => `i-${n}`);
  const names = (count: number) => many(count, (n) => `ip-10-1-0-${n}.ec2.internal`);

  it.each<[string, Partial<ConfirmationQuery>, Readonly<Record<string, number>>]>([
    ['one instance', { instanceIds: ids(1) }, { DescribeInstances: 1 }],
    ['100 instances', { instanceIds: ids(100) }, { DescribeInstances: 1 }],
    ['199 instances', { instanceIds: ids(199) }, { DescribeInstances: 1 }],
    ['250 instances', { instanceIds: ids(250) }, { DescribeInstances: 2 }],
    [
      'one name',
      { hostNames: names(1), interfaceNames: names(1) },
      { DescribeInstances: 1, DescribeNetworkInterfaces: 1 },
    ],
    [
      '250 names',
      { hostNames: names(250), interfaceNames: names(250) },
      { DescribeInstances: 2, DescribeNetworkInterfaces: 2 },
    ],
    ['a name that only instances may bear', { hostNames: names(1) }, { DescribeInstances: 1 }],
    [
      'instances and names',
      { instanceIds: ids(1), hostNames: names(1), interfaceNames: names(1) },
      { DescribeInstances: 2, DescribeNetworkInterfaces: 1 },
    ],
  ])('%s', async (_, query, expected) => {
    expect((await look(query)).counts).toEqual(expected);
  });

  it('tell which instances there are, but for those that have ended', async () => {
    const instances = [
      ec2Instance(1),
      ec2Instance(2, { State: { Name: 'stopped' } }),
      ec2Instance(3, { State: { Name: 'shutting-down' } }),
      ec2Instance(4, { State: { Name: 'terminated' } }),
    ];
    const { seen } = await look({ instanceIds: ids(6) }, {}, { instances });
    expect([...seen.instances]).toEqual(['i-1', 'i-2']);
    expect([seen.unasked.size, seen.incomplete]).toEqual([0, []]);
  });

  it('tell which names there are, and the instances that bear them', async () => {
    const one = ec2Instance(1, { VpcId: 'vpc-1' });
    const namesake = ec2Instance(1, { InstanceId: 'i-9', VpcId: 'vpc-2' });
    const [name, other] = [String(one.PrivateDnsName), 'ip-10-1-0-2.ec2.internal'];
    const { seen } = await look(
      { hostNames: [name, other], interfaceNames: [name, other] },
      {},
      { instances: [one, namesake], interfaceNames: [other] },
    );
    expect([...seen.named.existing]).toEqual([name, other]);
    expect(Object.fromEntries(seen.named.instances)).toEqual({
      [name]: [
        { instanceId: 'i-1', vpcId: 'vpc-1' },
        { instanceId: 'i-9', vpcId: 'vpc-2' },
      ],
    });
  });

  it('that fail leave the instances unasked, and the reading incomplete', async () => {
    const { seen } = await look(
      { instanceIds: ids(2), hostNames: names(1) },
      {},
      { instances: [ec2Instance(1)], fault: () => THROTTLED },
    );
    expect(seen.instances.size).toBe(0);
    expect([...seen.unasked.keys()]).toEqual(['i-0', 'i-1']);
    const error = 'ThrottlingException: Rate exceeded';
    expect(seen.incomplete).toMatchObject([
      { scope: 'instances/i-0 and 1 more', operation: 'ec2:DescribeInstances', error },
      { scope: 'hosts/10.1.0.0', operation: 'ec2:DescribeInstances', error },
    ]);
    expect(seen.named.incomplete).toHaveLength(1);
  });
});

describe('the machines', () => {
  const machines = (instances: readonly ContainerInstance[]) => ({ blue: { instances } });
  const ask = async (instances: readonly ContainerInstance[], world: Partial<EcsWorld> = {}) => {
    const { seen } = await look(
      { clusters: [blueLook(instances.length || 1)] },
      { clusters: machines(instances), ...world },
    );
    return { ...seen, machines: Object.fromEntries(seen.machines) };
  };

  it.each<[string, Partial<ContainerInstance>, object]>([
    ['running and pending tasks together', { runningTasksCount: 3, pendingTasksCount: 2 }, { tasks: 5 }],
    ['running tasks alone', { runningTasksCount: 3 }, { tasks: 3 }],
    ['no task', { runningTasksCount: 0, pendingTasksCount: 0 }, { tasks: 0 }],
    ['nothing of its tasks', { pendingTasksCount: 2 }, { tasks: undefined }],
    ['an agent that is connected', { agentConnected: true }, { agentConnected: true }],
    ['one that is not', { agentConnected: false }, { agentConnected: false }],
    ['one that nothing is said of', {}, { agentConnected: false }],
  ])('say %s', async (_, fields, expected) => {
    const { agentConnected: _connected, ...bare } = registration(0);
    const { machines: seen, incomplete } = await ask([{ ...bare, ...fields }]);
    expect(seen[instanceArn(0)]).toMatchObject(expected);
    expect(incomplete).toEqual([]);
  });

  it('that ECS no longer has are absent, and not unasked', async () => {
    const { machines: seen, unasked, incomplete } = await ask([]);
    expect([seen, unasked.size, incomplete]).toEqual([{}, 0, []]);
  });

  it.each<[string, Partial<EcsWorld>, readonly string[], string]>([
    [
      'a request that fails',
      { fault: ({ operation }) => (operation === 'DescribeContainerInstances' ? THROTTLED : undefined) },
      [],
      'ThrottlingException: Rate exceeded',
    ],
    [
      'a failure of one of them',
      { failing: { [instanceArn(1)]: 'INTERNAL' } },
      [instanceArn(0)],
      `INTERNAL for ${instanceArn(1)}`,
    ],
    [
      'one that is left out',
      { omitted: [instanceArn(1)] },
      [instanceArn(0)],
      '1 of 2 were left out of the answer',
    ],
  ])('after %s are unasked where they were not described', async (_, world, described, error) => {
    const { machines: seen, unasked, incomplete } = await ask([registration(0), registration(1)], world);
    expect(Object.keys(seen)).toEqual(described);
    const missing = [0, 1].map(instanceArn).filter((arn) => !described.includes(arn));
    expect([...unasked.keys()]).toEqual(missing);
    const scope = {
      scope: 'cluster/blue',
      operation: 'ecs:DescribeContainerInstances',
      error,
      hides: 'endpoints',
    };
    expect(incomplete).toEqual([scope]);
    for (const arn of missing) expect(unasked.get(arn)).toEqual(scope);
  });

  it('of a full batch that fails are unasked, those of the other are not', async () => {
    const instances = many(101, (n) => registration(n));
    const fault = ({ operation, values }: Call) =>
      operation === 'DescribeContainerInstances' && values?.length === 100 ? THROTTLED : undefined;
    const { machines: seen, unasked } = await ask(instances, { fault });
    expect(Object.keys(seen)).toEqual([instanceArn(100)]);
    expect(unasked.size).toBe(100);
  });
});

describe('how many tasks of the machines are listed', () => {
  const listed = async (query: ClusterQuery, world: EcsWorld) => {
    const { seen } = await look({ clusters: [query] }, world);
    return [...seen.machines.values()].map((one) =>
      typeof one.listed === 'number' ? one.listed : one.listed.operation,
    );
  };
  const failing = (operation: string, desiredStatus?: string, instance?: string) => (call: Call) =>
    call.operation === operation &&
    (desiredStatus === undefined || call.filter?.desiredStatus === desiredStatus) &&
    (instance === undefined || call.filter?.containerInstance === instance)
      ? THROTTLED
      : undefined;
  const two = [onHost(1, 1), onHost(2, 0), onHost(3, 1)];

  it.each<[string, ClusterQuery, EcsWorld, readonly (number | string)[]]>([
    ['on one host', blueLook(1), { clusters: blue(1, [onHost(1, 0)]) }, [1]],
    [
      'on many, by what is known and what is described',
      blueLook(2, 2, 2),
      { clusters: blue(2, two) },
      [1, 2],
    ],
    ['host by host', blueLook(2, 2, 101), { clusters: blue(2, two) }, [1, 2]],
    [
      'as a whole, but for those on no machine',
      { ...blueLook(2), knownTasks: new Map([[taskArn(1), undefined]]) },
      { clusters: blue(2, two) },
      [1, 1],
    ],
    [
      'not where the listing fails',
      blueLook(1),
      { clusters: blue(1), fault: failing('ListTasks', 'RUNNING') },
      ['ecs:ListTasks'],
    ],
    [
      'not on the one machine whose listing fails',
      blueLook(2, 2, 101),
      { clusters: blue(2, two), fault: failing('ListTasks', 'RUNNING', instanceArn(1)) },
      [1, 'ecs:ListTasks'],
    ],
    [
      'although the listing of stopping tasks fails',
      blueLook(1),
      { clusters: blue(1), fault: failing('ListTasks', 'STOPPED') },
      [0],
    ],
    [
      'not where what it has is not described',
      blueLook(1),
      { clusters: blue(1, [onHost(1, 0)]), fault: failing('DescribeTasks') },
      ['ecs:DescribeTasks'],
    ],
    [
      'not where one of it is not described',
      blueLook(1),
      { clusters: blue(1, [onHost(1, 0), onHost(2, 0)]), failing: { [taskArn(2)]: 'INTERNAL' } },
      ['ecs:DescribeTasks'],
    ],
    [
      'without one that is gone by then',
      blueLook(1),
      { clusters: blue(1, [onHost(1, 0)]), failing: { [taskArn(1)]: 'MISSING' } },
      [0],
    ],
    [
      'without one that has stopped by then',
      blueLook(1),
      { clusters: blue(1, [onHost(1, 0, { lastStatus: 'STOPPED' })]) },
      [0],
    ],
  ])('%s', async (_, query, world, expected) => {
    expect(await listed(query, world)).toEqual(expected);
  });

  it('is told once of all machines of a cluster whose tasks could not be listed', async () => {
    const { seen } = await look(
      { clusters: [blueLook(2, 2, 101)] },
      { clusters: blue(2), fault: failing('ListTasks', 'RUNNING') },
    );
    expect(seen.incomplete).toEqual([
      {
        scope: 'cluster/blue',
        operation: 'ecs:ListTasks',
        error: 'ThrottlingException: Rate exceeded',
        hides: 'endpoints',
      },
    ]);
  });
});

describe('the tasks that are found', () => {
  const bound = { protocol: 'tcp', containerPort: 8080, hostPort: 32_801 } as const;
  const running = (id: number, n = 0, fields: Partial<Task> = {}) =>
    onHost(id, n, {
      taskDefinitionArn: DEFINITION_ARN,
      containers: [ecsContainer({ runtimeId: `ab${id}`, networkBindings: [bound] })],
      ...fields,
    });
  const find = async (tasks: readonly Task[], query = blueLook(1)) => {
    const { seen, counts } = await look({ clusters: [query] }, { clusters: blue(3, tasks) });
    return { seen, counts, found: seen.containers.map(({ id, phase }) => `${id} ${phase}`) };
  };

  it('are those that the inventory does not have, with their host and ports', async () => {
    const { seen, counts } = await find([running(0), running(7)], blueLook(1, 1, 1));
    expect(seen.containers).toMatchObject([{ id: 'ab7', phase: 'running', cluster: BLUE, host: hostOf(0) }]);
    expect(seen.endpoints).toMatchObject([{ port: 32_801, address: '10.0.0.0', container: { id: 'ab7' } }]);
    expect(counts['DescribeTasks']).toBe(1);
  });

  it('are described by nobody where the inventory has all of them', async () => {
    const { counts, found } = await find([running(0)], blueLook(1, 1, 1));
    expect(counts).not.toHaveProperty('DescribeTasks');
    expect(found).toEqual([]);
  });

  it('are also those that are stopping', async () => {
    const tasks = [running(7, 0, { desiredStatus: 'STOPPED' }), running(8)];
    expect((await find(tasks)).found).toEqual(['ab8 running', 'ab7 stopping']);
  });

  it('on other machines are left out', async () => {
    const tasks = [running(7, 2), running(8, 1)];
    expect((await find(tasks, blueLook(2))).found).toEqual(['ab8 running']);
  });

  it('without a machine are left out', async () => {
    const { containerInstanceArn: _nowhere, ...fargate } = running(7);
    expect((await find([fargate], blueLook(2))).found).toEqual([]);
  });

  it('that run come first where there are more than may be described', async () => {
    const tasks = [...stopping(100, 1), ...many(3, (id) => running(id))];
    const { seen, counts } = await find(tasks);
    expect(counts['DescribeTasks']).toBe(1);
    expect(seen.containers.filter(({ phase }) => phase === 'running')).toHaveLength(3);
  });
});

describe('a run that is stopped', () => {
  it.each(['DescribeContainerInstances', 'ListTasks', 'DescribeTasks', 'DescribeInstances'])(
    'while %s is under way ends the look with its reason',
    async (operation) => {
      const stop = new AbortController();
      const fault = (call: Call) => {
        if (call.operation !== operation) return undefined;
        stop.abort(new Error('stopped'));
        return new Error('aborted by the client');
      };
      const ecs = inMemoryEcs({ clusters: blue(1, [onHost(1, 0)]), fault });
      const sources = {
        ecs,
        ec2: inMemoryEc2({ fault }),
        region: 'eu-west-1',
        clusters: [],
        definitions: new Map(),
      };
      const query = { ...NOTHING, clusters: [blueLook(1)], instanceIds: ['i-1'] };
      await expect(createInventory(sources).confirm(query, stop.signal)).rejects.toThrow('stopped');
    },
  );
});
