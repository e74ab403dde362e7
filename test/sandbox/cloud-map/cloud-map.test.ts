import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ChangeResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import {
  GetNamespaceCommand,
  GetServiceCommand,
  ListNamespacesCommand,
  ListServicesCommand,
} from '@aws-sdk/client-servicediscovery';
import { describe, expect, it } from 'vitest';
import { registerInstances } from '../../../src/sandbox/cloud-map/register-instances.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { withSandbox } from '../with-sandbox.ts';

function newWorld() {
  const world = createWorld();
  const namespace = world.addNamespace('prod.internal');
  const connect = world.addNamespace('connect', 'HTTP');
  const shop = world.addCloudMapService({ namespace, name: 'shop', dnsRecords: { A: 15 } });
  const calc = world.addCloudMapService({
    namespace,
    name: '_calc._tcp',
    routingPolicy: 'WEIGHTED',
    dnsRecords: { SRV: 30 },
  });
  const api = world.addCloudMapService({ namespace: connect, name: 'api' });
  return { world, namespace, connect, shop, calc, api };
}

describe('Cloud Map', () => {
  it('lists namespaces and services in pages, by namespace and by type', async () => {
    const { world, namespace, connect, shop, calc, api } = newWorld();
    const { cloudMap: client } = await withSandbox(world);
    const first = await client.send(new ListNamespacesCommand({ MaxResults: 1 }));
    expect(first.Namespaces).toMatchObject([
      { Id: namespace.id, Name: 'prod.internal', Type: 'DNS_PRIVATE' },
    ]);
    const second = await client.send(
      new ListNamespacesCommand({ NextToken: first.NextToken, MaxResults: 1 }),
    );
    expect(second).toMatchObject({ Namespaces: [{ Id: connect.id, Type: 'HTTP' }] });
    expect(second.NextToken).toBeUndefined();
    const ofType = new ListNamespacesCommand({ Filters: [{ Name: 'TYPE', Values: ['HTTP'] }] });
    expect((await client.send(ofType)).Namespaces).toMatchObject([{ Id: connect.id }]);
    const Filters = [{ Name: 'NAMESPACE_ID' as const, Values: [namespace.id] }];
    const { Services } = await client.send(new ListServicesCommand({ Filters }));
    expect(Services).toMatchObject([
      { Arn: shop.arn, DnsConfig: { RoutingPolicy: 'MULTIVALUE', DnsRecords: [{ Type: 'A', TTL: 15 }] } },
      { Arn: calc.arn, DnsConfig: { RoutingPolicy: 'WEIGHTED', DnsRecords: [{ Type: 'SRV', TTL: 30 }] } },
    ]);
    const all = await client.send(new ListServicesCommand({}));
    expect(all.Services?.map(({ Arn }) => Arn)).toEqual([shop.arn, calc.arn, api.arn]);
    expect(all.Services?.[2]).toMatchObject({ Type: 'HTTP' });
  });

  it('tells one by its id or ARN, the service with its namespace', async () => {
    const { world, namespace, shop } = newWorld();
    const { cloudMap: client } = await withSandbox(world);
    for (const Id of [shop.id, shop.arn]) {
      const { Service } = await client.send(new GetServiceCommand({ Id }));
      expect(Service).toMatchObject({ Name: 'shop', NamespaceId: namespace.id });
    }
    const { Namespace } = await client.send(new GetNamespaceCommand({ Id: namespace.id }));
    expect(Namespace).toMatchObject({
      Name: 'prod.internal',
      Properties: { DnsProperties: { HostedZoneId: namespace.zone?.id } },
    });
  });

  it('refuses what it does not know, with the errors of Cloud Map', async () => {
    const { world } = newWorld();
    const { cloudMap: client } = await withSandbox(world);
    const refused = (sent: Promise<unknown>, name: string) => expect(sent).rejects.toMatchObject({ name });
    await refused(client.send(new GetServiceCommand({ Id: 'srv-none' })), 'ServiceNotFound');
    await refused(client.send(new GetNamespaceCommand({ Id: 'ns-none' })), 'NamespaceNotFound');
    await refused(client.send(new ListServicesCommand({ MaxResults: 101 })), 'InvalidInput');
    await refused(client.send(new ListServicesCommand({ NextToken: 'made-up' })), 'InvalidInput');
    const owner = [{ Name: 'RESOURCE_OWNER' as const, Values: ['SELF'] }];
    await refused(client.send(new ListServicesCommand({ Filters: owner })), 'InvalidInput');
  });

  it('keeps its zone to itself', async () => {
    const { world, namespace } = newWorld();
    const { route53 } = await withSandbox(world);
    const change = new ChangeResourceRecordSetsCommand({
      HostedZoneId: namespace.zone?.id ?? '',
      ChangeBatch: {
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: 'web.prod.internal',
              Type: 'A',
              TTL: 1,
              ResourceRecords: [{ Value: '10.0.0.1' }],
            },
          },
        ],
      },
    });
    await expect(route53.send(change)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('can only be managed through AWS Cloud Map'),
    });
  });
});

