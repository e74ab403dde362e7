import { describeError } from '../../aws/aws-error.ts';
import type { Clock } from '../../model/clock.ts';
import type { ConfirmationQuery, ConfirmationReads } from '../../model/confirmation.ts';
import {
  type Container,
  type IncompleteScope,
  type Inventory,
  NO_GRACE,
  NO_UNKNOWN_HOSTS,
} from '../../model/inventory.ts';
import { NO_TARGET_HEALTH } from '../../model/target-health.ts';
import type { InventoryPort } from '../inventory-port.ts';
import { readLocalTasks } from './ecs-tasks.ts';
import type { EngineApi } from './engine-api.ts';
import {
  type HostContainer,
  type HostFacts,
  hostContainer,
  hostOf,
  unreadContainer,
} from './host-containers.ts';
import type { HostIdentity } from './host-identity.ts';
import { type Known, listedContainers } from './listed-containers.ts';

/** What the inventory of one host is taken from. */
export interface DockerSources {
  readonly engine: EngineApi;
  readonly identity: HostIdentity;
  readonly region: string;
  readonly waitForHealthy: boolean;
  /** Where the ECS agent of the host may answer, the first that does counts. */
  readonly introspection: readonly string[];
  readonly clock: Clock;
}

/** What a look at some containers has shown. */
export interface ContainersSeen {
  readonly running: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** The inventory of one host, and what its agent keeps of it between two passes. */
export interface DockerInventory extends InventoryPort {
  /** What happened to a container: it is asked for anew, and what has died is known to have. */
  readonly changed: (containerId: string) => void;
  /** The engine was out of reach: what it does not list afterwards is not thereby gone. */
  readonly disconnected: () => void;
  /** Which of the containers run, and the names, relative to the zone, that they bear now, or bore when last looked at. */
  look(containerIds: ReadonlySet<string>, signal: AbortSignal | undefined): Promise<ContainersSeen>;
  /** Narrows the readings to come to some names; `undefined` for all. */
  readonly narrow: (names: ReadonlySet<string> | undefined) => void;
}

/**
 * The inventory of one host, from its container engine. A container that the engine lists is there, and one that has
 * died or is listed no more is gone; an engine that lists nothing at first, or after it was out of reach, is asked again.
 */
export function createDockerInventory(sources: DockerSources): DockerInventory {
  const { engine, identity, region, waitForHealthy, introspection, clock } = sources;
  const listed = listedContainers(engine, clock);
  let names: NamesById = new Map();
  let taken: ReadonlySet<string> = new Set();
  let scope: ReadonlySet<string> | undefined;

  const describe = async (running: ReadonlyMap<string, Known>, signal: AbortSignal | undefined) => {
    const tasks = await readLocalTasks(introspection, signal);
    const inspections = [...running.values()].flatMap((one) => (one === 'unread' ? [] : [one]));
    const host = hostOf(identity, region, inspections);
    return { host, containers: describeAll(running, { identity, host, tasks, waitForHealthy }) };
  };

  return {
    changed: listed.changed,
    disconnected: listed.disconnected,
    narrow: (wanted) => {
      scope = wanted;
    },
    look: async (ids, signal) => {
      const before = [...ids].flatMap((id) => [...(names.get(id) ?? [])]);
      const running = await listed.look(ids, signal);
      const { containers } = await describe(running, signal);
      const now = containers.flatMap((one) => [...namesIn(one)]);
      return { running: new Set(running.keys()), names: new Set([...before, ...now]) };
    },
    take: async (progress, signal): Promise<Inventory> => {
      const running = await listed.read(scope === undefined, signal);
      const { host, containers } = await describe(running, signal);
      taken = new Set(running.keys());
      names = namesAfter(names, containers, scope);
      progress(1, 1);
      const narrowed = containers.map((one) => narrowTo(one, scope));
      return {
        region,
        coverage: 'configured-clusters',
        clusters: [{ ...host.cluster, complete: true }],
        hosts: [host],
        containers: narrowed.map(({ container }) => container),
        endpoints: narrowed.flatMap(({ endpoints }) => endpoints),
        incomplete: [...running].flatMap(([id, one]) => (one === 'unread' ? [unread(id)] : [])),
        notices: narrowed.flatMap(({ notices }) => notices),
      };
    },
    confirm: async (query, signal) => {
      if (query.clusters.length === 0) return NOTHING_SEEN;
      try {
        const running = await listed.read(false, signal);
        const found = new Map([...running].filter(([id]) => !taken.has(id)));
        const { containers } = await describe(found, signal);
        return confirmed(
          query,
          running.size,
          containers.map((one) => narrowTo(one, scope)),
        );
      } catch (error) {
        signal?.throwIfAborted();
        return unconfirmed(query, error);
      }
    },
    ...KNOWS_NOTHING_ELSE,
  };
}

/** An agent knows its own host alone. */
const KNOWS_NOTHING_ELSE: Omit<InventoryPort, 'take' | 'confirm'> = {
  lookUpUnknownHosts: async () => NO_UNKNOWN_HOSTS,
  readCoverage: async () => ({
    gap: 'an agent knows its own host alone',
    outOfSight: [],
    unread: undefined,
    interfaces: new Map(),
    incomplete: [],
  }),
  lookUpGracePeriods: async () => NO_GRACE,
  readTargetHealth: async () => NO_TARGET_HEALTH,
  readEcsHealth: async () => new Map(),
  readServiceStates: async () => new Map(),
  readBalancedServices: async () => ({ clusters: [], incomplete: [] }),
  confirmServices: async () => ({ sights: new Map(), incomplete: [] }),
};

/** The names of containers by their ids, relative to the zone. */
type NamesById = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The names of what runs, and of what has ended until a pass has looked at them: one for other names is too early to
 * forget them, one over all is not.
 */
function namesAfter(
  before: NamesById,
  containers: readonly HostContainer[],
  scope: ReadonlySet<string> | undefined,
): NamesById {
  const isSeen = (names: ReadonlySet<string>) =>
    scope === undefined || [...names].every((one) => scope.has(one));
  return new Map([
    ...[...before].filter(([, names]) => !isSeen(names)),
    ...containers.map((one) => [String(one.container.id), namesIn(one)] as const),
  ]);
}

/** One container that cannot be made sense of is as if the engine had not described it, and spoils no other. */
function describeAll(running: ReadonlyMap<string, Known>, facts: HostFacts): readonly HostContainer[] {
  return [...running]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, one]) => {
      if (one === 'unread') return unreadContainer(id, facts);
      try {
        return hostContainer(id, one, facts);
      } catch (error) {
        const notice = {
          subject: `container ${id}`,
          detail: `it cannot be described: ${describeError(error)}`,
        };
        return { ...unreadContainer(id, facts), notices: [notice] };
      }
    });
}

