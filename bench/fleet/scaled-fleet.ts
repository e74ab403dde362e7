import { FleetBuilder, type FleetService } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Fleet } from '../../src/sandbox/fleet/generate-fleet.ts';
import type { Expectation } from '../../src/sandbox/fleet/planted.ts';
import { FIRST_HOST_PORT, type Machine } from '../../src/sandbox/world/machine.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import type { Cluster } from '../../src/sandbox/world/world-cluster.ts';
import { describeFully } from './describe-fully.ts';
import { createTroubles, type Troubles } from './troubles.ts';

/** How large a fleet is, and what share of it is in trouble. */
export interface ScaledFleetOptions {
  /** How many ports of running containers there are, each with an entry of its own. */
  readonly endpoints: number;
  /** Default 1. */
  readonly clusters?: number;
  /** How many ports a container has, all of them in one record set. Default 1. */
  readonly valuesPerSet?: number;
  /** The share of the zone's SRV entries that outlived their containers, below 100. Default 0. */
  readonly stalePercent?: number;
  /** The share of the endpoints that take a connection and say nothing. Default 0. */
  readonly hangingPercent?: number;
  /** The share of the endpoints at which nobody listens. Default 0. */
  readonly refusingPercent?: number;
  /** Added to all ports, so that two such fleets can listen on one machine. Default 0. */
  readonly portOffset?: number;
  /** The second octet of all addresses, of which there are up to 20,000 of a kind then. */
  readonly block?: number;
}

const TASKS_A_MACHINE = 50;
// Route 53 takes 100 weighted sets of a name.
const SETS_A_NAME = 95;
// Apart from the ports of the sample's fleets, which listen at addresses of their own.
const [FIRST_CONTAINER_PORT, FIRST_MACHINE_PORT] = [15_000, 25_000];
// The kinds of addresses: those of machines, of tasks, and of the dead.
const [MACHINES, TASKS, GONE] = [0, 1, 2];
// The second octets of those of machines, and how many each kind may have; sandboxes and tests have others.
const [FIRST_BLOCK, BLOCKS_A_KIND] = [41, 10];
const BRIDGE_SHARE = 2 / 3;

/**
 * Makes a fleet for measuring: as large as asked, everything in it alike. Two of three services have
 * bridge networking, the third has tasks with interfaces of their own; every machine has its A entry.
 * Entries that are stale stand beside those of running containers, under the same names.
 */
export function generateScaledFleet(options: ScaledFleetOptions): Fleet {
  const { endpoints, clusters: clusterCount = 1, valuesPerSet = 1, stalePercent = 0 } = options;
  const world = createWorld();
  const [tasks, staleShare] = [Math.ceil(endpoints / valuesPerSet), stalePercent / 100];
  const staleSets = Math.round((tasks * staleShare) / (1 - staleShare));
  const maxRecordSets = Math.max(10_000, 2 * (tasks + staleSets));
  const zone = world.addHostedZone({ name: 'servicediscovery.internal', private: true, maxRecordSets });
  const fleet = new FleetBuilder(world, zone);
  const clusters = Array.from({ length: clusterCount }, (_, i) => world.addCluster(`cluster-${i}`));
  const addressOf = options.block === undefined ? wideAddress : addressIn(options.block);
  addMachines(fleet, addressOf, clusters, Math.max(clusterCount, Math.ceil(tasks / TASKS_A_MACHINE)));
  const size = Math.floor(SETS_A_NAME * (1 - staleShare));
  const { hangingPercent = 0, refusingPercent = 0, portOffset = 0 } = options;
  const ports = containerPorts(valuesPerSet, portOffset);
  const services = addServices(fleet, clusters, Math.ceil(tasks / size), ports);
  const placing = { fleet, addressOf, nextMachine: machineDealer(fleet), portOffset };
  const troubles = createTroubles({
    portOffset,
    hangingShare: hangingPercent / 100 / BRIDGE_SHARE,
    refusingShare: refusingPercent / 100 / BRIDGE_SHARE,
  });
  for (let i = 0; i < tasks; i++) placeTask(placing, at(services, i), i, troubles);
  for (let i = 0; i < staleSets; i++) plantStale(placing, at(services, i), i, ports);
  return { world, zone, behaviours: fleet.behaviours, planted: fleet.planted, registrable: [] };
}

function addMachines(
  fleet: FleetBuilder,
  addressOf: AddressOf,
  clusters: readonly Cluster[],
  count: number,
): void {
  const machines = new Map(clusters.map((cluster): [Cluster, Machine[]] => [cluster, []]));
  for (let i = 0; i < count; i++) {
    const cluster = at(clusters, i);
    const machine = fleet.world.addMachine({ cluster, address: addressOf(MACHINES, i) });
    machines.get(cluster)?.push(machine);
    const expectation = { expected: 'live', reason: 'host-present' } as const;
    fleet.plantHost(machine.privateDnsName, machine.address, expectation);
  }
  for (const [cluster, own] of machines) fleet.machines.set(cluster, own);
}

