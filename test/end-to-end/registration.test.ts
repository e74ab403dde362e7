import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { ContainerOptions } from '../../src/sandbox/world/new-task.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { openWorker, serve, ZONE_NAME } from './support.ts';

const REGION = 'us-east-1';
const ACCOUNT = '123456789012';
const [HOST_1, HOST_2] = ['ip-10-0-1-11.ec2.internal', 'ip-10-0-1-12.ec2.internal'];
const ID = {
  orders: 'a'.repeat(64),
  orders2: 'b'.repeat(64),
  shop: 'c'.repeat(64),
  gateway: 'd'.repeat(64),
  host: 'e'.repeat(64),
} as const;
const TASK = {
  search: '1'.repeat(32),
  web1: '2'.repeat(32),
  web2: '3'.repeat(32),
  bare: '4'.repeat(32),
} as const;
const ALB = 'internal-shop-1.us-east-1.elb.amazonaws.com';
const CLASSIC = 'internal-legacy-2.us-east-1.elb.amazonaws.com';

/** A fleet in every network mode, under every convention, with ids that can be written down; nothing is registered. */
function fleet() {
  const world = createWorld({ seed: 1, region: REGION, account: ACCOUNT });
  const cluster = world.addCluster('blue');
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const machine1 = world.addMachine({ cluster, address: '10.0.1.11' });
  const machine2 = world.addMachine({ cluster, address: '10.0.1.12' });

  const bridge = (family: string, environment: Record<string, string>, ports: readonly number[]) =>
    world.addTaskDefinition({
      family,
      networkMode: 'bridge',
      containers: [
        { portMappings: ports.map((containerPort) => ({ containerPort, hostPort: 0 })), environment },
      ],
    });
  const app = (runtimeId: string, hostPorts: Readonly<Record<string, number>> = {}) => ({
    app: { runtimeId, hostPorts } satisfies ContainerOptions,
  });
  const orders = bridge('orders', { SERVICE_8080_NAME: '_orders._tcp' }, [8080]);
  world.addTask({
    cluster,
    taskDefinition: orders,
    machine: machine1,
    containers: app(ID.orders, { 8080: 32_768 }),
  });
  world.addTask({
    cluster,
    taskDefinition: orders,
    machine: machine2,
    containers: app(ID.orders2, { 8080: 32_769 }),
  });
  const shop = bridge(
    'shop',
    { SERVICE_80_NAME: '_shop._tcp', SERVICE_81_NAME: '_shop-admin._tcp' },
    [80, 81],
  );
  world.addTask({
    cluster,
    taskDefinition: shop,
    machine: machine1,
    containers: app(ID.shop, { 80: 32_770, 81: 32_771 }),
  });
  const gateway = bridge('gateway', { SERVICE_80_NAME: '_gw._tcp', SERVICE_81_NAME: '_gw._tcp' }, [80, 81]);
  world.addTask({
    cluster,
    taskDefinition: gateway,
    machine: machine1,
    containers: app(ID.gateway, { 80: 32_772, 81: 32_773 }),
  });
  const hostMode = world.addTaskDefinition({
    family: 'metrics',
    networkMode: 'host',
    containers: [
      {
        portMappings: [9100],
        dockerLabels: {
          SERVICE_9100_NAME: '_metrics._tcp',
          SERVICE_9100_TTL: '30',
          SERVICE_9100_WEIGHT: '5',
          SERVICE_9100_PRIORITY: '2',
        },
      },
    ],
  });
  world.addTask({ cluster, taskDefinition: hostMode, machine: machine2, containers: app(ID.host) });

  const awsvpc = (family: string, labels: Record<string, string>, environment: Record<string, string> = {}) =>
    world.addTaskDefinition({
      family,
      networkMode: 'awsvpc',
      containers: [{ portMappings: [8080], dockerLabels: labels, environment }],
    });
  const search = awsvpc('search', {}, { SERVICE_8080_NAME: '_search._tcp' });
  world.addTask({
    cluster,
    taskDefinition: search,
    taskId: TASK.search,
    address: '10.0.2.21',
    containers: app(`${TASK.search}-0000000001`),
  });
  const web = awsvpc('web', { 'discovery.service.name': 'web' }, { SERVICE_8080_NAME: '_web._tcp' });
  world.addTask({
    cluster,
    taskDefinition: web,
    taskId: TASK.web1,
    address: '10.0.2.31',
    ipv6Address: 'fd00:1::31',
    containers: app(`${TASK.web1}-0000000002`),
  });
  world.addTask({
    cluster,
    taskDefinition: web,
    taskId: TASK.web2,
    address: '10.0.2.32',
    publicAddress: '198.51.100.32',
    containers: app(`${TASK.web2}-0000000003`),
  });

  const front = world.addService({ cluster, serviceName: 'frontend', taskDefinition: orders });
  world.balance(front, world.addLoadBalancer({ kind: 'application', dnsName: ALB }));
  const legacy = world.addService({ cluster, serviceName: 'legacy', taskDefinition: orders });
  world.balance(legacy, world.addLoadBalancer({ kind: 'classic', dnsName: CLASSIC }));
  return { world, zone, cluster };
}