function namesIn({ container, endpoints }: HostContainer): ReadonlySet<string> {
  const names = [container.addressName, ...endpoints.map(({ serviceName }) => serviceName)];
  return new Set(names.flatMap((name) => name ?? []));
}

/** What has nothing to do with the names of a pass is there, and no more is said of it. */
function narrowTo(one: HostContainer, scope: ReadonlySet<string> | undefined): HostContainer {
  if (scope === undefined) return one;
  const { container, endpoints, notices } = one;
  const { addressName, serviceNames } = container;
  const isMeant = (name: string | undefined) => name !== undefined && scope.has(name);
  const narrowed: Container = {
    ...container,
    addressName: isMeant(addressName) ? addressName : undefined,
    serviceNames: serviceNames === 'unknown' ? serviceNames : serviceNames.filter(isMeant),
  };
  return {
    container: narrowed,
    endpoints: endpoints
      .filter(({ serviceName }) => isMeant(serviceName))
      .map((endpoint) => ({ ...endpoint, container: narrowed })),
    notices,
  };
}

function unread(id: string): IncompleteScope {
  return {
    scope: `container/${id.slice(0, 12)}`,
    operation: 'engine:InspectContainer',
    error: 'it could not be described',
    hides: 'service-names',
  };
}

const NOTHING_SEEN: ConfirmationReads = {
  containers: [],
  endpoints: [],
  machines: new Map(),
  instances: new Set(),
  named: NO_UNKNOWN_HOSTS,
  tasks: new Map(),
  addresses: new Map(),
  unasked: new Map(),
  incomplete: [],
};

function confirmed(
  { clusters }: ConfirmationQuery,
  listed: number,
  found: readonly HostContainer[],
): ConfirmationReads {
  const hosts = clusters.flatMap((one) => one.hosts);
  return {
    ...NOTHING_SEEN,
    containers: found.map(({ container }) => container),
    endpoints: found.flatMap(({ endpoints }) => endpoints),
    machines: new Map(
      hosts.map(({ containerInstance }) => [
        containerInstance,
        { agentConnected: true, tasks: undefined, listed },
      ]),
    ),
  };
}

function unconfirmed({ clusters }: ConfirmationQuery, error: unknown): ConfirmationReads {
  const hosts = clusters.flatMap((one) => one.hosts);
  const scope: IncompleteScope = {
    scope: 'engine',
    operation: 'engine:ListContainers',
    error: describeError(error),
    hides: 'endpoints',
  };
  return {
    ...NOTHING_SEEN,
    unasked: new Map(hosts.map(({ containerInstance }) => [containerInstance, scope])),
    incomplete: [scope],
  };
}

/**
 * The inventory of a host that is to leave the zone: it is gone, and nothing runs there, whatever the engine says. The
 * engine is not asked.
 */
export function departingHost(identity: HostIdentity, region: string): InventoryPort {
  const host = { ...hostOf(identity, region, []), state: 'gone' as const };
  return {
    take: async () => ({
      region,
      coverage: 'configured-clusters',
      clusters: [{ ...host.cluster, complete: true }],
      hosts: [host],
      containers: [],
      endpoints: [],
      incomplete: [],
      notices: [],
    }),
    confirm: async (query) => confirmed(query, 0, []),
    ...KNOWS_NOTHING_ELSE,
  };
}
