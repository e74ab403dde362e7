import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ec2Api } from '../../../src/sources/ecs/ec2-api.ts';

const client = new EC2Client({ region: 'eu-west-1' });
const mock = mockClient(client);
const api = ec2Api(client);
beforeEach(() => mock.reset());

const sent = () => mock.calls().map(({ args }) => args[0].input);

describe('describeInstances', () => {
  it.each(['instance-id', 'private-dns-name'] as const)(
    'filters by %s, managed instances included',
    async (filter) => {
      mock.on(DescribeInstancesCommand).resolves({
        Reservations: [
          { Instances: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }] },
          {},
          { Instances: [{ InstanceId: 'i-3' }] },
        ],
        NextToken: 'more',
      });

      const page = await api.describeInstances(filter, ['x', 'y'], 'here', undefined);

      expect(page).toEqual({
        items: [{ InstanceId: 'i-1' }, { InstanceId: 'i-2' }, { InstanceId: 'i-3' }],
        nextToken: 'more',
      });
      expect(sent()).toEqual([
        {
          Filters: [{ Name: filter, Values: ['x', 'y'] }],
          IncludeManagedResources: true,
          MaxResults: 1_000,
          NextToken: 'here',
        },
      ]);
    },
  );

  it('never names ids as a parameter, because one unknown id would fail the call', async () => {
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    await api.describeInstances('instance-id', ['i-1'], undefined, undefined);
    expect(sent()[0]).not.toHaveProperty('InstanceIds');
  });

  it('takes an empty list of reservations as none, and an answer without the list as no answer', async () => {
    const describeOne = () => api.describeInstances('instance-id', ['i-1'], undefined, undefined);
    mock.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    expect(await describeOne()).toEqual({ items: [], nextToken: undefined });
    mock.on(DescribeInstancesCommand).resolves({});
    await expect(describeOne()).rejects.toThrow('the answer has no reservationSet');
  });
});

describe('interfaceNames', () => {
  it('filters by private DNS name, managed ones included, and leaves out interfaces without one', async () => {
    mock.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: [{ PrivateDnsName: 'a.internal' }, {}, { PrivateDnsName: 'b.internal' }],
      NextToken: 'more',
    });

    expect(await api.interfaceNames(['a.*'], 'here', undefined)).toEqual({
      items: ['a.internal', 'b.internal'],
      nextToken: 'more',
    });
    expect(sent()).toEqual([
      {
        Filters: [{ Name: 'private-dns-name', Values: ['a.*'] }],
        IncludeManagedResources: true,
        MaxResults: 1_000,
        NextToken: 'here',
      },
    ]);
  });

  it('takes an answer without the list as no answer', async () => {
    mock.on(DescribeNetworkInterfacesCommand).resolves({});
    const finding = api.interfaceNames(['a.*'], undefined, undefined);
    await expect(finding).rejects.toThrow('the answer has no networkInterfaceSet');
  });
});

it('hands the signal to the client', async () => {
  mock.onAnyCommand().resolves({ Reservations: [], NetworkInterfaces: [] });
  const { signal } = new AbortController();
  await api.describeInstances('instance-id', ['i-1'], undefined, signal);
  await api.interfaceNames(['a'], undefined, signal);
  expect(mock.calls().flatMap(({ args }) => args.slice(1))).toEqual([
    { abortSignal: signal },
    { abortSignal: signal },
  ]);
});
