import { DescribeServicesCommand, ListServicesCommand } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { FleetBuilder } from '../../../src/sandbox/fleet/fleet-builder.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { withSandbox } from '../with-sandbox.ts';

function balancedFleet() {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const fleet = new FleetBuilder(world, world.addHostedZone({ name: 'sd.internal' }));
  const kinds = ['application', 'network', 'classic'] as const;
  const built = kinds.map((kind) => fleet.addBalancedService({ serviceName: kind, cluster, kind }));
  return { world, cluster, built };
}

test('a service is described with what balances its load', async () => {
  const { world, built } = balancedFleet();
  const [alb, nlb] = [...world.targetGroups.values()];
  const { ecs } = await withSandbox(world);
  const command = new DescribeServicesCommand({
    cluster: 'blue',
    services: ['application', 'network', 'classic'],
  });
  const { services } = await ecs.send(command);
  const place = { containerName: 'app', containerPort: 80 };
  expect(services?.map(({ loadBalancers }) => loadBalancers)).toEqual([
    [{ targetGroupArn: alb?.targetGroupArn, ...place }],
    [{ targetGroupArn: nlb?.targetGroupArn, ...place }],
    [{ loadBalancerName: built[2]?.balancer.name, ...place }],
  ]);
  expect([alb, nlb].map((group) => group?.loadBalancerArns)).toEqual([
    [built[0]?.balancer.id],
    [built[1]?.balancer.id],
  ]);
});

test('a deleted service is no longer listed, and described as inactive until it is removed', async () => {
  const { world, built } = balancedFleet();
  const [first, second] = built;
  if (first === undefined || second === undefined) throw new TypeError('too few services');
  world.deleteService(first.service);
  world.removeService(second.service);
  const { ecs } = await withSandbox(world);
  const listed = await ecs.send(new ListServicesCommand({ cluster: 'blue' }));
  expect(listed.serviceArns).toEqual([built[2]?.service.serviceArn]);
  const services = ['application', 'network'];
  const described = await ecs.send(new DescribeServicesCommand({ cluster: 'blue', services }));
  expect(described.services).toMatchObject([{ serviceName: 'application', status: 'INACTIVE' }]);
  expect(described.failures).toEqual([{ arn: second.service.serviceArn, reason: 'MISSING' }]);
});
