import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { clusterArn, inMemoryEc2, inMemoryEcs, takeFrom, task } from './support.ts';

const clusters = { blue: { tasks: [task(1)] }, green: {}, red: {} };

describe('which clusters are read', () => {
  it.each<[string, readonly string[], readonly string[], string]>([
    ['all of them', [], ['blue', 'green', 'red'], 'all-clusters'],
    ['the configured ones by name, sorted', ['red', 'blue'], ['blue', 'red'], 'configured-clusters'],
    ['the configured ones by ARN', [clusterArn('green')], ['green'], 'configured-clusters'],
    ['one that is named twice once', ['green', clusterArn('green')], ['green'], 'configured-clusters'],
  ])('%s', async (_, configured, names, coverage) => {
    const ecs = inMemoryEcs({ clusters });
    const inventory = await takeFrom(ecs, inMemoryEc2({}), { clusters: configured });
    expect(inventory.clusters.map(({ name }) => name)).toEqual(names);
    expect(inventory).toMatchObject({ coverage, region: 'eu-west-1' });
    expect(ecs.calls.some(({ operation }) => operation === 'ListClusters')).toBe(configured.length === 0);
  });

  it('names a cluster that was configured by its name as others are', async () => {
    const ecs = inMemoryEcs({ clusters });
    const inventory = await takeFrom(ecs, inMemoryEc2({}), { clusters: [clusterArn('blue'), 'red'] });
    expect(inventory.clusters).toEqual([
      { name: 'blue', arn: clusterArn('blue'), region: 'eu-west-1', account: '1', complete: true },
      { name: 'red', arn: clusterArn('red'), region: 'eu-west-1', account: '1', complete: true },
    ]);
  });
});

describe('a cluster that ECS does not have', () => {
  it('ends the run when it was configured', async () => {
    const taking = takeFrom(inMemoryEcs({ clusters }), inMemoryEc2({}), {
      clusters: ['blue', 'bleu', 'rouge'],
    });
    await expect(taking).rejects.toMatchObject({
      name: 'RunError',
      code: 'cluster-not-found',
      message: expect.stringMatching(/^clusters: .* bleu, rouge /),
    });
  });

  it('is an incomplete scope when ECS itself had listed it', async () => {
    const ecs = inMemoryEcs({ clusters });
    const listClusters = () =>
      Promise.resolve({ items: [clusterArn('blue'), clusterArn('gone')], nextToken: undefined });
    const inventory = await takeFrom({ ...ecs, listClusters }, inMemoryEc2({}));
    expect(inventory.clusters).toMatchObject([
      { name: 'blue', complete: true },
      { name: 'gone', complete: false },
    ]);
    const scopes = inventory.incomplete.filter(({ scope }) => scope === 'cluster/gone');
    expect(scopes.map(({ operation }) => operation)).toEqual(['ecs:ListTasks', 'ecs:ListContainerInstances']);
    expect(scopes[0]?.error).toBe('ClusterNotFoundException: Cluster not found.');
  });
});

it('tells the progress cluster by cluster', async () => {
  const sources = { ec2: inMemoryEc2({}), region: 'eu-west-1', clusters: [], definitions: new Map() };
  const seen: (readonly [number, number])[] = [];
  await createInventory({ ...sources, ecs: inMemoryEcs({ clusters }) }).take(
    (done, total) => seen.push([done, total]),
    undefined,
  );
  expect(seen).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
});
