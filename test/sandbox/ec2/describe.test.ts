import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { failureOf, range, type Sandbox, withSandbox } from '../with-sandbox.ts';

function sampleWorld(): World {
  const world = createWorld({ region: 'eu-west-1' });
  world.addMachine({ instanceId: 'i-00000001', address: '10.0.0.1' });
  world.addMachine({ instanceId: 'i-00000002', address: '10.0.0.2', state: 'stopped' });
  world.addMachine({ instanceId: 'i-00000003', address: '10.0.1.3', managed: true });
  const last = world.addMachine({ instanceId: 'i-00000004', address: '10.0.1.4' });
  world.terminateMachine(last);
  return world;
}

async function idsOf({ ec2 }: Sandbox, input: DescribeInstancesCommandInput): Promise<readonly string[]> {
  const answer = await ec2.send(new DescribeInstancesCommand(input));
  const instances = (answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
  return instances.map((instance) => (instance.InstanceId ?? '').slice(-1));
}

describe('DescribeInstances', () => {
  test('tells state, name and address', async () => {
    const { ec2 } = await withSandbox(sampleWorld());
    const answer = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: ['i-00000001', 'i-00000004'] }),
    );
    const [running, terminated] = (answer.Reservations ?? []).flatMap((one) => one.Instances ?? []);
    expect(running).toMatchObject({
      State: { Code: 16, Name: 'running' },
      PrivateDnsName: 'ip-10-0-0-1.eu-west-1.compute.internal',
      PrivateIpAddress: '10.0.0.1',
      NetworkInterfaces: [{ PrivateIpAddress: '10.0.0.1' }],
    });
    expect(terminated).toMatchObject({ State: { Code: 48, Name: 'terminated' }, PrivateDnsName: '' });
    expect(terminated?.PrivateIpAddress).toBeUndefined();
  });

  const filters: readonly [string, DescribeInstancesCommandInput, readonly string[]][] = [
    ['nothing: all but the managed', {}, ['1', '2', '4']],
    ['nothing, managed ones included', { IncludeManagedResources: true }, ['1', '2', '3', '4']],
    ['ids of which one is unknown', filter('instance-id', 'i-00000001', 'i-0000000f'), ['1']],
    ['a managed id without asking for them', filter('instance-id', 'i-00000003'), []],
    ['addresses', filter('private-ip-address', '10.0.0.2'), ['2']],
    ['a name in any domain', filter('private-dns-name', 'ip-10-0-0-1.*'), ['1']],
    [
      'one character of any kind',
      filter('private-dns-name', 'ip-10-0-0-?.eu-west-1.compute.internal'),
      ['1', '2'],
    ],
    ['an escaped wildcard', filter('private-dns-name', 'ip-10-0-0-\\?*'), []],
    ['a state', filter('instance-state-name', 'terminated', 'stopped'), ['2', '4']],
    [
      'two filters at once',
      { Filters: [...list('instance-state-name', 'run*'), ...list('private-ip-address', '10.*')] },
      ['1'],
    ],
  ];
  test.each(filters)('by %s', async (_, input, expected) => {
    expect(await idsOf(await withSandbox(sampleWorld()), input)).toEqual(expected);
  });

  const refusals: readonly [string, DescribeInstancesCommandInput, string, string][] = [
    [
      'one unknown id',
      { InstanceIds: ['i-00000001', 'i-0000000f'] },
      'InvalidInstanceID.NotFound',
      "The instance ID 'i-0000000f' does not exist",
    ],
    [
      'two unknown ids',
      { InstanceIds: ['i-0000000e', 'i-0000000f'] },
      'InvalidInstanceID.NotFound',
      "The instance IDs 'i-0000000e, i-0000000f' do not exist",
    ],
    ['a malformed id', { InstanceIds: ['mi-1'] }, 'InvalidInstanceID.Malformed', 'Invalid id: "mi-1"'],
    [
      'ids in pages',
      { InstanceIds: ['i-00000001'], MaxResults: 5 },
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    ],
    [
      '201 values',
      filter('instance-id', ...range(201).map((i) => `i-${i}`)),
      'FilterLimitExceeded',
      'The maximum number of filter values specified on a single call is 200',
    ],
    [
      'a value of 256 characters',
      filter('instance-id', 'x'.repeat(256)),
      'FilterLimitExceeded',
      'The maximum length for a filter value is 255 characters',
    ],
    [
      'an unknown filter',
      filter('colour', 'blue'),
      'InvalidParameterValue',
      "The filter 'colour' is invalid",
    ],
    [
      'a page of 4',
      { MaxResults: 4 },
      'InvalidParameterValue',
      'Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than or equal to 5.',
    ],
    [
      'a page of 1001',
      { MaxResults: 1001 },
      'InvalidParameterValue',
      'Value ( 1001 ) for parameter maxResults is invalid. Expecting a value less than or equal to 1000.',
    ],
    ['a token it never gave', { NextToken: 'made-up' }, 'InvalidNextToken', 'The token provided is invalid.'],
  ];
  test.each(refusals)('refuses %s', async (_, input, code, message) => {
    const { ec2 } = await withSandbox(sampleWorld());
    expect(await failureOf(ec2.send(new DescribeInstancesCommand(input)))).toEqual({
      code,
      status: 400,
      message,
    });
  });

  test('takes exactly 200 values', async () => {
    const values = range(200).map((i) => `i-${String(i).padStart(8, '0')}`);
    expect(await idsOf(await withSandbox(sampleWorld()), filter('instance-id', ...values))).toEqual([
      '1',
      '2',
      '4',
    ]);
  });

  test('pages what it finds', async () => {
    const world = createWorld();
    for (const _ of range(12)) world.addMachine({});
    const { ec2 } = await withSandbox(world);
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken }));
      sizes.push(page.Reservations?.length ?? 0);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(sizes).toEqual([5, 5, 2]);
  });
});

