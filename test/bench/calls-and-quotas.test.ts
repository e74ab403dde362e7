import { describe, expect, test } from 'vitest';
import { generateScaledFleet } from '../../bench/fleet/scaled-fleet.ts';
import { leastCalls } from '../../bench/support/least-calls.mjs';
import { callsWithin, quotaFloor } from '../../bench/support/quota-floor.mjs';

describe('the least calls for', () => {
  test('one endpoint', () => {
    expect(leastCalls(generateScaledFleet({ endpoints: 1 }), { health: true })).toEqual({
      'route53:ListHostedZonesByName': 1,
      'route53:ListResourceRecordSets': 1,
      'ecs:ListClusters': 1,
      'ecs:ListTasks': 1,
      'ecs:DescribeTasks': 1,
      'ecs:ListContainerInstances': 1,
      'ecs:DescribeContainerInstances': 1,
      'ecs:DescribeTaskDefinition': 1,
      'ec2:DescribeInstances': 1,
    });
  });

  test('a fleet that needs more than one of everything', () => {
    const fleet = generateScaledFleet({
      endpoints: 10_000,
      clusters: 2,
      stalePercent: 10,
      refusingPercent: 1,
    });
    const calls = leastCalls(fleet, { health: true });
    // 10,000 tasks, 1,111 stale sets in addition, 200 machines, and NS and SOA.
    expect(calls).toMatchObject({
      'route53:ListResourceRecordSets': Math.ceil((10_000 + 1_111 + 200 + 2) / 300),
      // The confirmation lists what is to run in each cluster, and what is stopping, and describes their machines again.
      'ecs:ListTasks': 100 + 100 + 2,
      'ecs:DescribeTasks': 100,
      'ecs:ListContainerInstances': 2,
      'ecs:DescribeContainerInstances': 2 + 2,
      'ecs:DescribeTaskDefinition': Math.ceil(10_000 / 85),
    });
    expect(calls['route53:ChangeResourceRecordSets']).toBe(2);
    expect(leastCalls(fleet, { health: false })).not.toHaveProperty(['ecs:DescribeServices']);
  });
});

describe('what quotas force', () => {
  test.each([
    ['nothing while the buckets last', { 'ecs:ListTasks': 100 }, 'current', 0, 'ecs:ListTasks'],
    [
      'what the fullest bucket needs',
      { 'ecs:ListTasks': 300, 'ecs:ListClusters': 150 },
      'current',
      10_000,
      'ecs:ListTasks',
    ],
    [
      "today's of Route 53",
      { 'route53:ListResourceRecordSets': 150 },
      'current',
      10_000,
      'route53:ListResourceRecordSets',
    ],
    [
      'the older of Route 53, all actions together',
      { 'route53:ListResourceRecordSets': 50, 'route53:ChangeResourceRecordSets': 5 },
      'older',
      10_000,
      'all of Route 53',
    ],
  ] as const)('%s', (_, calls, quotas, ms, bucket) => {
    expect(quotaFloor(calls, quotas)).toEqual({ bucket, ms });
  });

  test('and how much fits into a time', () => {
    expect(callsWithin(10_000, 'ecs:DescribeTasks', undefined)).toBe(300);
    expect(callsWithin(10_000, 'route53:ListResourceRecordSets', undefined)).toBe(150);
    expect(callsWithin(10_000, 'route53:ListResourceRecordSets', 'older')).toBe(55);
  });
});
