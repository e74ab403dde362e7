import { afterEach, describe, expect, it, test } from 'vitest';
import { type AwsClients, createAwsClients } from '../../../src/aws/aws-clients.ts';
import type { ServiceQuery } from '../../../src/model/balanced-service.ts';
import type { Service } from '../../../src/sandbox/world/ecs-shapes.ts';
import type { LoadBalancerKind } from '../../../src/sandbox/world/load-balancer.ts';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import { ecsApi } from '../../../src/sources/ecs/ecs-api.ts';
import { BALANCER_BATCH_SIZE, loadBalancersApi } from '../../../src/sources/ecs/resolve-balancers.ts';
import { createInventory } from '../../../src/sources/ecs/take-inventory.ts';
import { accessTo } from '../../aws/support.ts';
import type { FaultRequest, FaultRule } from '../../sandbox/faults.ts';
import { startTestServer, type TestServer } from '../../sandbox/test-server.ts';
import { range } from '../../sandbox/with-sandbox.ts';

const open: { readonly server: TestServer; readonly clients: AwsClients }[] = [];
afterEach(async () => {
  for (const { server, clients } of open.splice(0)) {
    clients.destroy();
    await server.close();
  }
});

const EVERYTHING = () => true;

/** The inventory of a world, taken by the real SDK, and how to read the services in it. */
async function reading(world: World, clusters: readonly string[] = []) {
  const server = await startTestServer(world);
  const clients = createAwsClients({ ...accessTo(server.url), region: world.region }, { paced: false });
  open.push({ server, clients });
  const inventory = createInventory({
    ecs: ecsApi(clients.ecs),
    ec2: ec2Api(clients.ec2),
    region: world.region,
    clusters,
    definitions: new Map(),
    balancers: () => loadBalancersApi(clients),
  });
  const taken = await inventory.take(() => {}, undefined);
  server.clearLog();
  const calls = clients.countCalls();
  const read = (isOfInterest: ServiceQuery['isOfInterest'] = EVERYTHING, signal?: AbortSignal) =>
    inventory.readBalancedServices({ ...taken, isOfInterest }, signal);
  const look = (...labels: readonly string[]) =>
    inventory.confirmServices(
      taken.clusters.map((cluster) => ({ cluster, labels })),
      undefined,
    );
  return { server, clients, calls, taken, read, look };
}

/** A world with one cluster, and how to add services to it. */
function newWorld(name = 'blue') {
  const world = createWorld();
  const cluster = world.addCluster(name);
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [{ portMappings: [80] }] });
  const add = (serviceName: string, kind?: LoadBalancerKind, at = cluster) => {
    const service = world.addService({ cluster: at, serviceName, taskDefinition });
    if (kind === undefined) return { service, dnsName: '', id: '' };
    const balancer = world.addLoadBalancer({ kind });
    world.balance(service, balancer);
    return { service, dnsName: balancer.dnsName, id: balancer.id, balancer };
  };
  return { world, cluster, add };
}

function groupOf({ loadBalancers: [first] }: Service): string {
  return first?.targetGroupArn ?? '';
}

/** An error for every request that names one of these. */
function failing(operation: string, code: string, about: readonly string[]): FaultRule {
  return {
    operation,
    when: ({ input }) => about.some((one) => JSON.stringify(input).includes(one)),
    effect: { kind: 'error', code, message: 'it was said' },
  };
}

