import type { NetworkBinding, PortMapping, Service, ServiceRegistry, Task } from '@aws-sdk/client-ecs';
import type { DnsRecord, ServiceSummary } from '@aws-sdk/client-servicediscovery';
import { describe, expect, it } from 'vitest';
import type { NameSource } from '../../../src/model/name-source.ts';
import { awsError } from '../../aws/support.ts';
import {
  type CloudMapWorld,
  countCalls,
  DEFINITION_ARN,
  type EcsWorld,
  ecsContainer,
  inMemoryCloudMap,
  inMemoryEc2,
  inMemoryEcs,
  many,
  takeFrom,
  task,
} from './support.ts';

const NAMESPACE = 'prod.internal';
const DEPLOYMENT = 'ecs-svc/2';
const EARLIER = 'ecs-svc/1';

function registryArn(id: string): string {
  return `arn:aws:servicediscovery:eu-west-1:1:service/srv-${id}`;
}

/** A service of Cloud Map under its name in lower case. */
function entry(
  Name: string,
  records: Readonly<Partial<Record<'A' | 'AAAA' | 'SRV' | 'CNAME', number>>>,
  RoutingPolicy?: 'WEIGHTED' | 'MULTIVALUE',
): ServiceSummary {
  const DnsRecords = Object.entries(records).map(([Type, TTL]) => ({ Type, TTL }) as DnsRecord);
  return { Name, Arn: registryArn(Name.toLowerCase()), DnsConfig: { RoutingPolicy, DnsRecords } };
}

const SHOP = entry('Shop', { A: 15 }, 'MULTIVALUE');
const SRV = entry('_calc._tcp', { SRV: 30 }, 'WEIGHTED');
const calcAt = (place: ServiceRegistry): ServiceRegistry => ({
  registryArn: registryArn('_calc._tcp'),
  ...place,
});

