import type { Instance } from '@aws-sdk/client-ec2';
import type { ContainerInstance } from '@aws-sdk/client-ecs';
import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/inventory.ts';
import type { Ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import { readHosts } from '../../../src/sources/ecs/hosts.ts';
import { awsError } from '../../aws/support.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import { type Ec2World, ec2Instance, inMemoryEc2, instanceArn, many, registration } from './support.ts';

const access = (ec2: Ec2Api) => ({ ec2, ec2Limit: pLimit(8), signal: undefined });

async function readFrom(instances: readonly ContainerInstance[], world: Ec2World) {
  const ec2 = inMemoryEc2(world);
  const reading = { cluster: BLUE, instances };
  const { hosts, incomplete } = await readHosts([reading], access(ec2));
  return { hosts, incomplete, calls: ec2.calls };
}

describe('the state of a host', () => {
  it.each<[string, Host['state'], Partial<ContainerInstance>, readonly Instance[]]>([
    ['running', 'present', {}, [ec2Instance(1)]],
    ['pending', 'present', {}, [ec2Instance(1, { State: { Name: 'pending' } })]],
    ['stopped', 'present', {}, [ec2Instance(1, { State: { Name: 'stopped' } })]],
    ['running, with its agent away', 'present', { agentConnected: false }, [ec2Instance(1)]],
    ['described without a state', 'present', {}, [{ InstanceId: 'i-1' }]],
    ['shutting down', 'gone', {}, [ec2Instance(1, { State: { Name: 'shutting-down' } })]],
    ['terminated', 'gone', {}, [ec2Instance(1, { State: { Name: 'terminated' } })]],
    [
      'terminated, its agent still connected',
      'gone',
      { agentConnected: true },
      [ec2Instance(1, { State: { Name: 'terminated' } })],
    ],
    ['unknown to EC2, its agent away', 'unreachable', { agentConnected: false }, []],
    ['unknown to EC2, its agent not spoken of', 'unreachable', { agentConnected: undefined }, []],
    ['unknown to EC2, with an agent', 'unknown', { agentConnected: true }, []],
    ['of ECS Anywhere', 'unknown', { ec2InstanceId: 'mi-0123' }, []],
  ])('%s: %s', async (_, state, fields, instances) => {
    const { hosts } = await readFrom([registration(1, fields)], { instances });
    expect(hosts.get(instanceArn(1))?.state).toBe(state);
  });

  it('is unknown without an instance id', async () => {
    const { ec2InstanceId: _, ...nameless } = registration(1);
    const { hosts, calls } = await readFrom([nameless], {});
    expect(hosts.get(instanceArn(1))).toMatchObject({ instanceId: '', state: 'unknown' });
    expect(calls).toEqual([]);
  });
});

describe('the address of a host that has one of IPv6 alone', () => {
  const { PrivateIpAddress: _, ...bare } = ec2Instance(1);
  it.each<[string, Partial<Instance>, string | undefined]>([
    ['is that of the instance, in one spelling', { Ipv6Address: '2001:DB8:0::1' }, '2001:db8::1'],
    [
      'is that of its first interface',
      { NetworkInterfaces: [{ Ipv6Addresses: [{ Ipv6Address: 'fd00::1' }] }] },
      'fd00::1',
    ],
    ['is none where EC2 tells none', {}, undefined],
  ])('%s', async (_name, fields, address) => {
    const { hosts } = await readFrom([registration(1)], { instances: [{ ...bare, ...fields }] });
    expect(hosts.get(instanceArn(1))?.address).toBe(address);
  });
});

describe('a host that EC2 does not know, with its agent away', () => {
  const away = { agentConnected: false };

  it.each<[string, Host['state'], readonly ContainerInstance[]]>([
    ['is silent beside one that EC2 knows', 'unreachable', [registration(1)]],
    ['is silent beside another of its kind', 'unreachable', [registration(3, away)]],
    ['is silent beside one of ECS Anywhere', 'unreachable', [registration(3, { ec2InstanceId: 'mi-0123' })]],
    [
      'is unknown where EC2 does not know one that is there, either: the answer is wrong',
      'unknown',
      [registration(3)],
    ],
    ['is unknown although EC2 knows a third one', 'unknown', [registration(1), registration(3)]],
  ])('%s', async (_, state, others) => {
    const { hosts } = await readFrom([registration(2, away), ...others], { instances: [ec2Instance(1)] });
    expect(hosts.get(instanceArn(2))?.state).toBe(state);
  });

  it('is unknown where that one is of another cluster', async () => {
    const green = { cluster: GREEN, instances: [registration(3)] };
    const readings = [{ cluster: BLUE, instances: [registration(2, away)] }, green];
    const { hosts } = await readHosts(readings, access(inMemoryEc2({})));
    expect(hosts.get(instanceArn(2))?.state).toBe('unknown');
  });

  it('says nothing of the answer where it could not be asked for', async () => {
    const registered = many(250, (index) => registration(1_000 + index, away));
    const { hosts } = await readFrom([...registered.slice(1), registration(1_000)], {
      fault: ({ values }) => (values?.includes('i-1000') ? awsError('InternalError') : undefined),
    });
    expect(hosts.get(instanceArn(1_249))?.state).toBe('unreachable');
  });
});

describe('what is known of a host', () => {
  it.each<[string, Partial<Instance>, Pick<Host, 'privateDnsName' | 'address'>]>([
    [
      'name and address',
      { PrivateDnsName: 'IP-10-0-0-1.eu-west-1.compute.internal.' },
      { privateDnsName: 'ip-10-0-0-1.eu-west-1.compute.internal', address: '10.0.0.1' },
    ],
    ['no name once it is empty', { PrivateDnsName: '' }, { privateDnsName: undefined, address: '10.0.0.1' }],
  ])('%s', async (_, fields, known) => {
    const { hosts } = await readFrom([registration(1)], { instances: [ec2Instance(1, fields)] });
    expect(hosts.get(instanceArn(1))).toEqual({
      containerInstance: instanceArn(1),
      vpcId: undefined,
      taskCount: undefined,
      isDraining: false,
      placement: undefined,
      secondaryAddresses: [],
      isAgentConnected: true,
      instanceId: 'i-1',
      cluster: BLUE,
      state: 'present',
      ...known,
    });
  });

  it('is nothing of a host that EC2 does not describe', async () => {
    const { hosts } = await readFrom([registration(1)], {});
    expect(hosts.get(instanceArn(1))).toMatchObject({ privateDnsName: undefined, address: undefined });
  });
});

describe('where a host stands in the network', () => {
  const attributes = [
    { name: 'ecs.capability.task-eni' },
    { name: 'ecs.availability-zone', value: 'eu-west-1b' },
    { name: 'ecs.subnet-id', value: 'subnet-b' },
  ];
  const told = { availabilityZone: 'eu-west-1a', subnetId: 'subnet-a' };

  it.each<[string, Partial<Instance>, Partial<ContainerInstance>, Host['placement']]>([
    [
      'as EC2 tells',
      { Placement: { AvailabilityZone: 'eu-west-1a' }, SubnetId: 'subnet-a' },
      { attributes },
      told,
    ],
    [
      'as its agent tells, where EC2 does not',
      {},
      { attributes },
      { availabilityZone: 'eu-west-1b', subnetId: 'subnet-b' },
    ],
    [
      'as far as either tells',
      { SubnetId: 'subnet-a' },
      { attributes: [] },
      { ...told, availabilityZone: undefined },
    ],
    ['unknown where neither does', {}, {}, undefined],
  ])('is %s', async (_, fields, registered, placement) => {
    const { hosts } = await readFrom([registration(1, registered)], { instances: [ec2Instance(1, fields)] });
    expect(hosts.get(instanceArn(1))?.placement).toEqual(placement);
  });

  it('is one object for all of a subnet', async () => {
    const fields = { Placement: { AvailabilityZone: 'eu-west-1a' }, SubnetId: 'subnet-a' };
    const instances = [1, 2].map((n) => ec2Instance(n, fields));
    const { hosts } = await readFrom([registration(1), registration(2)], { instances });
    expect(hosts.get(instanceArn(1))?.placement).toBe(hosts.get(instanceArn(2))?.placement);
  });
});

it('tells whether the agent of a host is connected', async () => {
  const registered = [true, false, undefined].map((agentConnected, n) =>
    registration(n + 1, { agentConnected }),
  );
  const instances = [1, 2, 3].map((n) => ec2Instance(n));
  const { hosts } = await readFrom(registered, { instances });
  expect([...hosts.values()].map((host) => host.isAgentConnected)).toEqual([true, false, false]);
});

it('never asks EC2 about machines of ECS Anywhere', async () => {
  const { calls, incomplete } = await readFrom([registration(1, { ec2InstanceId: 'mi-0123' })], {});
  expect(calls).toEqual([]);
  expect(incomplete).toEqual([]);
});

it('reports an instance that EC2 does not describe although its agent is connected', async () => {
  const { incomplete } = await readFrom([registration(1), registration(2, { agentConnected: false })], {});
  expect(incomplete).toEqual([
    {
      scope: 'instance/i-1',
      operation: 'ec2:DescribeInstances',
      error: 'EC2 does not describe this instance although its ECS agent is connected',
      hides: 'host-names',
    },
  ]);
});

it.each<[string, Partial<ContainerInstance>, number | undefined]>([
  ['those that run and those that are about to', { runningTasksCount: 2, pendingTasksCount: 1 }, 3],
  ['those that run, where ECS says nothing of others', { runningTasksCount: 2 }, 2],
  ['nothing where ECS does not say', { pendingTasksCount: 1 }, undefined],
])('the tasks of a host: %s', async (_, counts, expected) => {
  const nothing = { runningTasksCount: undefined, pendingTasksCount: undefined };
  const { hosts } = await readFrom([registration(1, { ...nothing, ...counts })], {
    instances: [ec2Instance(1)],
  });
  expect(hosts.get(instanceArn(1))?.taskCount).toBe(expected);
});

describe('a failing request', () => {
  const registered = many(250, (index) => registration(1_000 + index, { agentConnected: false }));
  const instances = many(250, (index) => ec2Instance(1_000 + index));
  const throttled = awsError('RequestLimitExceeded', { message: 'slow down', status: 503 });

  it('leaves its own hosts unknown, and only those', async () => {
    const { hosts, incomplete } = await readFrom(registered, {
      instances,
      fault: ({ values }) => (values?.includes('i-1000') ? throttled : undefined),
    });
    const states = registered.map((_, index) => hosts.get(instanceArn(1_000 + index))?.state);
    expect(states).toEqual([...many(199, () => 'unknown'), ...many(51, () => 'present')]);
    expect(incomplete).toEqual([
      {
        scope: 'instances/i-1000 and 198 more',
        operation: 'ec2:DescribeInstances',
        error: 'RequestLimitExceeded: slow down',
        hides: 'endpoints',
      },
    ]);
  });

  it.each<[string, number, string]>([
    ['a single instance', 1, 'instances/i-1000'],
    ['two', 2, 'instances/i-1000 and 1 more'],
  ])('names %s', async (_, count, scope) => {
    const { incomplete } = await readFrom(registered.slice(0, count), { fault: () => throttled });
    expect(incomplete).toMatchObject([{ scope }]);
  });

  it('keeps what came before it', async () => {
    const { hosts } = await readFrom(registered.slice(0, 100), {
      instances,
      pageSize: 60,
      fault: ({ token }) => (token === undefined ? undefined : throttled),
    });
    const states = [...hosts.values()].map(({ state }) => state);
    expect(states).toEqual([...many(60, () => 'present'), ...many(40, () => 'unknown')]);
  });
});