/** A record set as the tables below write it: name, type, set identifier, weight, TTL, value. */
function set(
  name: string,
  Type: string,
  SetIdentifier: string,
  Weight: number,
  TTL: number,
  Value: string,
): RecordSet {
  return { Name: `${name}.${ZONE_NAME}.`, Type, SetIdentifier, Weight, TTL, ResourceRecords: [{ Value }] };
}

const TASK_OF = (id: string) => `ecs-dns:${REGION}/${ACCOUNT}/blue/${id}`;
const [ENI_SEARCH, ENI_1, ENI_2] = [
  'ip-10-0-2-21.ec2.internal',
  'ip-10-0-2-31.ec2.internal',
  'ip-10-0-2-32.ec2.internal',
];

/** As the host agents write them: SRV for each named port, A for each host. */
const AGENTS: readonly RecordSet[] = [
  set('_orders._tcp', 'SRV', `${HOST_1}:${ID.orders}`, 1, 0, `1 1 32768 ${HOST_1}`),
  set('_orders._tcp', 'SRV', `${HOST_2}:${ID.orders2}`, 1, 0, `1 1 32769 ${HOST_2}`),
  set('_shop._tcp', 'SRV', `${HOST_1}:${ID.shop}`, 1, 0, `1 1 32770 ${HOST_1}`),
  set('_shop-admin._tcp', 'SRV', `${HOST_1}:${ID.shop}`, 1, 0, `1 1 32771 ${HOST_1}`),
  set('_gw._tcp', 'SRV', `${HOST_1}:${ID.gateway}`, 1, 0, `1 1 32772 ${HOST_1}`),
  set('_gw._tcp', 'SRV', `ecs-dns:${HOST_1}:${ID.gateway}/32773`, 1, 0, `1 1 32773 ${HOST_1}`),
  set('_metrics._tcp', 'SRV', `${HOST_2}:${ID.host}`, 5, 30, `2 5 9100 ${HOST_2}`),
  set('ip-10-0-1-11', 'A', HOST_1, 1, 0, '10.0.1.11'),
  set('ip-10-0-1-12', 'A', HOST_2, 1, 0, '10.0.1.12'),
];

/** As Cloud Map has them for tasks with an interface of their own: SRV, with a target that has an address. */
const INTERFACES: readonly RecordSet[] = [
  set('_search._tcp', 'SRV', `${ENI_SEARCH}:${TASK.search}-0000000001`, 1, 0, `1 1 8080 ${ENI_SEARCH}`),
  set('_web._tcp', 'SRV', `${ENI_1}:${TASK.web1}-0000000002`, 1, 0, `1 1 8080 ${ENI_1}`),
  set('_web._tcp', 'SRV', `${ENI_2}:${TASK.web2}-0000000003`, 1, 0, `1 1 8080 ${ENI_2}`),
];