interface Given {
  readonly registries?: readonly ServiceRegistry[];
  readonly service?: Partial<Service>;
  /** Of the first container, `app`; `side` has one of 9000. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly mappings?: readonly PortMapping[];
  readonly order?: readonly NameSource[];
  readonly namespace?: string;
  readonly ipv6?: boolean;
  readonly startedBy?: string;
  readonly group?: string;
  readonly networkMode?: 'awsvpc' | 'bridge';
  readonly bindings?: readonly NetworkBinding[];
  readonly cloudMap?: Partial<CloudMapWorld>;
  readonly ecsFault?: EcsWorld['fault'];
}

function worldOf({
  registries = [{ registryArn: registryArn('shop') }],
  service = {},
  metadata = {},
  mappings = [{ containerPort: 8080 }],
  startedBy = DEPLOYMENT,
  group = 'service:shop',
  networkMode = 'awsvpc',
  bindings = [],
  ecsFault = () => undefined,
}: Given): EcsWorld {
  const environment = Object.entries(metadata).map(([name, value]) => ({ name, value }));
  const shop: Service = {
    serviceName: 'shop',
    serviceRegistries: [...registries],
    deployments: [
      { id: DEPLOYMENT, status: 'PRIMARY' },
      { id: EARLIER, status: 'ACTIVE' },
    ],
    ...service,
  };
  const attachment = {
    type: 'ElasticNetworkInterface',
    details: [{ name: 'privateIPv4Address', value: '10.0.9.9' }],
  };
  const running: Task = task(1, {
    group,
    startedBy,
    taskDefinitionArn: DEFINITION_ARN,
    ...(networkMode === 'awsvpc' ? { attachments: [attachment] } : {}),
    containers: [
      ecsContainer({ name: 'side', runtimeId: 'ef' }),
      ecsContainer({ networkBindings: [...bindings] }),
    ],
  });
  return {
    fault: ecsFault,
    clusters: { blue: { tasks: [running], services: [shop] } },
    definitions: [
      {
        taskDefinitionArn: DEFINITION_ARN,
        networkMode,
        containerDefinitions: [
          { name: 'app', environment, portMappings: [...mappings] },
          { name: 'side', portMappings: [{ containerPort: 9000 }] },
        ],
      },
    ],
  };
}

async function take(given: Given) {
  const { order = ['metadata', 'registries'], namespace, ipv6 = false } = given;
  const ecs = inMemoryEcs(worldOf(given));
  const cloudMap = inMemoryCloudMap({ namespaces: { [NAMESPACE]: [SHOP, SRV] }, ...given.cloudMap });
  const inventory = await takeFrom(ecs, inMemoryEc2({}), {
    cloudMap: async () => cloudMap,
    names: { order, namespace, ipv6 },
  });
  const app = inventory.containers.find(({ name }) => name === 'app');
  const [endpoint] = inventory.endpoints.filter(({ container }) => container === app);
  return { ...inventory, app, endpoint, calls: [...ecs.calls, ...cloudMap.calls], cloudMap, ecs };
}

describe('the address of a task', () => {
  it('is named by its registry, with TTL and routing, and in no other container', async () => {
    const { app, containers, endpoint } = await take({});
    expect(app).toMatchObject({
      addressName: 'shop',
      addressOverrides: { ttl: 15, routing: 'multivalue' },
      serviceNames: [],
    });
    expect(endpoint).toMatchObject({ serviceName: undefined, nameIssue: undefined, overrides: {} });
    expect(containers.find(({ name }) => name === 'side')).toMatchObject({ addressName: undefined });
  });

  it('is named in the container that the registry says', async () => {
    const registries = [{ registryArn: registryArn('shop'), containerName: 'side' }];
    const { app, containers } = await take({ registries });
    expect(app?.addressName).toBeUndefined();
    expect(containers.find(({ name }) => name === 'side')?.addressName).toBe('shop');
  });

  it('is named in the first essential container where none has a port', async () => {
    const { app } = await take({ mappings: [] });
    expect(app?.addressName).toBeUndefined();
  });

  it('is weighted where Cloud Map says so, and multivalue where it says nothing', async () => {
    const weighted = { namespaces: { [NAMESPACE]: [entry('Shop', { A: 15 }, 'WEIGHTED')] } };
    expect((await take({ cloudMap: weighted })).app?.addressOverrides).toEqual({
      ttl: 15,
      routing: 'weighted',
    });
    const silent = { namespaces: { [NAMESPACE]: [entry('Shop', { A: 15 })] } };
    expect((await take({ cloudMap: silent })).app?.addressOverrides).toMatchObject({ routing: 'multivalue' });
  });

  it('keeps what metadata ask for besides', async () => {
    const { app } = await take({ metadata: { SERVICE_WEIGHT: '7', SERVICE_TTL: '99' } });
    expect(app?.addressOverrides).toEqual({ weight: 7, ttl: 15, routing: 'multivalue' });
  });
});

describe('a port', () => {
  it.each<[string, Given]>([
    [
      'in bridge mode is named by container and port',
      {
        networkMode: 'bridge',
        registries: [calcAt({ containerName: 'app', containerPort: 8080 })],
        bindings: [{ hostPort: 32_768, containerPort: 8080 }],
      },
    ],
    [
      'of an interface of its own as well',
      { registries: [calcAt({ containerName: 'app', containerPort: 8080 })] },
    ],
    ['by its number alone, in whichever container has it', { registries: [calcAt({ port: 8080 })] }],
  ])('%s', async (_, given) => {
    const { app, endpoint, containers } = await take(given);
    expect(endpoint).toMatchObject({
      serviceName: '_calc._tcp',
      nameIssue: undefined,
      overrides: { ttl: 30, routing: 'weighted' },
    });
    expect(app).toMatchObject({ serviceNames: ['_calc._tcp'], addressName: undefined });
    expect(containers.find(({ name }) => name === 'side')?.serviceNames).toEqual([]);
  });

  it('that no container has is a name all the same, of which is told that nothing binds it', async () => {
    const { app, endpoint } = await take({ registries: [calcAt({ port: 7000 })] });
    expect(endpoint?.serviceName).toBeUndefined();
    expect(app?.serviceNames).toEqual(['_calc._tcp']);
  });

  it('and the address are both named where Cloud Map has both, each with its own TTL', async () => {
    const both = { namespaces: { [NAMESPACE]: [entry('_calc._tcp', { SRV: 30, A: 60 })] } };
    const { app, endpoint } = await take({ registries: [calcAt({ port: 8080 })], cloudMap: both });
    expect(endpoint).toMatchObject({ serviceName: '_calc._tcp', overrides: { ttl: 30 } });
    expect(app).toMatchObject({ addressName: '_calc._tcp', addressOverrides: { ttl: 60 } });
  });
});

describe('what metadata and a registry both name', () => {
  const named = { SERVICE_8080_NAME: 'calc', DISCOVERY_SERVICE_NAME: 'store' };
  const registries = [calcAt({ port: 8080 })];

  it.each<
    [string, readonly NameSource[], Readonly<Record<string, string>>, string | undefined, readonly string[]]
  >([
    ['metadata first', ['metadata', 'registries'], named, 'calc', ['calc']],
    ['registries first', ['registries', 'metadata'], named, '_calc._tcp', ['_calc._tcp']],
    ['registries alone', ['registries'], named, '_calc._tcp', ['_calc._tcp']],
    ['nothing of metadata', ['metadata', 'registries'], {}, '_calc._tcp', ['_calc._tcp']],
  ])('with %s', async (_, order, metadata, name, names) => {
    const { app, endpoint } = await take({ registries, order, metadata });
    expect(endpoint?.serviceName).toBe(name);
    expect(app?.serviceNames).toEqual(names);
  });

  it('is told of', async () => {
    const { notices } = await take({ registries, metadata: named });
    expect(notices).toEqual([
      {
        subject: 'calc:7 app',
        detail:
          'port 8080 is calc by its metadata and _calc._tcp by its registry: `names` has metadata first',
      },
    ]);
  });

  it('is an address of the first', async () => {
    expect((await take({ metadata: named })).app).toMatchObject({
      addressName: 'store',
      addressOverrides: {},
    });
    const order: readonly NameSource[] = ['registries', 'metadata'];
    const { app, notices } = await take({ metadata: named, order });
    expect(app?.addressName).toBe('shop');
    expect(notices).toMatchObject([
      { detail: expect.stringMatching('its address is store by its metadata') },
    ]);
  });

  it('is no name of metadata where these do not count', async () => {
    const { app, endpoint } = await take({ metadata: named, order: ['registries'], registries: [] });
    expect(app).toMatchObject({ addressName: undefined, serviceNames: [] });
    expect(endpoint?.serviceName).toBeUndefined();
  });
});

describe('names that are unknown', () => {
  const refuse = (operation: string) => (call: { readonly operation: string }) =>
    call.operation === operation ? awsError('AccessDeniedException', { status: 400 }) : undefined;
  const gone = { namespaces: { [NAMESPACE]: [SRV] } };

  it.each<[string, Given, string]>([
    [
      'ListNamespaces is refused',
      { cloudMap: { fault: refuse('ListNamespaces') } },
      'servicediscovery:ListNamespaces',
    ],
    [
      'ListServices is refused',
      { cloudMap: { fault: refuse('ListServices') } },
      'servicediscovery:ListServices',
    ],
    ['DescribeServices is refused', { ecsFault: refuse('DescribeServices') }, 'ecs:DescribeServices'],
  ])('%s', async (_, given, operation) => {
    const { app, incomplete } = await take(given);
    expect(app).toMatchObject({
      addressName: undefined,
      hiddenAddressName: 'registries',
      serviceNames: 'unknown',
    });
    expect(incomplete).toMatchObject([{ operation, hides: 'service-names' }]);
  });

  it('a service of Cloud Map that was deleted, which leaves nothing unread', async () => {
    const { app, incomplete, notices } = await take({ cloudMap: gone });
    expect(app).toMatchObject({
      addressName: undefined,
      hiddenAddressName: 'registries',
      serviceNames: 'unknown',
    });
    expect(incomplete).toEqual([]);
    expect(notices).toEqual([
      {
        subject: 'blue/shop',
        detail:
          'Cloud Map has its registry srv-shop no more, and what that named is unknown: give the ECS service another registry, or none',
      },
    ]);
  });

  it('those of a registry that the listing of its namespace has left out, though it is in that of all', async () => {
    const { app, incomplete } = await take({ cloudMap: { leftOutOf: NAMESPACE } });
    expect(app).toMatchObject({ hiddenAddressName: 'registries', serviceNames: 'unknown' });
    expect(incomplete).toEqual([]);
  });

  it('those of a task definition that was not read, which may name first, or ask for no record', async () => {
    const unread = {
      ecsFault: refuse('DescribeTaskDefinition'),
      bindings: [{ containerPort: 8080, hostPort: 8080 }],
    };
    const registries = [calcAt({ port: 8080 }), { registryArn: registryArn('shop') }];
    const first = await take({ ...unread, registries, order: ['metadata', 'registries'] });
    expect(first.endpoint).toMatchObject({ serviceName: undefined });
    expect(first.app).toMatchObject({ addressName: undefined, serviceNames: 'unknown' });
    const second = await take({ ...unread, registries, order: ['registries', 'metadata'] });
    expect(second.endpoint).toMatchObject({ serviceName: undefined });
    expect(second.app).toMatchObject({ addressName: undefined, serviceNames: 'unknown' });
  });

  it('those of a registry that is missing in a listing which was cut short are unread, and not gone', async () => {
    const fault = (call: { readonly operation: string; readonly values?: readonly string[] }) =>
      call.operation === 'ListServices' && call.values?.[0] === 'ns-test.internal'
        ? awsError('ThrottlingException', { status: 400 })
        : undefined;
    const namespaces = { ...gone.namespaces, 'test.internal': [] };
    const { app, incomplete, notices } = await take({
      namespace: NAMESPACE,
      cloudMap: { namespaces, fault },
    });
    expect(app).toMatchObject({ hiddenAddressName: 'registries', serviceNames: 'unknown' });
    expect(incomplete).toMatchObject([{ operation: 'servicediscovery:ListServices' }]);
    expect(notices).toEqual([]);
  });

  it('those of the port that the registry says, and of no other', async () => {
    const registries = [calcAt({ containerName: 'app', containerPort: 8080 })];
    const { endpoints } = await take({ registries, cloudMap: { namespaces: { [NAMESPACE]: [] } } });
    expect(endpoints.map(({ port, nameIssue }) => [port, nameIssue])).toEqual([
      [9000, undefined],
      [8080, 'registries'],
    ]);
  });

  it('leave alone what metadata name first', async () => {
    const registries = [calcAt({ port: 8080 })];
    const metadata = { SERVICE_8080_NAME: 'calc', DISCOVERY_SERVICE_NAME: 'store' };
    const { app, endpoint } = await take({ registries, metadata, cloudMap: gone });
    expect(endpoint).toMatchObject({ serviceName: 'calc', nameIssue: undefined });
    expect(app).toMatchObject({ addressName: 'store', hiddenAddressName: undefined });
  });

  it('are those of a task that an earlier deployment has started, next to those of the service', async () => {
    const registries = [calcAt({ port: 8080 })];
    const { app, endpoint, incomplete } = await take({ registries, startedBy: EARLIER });
    expect(endpoint).toMatchObject({ serviceName: '_calc._tcp', nameIssue: 'registries' });
    expect(app?.serviceNames).toBe('unknown');
    expect(incomplete).toEqual([]);
    const without = await take({ registries: [], startedBy: EARLIER });
    expect(without.app).toMatchObject({ serviceNames: 'unknown', hiddenAddressName: undefined });
    expect(without.endpoint).toMatchObject({ serviceName: undefined, nameIssue: undefined });
  });

  it('are none of a task set, which has registries of its own', async () => {
    const taskSets = [{ id: 'ecs-svc/9', serviceRegistries: [{ registryArn: registryArn('shop') }] }];
    const given = { registries: [], service: { taskSets, deployments: [] }, startedBy: 'ecs-svc/9' };
    expect((await take(given)).app).toMatchObject({ addressName: 'shop', serviceNames: [] });
  });

  it('are none of a task that no service keeps', async () => {
    const { app, calls } = await take({ group: 'family:calc', startedBy: 'someone' });
    expect(app).toMatchObject({ addressName: undefined, serviceNames: [] });
    expect(countCalls({ calls })).not.toHaveProperty('DescribeServices');
  });
});

describe('which namespace counts', () => {
  const two = { namespaces: { [NAMESPACE]: [SHOP], 'test.internal': [entry('other', { A: 1 })] } };

  it('the only one of DNS', async () => {
    const cloudMap = { namespaces: { [NAMESPACE]: [SHOP], connect: [] }, http: ['connect'] };
    expect((await take({ cloudMap })).app?.addressName).toBe('shop');
  });

  it.each(['prod.internal', 'ns-prod.internal'])('the one that is said: %s', async (namespace) => {
    expect((await take({ cloudMap: two, namespace })).app?.addressName).toBe('shop');
  });

  it.each<[string, Given, string]>([
    [
      'of several is not known',
      { cloudMap: two },
      "Cloud Map has prod.internal (ns-prod.internal), test.internal (ns-test.internal): set `namespace` to the one whose names are this zone's",
    ],
    [
      'is not there',
      { cloudMap: two, namespace: 'prod' },
      'namespace: prod is not one namespace of Cloud Map, which has prod.internal (ns-prod.internal), test.internal (ns-test.internal): correct it',
    ],
    [
      'is not there, nor any other',
      { cloudMap: { namespaces: {} } },
      'Cloud Map has no namespace of DNS: set `namespace`',
    ],
  ])('%s', async (_, given, error) => {
    const { app, incomplete } = await take(given);
    expect(app?.serviceNames).toBe('unknown');
    expect(incomplete).toMatchObject([{ scope: 'cloud-map', error: expect.stringContaining(error) }]);
  });

  it('and a service of another one has no name, which is told', async () => {
    const registries = [{ registryArn: registryArn('other') }];
    const { app, notices, incomplete } = await take({ registries, cloudMap: two, namespace: NAMESPACE });
    expect(app).toMatchObject({ addressName: undefined, serviceNames: [] });
    expect(incomplete).toEqual([]);
    expect(notices).toEqual([
      {
        subject: 'namespace prod.internal',
        detail: 'blue/shop: in another namespace of Cloud Map, which gives no name in this zone',
      },
    ]);
  });
});

describe('what cannot be carried over', () => {
  it.each<[string, Given, string]>([
    ['a CNAME', { cloudMap: { namespaces: { a: [entry('Shop', { CNAME: 5 })] } } }, 'as a CNAME'],
    [
      'an SRV without a port',
      { cloudMap: { namespaces: { a: [entry('Shop', { SRV: 5 })] } } },
      'says no port',
    ],
    [
      'an AAAA without records.ipv6',
      { cloudMap: { namespaces: { a: [entry('Shop', { A: 5, AAAA: 5 })] } } },
      'set it',
    ],
    [
      'an AAAA alone',
      { ipv6: true, cloudMap: { namespaces: { a: [entry('Shop', { AAAA: 5 })] } } },
      'gets an A record, too',
    ],
  ])('%s is told with what to do', async (_, given, said) => {
    const { notices } = await take(given);
    expect(notices).toEqual([{ subject: 'blue/shop', detail: expect.stringContaining(said) }]);
  });

  it('is no AAAA with records.ipv6, and nothing that DNS does not have', async () => {
    const both = { namespaces: { a: [entry('Shop', { A: 5, AAAA: 5 })] } };
    expect((await take({ ipv6: true, cloudMap: both })).notices).toEqual([]);
    const { Name, Arn } = SHOP;
    const silent = await take({ cloudMap: { namespaces: { a: [{ Name, Arn }] } } });
    expect(silent).toMatchObject({ notices: [], incomplete: [], app: { addressName: undefined } });
  });
});

describe('the calls', () => {
  it('are none without registries in the setting', async () => {
    const { calls } = await take({ order: ['metadata'] });
    expect(Object.keys(countCalls({ calls }))).not.toContain('DescribeServices');
    expect(Object.keys(countCalls({ calls }))).not.toContain('ListServices');
  });

  it('are none of Cloud Map where no service has a registry', async () => {
    const { cloudMap, ecs } = await take({ registries: [] });
    expect(cloudMap.calls).toEqual([]);
    expect(countCalls(ecs)['DescribeServices']).toBe(1);
  });

  it('are one page of each listing, and one of each other namespace as long as a registry is not found', async () => {
    expect(countCalls((await take({})).cloudMap)).toEqual({ ListNamespaces: 1, ListServices: 1 });
    const gone = { namespaces: { [NAMESPACE]: [SRV] } };
    expect(countCalls((await take({ cloudMap: gone })).cloudMap)).toEqual({
      ListNamespaces: 1,
      ListServices: 1,
    });
    const others = { ...gone.namespaces, 'a.internal': [], 'b.internal': [SHOP], 'c.internal': [] };
    const elsewhere = await take({ namespace: NAMESPACE, cloudMap: { namespaces: others } });
    expect(countCalls(elsewhere.cloudMap)).toEqual({ ListNamespaces: 1, ListServices: 3 });
    const large = { namespaces: { [NAMESPACE]: [...many(150, (n) => entry(`s${n}`, { A: 1 })), SHOP] } };
    const { app, cloudMap } = await take({ cloudMap: large });
    expect(countCalls(cloudMap)).toEqual({ ListNamespaces: 1, ListServices: 2 });
    expect(app?.addressName).toBe('shop');
  });
});
