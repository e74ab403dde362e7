import { describe, expect, it } from 'vitest';
import {
  areaOf,
  clusterOf,
  distinctClusters,
  groupByCluster,
  hostKey,
  serviceKey,
  taskKey,
} from '../../src/model/cluster.ts';
import { BLUE, BLUE_ELSEWHERE, clusterNamed, GREEN } from '../clusters.ts';

const HERE = 'eu-west-1';
const PREFIX = 'arn:aws:ecs:eu-west-1:111122223333';

describe('the cluster of a name or an ARN', () => {
  it.each<[string, string, readonly string[]]>([
    ['its own ARN', BLUE.arn, []],
    ['its own ARN, whatever others say', BLUE.arn, [BLUE_ELSEWHERE.arn]],
    ['a task', 'blue', [`${PREFIX}:task/blue/1`]],
    ['a task of the old form', 'blue', [`${PREFIX}:task/1`]],
    ['a container instance of the old form', 'blue', [`${PREFIX}:container-instance/1`]],
    ['another cluster', 'blue', [GREEN.arn]],
    ['the first that is one of ECS, in its region', 'blue', ['task-1', BLUE_ELSEWHERE.arn, GREEN.arn]],
  ])('is told by %s', (_, nameOrArn, arns) => {
    expect(clusterOf(nameOrArn, HERE, arns)).toEqual(BLUE);
  });

  it('is in the partition of what tells it', () => {
    const arns = ['arn:aws-cn:ecs:cn-north-1:111122223333:task/1'];
    expect(clusterOf('blue', 'cn-north-1', arns).arn).toBe(
      'arn:aws-cn:ecs:cn-north-1:111122223333:cluster/blue',
    );
  });

  it('has no account that nothing tells, and is told later', () => {
    const unknown = clusterOf('blue', HERE, ['task-1']);
    expect(unknown).toMatchObject({ name: 'blue', region: HERE, account: undefined });
    expect(clusterOf(unknown.arn, HERE, [GREEN.arn])).toEqual(BLUE);
  });
});

describe('two clusters of one name', () => {
  const OTHERS = [BLUE_ELSEWHERE, clusterNamed('blue', HERE, '999999999999')];

  it.each(OTHERS)('are two: $arn', (other) => {
    expect(serviceKey(other, 'web')).not.toBe(serviceKey(BLUE, 'web'));
    expect(taskKey(other, '1')).not.toBe(taskKey(BLUE, '1'));
    expect(hostKey({ cluster: other, instanceId: 'i-1' })).not.toBe(
      hostKey({ cluster: BLUE, instanceId: 'i-1' }),
    );
    expect(distinctClusters([other, BLUE, { ...other }])).toHaveLength(2);
    const groups = groupByCluster([{ cluster: BLUE }, { cluster: other }, { cluster: { ...BLUE } }]);
    expect(groups.map(([cluster, members]) => [cluster, members.length])).toEqual([
      [BLUE, 2],
      [other, 1],
    ]);
  });
});

it('lists clusters in the order of their names', () => {
  expect(distinctClusters([GREEN, BLUE_ELSEWHERE, BLUE])).toEqual([BLUE, BLUE_ELSEWHERE, GREEN]);
});

it('tells the account and region of an ARN, of whatever it is', () => {
  expect(areaOf(BLUE.arn)).toBe(areaOf(GREEN.arn));
  expect(areaOf(BLUE.arn)).not.toBe(areaOf(BLUE_ELSEWHERE.arn));
});