/** As the label convention has them: one weighted A for each task. */
const LABELS: readonly RecordSet[] = [
  set('web', 'A', TASK_OF(TASK.web1), 1, 0, '10.0.2.31'),
  set('web', 'A', TASK_OF(TASK.web2), 1, 0, '10.0.2.32'),
];

/** As the reference architecture has them: a CNAME for each load-balanced service. */
const CNAMES: readonly RecordSet[] = [
  set('frontend', 'CNAME', `ecs-dns:${REGION}/${ACCOUNT}/blue`, 1, 60, ALB),
  set('legacy', 'CNAME', `ecs-dns:${REGION}/${ACCOUNT}/blue`, 1, 60, CLASSIC),
];

const SYNC: FlagValues = { '--policy': 'sync', '--cname': 'true' };

/** What the zone has apart from what it is made with, in a form in which two lists compare. */
function registered(sets: readonly RecordSet[]): readonly string[] {
  return sets
    .filter(({ Type }) => Type !== 'NS' && Type !== 'SOA')
    .map(({ Name, Type, SetIdentifier, Weight, TTL, MultiValueAnswer, ResourceRecords = [] }) =>
      JSON.stringify({
        Name: Name.replace(/\.$/, ''),
        Type,
        SetIdentifier,
        Weight,
        TTL,
        MultiValueAnswer,
        Values: ResourceRecords.map(({ Value }) => Value),
      }),
    )
    .toSorted();
}

async function openFleet(flags: FlagValues = {}, before: readonly RecordSet[] = []) {
  const { world, zone } = fleet();
  for (const one of before) zone.put(one);
  const server = await serve(world);
  return { world, zone, server, worker: openWorker(server, { ...SYNC, ...flags }) };
}

describe('from an empty zone', () => {
  test('every record is written, field by field as the systems that it replaces write them', async () => {
    const { zone, worker } = await openFleet();
    const report = await worker.apply();
    expect(registered(zone.list())).toEqual(registered([...AGENTS, ...INTERFACES, ...LABELS, ...CNAMES]));
    expect(report.withheld).toEqual([]);
    expect(report.summary).toMatchObject({ registrations: 16, applied: 16, failed: 0, conflicts: 0 });
  });

  test('the second plan is empty, and everything is live', async () => {
    const { worker } = await openFleet();
    await worker.apply();
    const again = await worker.plan();
    expect(again.changes).toEqual([]);
    expect(again.summary).toMatchObject({ live: 16, stale: 0, unhealthy: 0, unverified: 0 });
  });

  test.each<[string, FlagValues, readonly RecordSet[]]>([
    [
      'IPv6 addresses',
      { '--records-ipv6': 'true' },
      [...LABELS, set('web', 'AAAA', TASK_OF(TASK.web1), 1, 0, 'fd00:1::31')],
    ],
    [
      'public addresses',
      { '--addresses': 'public' },
      [
        set('web', 'A', TASK_OF(TASK.web1), 1, 0, '10.0.2.31'),
        set('web', 'A', TASK_OF(TASK.web2), 1, 0, '198.51.100.32'),
      ],
    ],
    [
      'multivalue answers',
      { '--records-routing': 'multivalue' },
      LABELS.map((one) => ({ ...one, Weight: undefined, MultiValueAnswer: true })),
    ],
    ['another TTL', { '--records-ttl': '60s' }, LABELS.map((one) => ({ ...one, TTL: 60 }))],
  ])('with %s', async (_, flags, expected) => {
    const { zone, worker } = await openFleet(flags);
    await worker.apply();
    const addresses = zone.list().filter(({ Name }) => Name === `web.${ZONE_NAME}.`);
    expect(registered(addresses)).toEqual(registered(expected));
    expect((await worker.plan()).changes).toEqual([]);
  });

  test('the policy prune writes nothing, and neither does a plan', async () => {
    const { zone, server, worker } = await openFleet({ '--policy': 'prune' });
    await worker.apply();
    await openWorker(server, SYNC).plan();
    expect(registered(zone.list())).toEqual([]);
    expect(server.counts()['route53:ChangeResourceRecordSets']).toBeUndefined();
  });
});

