import type { NetworkMode } from '../world/ecs-shapes.ts';
import type { Cluster } from '../world/world-cluster.ts';
import type { Behaviour } from './behaviour.ts';
import type { FleetBuilder, FleetService, MemberOptions } from './fleet-builder.ts';
import type { Expectation } from './planted.ts';

export interface PopulationOptions {
  readonly clusters: readonly Cluster[];
  readonly tasks: number;
  /** The first two octets of the tasks' own network interfaces, as numbers. */
  readonly interfaceBlock: readonly [number, number];
}

const NAMES = [
  'orders',
  'payments',
  'users',
  'search',
  'carts',
  'catalog',
  'stock',
  'prices',
  'reviews',
  'mailer',
  'images',
  'coupons',
];
const MODES: readonly NetworkMode[] = ['bridge', 'host', 'awsvpc'];
const TASKS_A_SERVICE = 50;
// Route 53 takes 100 weighted sets of a name; the room left is for stale ones.
const MOST_TASKS_A_SERVICE = 85;
const APP_PORT = 8080;
// Every service in host mode has a port of its own, all of them below the ports that Docker hands out.
const FIRST_HOST_MODE_PORT = 4000;
const MOST_HANGING = 2;

export const HEALTHY: Expectation = { expected: 'live', reason: 'healthy' };

/** The ordinary services: mostly healthy, some failing, some of whose entries outlived their containers. */
export function addPopulation(fleet: FleetBuilder, options: PopulationOptions): readonly FleetService[] {
  const count = Math.max(NAMES.length, Math.ceil(options.tasks / TASKS_A_SERVICE));
  const services = Array.from({ length: count }, (_, i) => addOrdinaryService(fleet, options.clusters, i));
  placeTasks(fleet, services, options);
  const failures = failureCycle();
  for (const [i, service] of services.entries()) {
    registerMembers(fleet, service, i, failures);
    addLeftovers(fleet, service, i);
  }
  return services;
}

function addOrdinaryService(fleet: FleetBuilder, clusters: readonly Cluster[], index: number): FleetService {
  const mode = MODES[index % MODES.length] ?? 'bridge';
  const port = mode === 'host' ? FIRST_HOST_MODE_PORT + index : APP_PORT;
  const cluster = clusters[Math.floor(index / MODES.length) % clusters.length];
  if (cluster === undefined) throw new TypeError('a fleet needs a cluster');
  return fleet.addService({
    name: `_${NAMES[index] ?? `service-${index}`}._tcp`,
    mode,
    cluster,
    portMappings: [mode === 'bridge' ? { containerPort: port, hostPort: 0 } : { containerPort: port }],
    labels: index % 2 === 1,
    sidecar: index % 4 === 0,
  });
}

/** Deals the tasks out to the services in turn; one that has no room is passed over. */
function placeTasks(
  fleet: FleetBuilder,
  services: readonly FleetService[],
  options: PopulationOptions,
): void {
  let [placed, interfaces] = [0, 0];
  while (placed < options.tasks) {
    const before = placed;
    for (const service of services) {
      if (placed === options.tasks || service.members.length >= roomFor(fleet, service)) continue;
      const address = interfaceAddress(options.interfaceBlock, interfaces);
      if (service.mode === 'awsvpc') interfaces += 1;
      fleet.run(service, placement(fleet, service, address));
      placed += 1;
    }
    if (placed === before) throw new RangeError(`no room for ${options.tasks} tasks: give it more instances`);
  }
}

// Two tasks of one service in host mode would want the same port of the same machine.
function roomFor(fleet: FleetBuilder, service: FleetService): number {
  if (service.mode !== 'host') return MOST_TASKS_A_SERVICE;
  return Math.min(MOST_TASKS_A_SERVICE, fleet.machinesOf(service.cluster).length);
}

function placement(fleet: FleetBuilder, service: FleetService, address: string): MemberOptions {
  const index = service.members.length;
  // Each service begins on another machine, so that they spread over all of a large cluster.
  const start = service.definition.family.length + Number(/\d+$/.exec(service.definition.family)?.[0] ?? 0);
  const machine = fleet.machine(service.cluster, start * TASKS_A_SERVICE + index);
  if (service.mode !== 'awsvpc') return { machine, ipv6: index % 2 === 0 };
  return index % 2 === 0 ? { machine, address } : { address };
}

function interfaceAddress([first, second]: readonly [number, number], index: number): string {
  const [block, rest] = [Math.floor(index / 62_500), index % 62_500];
  return `${first}.${second + block}.${Math.floor(rest / 250)}.${1 + (rest % 250)}`;
}

interface Failure {
  readonly behaviour: Behaviour;
  readonly expectation: Expectation;
}

const FAILURES: readonly Failure[] = [
  failure({ kind: 'status', status: 503 }, 'http-status'),
  failure({ kind: 'refuse' }, 'connection-refused'),
  failure({ kind: 'hang' }, 'timeout'),
  failure({ kind: 'status', status: 500 }, 'http-status'),
  failure({ kind: 'reset' }, 'connection-reset'),
];

function failure(behaviour: Behaviour, reason: string): Failure {
  return { behaviour, expectation: { expected: 'unhealthy', reason } };
}

// Each hanging endpoint costs a run its whole timeout, so there are never more than a few.
function* failureCycle(): Generator<Failure, never> {
  for (let hanging = 0; ; )
    for (const one of FAILURES) {
      if (one.behaviour.kind === 'hang' && hanging++ >= MOST_HANGING) continue;
      yield one;
    }
}

/** Registers all members; of every second service one fails, and of the large ones one in twenty. */
function registerMembers(
  fleet: FleetBuilder,
  service: FleetService,
  index: number,
  failures: Generator<Failure, never>,
): void {
  const size = service.members.length;
  const failing = size < 3 ? 0 : Math.max(index % 2 === 0 ? 1 : 0, Math.floor(size / 20));
  for (const [i, member] of service.members.entries()) {
    const { behaviour, expectation } =
      i > 0 && i <= failing ? failures.next().value : { behaviour: undefined, expectation: HEALTHY };
    if (behaviour !== undefined) fleet.behave(member, behaviour);
    fleet.register(service, member, expectation);
  }
}

/** Entries of containers that are gone from a machine that is still there. */
function addLeftovers(fleet: FleetBuilder, service: FleetService, index: number): void {
  const count = Math.max(index % 3 === 1 ? 1 : 0, Math.floor(service.members.length / 20));
  for (let i = 0; i < count; i++) {
    const machine = fleet.machine(service.cluster, index + i);
    const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv(service.name, owner, [machine.takePorts()], { expected: 'stale', reason: 'task-gone' });
  }
}
