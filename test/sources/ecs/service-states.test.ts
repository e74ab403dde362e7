import type { Service } from '@aws-sdk/client-ecs';
import { expect, it } from 'vitest';
import { serviceKey } from '../../../src/model/cluster.ts';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import { inMemoryEc2, inMemoryEcs, many } from './support.ts';

async function statesOf(keys: readonly string[], services: readonly Service[], fault?: Error) {
  const clusters = { blue: { services }, green: { services: [] } };
  const ecs = inMemoryEcs({ clusters, ...(fault === undefined ? {} : { fault: () => fault }) });
  const sources = { ec2: inMemoryEc2({}), region: 'eu-west-1', clusters: [], definitions: new Map() };
  const states = await createInventory({ ...sources, ecs }).readServiceStates(keys, undefined);
  return { states, calls: ecs.calls.length };
}

const api: Service = { serviceName: 'api', status: 'ACTIVE', runningCount: 3, desiredCount: 4 };

it('are told by service, with what ECS counts and wants', async () => {
  const { states } = await statesOf([serviceKey(BLUE, 'api')], [api]);
  expect([...states]).toEqual([
    [serviceKey(BLUE, 'api'), { status: 'ACTIVE', runningCount: 3, desiredCount: 4, isDeploying: false }],
  ]);
});

it('of a service that is no more there is nothing to count', async () => {
  const { states } = await statesOf([serviceKey(GREEN, 'gone')], []);
  expect(states.get(serviceKey(GREEN, 'gone'))).toMatchObject({ runningCount: 0, desiredCount: 0 });
});

it.each<[string, Service, Error | undefined]>([
  ['whose counts ECS does not tell', { serviceName: 'api', status: 'ACTIVE' }, undefined],
  ['that could not be asked for', api, Object.assign(new Error('no'), { name: 'AccessDeniedException' })],
])('a service %s is absent', async (_, service, fault) => {
  expect((await statesOf([serviceKey(BLUE, 'api')], [service], fault)).states.size).toBe(0);
});

it('ten are asked for at once, cluster by cluster', async () => {
  const keys = many(11, (n) => serviceKey(BLUE, `s${n}`));
  expect((await statesOf([...keys, serviceKey(GREEN, 's1')], [])).calls).toBe(3);
});
