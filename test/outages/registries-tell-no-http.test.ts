import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { answerFor, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

test('a registry tells nothing of HTTP: what it names is registered, and keeps the names that it had', async () => {
  const fleet = newFleet();
  const { world, zone } = fleet;
  const cluster = world.cluster('blue');
  const environment = { DISCOVERY_SERVICE_NAME: 'redis' };
  const parts = { cluster, portMappings: [6379], namedPorts: [], environment };
  const service = fleet.addService({ name: 'redis', mode: 'awsvpc', launchType: 'FARGATE', ...parts });
  const namespace = world.addNamespace('prod.internal');
  const { arn: registryArn } = world.addCloudMapService({
    namespace,
    name: '_redis._tcp',
    dnsRecords: { SRV: 10 },
  });
  const of = cluster.services.get(cluster.arnOf('service', service.definition.family));
  if (of === undefined) throw new TypeError('there is no service');
  of.serviceRegistries = [{ registryArn, containerName: 'app', containerPort: 6379 }];
  const member = fleet.run(service, { address: `127.${OWN_BLOCK}.0.1` });
  const redis = createServer((socket) => socket.on('data', () => socket.end('-ERR unknown command\r\n')));
  await answerFor(member, redis);
  const server = await serve(world);
  const flags = { '--policy': 'sync', ...PROBING };
  await openWorker(server, flags).apply();

  const { withheld } = await openWorker(server, { ...flags, '--names': 'metadata,registries' }).apply();

  const names = zone
    .list()
    .flatMap(({ Name, Type, SetIdentifier }) => (SetIdentifier ? [`${Name} ${Type}`] : []));
  expect(withheld).toEqual([]);
  expect(names).toContain('redis.servicediscovery.internal. A');
  expect(names).toContain('_redis._tcp.servicediscovery.internal. SRV');
});
