import type { HostedZone } from '../world/hosted-zone.ts';
import { createWorld, type World } from '../world/world.ts';
import type { Cluster } from '../world/world-cluster.ts';
import type { Behaviours } from './behaviour.ts';
import { FleetBuilder } from './fleet-builder.ts';
import { addForeignRecords } from './foreign-records.ts';
import type { Planted } from './planted.ts';
import { addPopulation } from './population.ts';
import type { Registrable } from './registrable.ts';
import { addRegistrationCases } from './registration-cases.ts';
import { addFreshTask, addSpecialCases } from './special-cases.ts';

export interface FleetOptions {
  /** The same seed and options make the same fleet, to the last id. Default 1. */
  readonly seed?: number;
  readonly clusters?: number;
  readonly instances?: number;
  /** The ordinary tasks; special cases come on top. */
  readonly tasks?: number;
  readonly zoneName?: string;
  readonly zoneId?: string;
  readonly region?: string;
  /**
   * The second octet of the hosts' addresses, 127.N.x.y; the tasks' own interfaces begin at
   * 127.(N+64).x.y. Fleets whose containers run at the same time need different ones. Default 16.
   */
  readonly block?: number;
  /** Whether the special cases and other people's records are planted too. Default true. */
  readonly specialCases?: boolean;
  /** Under `sync` it runs what only registration is concerned with, too. Default `prune`. */
  readonly policy?: 'prune' | 'sync';
  /** Epoch milliseconds; given, the fleet has a container that started a moment before. */
  readonly now?: number;
}

export interface Fleet {
  readonly world: World;
  readonly zone: HostedZone;
  /** How the containers are to behave, by `address:port`. */
  readonly behaviours: Behaviours;
  /** Every entry of the zone, with what is to be made of it under the default settings. */
  readonly planted: readonly Planted[];
  /** What is to become under `sync` of what the zone has no entry of. */
  readonly registrable: readonly Registrable[];
}

const CLUSTER_NAMES = ['storefront', 'payments', 'analytics'];

/**
 * Makes a world with a fleet and its zone. By default a sample of 3 clusters, 9 instances and 48
 * tasks; up to 100,000 tasks and more when asked, with about 50 tasks an instance. RangeError when a
 * cluster has no instance, or the instances have no room for the tasks.
 *
 * @example
 * const { world, zone } = generateFleet({ seed: 7, tasks: 200 });
 * const server = await startSandboxServer(world);
 */
export function generateFleet(options: FleetOptions = {}): Fleet {
  const { seed = 1, tasks = 48, region = 'us-east-1', block = 16 } = options;
  const world = createWorld({ seed, region });
  const zone = world.addHostedZone({
    name: options.zoneName ?? 'servicediscovery.internal',
    private: true,
    maxRecordSets: Math.max(10_000, 2 * tasks),
    ...(options.zoneId === undefined ? {} : { id: options.zoneId }),
  });
  const fleet = new FleetBuilder(world, zone);
  const clusters = addClusters(world, options.clusters ?? CLUSTER_NAMES.length);
  addMachines(fleet, clusters, options.instances ?? Math.max(9, Math.ceil(tasks / 50)), block);
  const services = addPopulation(fleet, { clusters, tasks, interfaceBlock: [127, block + 64] });
  if (options.specialCases !== false) {
    addSpecialCases(fleet, services);
    addGoneMachine(fleet);
    if (options.now !== undefined) addFreshTask(fleet, options.now);
  }
  addForeignRecords(fleet);
  const isSync = options.policy === 'sync' && options.specialCases !== false;
  if (isSync) addRegistrationCases(fleet, [127, block + 64]);
  const { behaviours, planted, registrable } = fleet;
  return { world, zone, behaviours, planted, registrable };
}

function addClusters(world: World, count: number): readonly Cluster[] {
  return Array.from({ length: count }, (_, i) => world.addCluster(CLUSTER_NAMES[i] ?? `cluster-${i}`));
}

/** Machines for each cluster in turn; some drain and some agents are silent, which must not matter. */
function addMachines(fleet: FleetBuilder, clusters: readonly Cluster[], count: number, block: number): void {
  for (let i = 0; i < count; i++) {
    const cluster = clusters[i % clusters.length];
    if (cluster === undefined) throw new TypeError('a fleet needs a cluster');
    const machine = fleet.world.addMachine({
      cluster,
      address: `127.${block}.${Math.floor(i / 250)}.${1 + (i % 250)}`,
      status: i % 9 === 4 ? 'DRAINING' : 'ACTIVE',
      agentConnected: i % 9 !== 5,
    });
    fleet.machines.set(cluster, [...fleet.machinesOf(cluster), machine]);
    const expectation = { expected: 'live', reason: 'host-present' } as const;
    fleet.plantHost(machine.privateDnsName, machine.address, expectation);
  }
}

/** What a terminated machine leaves behind: its own A entry and those of its containers. */
function addGoneMachine(fleet: FleetBuilder): void {
  const host = fleet.world.privateDnsNameOf('10.66.0.1');
  const gone = { expected: 'stale', reason: 'instance-gone' } as const;
  fleet.plantHost(host, '10.66.0.1', gone);
  for (const [i, name] of ['_orders._tcp', '_users._tcp'].entries())
    fleet.plantSrv(name, { host, containerId: fleet.deadContainerId() }, [32_768 + i], gone);
}