describe('a zone that somebody else has filled', () => {
  const plain = (one: RecordSet): RecordSet => {
    const { Weight: _, SetIdentifier: __, ...rest } = one;
    return rest;
  };

  test.each<[string, readonly RecordSet[]]>([
    ['the host agents', [...AGENTS, ...INTERFACES, ...LABELS, ...CNAMES]],
    ['the CNAME Lambda', [...AGENTS, ...INTERFACES, ...LABELS, ...CNAMES.map(plain)]],
    [
      'the label agent',
      [
        ...AGENTS,
        ...INTERFACES,
        ...LABELS.map((one, i) => ({ ...one, SetIdentifier: `label-agent-${i}`, Weight: 10 })),
        ...CNAMES,
      ],
    ],
  ])('by %s is adopted without one change', async (_, before) => {
    const { zone, server, worker } = await openFleet({}, before);
    const report = await worker.apply();
    expect([report.changes, report.withheld]).toEqual([[], []]);
    expect(server.counts()['route53:ChangeResourceRecordSets']).toBeUndefined();
    expect(registered(zone.list())).toEqual(registered(before));
  });

  test('has a plain CNAME made our own where that is asked for, in one batch', async () => {
    const before = [...AGENTS, ...INTERFACES, ...LABELS, ...CNAMES.map(plain)];
    const { zone, server, worker } = await openFleet({ '--correct': 'true' }, before);
    await worker.apply();
    expect(server.counts()['route53:ChangeResourceRecordSets']).toBe(1);
    expect(registered(zone.list())).toEqual(registered([...AGENTS, ...INTERFACES, ...LABELS, ...CNAMES]));
  });

  test('keeps a CNAME to somewhere else, and is told of it', async () => {
    const theirs = {
      ...plain(CNAMES[0] ?? set('', '', '', 0, 0, '')),
      ResourceRecords: [{ Value: 'cdn.example.com' }],
    };
    const { zone, worker } = await openFleet({ '--correct': 'true' }, [theirs]);
    const report = await worker.apply();
    expect(zone.list()).toContainEqual(theirs);
    expect(report.withheld).toMatchObject([{ type: 'CNAME', reason: 'name-taken' }]);
  });
});

describe('when a service is gone', () => {
  test('its CNAME goes after a confirmation, and only that', async () => {
    const { world, zone, worker } = await openFleet();
    await worker.apply();
    const cluster = world.cluster('blue');
    const legacy = [...cluster.services.values()].find(({ serviceName }) => serviceName === 'legacy');
    if (legacy === undefined) throw new TypeError('no such service');
    world.removeService(legacy);
    const report = await worker.apply();
    expect(report.changes).toMatchObject([
      {
        action: 'DELETE',
        reasons: ['service-gone'],
        recordSet: { Name: `legacy.${ZONE_NAME}.` },
        status: 'applied',
      },
    ]);
    expect(registered(zone.list())).toEqual(
      registered([...AGENTS, ...INTERFACES, ...LABELS, ...CNAMES.slice(0, 1)]),
    );
  });

  test('its CNAME stays while the services cannot be read', async () => {
    const { server, zone, worker } = await openFleet();
    await worker.apply();
    server.addFault({
      operation: 'ecs:ListServices',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });
    const report = await worker.apply();
    expect(report.changes).toEqual([]);
    expect(registered(zone.list())).toContain(registered(CNAMES.slice(0, 1))[0]);
  });
});
