import type { Fleet } from '../fleet/generate-fleet.ts';
import type { Service } from '../world/ecs-shapes.ts';
import { createWorld, type World } from '../world/world.ts';
import type { Cluster } from '../world/world-cluster.ts';
import { type ExampleProgram, imageOf } from './example-programs.ts';

/** How an example is found: by SRV at a port of a host, by the address of its task, or by the name of its balancer. */
type Found = 'SRV' | 'A' | 'CNAME';

/** One service of the fleet. */
interface Example {
  readonly program: ExampleProgram;
  readonly count: number;
  readonly foundBy: readonly Found[];
}

/**
 * | example  | services            | found by                                    |
 * |----------|---------------------|---------------------------------------------|
 * | portal   | time, calc          | SRV; the portal itself behind a balancer    |
 * | shop     | shop, goods, prices | CNAME, each behind a balancer               |
 * | bookings | home, movie, redis  | A; home behind a balancer, too              |
 */
const EXAMPLES: readonly Example[] = [
  { program: 'time', count: 2, foundBy: ['SRV'] },
  { program: 'calc', count: 3, foundBy: ['SRV'] },
  { program: 'portal', count: 1, foundBy: ['SRV', 'CNAME'] },
  { program: 'shop', count: 1, foundBy: ['CNAME'] },
  { program: 'goods', count: 2, foundBy: ['CNAME'] },
  { program: 'prices', count: 1, foundBy: ['CNAME'] },
  { program: 'home', count: 1, foundBy: ['A', 'CNAME'] },
  { program: 'movie', count: 2, foundBy: ['A'] },
  { program: 'redis', count: 1, foundBy: ['A'] },
];

export const EXAMPLES_ZONE = 'servicediscovery.internal';
const CLUSTER = 'examples';
const MACHINES = 3;
const SECRETS = { TIME_USER: 'portal', TIME_PASSWORD: 'let-me-in' };
/** They go on for so long after they were told to end, and are killed a while later. */
const DRAIN_SECONDS = 3;
const STOP_TIMEOUT_SECONDS = 10;

/** Where it is that something listens at an address of its own: free at each of them. */
export interface ExamplePorts {
  /** Of load balancers, and of tasks with an address. */
  readonly http: number;
  readonly redis: number;
}

/** A fleet of the examples, of which nothing runs or is registered yet; its addresses are those of 127.`block`. */
export function exampleFleet(block: number, ports: ExamplePorts): Fleet {
  const world = createWorld();
  const zone = world.addHostedZone({ name: EXAMPLES_ZONE, private: true });
  const cluster = world.addCluster(CLUSTER);
  for (let i = 1; i <= MACHINES; i++) world.addMachine({ cluster, address: `127.${block}.0.${i}` });
  for (const example of EXAMPLES) addExample({ world, cluster, block, ports }, example);
  return { world, zone, behaviours: new Map(), planted: [], registrable: [] };
}

/** How many record sets each name gets once all run: one for each task, or for the balancer. */
export function expectedRecords(): readonly { readonly name: string; readonly count: number }[] {
  return EXAMPLES.flatMap(({ program, count, foundBy }) =>
    foundBy.map((kind) => ({
      name: `${nameOf(program, kind)}.${EXAMPLES_ZONE}.`,
      count: kind === 'CNAME' ? 1 : count,
    })),
  );
}

function nameOf(program: ExampleProgram, kind: Found): string {
  if (kind === 'SRV') return `_${program}._tcp`;
  // Its service has the name for its CNAME; nothing can stand next to one.
  return kind === 'A' && program === 'home' ? 'bookings' : program;
}

interface Site {
  readonly world: World;
  readonly cluster: Cluster;
  readonly block: number;
  readonly ports: ExamplePorts;
}

function addExample(site: Site, example: Example): void {
  const { world, cluster, ports } = site;
  const { program, count: desiredCount, foundBy } = example;
  const isOnHosts = !foundBy.includes('A');
  const port = program === 'redis' ? ports.redis : ports.http;
  const taskDefinition = world.addTaskDefinition({
    family: program,
    networkMode: isOnHosts ? 'bridge' : 'awsvpc',
    containers: [
      {
        name: program,
        image: imageOf(program),
        portMappings: [isOnHosts ? { containerPort: port, hostPort: 0 } : { containerPort: port }],
        environment: variablesOf(example, port, ports),
        stopTimeout: STOP_TIMEOUT_SECONDS,
      },
    ],
  });
  const launchType = isOnHosts ? 'EC2' : 'FARGATE';
  const service = world.addService({
    cluster,
    serviceName: program,
    taskDefinition,
    launchType,
    desiredCount,
  });
  if (foundBy.includes('CNAME')) balance(site, service, port);
}

/** What the programs read, and what says how they are to be registered and checked. */
function variablesOf(
  { program, foundBy }: Example,
  port: number,
  ports: ExamplePorts,
): Readonly<Record<string, string>> {
  const check = program === 'redis' ? { SERVICE_CHECK_TCP: 'true' } : { SERVICE_CHECK_HTTP: '/health' };
  return {
    ...(foundBy.includes('SRV') ? { [`SERVICE_${port}_NAME`]: nameOf(program, 'SRV') } : {}),
    ...(foundBy.includes('A') ? { DISCOVERY_SERVICE_NAME: nameOf(program, 'A') } : {}),
    ...check,
    ...(program === 'time' || program === 'portal' ? SECRETS : {}),
    ...(program === 'shop' ? { BALANCER_PORT: String(ports.http) } : {}),
    ...(foundBy.includes('A') ? { MOVIE_PORT: String(ports.http), REDIS_PORT: String(ports.redis) } : {}),
    ZONE: EXAMPLES_ZONE,
    DRAIN_SECONDS: String(DRAIN_SECONDS),
  };
}

function balance({ world, block }: Site, service: Service, containerPort: number): void {
  const name = service.serviceName;
  const address = `127.${block}.254.${world.loadBalancers.size + 1}`;
  const balancer = world.addLoadBalancer({ kind: 'application', name, addresses: [address] });
  world.balance(service, balancer, { containerName: name, containerPort });
}
