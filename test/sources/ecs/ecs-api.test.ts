import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ecsApi } from '../../../src/sources/ecs/ecs-api.ts';

const client = new ECSClient({ region: 'eu-west-1' });
const mock = mockClient(client);
const api = ecsApi(client);
beforeEach(() => mock.reset());

const sent = () => mock.calls().map(({ args }) => args[0].input);

describe('listings ask for the largest page', () => {
  it.each([
    [
      'clusters',
      () => mock.on(ListClustersCommand).resolves({ clusterArns: ['a', 'b'], nextToken: 'more' }),
      () => api.listClusters('here', undefined),
      { maxResults: 100, nextToken: 'here' },
    ],
    [
      'tasks',
      () => mock.on(ListTasksCommand).resolves({ taskArns: ['a', 'b'], nextToken: 'more' }),
      () => api.listTasks('blue', 'here', undefined),
      { cluster: 'blue', maxResults: 100, nextToken: 'here' },
    ],
    [
      'container instances',
      () =>
        mock
          .on(ListContainerInstancesCommand)
          .resolves({ containerInstanceArns: ['a', 'b'], nextToken: 'more' }),
      () => api.listContainerInstances('blue', 'here', undefined),
      { cluster: 'blue', maxResults: 100, nextToken: 'here' },
    ],
  ])('%s', async (_, prepare, list, input) => {
    prepare();
    expect(await list()).toEqual({ items: ['a', 'b'], nextToken: 'more' });
    expect(sent()).toEqual([input]);
  });
});

describe('descriptions pass failures on', () => {
  const failures = [{ arn: 'b', reason: 'MISSING' }];

  it('of tasks', async () => {
    mock.on(DescribeTasksCommand).resolves({ tasks: [{ taskArn: 'a' }], failures });
    expect(await api.describeTasks('blue', ['a', 'b'], undefined)).toEqual({
      items: [{ taskArn: 'a' }],
      failures,
    });
    expect(sent()).toEqual([{ cluster: 'blue', tasks: ['a', 'b'] }]);
  });

  it('of container instances', async () => {
    const items = [{ containerInstanceArn: 'a' }];
    mock.on(DescribeContainerInstancesCommand).resolves({ containerInstances: items, failures });
    expect(await api.describeContainerInstances('blue', ['a', 'b'], undefined)).toEqual({ items, failures });
    expect(sent()).toEqual([{ cluster: 'blue', containerInstances: ['a', 'b'] }]);
  });

  it('of services', async () => {
    mock.on(DescribeServicesCommand).resolves({ services: [{ serviceName: 'a' }], failures });
    const described = await api.describeServices('blue', ['a', 'b'], undefined);
    expect(described).toEqual({ items: [{ serviceName: 'a' }], failures });
    expect(sent()).toEqual([{ cluster: 'blue', services: ['a', 'b'] }]);
  });

  it('of one task definition', async () => {
    mock.on(DescribeTaskDefinitionCommand).resolves({ taskDefinition: { networkMode: 'awsvpc' } });
    expect(await api.describeTaskDefinition('calc:7', undefined)).toEqual({ networkMode: 'awsvpc' });
    expect(sent()).toEqual([{ taskDefinition: 'calc:7' }]);
  });
});

describe('an answer without what was asked for is none', () => {
  beforeEach(() => mock.onAnyCommand().resolves({}));

  it.each<[string, () => Promise<unknown>]>([
    ['clusterArns', () => api.listClusters(undefined, undefined)],
    ['taskArns', () => api.listTasks('blue', undefined, undefined)],
    ['containerInstanceArns', () => api.listContainerInstances('blue', undefined, undefined)],
    ['serviceArns', () => api.listServices('blue', undefined, undefined)],
    ['tasks', () => api.describeTasks('blue', ['a'], undefined)],
    ['containerInstances', () => api.describeContainerInstances('blue', ['a'], undefined)],
    ['services', () => api.describeServices('blue', ['a'], undefined)],
    ['taskDefinition', () => api.describeTaskDefinition('calc:7', undefined)],
  ])('without %s', async (member, ask) => {
    await expect(ask()).rejects.toThrow(`the answer has no ${member}`);
  });

  it('and so is one whose list is something else', async () => {
    mock.on(ListTasksCommand).resolves({ taskArns: 'a' as unknown as string[] });
    await expect(api.listTasks('blue', undefined, undefined)).rejects.toThrow('is no list');
  });
});

it('hands the signal to the client', async () => {
  mock.on(ListTasksCommand).resolves({ taskArns: [] });
  const { signal } = new AbortController();
  await api.listTasks('blue', undefined, signal);
  expect(mock.call(0).args.slice(1)).toEqual([{ abortSignal: signal }]);
});