describe('services behind load balancers of each kind', () => {
  test.each(['application', 'network', 'classic'] as const)('%s', async (kind) => {
    const { world, cluster, add } = newWorld();
    const { dnsName } = add('web', kind);
    add('worker');
    const { read } = await reading(world);
    const { clusters, incomplete } = await read();
    expect(incomplete).toEqual([]);
    expect(clusters).toMatchObject([
      { cluster: { name: 'blue', arn: cluster.arn }, listed: ['web', 'worker'], complete: true },
    ]);
    expect(clusters[0]?.services).toEqual([
      { name: 'web', state: 'active', balancers: [dnsName], unresolved: [] },
      { name: 'worker', state: 'active', balancers: [], unresolved: [] },
    ]);
  });

  it('have each of their balancers once, in order', async () => {
    const { world, add } = newWorld();
    const { service, balancer, dnsName } = add('web', 'application');
    if (balancer === undefined) throw new TypeError('no balancer');
    world.balance(service, balancer);
    const classic = world.addLoadBalancer({ kind: 'classic' });
    world.balance(service, classic);
    const { read } = await reading(world);
    const [blue] = (await read()).clusters;
    expect(blue?.services[0]?.balancers).toEqual([dnsName, classic.dnsName].toSorted());
  });

  it('have those of their task sets, where another controller deploys them', async () => {
    const { world, add } = newWorld();
    const { service, dnsName } = add('web', 'network');
    service.taskSets = [{ id: 'ecs-svc/1', status: 'PRIMARY', loadBalancers: service.loadBalancers }];
    service.loadBalancers = [];
    const { read } = await reading(world);
    expect((await read()).clusters[0]?.services[0]?.balancers).toEqual([dnsName]);
  });

  it('have that of the target group that is in use, while the other one has none', async () => {
    const { world, add } = newWorld();
    const { service, dnsName } = add('web', 'application');
    const idle = { targetGroupArn: world.addTargetGroup(undefined).targetGroupArn };
    service.loadBalancers.push({ ...idle, containerName: 'app', containerPort: 80 });
    const { read } = await reading(world);
    expect((await read()).clusters[0]?.services).toMatchObject([{ balancers: [dnsName], unresolved: [] }]);
  });
});

describe('the calls', () => {
  it('are as few as pages and batches allow, over all clusters together', async () => {
    const { world, add } = newWorld();
    const green = world.addCluster('green');
    for (const i of range(101)) add(`service-${i}`, i < 30 ? 'application' : undefined);
    for (const i of range(21)) add(`other-${i}`, i < 15 ? 'network' : 'classic', green);
    const { read, server, calls } = await reading(world);
    const { clusters, incomplete } = await read();
    expect(incomplete).toEqual([]);
    const found = clusters.flatMap(({ services }) =>
      services.filter(({ balancers }) => balancers.length > 0),
    );
    expect(found).toHaveLength(30 + 21);
    expect(server.counts()).toEqual({
      'ecs:ListServices': 2 + 1,
      'ecs:DescribeServices': 11 + 3,
      'elbv2:DescribeTargetGroups': Math.ceil(45 / BALANCER_BATCH_SIZE),
      'elbv2:DescribeLoadBalancers': Math.ceil(45 / BALANCER_BATCH_SIZE),
      'elb:DescribeLoadBalancers': 1,
    });
    expect(calls().awsCalls).toEqual({
      'ecs:ListServices': 3,
      'ecs:DescribeServices': 14,
      'elasticloadbalancing:DescribeTargetGroups': 3,
      'elasticloadbalancing:DescribeLoadBalancers': 3 + 1,
    });
  });

  it('ask for a balancer that many services share once', async () => {
    const { world, add } = newWorld();
    const shared = world.addLoadBalancer({ kind: 'application' });
    for (const i of range(20)) world.balance(add(`service-${i}`).service, shared);
    const { read, server } = await reading(world);
    await read();
    const asked = server.log.filter(({ operation }) => operation === 'elbv2:DescribeLoadBalancers');
    expect(asked.map(({ input }) => input['LoadBalancerArns'])).toEqual([[shared.id]]);
  });

  it('describe only what is of interest, and ask no load balancers for nothing', async () => {
    const { world, add } = newWorld();
    add('web', 'application');
    add('Worker-1');
    const { read, server } = await reading(world);
    const { clusters } = await read((label) => label === 'worker-1');
    expect(clusters[0]).toMatchObject({ listed: ['web', 'Worker-1'], services: [{ name: 'Worker-1' }] });
    expect(server.counts()).toEqual({ 'ecs:ListServices': 1, 'ecs:DescribeServices': 1 });
  });

  it('follow every page of an answer', async () => {
    const { world, add } = newWorld();
    const all = range(5).map((i) => add(`service-${i}`, i < 3 ? 'application' : 'classic'));
    const { read, server } = await reading(world);
    // As if AWS chose to give so few.
    const cut = (_: World, { input }: FaultRequest) => Object.assign(input, { PageSize: 1 });
    for (const operation of ['elbv2:*', 'elb:*'])
      server.addFault({ operation, effect: { kind: 'before', before: cut } });
    const { clusters, incomplete } = await read();
    expect(incomplete).toEqual([]);
    expect(clusters[0]?.services.map(({ balancers }) => balancers)).toEqual(
      all.map(({ dnsName }) => [dnsName]),
    );
    expect(server.counts()).toMatchObject({
      'elbv2:DescribeTargetGroups': 3,
      'elbv2:DescribeLoadBalancers': 3,
      'elb:DescribeLoadBalancers': 2,
    });
  });
});

