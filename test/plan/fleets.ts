import * as fc from 'fast-check';
import type { Container, Endpoint, Host, Inventory } from '../../src/model/inventory.ts';
import { BLUE, GREEN } from '../clusters.ts';
import { portOf, task } from './addresses.ts';
import { container, dockerId, endpoint, host, hostName, REGION } from './support.ts';

/** The fleets of the laws: three hosts with two ports each, and two tasks with an interface of their own. */
export const NOW = 1_000_000;
export const HOSTS = [1, 2, 3] as const;
export const PORTS = [1001, 1002] as const;
export const SLOTS = HOSTS.flatMap((n) => PORTS.map((port) => ({ n, port })));
/** Services whose sets are weighted and identified, and one whose set is simple. */
export const WEIGHTED = ['_calc._tcp', '_time._tcp'] as const;
export const SIMPLE = '_web._tcp';

/** The number of the container that holds a location. */
export function tenant(n: number, port: number): number {
  return n * 10 + (port - 1000);
}

const service = fc.constantFrom(...WEIGHTED, ...WEIGHTED, SIMPLE);

/** Only EC2 tells the name and the address of a host. */
const NAMELESS = { privateDnsName: undefined, address: undefined };

const hostsArbitrary: fc.Arbitrary<readonly Host[]> = fc
  .tuple(
    ...HOSTS.map(() =>
      fc.record({
        state: fc.constantFrom<Host['state'][]>(
          'present',
          'present',
          'present',
          'present',
          'gone',
          'unknown',
          'unreachable',
        ),
        cluster: fc.constantFrom(BLUE, BLUE, GREEN),
      }),
    ),
  )
  .map((made) =>
    made.map((over, i) => host(i + 1, { ...over, ...(over.state === 'unreachable' ? NAMELESS : {}) })),
  );

/** Who holds a port of a host: `named` is whether ECS has reported its id, `known` whether its task definition was read. */
export interface Tenancy {
  readonly n: number;
  readonly port: number;
  readonly service: string | undefined;
  readonly named: boolean;
  readonly known: boolean;
  readonly phase: Container['phase'];
  readonly protocol: 'tcp' | 'udp';
  readonly startedAt: number | undefined;
  readonly ecsHealth: Container['ecsHealth'];
}

export function tenancyArbitrary(
  phases: readonly Container['phase'][],
): fc.Arbitrary<Omit<Tenancy, 'n' | 'port'>> {
  return fc.record({
    service: fc.option(service, { nil: undefined, freq: 9 }),
    named: fc.constantFrom(true, true, true, false),
    known: fc.constantFrom(true, true, true, true, true, false),
    phase: fc.constantFrom(...phases),
    protocol: fc.constantFrom('tcp', 'tcp', 'tcp', 'tcp', 'udp'),
    startedAt: fc.constantFrom(0, 0, NOW - 1000, undefined),
    ecsHealth: fc.constantFrom<Container['ecsHealth'][]>('UNKNOWN', 'UNKNOWN', 'HEALTHY', 'UNHEALTHY'),
  });
}

export function tenantEndpoint(tenancy: Tenancy, on: Host): Endpoint {
  const serviceName = tenancy.known ? tenancy.service : undefined;
  const number = tenant(tenancy.n, tenancy.port);
  const own = container(number, {
    id: tenancy.named ? dockerId(number) : undefined,
    cluster: on.cluster,
    host: on,
    phase: tenancy.phase,
    startedAt: tenancy.startedAt,
    ecsHealth: tenancy.ecsHealth,
    serviceNames: tenancy.known ? (serviceName === undefined ? [] : [serviceName]) : 'unknown',
  });
  return endpoint(own, { serviceName, port: tenancy.port, protocol: tenancy.protocol });
}

const PHASES = [
  'running',
  'running',
  'running',
  'running',
  'running',
  'starting',
  'stopping',
  'stopped',
] as const;

const slotsArbitrary = fc.tuple(
  ...SLOTS.map((slot) =>
    fc
      .option(tenancyArbitrary(PHASES), { nil: undefined, freq: 3 })
      .map((tenancy) => (tenancy === undefined ? [] : [{ ...slot, ...tenancy }])),
  ),
);

const interfacesArbitrary: fc.Arbitrary<readonly Endpoint[]> = fc.subarray([50, 51]).map((numbers) =>
  numbers.map((n) =>
    endpoint(container(n, { host: undefined, serviceNames: [SIMPLE] }), {
      serviceName: SIMPLE,
      hostNames: [hostName(n)],
      address: `10.0.0.${n}`,
      port: 8080,
    }),
  ),
);

/** Containers of which ECS has not reported id and ports, and sometimes not what they serve. */
const lateArbitrary = fc.array(
  fc.record({
    on: fc.constantFrom(1, 2, 3, undefined),
    services: fc.oneof(
      { weight: 5, arbitrary: service.map((name) => [name]) },
      fc.constant('unknown' as const),
    ),
    phase: fc.constantFrom<Container['phase'][]>('starting', 'running'),
  }),
  { maxLength: 1 },
);

