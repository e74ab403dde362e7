import { expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { serve, ZONE_NAME } from '../end-to-end/support.ts';
import { examine as examineAll, twoClusters } from './support.ts';

/** No container listens here, and none is probed. */
const examine: typeof examineAll = (server, args) =>
  examineAll(server, [...(args ?? []), '--no-health-enabled']);

test.each([
  {
    what: 'is not there',
    args: ['--zone', 'nobody.internal'],
    says: /no hosted zone is named nobody\.internal.* → correct the name, or give the zone's id$/,
  },
  {
    what: 'is not there by its id',
    args: ['--zone', 'ZNOBODY'],
    says: /no hosted zone with the id ZNOBODY.* → correct the id, or give the zone's name$/,
  },
  {
    what: 'is one of two by its name',
    args: ['--zone', 'twice.internal'],
    says: /2 hosted zones are named twice\.internal: Z.* → give the id of the one that is meant$/,
  },
  {
    what: 'belongs to Cloud Map',
    args: ['--zone', 'map.internal'],
    says: /map\.internal.*servicediscovery\.amazonaws\.com.* → use a hosted zone of your own$/,
  },
])('a zone that $what', async ({ args, says }) => {
  const { world } = await twoClusters();
  for (const isPrivate of [true, false]) world.addHostedZone({ name: 'twice.internal', private: isPrivate });
  const linkedService = { ServicePrincipal: 'servicediscovery.amazonaws.com', Description: 'a namespace' };
  world.addHostedZone({ name: 'map.internal', linkedService });

  const { failed, of } = await examine(await serve(world), args);

  expect(failed).toEqual(['zone']);
  expect(of('zone')).toMatch(says);
  expect(of('route53:ListResourceRecordSets')).toBe('skip: there was nothing to try it on');
});

test('a public zone is told from a private one', async () => {
  const { world } = await twoClusters();
  const { id } = world.addHostedZone({ name: 'public.example', private: false });
  const { failed, of } = await examine(await serve(world), ['--zone', id]);
  expect(failed).toEqual([]);
  expect(of('zone')).toBe(`ok: public.example. (${id}), public: anyone can look its names up`);
});

test('no cluster at all', async () => {
  const world = createWorld({ seed: 1 });
  world.addHostedZone({ name: ZONE_NAME, private: true });
  const { failed, of } = await examine(await serve(world));
  expect(failed).toEqual(['clusters']);
  expect(of('clusters')).toMatch(/^fail: ECS has no cluster in us-east-1 → check the region and the account/);
  expect(of('ec2:DescribeInstances')).toBe('ok: permitted');
  expect(of('ecs:ListTasks')).toBe('skip: there was nothing to try it on');
});

test('a configured cluster that is not there', async () => {
  const { failed, of } = await examine(await serve((await twoClusters()).world), ['--clusters', 'blue,nope']);
  expect(failed).toEqual(['clusters']);
  expect(of('clusters')).toMatch(
    /^fail: ECS has no cluster nope.* → correct the name, or leave clusters out/,
  );
  expect(of('ecs:ListTasks')).toBe('ok: permitted');
  expect(of('ec2:DescribeNetworkInterfaces')).toBe('ok: permitted');
});

test('configured clusters alone are looked at', async () => {
  const server = await serve((await twoClusters()).world);
  const { failed, findings, of } = await examine(server, ['--clusters', 'green']);
  expect(failed).toEqual([]);
  expect(of('clusters')).toBe('ok: 1: green (1 task, 1 instance)');
  expect(findings.map(({ check }) => check)).not.toContain('ecs:ListClusters');
  expect(server.counts()).not.toHaveProperty('ecs:ListClusters');
});