describe('one that nobody knows among others', () => {
  test.each(['application', 'classic'] as const)('costs the others nothing: %s', async (kind) => {
    const { world, add } = newWorld();
    const all = range(25).map((i) => add(`service-${i}`, kind));
    const [lost] = all;
    if (lost?.balancer === undefined) throw new TypeError('no balancer');
    if (kind === 'classic') world.removeLoadBalancer(lost.balancer);
    else world.targetGroups.delete(groupOf(lost.service));
    const { read } = await reading(world);
    const { clusters, incomplete } = await read();
    // It is an answer, and nothing was left unread.
    expect([clusters[0]?.complete, incomplete]).toEqual([true, []]);
    const services = clusters[0]?.services ?? [];
    const byName = new Map(services.map((one) => [one.name, one]));
    const noun = kind === 'classic' ? `load balancer ${lost.id}` : `target group ${groupOf(lost.service)}`;
    expect(byName.get('service-0')).toMatchObject({ balancers: [], unresolved: [`there is no ${noun}`] });
    for (const [i, { dnsName }] of all.slice(1).entries())
      expect(byName.get(`service-${i + 1}`)).toMatchObject({ balancers: [dnsName], unresolved: [] });
  });

  it('is also a balancer that has just gone, and one that a target group never had', async () => {
    const { world, add } = newWorld();
    const [gone, kept, alone] = [add('gone', 'application'), add('kept', 'network'), add('alone', 'network')];
    world.loadBalancers.delete(gone.id);
    if (alone.balancer !== undefined) world.removeLoadBalancer(alone.balancer);
    const { read } = await reading(world);
    const [blue] = (await read()).clusters;
    expect(blue?.services.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
      { unresolved: [`target group ${groupOf(alone.service)} belongs to no load balancer`] },
      { unresolved: [`there is no load balancer ${gone.id}`] },
      { balancers: [kept.dnsName], unresolved: [] },
    ]);
  });

  it('is also a service that goes while it is read', async () => {
    const { world, add } = newWorld();
    const [going, staying] = [add('going', 'application'), add('staying', 'application')];
    const { read, server } = await reading(world);
    server.addFault({
      operation: 'ecs:DescribeServices',
      times: 1,
      effect: { kind: 'before', before: () => world.removeService(going.service) },
    });
    const { clusters, incomplete } = await read();
    expect(incomplete).toEqual([]);
    expect(clusters[0]?.services).toMatchObject([{ name: 'staying', balancers: [staying.dnsName] }]);
    expect(clusters[0]?.complete).toBe(true);
  });

  it('is also a service that ECS fails a whole batch for', async () => {
    const { world, add } = newWorld();
    for (const i of range(12)) add(`service-${i}`, 'classic');
    const { read, server } = await reading(world);
    server.addFault(failing('ecs:DescribeServices', 'ServiceNotFoundException', ['service-7']));
    const { clusters, incomplete } = await read();
    expect(incomplete).toEqual([]);
    expect(clusters[0]?.services).toHaveLength(11);
  });
});

