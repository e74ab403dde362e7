import type { Service } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { serviceKey } from '../../../src/model/cluster.ts';
import { type Container, serviceKeyOf } from '../../../src/model/inventory.ts';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { awsError } from '../../aws/support.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import { type Call, inMemoryEc2, inMemoryEcs, many, taskArn } from './support.ts';

function container(ecsService: string | undefined, cluster = BLUE): Container {
  return {
    id: undefined,
    name: 'app',
    taskArn: taskArn(1),
    cluster,
    host: undefined,
    phase: 'running',
    startedAt: undefined,
    essential: true,
    ecsHealth: 'UNKNOWN',
    ecsService,
    networkInterface: undefined,
    addressName: undefined,
    reachedAt: [],
    serviceNames: [],
  };
}

const service = (serviceName: string, healthCheckGracePeriodSeconds?: number): Service => ({
  serviceName,
  ...(healthCheckGracePeriodSeconds === undefined ? {} : { healthCheckGracePeriodSeconds }),
});

async function lookUp(
  containers: readonly Container[],
  clusters: Readonly<Record<string, { readonly services: readonly Service[] }>>,
  fault?: (call: Call) => Error | undefined,
  signal?: AbortSignal,
  failing: Readonly<Record<string, string>> = {},
) {
  const ecs = inMemoryEcs({ clusters, failing, ...(fault === undefined ? {} : { fault }) });
  const sources = { ec2: inMemoryEc2({}), region: 'eu-west-1', clusters: [], definitions: new Map() };
  const { periods, incomplete } = await createInventory({ ...sources, ecs }).lookUpGracePeriods(
    containers,
    signal,
  );
  return { periods: Object.fromEntries(periods), incomplete, calls: ecs.calls };
}

describe('the grace periods of services', () => {
  it('are unread where the answer leaves a service out without a word', async () => {
    const ecs = inMemoryEcs({ clusters: { blue: { services: [service('calc', 90)] } } });
    const silent = { ...ecs, describeServices: () => Promise.resolve({ items: [], failures: [] }) };
    const sources = { ec2: inMemoryEc2({}), region: 'eu-west-1', clusters: [], definitions: new Map() };
    const inventory = createInventory({ ...sources, ecs: silent });
    const { periods, incomplete } = await inventory.lookUpGracePeriods([container('calc')], undefined);
    expect(periods.size).toBe(0);
    expect(incomplete).toMatchObject([
      { operation: 'ecs:DescribeServices', error: '1 of 1 were left out of the answer' },
    ]);
  });

  it.each<[string, readonly Container[], readonly Service[], Readonly<Record<string, number>>]>([
    ['in milliseconds', [container('calc')], [service('calc', 90)], { [serviceKey(BLUE, 'calc')]: 90_000 }],
    ['none where ECS has none', [container('calc')], [service('calc')], { [serviceKey(BLUE, 'calc')]: 0 }],
    [
      'once a service',
      [container('calc'), container('calc')],
      [service('calc', 1)],
      { [serviceKey(BLUE, 'calc')]: 1_000 },
    ],
    ['absent where ECS has no such service', [container('gone')], [service('calc', 1)], {}],
    ['none of a task that no service has started', [container(undefined)], [service('calc', 1)], {}],
  ])('%s', async (_, containers, services, periods) => {
    expect(await lookUp(containers, { blue: { services } })).toMatchObject({ periods, incomplete: [] });
  });

  it('are found by the key of a container', async () => {
    const { periods } = await lookUp([container('calc')], { blue: { services: [service('calc', 5)] } });
    expect(Object.keys(periods)).toEqual([serviceKeyOf(container('calc'))]);
    expect(serviceKeyOf(container(undefined))).toBeUndefined();
  });

  it('are asked for ten at a time, cluster by cluster', async () => {
    const services = many(23, (index) => service(`s${index}`, index));
    const containers = [BLUE, GREEN].flatMap((cluster) =>
      many(23, (index) => container(`s${index}`, cluster)),
    );
    const { periods, calls } = await lookUp(containers, { blue: { services }, green: { services } });
    expect(Object.keys(periods)).toHaveLength(46);
    expect(calls.map(({ cluster, values }) => [cluster, values?.length])).toEqual([
      [BLUE.arn, 10],
      [BLUE.arn, 10],
      [BLUE.arn, 3],
      [GREEN.arn, 10],
      [GREEN.arn, 10],
      [GREEN.arn, 3],
    ]);
  });

  it('are asked of no one for no container', async () => {
    expect((await lookUp([], {})).calls).toEqual([]);
  });

  it('that could not be read are an incomplete scope', async () => {
    const found = await lookUp(
      [container('calc'), container('web', GREEN)],
      { blue: { services: [service('calc', 1)] }, green: { services: [service('web', 2)] } },
      ({ cluster }) =>
        cluster === BLUE.arn ? awsError('AccessDeniedException', { message: 'not you' }) : undefined,
    );
    expect(found.periods).toEqual({ [serviceKey(GREEN, 'web')]: 2_000 });
    expect(found.incomplete).toEqual([
      {
        scope: 'services/blue/calc',
        operation: 'ecs:DescribeServices',
        error: 'AccessDeniedException: not you',
        hides: 'service-names',
      },
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['that failed is an incomplete scope', 'ACCESS_DENIED', ['ACCESS_DENIED for web']],
    ['that ECS no longer has is none', 'MISSING', []],
  ])('of a service %s', async (_, reason, errors) => {
    const services = [service('calc', 1), service('web', 2)];
    const containers = [container('calc'), container('web')];
    const found = await lookUp(containers, { blue: { services } }, undefined, undefined, { web: reason });
    expect(found.periods).not.toHaveProperty([serviceKey(BLUE, 'web')]);
    expect(found.incomplete.map(({ error }) => error)).toEqual(errors);
  });

  it('are not asked for any longer once the run was stopped', async () => {
    const reason = new Error('the run was stopped');
    const controller = new AbortController();
    const looking = lookUp(
      [container('calc')],
      { blue: { services: [] } },
      () => {
        controller.abort(reason);
        return awsError('AbortError');
      },
      controller.signal,
    );
    await expect(looking).rejects.toBe(reason);
  });
});