function addServices(
  fleet: FleetBuilder,
  clusters: readonly Cluster[],
  count: number,
  namedPorts: readonly number[],
): readonly FleetService[] {
  return Array.from({ length: count }, (_, i) => {
    const [round, place] = [Math.floor(i / clusters.length), i % clusters.length];
    const mode = (round + place) % 3 === 2 ? 'awsvpc' : 'bridge';
    const portMappings = namedPorts.map((containerPort) =>
      mode === 'bridge' ? { containerPort, hostPort: 0 } : { containerPort },
    );
    const [name, cluster] = [`_service-${i}._tcp`, at(clusters, place)];
    return fleet.addService({ name, mode, cluster, portMappings, namedPorts });
  });
}

function containerPorts(count: number, portOffset: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => FIRST_CONTAINER_PORT + portOffset + i);
}

/** Where tasks are placed. */
interface Placing {
  readonly fleet: FleetBuilder;
  readonly addressOf: AddressOf;
  readonly nextMachine: (cluster: Cluster) => Machine;
  readonly portOffset: number;
}

/** The machines of each cluster in turn. */
function machineDealer(fleet: FleetBuilder): (cluster: Cluster) => Machine {
  const dealt = new Map<Cluster, number>();
  return (cluster) => {
    const index = dealt.get(cluster) ?? 0;
    dealt.set(cluster, index + 1);
    return fleet.machine(cluster, index);
  };
}

const HEALTHY: Expectation = { expected: 'live', reason: 'healthy' };

function placeTask(placing: Placing, service: FleetService, index: number, troubles: Troubles): void {
  const { fleet, addressOf, nextMachine } = placing;
  const machine = nextMachine(service.cluster);
  const own = portsOf(service);
  // A task with an interface of its own has the ports of its definition, like all tasks of its service.
  const struck = own.map(() => (service.mode === 'bridge' ? troubles.next(machine) : undefined));
  const published = struck.map((one) => one?.port ?? takePort(placing, machine));
  const hostPorts = Object.fromEntries(own.map((port, i) => [port, published[i] ?? 0]));
  const place = service.mode === 'bridge' ? {} : { address: addressOf(TASKS, index) };
  const member = fleet.run(service, { machine, ...place, containers: { app: { hostPorts } } });
  describeFully(member.task, index);
  for (const one of struck) if (one !== undefined) fleet.behave(member, one.behaviour, one.port);
  const expectations = struck.map((one) => one?.expectation ?? HEALTHY);
  fleet.plantSrv(service.name, member, service.mode === 'bridge' ? published : own, expectations);
}

/** The entry of a container that is gone, from a machine that is still there or with its own interface. */
function plantStale(placing: Placing, service: FleetService, index: number, ports: readonly number[]): void {
  const { fleet, addressOf, nextMachine } = placing;
  const containerId = fleet.deadContainerId();
  if (service.mode === 'bridge') {
    const machine = nextMachine(service.cluster);
    const owner = { host: machine.privateDnsName, containerId };
    const published = ports.map(() => takePort(placing, machine));
    fleet.plantSrv(service.name, owner, published, { expected: 'stale', reason: 'task-gone' });
    return;
  }
  const owner = { host: fleet.world.privateDnsNameOf(addressOf(GONE, index)), containerId };
  fleet.plantSrv(service.name, owner, ports, { expected: 'stale', reason: 'instance-gone' });
}

function portsOf({ definition }: FleetService): readonly number[] {
  const mappings = definition.containerDefinitions[0]?.portMappings ?? [];
  return mappings.map(({ containerPort = 0 }) => containerPort);
}

function takePort({ portOffset }: Placing, machine: Machine): number {
  return machine.takePorts() - FIRST_HOST_PORT + FIRST_MACHINE_PORT + portOffset;
}

/** The item at a place; counts round at the end. */
function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new TypeError('a fleet needs a cluster and an endpoint');
  return item;
}

type AddressOf = (kind: number, index: number) => string;

function wideAddress(kind: number, index: number): string {
  const [more, rest] = [Math.floor(index / 62_500), index % 62_500];
  return `127.${FIRST_BLOCK + BLOCKS_A_KIND * kind + more}.${Math.floor(rest / 250)}.${1 + (rest % 250)}`;
}

function addressIn(block: number): AddressOf {
  return (kind, index) => `127.${block}.${80 * kind + Math.floor(index / 250)}.${1 + (index % 250)}`;
}