describe('what cannot be read', () => {
  it.each([
    ['elbv2:DescribeTargetGroups', 'target-groups', 'DescribeTargetGroups'],
    ['elbv2:DescribeLoadBalancers', 'load-balancers', 'DescribeLoadBalancers'],
    ['elb:DescribeLoadBalancers', 'load-balancers', 'DescribeLoadBalancers'],
  ])('leaves the balancers of a batch unknown: %s', async (operation, kind, action) => {
    const { world, add } = newWorld();
    add('web', 'application');
    add('old', 'classic');
    const { read, server } = await reading(world);
    server.addFault({ operation, effect: { kind: 'error', code: 'AccessDenied', message: 'no' } });
    const { clusters, incomplete } = await read();
    expect(incomplete).toEqual([
      {
        scope: expect.stringMatching(new RegExp(`^${kind}/`)),
        operation: `elasticloadbalancing:${action}`,
        error: 'AccessDenied: no',
        hides: 'balancers',
      },
    ]);
    const unknown = clusters[0]?.services.filter(({ balancers }) => balancers.length === 0);
    expect(unknown).toMatchObject([
      { unresolved: [expect.stringMatching(/could not be read: AccessDenied: no$/)] },
    ]);
    // The services themselves were all read.
    expect(clusters[0]?.complete).toBe(true);
    expect(clusters[0]?.services).toHaveLength(2);
  });

  it('costs no other batch anything', async () => {
    const { world, add } = newWorld();
    const all = range(50).map((i) => add(`service-${i}`, 'network'));
    const [poor] = all.map(({ service }) => groupOf(service)).toSorted();
    const { read, server } = await reading(world);
    server.addFault(failing('elbv2:DescribeTargetGroups', 'AccessDenied', [poor ?? '']));
    const { clusters, incomplete } = await read();
    expect(incomplete).toMatchObject([{ scope: `target-groups/${poor} and 19 more` }]);
    const counts = clusters[0]?.services.map(({ balancers }) => balancers.length) ?? [];
    expect(counts.filter((count) => count === 1)).toHaveLength(30);
  });

  it('is also what an answer leaves out without a word', async () => {
    const { world, add } = newWorld();
    const { service } = add('web', 'application');
    const { read, server } = await reading(world);
    server.addFault({
      operation: 'elbv2:DescribeTargetGroups',
      effect: { kind: 'transform', transform: () => ({ TargetGroups: [] }) },
    });
    expect((await read()).clusters[0]?.services).toMatchObject([
      { balancers: [], unresolved: [`target group ${groupOf(service)} was left out of the answer`] },
    ]);
  });

  it('is also a balancer without a DNS name', async () => {
    const { world, add } = newWorld();
    const { balancer, id } = add('web', 'application');
    Object.assign(balancer ?? {}, { dnsName: '' });
    const { read } = await reading(world);
    expect((await read()).clusters[0]?.services).toMatchObject([
      { balancers: [], unresolved: [`load balancer ${id} was left out of the answer`] },
    ]);
  });

  it.each([
    ['ecs:ListServices', 'AccessDeniedException', []],
    ['ecs:DescribeServices', 'AccessDeniedException', ['web']],
  ])('makes its cluster incomplete, and no other: %s', async (operation, code, listed) => {
    const { world, add } = newWorld();
    add('web', 'application');
    add('api', 'application', world.addCluster('green'));
    const { read, server } = await reading(world);
    server.addFault(failing(operation, code, [':cluster/blue']));
    const { clusters, incomplete } = await read();
    expect(clusters).toMatchObject([
      { cluster: { name: 'blue' }, complete: false, listed, services: [] },
      { cluster: { name: 'green' }, complete: true, services: [{ name: 'api', unresolved: [] }] },
    ]);
    expect(incomplete).toEqual([
      { scope: 'services/blue', operation, error: `${code}: it was said`, hides: 'balancers' },
    ]);
  });

  it.each([
    ['fails for some', { failures: [{ arn: 'arn:x', reason: 'INTERNAL' }] }, 'INTERNAL for arn:x'],
    ['fails without a word', { failures: [{}] }, 'unknown failure for ?'],
    ['leaves some out', {}, '1 of 2 were left out of the answer'],
  ])('is also a description that %s', async (_, fields, error) => {
    const { world, add } = newWorld();
    add('a');
    add('b');
    const { read, server } = await reading(world);
    server.addFault({
      operation: 'ecs:DescribeServices',
      effect: {
        kind: 'transform',
        transform: ({ services }) => ({
          services: Array.isArray(services) ? services.slice(1) : [],
          ...fields,
        }),
      },
    });
    const { clusters, incomplete } = await read();
    expect(clusters).toMatchObject([{ complete: false, listed: ['a', 'b'], services: [{ name: 'b' }] }]);
    expect(incomplete).toEqual([
      { scope: 'services/blue', operation: 'ecs:DescribeServices', error, hides: 'balancers' },
    ]);
  });

  it('is every balancer, where there is no access to them', async () => {
    const { world, add } = newWorld();
    add('web', 'application');
    const { clients, taken } = await reading(world);
    const sources = { ecs: ecsApi(clients.ecs), ec2: ec2Api(clients.ec2), region: world.region };
    const port = createInventory({ ...sources, clusters: [], definitions: new Map() });
    const { clusters, incomplete } = await port.readBalancedServices(
      { ...taken, isOfInterest: EVERYTHING },
      undefined,
    );
    expect(incomplete).toMatchObject([{ error: 'there is no access to Elastic Load Balancing' }]);
    expect(clusters[0]?.services).toMatchObject([{ balancers: [] }]);
  });

  it('is nothing at all once the run is to stop', async () => {
    const { world, add } = newWorld();
    add('web', 'application');
    const { read, server } = await reading(world);
    const stop = new AbortController();
    server.addFault({
      operation: 'elbv2:DescribeTargetGroups',
      effect: { kind: 'before', before: () => stop.abort(new Error('enough')) },
    });
    await expect(read(EVERYTHING, stop.signal)).rejects.toThrow('enough');
  });
});