describe('the registries of an ECS service', () => {
  function withService() {
    const given = newWorld();
    const { world, shop } = given;
    const cluster = world.addCluster('blue');
    const taskDefinition = world.addTaskDefinition({
      family: 'shop',
      networkMode: 'awsvpc',
      containers: [{ portMappings: [8080] }],
    });
    const service = world.addService({ cluster, serviceName: 'shop', taskDefinition });
    service.serviceRegistries = [{ registryArn: shop.arn }];
    const run = () =>
      world.addTask({ cluster, taskDefinition, service: 'shop', address: world.freshAddress() });
    return { ...given, cluster, service, run };
  }

  it('are told with the deployments, and another list of them begins one', async () => {
    const { world, calc, run, shop } = withService();
    const task = run();
    const { ecs: client } = await withSandbox(world);
    const of = { cluster: 'blue', services: ['shop'] };
    const before = (await client.send(new DescribeServicesCommand(of))).services?.[0];
    expect(before).toMatchObject({
      serviceRegistries: [{ registryArn: shop.arn }],
      deployments: [{ id: task.startedBy, status: 'PRIMARY', rolloutState: 'COMPLETED' }],
    });
    const serviceRegistries = [{ registryArn: calc.arn, containerName: 'app', containerPort: 8080 }];
    const update = { cluster: 'blue', service: 'shop' };
    await client.send(new UpdateServiceCommand({ ...update, serviceRegistries }));
    const after = (await client.send(new DescribeServicesCommand(of))).services?.[0];
    expect(after).toMatchObject({
      serviceRegistries,
      deployments: [
        { status: 'PRIMARY', rolloutState: 'IN_PROGRESS' },
        { id: task.startedBy, status: 'ACTIVE' },
      ],
    });
    expect(run().startedBy).toBe(after?.deployments?.[0]?.id);
    world.stopTask(task);
    const { service } = await client.send(new UpdateServiceCommand({ ...update, desiredCount: 1 }));
    expect(service?.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
    await client.send(new UpdateServiceCommand({ ...update, serviceRegistries: [] }));
    const last = (await client.send(new DescribeServicesCommand(of))).services?.[0];
    expect(last?.serviceRegistries).toEqual([]);
    const unknown = [{ registryArn: `${calc.arn}x` }];
    for (const wrong of [unknown, [...serviceRegistries, ...serviceRegistries]])
      await expect(
        client.send(new UpdateServiceCommand({ ...update, serviceRegistries: wrong })),
      ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('put what runs into the zone of Cloud Map, and take out what ends', () => {
    const { world, calc, namespace, run, service } = withService();
    const task = run();
    const end = registerInstances(world);
    const sets = () => namespace.zone?.list().filter(({ Type }) => Type === 'A' || Type === 'SRV') ?? [];
    expect(sets()).toMatchObject([
      { Name: 'shop.prod.internal.', Type: 'A', MultiValueAnswer: true, TTL: 15 },
    ]);
    service.serviceRegistries = [{ registryArn: calc.arn, port: 8080 }];
    const other = run();
    world.stopTask(task);
    const instance = other.taskArn.slice(other.taskArn.lastIndexOf('/') + 1);
    const target = `${instance}._calc._tcp.prod.internal`;
    expect(sets()).toMatchObject([
      {
        Name: '_calc._tcp.prod.internal.',
        SetIdentifier: instance,
        Weight: 1,
        TTL: 30,
        ResourceRecords: [{ Value: `1 1 8080 ${target}` }],
      },
      { Name: `${target}.`, Type: 'A' },
    ]);
    end();
    world.stopTask(other);
    expect(sets()).toHaveLength(2);
  });
});