describe('DescribeNetworkInterfaces', () => {
  test('knows the interfaces of instances and of awsvpc tasks, until they are gone', async () => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    world.addMachine({ address: '10.0.0.1' });
    world.terminateMachine(world.addMachine({ address: '10.0.0.2' }));
    const taskDefinition = world.addTaskDefinition({
      family: 'web',
      networkMode: 'awsvpc',
      containers: [{}],
    });
    world.addTask({ cluster, taskDefinition, address: '10.1.0.1' });
    world.stopTask(world.addTask({ cluster, taskDefinition, address: '10.1.0.2' }));
    const { ec2 } = await withSandbox(world);
    const answer = await ec2.send(new DescribeNetworkInterfacesCommand(filter('private-dns-name', 'ip-*')));
    expect(answer.NetworkInterfaces?.map((one) => one.PrivateDnsName)).toEqual([
      'ip-10-0-0-1.ec2.internal',
      'ip-10-1-0-1.ec2.internal',
    ]);
  });

  test.each([
    [undefined, []],
    [true, ['10.0.0.1', '10.1.0.1']],
  ])('tells those of managed instances where they are asked for: %s', async (asked, expected) => {
    const world = createWorld();
    const cluster = world.addCluster('blue');
    const machine = world.addMachine({ cluster, address: '10.0.0.1', managed: true });
    const taskDefinition = world.addTaskDefinition({
      family: 'web',
      networkMode: 'awsvpc',
      containers: [{}],
    });
    world.addTask({ cluster, taskDefinition, machine, launchType: 'MANAGED_INSTANCES', address: '10.1.0.1' });
    const { ec2 } = await withSandbox(world);
    const command = new DescribeNetworkInterfacesCommand({ IncludeManagedResources: asked });
    const { NetworkInterfaces = [] } = await ec2.send(command);
    expect(NetworkInterfaces.map((one) => one.PrivateIpAddress)).toEqual(expected);
  });

  test('refuses an id that nobody has', async () => {
    const { ec2 } = await withSandbox();
    const command = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-1'] });
    expect(await failureOf(ec2.send(command))).toMatchObject({ code: 'InvalidNetworkInterfaceID.NotFound' });
  });
});

test('an action that the sandbox does not know is invalid', async () => {
  const { ec2 } = await withSandbox();
  expect(await failureOf(ec2.send(new DescribeSubnetsCommand({})))).toMatchObject({ code: 'InvalidAction' });
});

function list(Name: string, ...Values: string[]) {
  return [{ Name, Values }];
}

function filter(name: string, ...values: string[]) {
  return { Filters: list(name, ...values) };
}