describe('the ARN of a cluster', () => {
  it.each([
    ['its own, where ECS listed it', [], 0],
    ['that of its services, where it was configured by name', ['blue', 'green'], 0],
    ['that of tasks, where it has no services', ['green'], 1],
    ['unknown, where nothing tells it', ['green'], 0],
  ])('is %s', async (_, configured, tasks) => {
    const { world, add } = newWorld();
    add('web', 'application');
    const green = world.addCluster('green');
    const taskDefinition = world.addTaskDefinition({ family: 'job', containers: [{}] });
    range(tasks).forEach(() => {
      world.addTask({ cluster: green, taskDefinition });
    });
    const { read } = await reading(world, configured);
    const known = configured.length !== 1 || tasks > 0;
    expect((await read()).clusters.find(({ cluster }) => cluster.name === 'green')).toMatchObject({
      cluster: known ? { arn: green.arn } : { account: undefined },
      complete: true,
    });
  });
});

describe('a service that is deleted', () => {
  it('is not listed, and looked at directly it is there, draining, until it is gone', async () => {
    const { world, cluster, add } = newWorld();
    const { service } = add('web', 'application');
    const { read, look } = await reading(world);
    const sight = async () => (await look('web')).sights.get(`${cluster.arn} web`);
    expect(await sight()).toBe('balanced');
    service.status = 'DRAINING';
    expect((await read()).clusters[0]).toMatchObject({ listed: [], services: [], complete: true });
    expect(await sight()).toBe('balanced');
    world.deleteService(service);
    expect(await sight()).toBe('gone');
    world.removeService(service);
    expect(await sight()).toBe('gone');
  });

  it('that is still listed is no service any more, or one that drains', async () => {
    const { world, add } = newWorld();
    add('gone', 'application');
    add('drains', 'application');
    const { read, server } = await reading(world);
    const statuses: Readonly<Record<string, string>> = { gone: 'INACTIVE', drains: 'DRAINING' };
    server.addFault({
      operation: 'ecs:DescribeServices',
      effect: {
        kind: 'transform',
        transform: ({ services, ...rest }) => ({
          ...rest,
          services: (services as Service[]).map((one) => ({ ...one, status: statuses[one.serviceName] })),
        }),
      },
    });
    expect((await read()).clusters[0]?.services).toMatchObject([{ name: 'drains', state: 'draining' }]);
  });
});

describe('a confirmation', () => {
  it('tells a service without a balancer, and finds one that is spelt in capitals', async () => {
    const { world, cluster, add } = newWorld();
    add('Web');
    add('API', 'network');
    const { look, server } = await reading(world);
    const { sights, incomplete } = await look('web', 'api', 'none');
    expect([...sights]).toEqual([
      [`${cluster.arn} web`, 'unbalanced'],
      [`${cluster.arn} api`, 'balanced'],
      [`${cluster.arn} none`, 'gone'],
    ]);
    expect(incomplete).toEqual([]);
    expect(server.counts()).toEqual({ 'ecs:ListServices': 1, 'ecs:DescribeServices': 1 });
  });

  it.each(['ecs:ListServices', 'ecs:DescribeServices'])('says nothing when %s fails', async (operation) => {
    const { world, add } = newWorld();
    const { service } = add('web', 'application');
    world.removeService(service);
    const { look, server } = await reading(world);
    server.addFault({ operation, effect: { kind: 'error', code: 'AccessDeniedException', message: 'no' } });
    const { sights, incomplete } = await look('web');
    expect([...sights]).toEqual([]);
    expect(incomplete).toMatchObject([{ operation, hides: 'balancers' }]);
  });

  it('asks for as many as it takes, in full batches', async () => {
    const { world } = newWorld();
    const { look, server } = await reading(world);
    const { sights } = await look(...range(21).map((i) => `service-${i}`));
    expect(new Set(sights.values())).toEqual(new Set(['gone']));
    expect(server.counts()).toEqual({ 'ecs:ListServices': 1, 'ecs:DescribeServices': 3 });
  });
});