/** Tasks with an address that this worker writes; those of the two highest numbers are never there. */
export const TASKS = [60, 61, 62] as const;
export const ENDED_TASKS = [63, 64] as const;
export const ADDRESS_NAMES = ['api', 'web'] as const;
export const TASK_PORT = 8080;

/** A second container of a task, which may bear a name of its own, or come before the other one. */
const SIDECARS: readonly (Partial<Container> | undefined)[] = [
  undefined,
  undefined,
  { name: 'zebra', addressName: 'web' },
  { name: 'aardvark', addressName: 'api' },
  { name: 'aardvark', phase: 'stopped', addressName: 'api' },
];

/** One container of such a task, or two, in a network of which the hosts are neighbours; sometimes without its port. */
const taskArbitrary = (
  n: number,
): fc.Arbitrary<readonly [readonly [Container, ...Container[]], readonly Endpoint[]]> =>
  fc
    .record({
      cluster: fc.constantFrom(BLUE, BLUE, GREEN),
      phase: fc.constantFrom<Container['phase'][]>(
        'running',
        'running',
        'running',
        'starting',
        'stopping',
        'stopped',
      ),
      addressName: fc.constantFrom(...ADDRESS_NAMES, 'api', undefined),
      service: fc.constantFrom(...WEIGHTED, undefined),
      known: fc.constantFrom(true, true, true, true, false),
      // A task may have the address of one that is no more, and ECS may not have told its own.
      at: fc.constantFrom(n, n, n, n, 63, undefined),
      hasPort: fc.constantFrom(true, true, false),
      startedAt: fc.constantFrom(0, NOW - 1000),
      sidecar: fc.constantFrom(...SIDECARS),
    })
    .map(({ cluster, phase, addressName, service: name, known, at, hasPort, startedAt, sidecar }) => {
      const serviceName = known && hasPort ? name : undefined;
      const address = at === undefined ? undefined : `10.0.0.${at}`;
      const ipv6 = at === undefined ? undefined : `fd00::${at}`;
      const own = task(n, {
        cluster,
        phase,
        startedAt,
        addressName: known ? addressName : undefined,
        networkInterface: { id: `eni-${n}`, address, ipv6 },
        reachedAt: address === undefined ? [] : [address],
        serviceNames: known ? (serviceName === undefined ? [] : [serviceName]) : 'unknown',
      });
      const port = portOf(own, { serviceName, port: TASK_PORT });
      const ports = hasPort && known ? [port] : [];
      if (sidecar === undefined) return [[own], ports];
      // Containers of one task are in one of its phases, or have ended.
      const beside = { ...own, ...sidecar, id: dockerId(n + 100), serviceNames: [] };
      const second = portOf(beside, { port: TASK_PORT + 1, containerPort: 80 });
      return [
        [own, beside],
        [...ports, second],
      ];
    });

/** No two tasks have one address at a time. */
const tasksArbitrary = fc
  .tuple(...TASKS.map((n) => fc.option(taskArbitrary(n), { nil: undefined, freq: 4 })))
  .map((made) => {
    const taken = new Set<string | undefined>();
    return made.flatMap((one) => {
      const address = one?.[0][0].networkInterface?.address;
      if (one === undefined || (address !== undefined && taken.has(address))) return [];
      taken.add(address);
      return [one];
    });
  });

export const inventoryArbitrary: fc.Arbitrary<Inventory> = fc
  .record({
    hosts: hostsArbitrary,
    slots: slotsArbitrary,
    interfaces: interfacesArbitrary,
    late: lateArbitrary,
    tasks: tasksArbitrary,
    complete: fc.constantFrom(true, true, false),
  })
  .map(({ hosts, slots, interfaces, late, tasks, complete }) => {
    const hostOf = (n: number | undefined) => hosts.find(({ instanceId }) => instanceId === `i-${n}`);
    const endpoints = slots.flat().flatMap((tenancy) => {
      const on = hostOf(tenancy.n);
      return on === undefined ? [] : [tenantEndpoint(tenancy, on)];
    });
    const unreported = late.map(({ on, services, phase }, i) =>
      container(70 + i, { id: undefined, host: hostOf(on), phase, serviceNames: services }),
    );
    const all = [...endpoints, ...interfaces];
    const containers = [...all.map((item) => item.container), ...tasks.flatMap(([own]) => own)];
    return {
      region: REGION,
      coverage: 'all-clusters',
      clusters: [
        { ...BLUE, complete: true },
        { ...GREEN, complete },
      ],
      hosts,
      containers: [...containers, ...unreported],
      endpoints: [...all, ...tasks.flatMap(([, ports]) => ports)],
      incomplete: complete
        ? []
        : [{ scope: 'cluster/green', operation: 'ecs:ListTasks', error: 'x', hides: 'endpoints' }],
      notices: [],
    };
  });
