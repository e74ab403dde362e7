import { type Cluster, serviceKey } from './cluster.ts';
import type { CheckOverrides } from './health-check.ts';
import type { ZoneVpc } from './zone.ts';

/**
 * What ECS and EC2 report: the endpoints and hosts of every cluster that was read, and the scopes
 * that could not be read. All names are normalised, all times are epoch milliseconds.
 */
export interface Inventory {
  /** The AWS region the inventory was taken in. */
  readonly region: string;
  /** Further domains in which hosts bear names made of their addresses. */
  readonly hostDomains?: readonly string[];
  /** Whether every cluster of the account and region was asked for, only the configured ones, or only some tasks. */
  readonly coverage: 'all-clusters' | 'configured-clusters' | 'scope';
  readonly clusters: readonly ReadCluster[];
  readonly hosts: readonly Host[];
  readonly containers: readonly Container[];
  readonly endpoints: readonly Endpoint[];
  readonly incomplete: readonly IncompleteScope[];
  readonly notices: readonly Notice[];
}

/** Something that an operator should put right, although the run can do without. */
export interface Notice {
  /** What it is about: a task definition's container, or an entry. */
  readonly subject: string;
  readonly detail: string;
}

/** A cluster as it was read: completely, unless one page or one description of its tasks or instances is missing. */
export interface ReadCluster extends Cluster {
  readonly complete: boolean;
}

/**
 * Something that could not be read, with the call that failed and AWS's own error.
 *
 * | hides         | what may exist although the inventory does not show it                       |
 * |---------------|------------------------------------------------------------------------------|
 * | endpoints     | hosts and containers: an absent one proves nothing                           |
 * | host-names    | the name of a host that is there: an entry known only by its host may be its |
 * | service-names | what the ports of a known container are called                               |
 * | public-addresses | at which address the internet reaches a known task                         |
 * | balancers     | ECS services, or what balances their load: no endpoint or host                |
 * | target-health | what target groups say of known endpoints                                     |
 * | nothing       | no part of the fleet: whether a change of the zone is answered everywhere    |
 */
export interface IncompleteScope {
  readonly scope: string;
  readonly operation: string;
  readonly error: string;
  readonly hides:
    | 'endpoints'
    | 'host-names'
    | 'service-names'
    | 'balancers'
    | 'target-health'
    | 'public-addresses'
    | 'nothing';
}

/**
 * A machine that is registered with a cluster.
 *
 * | state   | meaning                                                                                |
 * |---------|----------------------------------------------------------------------------------------|
 * | present | EC2 describes it, in any state but shutting-down and terminated                        |
 * | gone    | EC2 says shutting-down or terminated                                                   |
 * | unreachable | EC2 does not know it, and its agent is not connected                                   |
 * | unknown | EC2 could not be asked, cannot know it (ECS Anywhere), or does not know it in a reading |
 * |         | that contradicts a connected agent, be it that of this machine or of another one        |
 */
export interface Host {
  /** Under which ECS knows the machine: the ARN of its registration with the cluster. */
  readonly containerInstance: string;
  readonly instanceId: string;
  readonly cluster: Cluster;
  readonly state: 'present' | 'gone' | 'unreachable' | 'unknown';
  /** The one by which EC2 calls it, if AWS answers for that; or else the one made of its address. */
  readonly privateDnsName: string | undefined;
  /** Its first one. */
  readonly address: string | undefined;
  /** All others of all its network interfaces, of IPv4 and IPv6; most hosts have none. */
  readonly secondaryAddresses: readonly string[];
  /** `undefined` where EC2 did not say. */
  readonly vpcId: string | undefined;
  /** `undefined` where neither EC2 nor ECS said. */
  readonly placement: Placement | undefined;
  readonly isAgentConnected: boolean;
  /** Whether it takes no new tasks and is to lose those that it has. */
  readonly isDraining: boolean;
  /** How many tasks ECS counts on it, running and pending ones; `undefined` where it does not say. */
  readonly taskCount: number | undefined;
  /** Whether its container engine itself was asked: a container that the inventory lacks does not run there. */
  readonly isEngineRead?: true | undefined;
}

/** Where something stands in the network of its region. One object serves all that stands there. */
export interface Placement {
  readonly availabilityZone: string | undefined;
  readonly subnetId: string | undefined;
}

/** The lifecycle of a container, as far as DNS cares; `sources/ecs/task-phase.ts` maps ECS's states to it. */
export type Phase = 'starting' | 'running' | 'stopping' | 'stopped';

/** One container of one task. `host` is absent for Fargate and when the host could not be described. */
export interface Container {
  /** The Docker id (`runtimeId`); ECS reports it some time after the container has started. */
  readonly id: string | undefined;
  readonly name: string;
  readonly taskArn: string;
  readonly cluster: Cluster;
  readonly host: Host | undefined;
  readonly phase: Phase;
  readonly startedAt: number | undefined;
  /** When its task was told to stop, where that is known. */
  readonly stoppingAt?: number | undefined;
  /** Whether the task stops when this container does. */
  readonly essential: boolean;
  /** What ECS's own health check says; `UNKNOWN` without one. */
  readonly ecsHealth: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';
  /** Whether there is such a check. */
  readonly isEcsChecked?: boolean | undefined;
  /** The ECS service that started the task, if one did. */
  readonly ecsService: string | undefined;
  /** The names and addresses at which its ports are reached, as far as they are known without the ports. */
  readonly reachedAt: readonly string[];
  /** The network interface of its task, if that has one of its own. */
  readonly networkInterface: TaskInterface | undefined;
  /** The name, relative to the zone, under which its task's own address is to be found. */
  readonly addressName: string | undefined;
  /** Where such a name may stand that no API tells. */
  readonly hiddenAddressName?: HiddenIn | undefined;
  /** What is asked of the records of that name, where it is not what its first port asks for. */
  readonly addressOverrides?: RecordOverrides | undefined;
  /** The service names its ports have; `unknown` when its task definition, or what else names them, is unread. */
  readonly serviceNames: readonly string[] | 'unknown';
  /** Whether a port that it maps may have another name than these, which no API tells. */
  readonly mayHaveOtherNames?: boolean | undefined;
  /** Whether its task definition is unread: it may have ports that no binding tells. */
  readonly mayHaveOtherPorts?: boolean | undefined;
  /** The family of its task definition, by its ARN without the revision. */
  readonly family?: string | undefined;
}

/**
 * Where a name may stand that is not known: in the parts of a container definition whose values no API tells
 * (`environmentFiles` not even which names are in them), or in a registry of its ECS service that was not read.
 */
export type HiddenIn = 'secrets' | 'environmentFiles' | 'registries';

/**
 * What keeps the service name of a port from being known, or from being one.
 *
 * | issue            | meaning                                                                     |
 * |------------------|-----------------------------------------------------------------------------|
 * | secrets          | its name is a secret                                                        |
 * | environmentFiles | a file may name it, or name it otherwise than `SERVICE_NAME` does           |
 * | registries       | a registry may name it, or has named it otherwise when its task was started |
 * | several-ports    | there is a `SERVICE_NAME`, which names none of several ports                |
 * | empty-name       | what is to name it is empty                                                 |
 *
 * Without a name and without an issue nothing is said of it. An image may, which no API tells either.
 */
export type NameIssue = HiddenIn | 'several-ports' | 'empty-name';

/** The network interface that a task has for itself; what ECS does not say is `undefined`. */
export interface TaskInterface {
  /** `eni-…` */
  readonly id: string | undefined;
  readonly address: string | undefined;
  readonly ipv6: string | undefined;
  readonly placement?: Placement | undefined;
  /** The one at which the internet reaches it, where EC2 was asked for it. */
  readonly publicAddress?: string | undefined;
  /** Whether EC2 was asked for it, and did not tell. */
  readonly isPublicUnknown?: boolean;
}

/** What a service asks of its record; what it leaves out is as the settings say. */
export interface RecordOverrides {
  /** In seconds. */
  readonly ttl?: number;
  /** Of the weighted set, and of an SRV value; 0 to 255. */
  readonly weight?: number;
  /** Of an SRV value; 0 to 65,535. */
  readonly priority?: number;
  /** `passing`: it is registered before a check has found it healthy. */
  readonly initialStatus?: 'passing';
  /** Whether it wants no record at all. */
  readonly ignored?: boolean;
  /** How Route 53 is to choose among the sets of its name. */
  readonly routing?: Routing;
}

/** How Route 53 chooses among the sets of a name: one by its weight, or up to eight at random. */
export type Routing = 'weighted' | 'multivalue';

/** One port of one container: `hostNames` are the DNS names that lead to `address` outside the zone. */
export interface Endpoint {
  readonly container: Container;
  /** The service name of this port, relative to the zone; `undefined` when none is told. */
  readonly serviceName: string | undefined;
  readonly nameIssue?: NameIssue | undefined;
  /** Whether a registry of its ECS service alone names it, which tells nothing of how it is to be checked. */
  readonly isNamedByRegistry?: boolean | undefined;
  readonly hostNames: readonly string[];
  readonly address: string | undefined;
  readonly port: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
  /** What the service says of its own health check; empty when it says nothing, or nothing sensible. */
  readonly check: CheckOverrides;
  readonly overrides: RecordOverrides;
}

/** The grace periods of ECS services in milliseconds, by `serviceKey`; the one that could not be read is absent. */
export interface GraceLookup {
  readonly periods: ReadonlyMap<string, number>;
  readonly incomplete: readonly IncompleteScope[];
}

export const NO_GRACE: GraceLookup = { periods: new Map(), incomplete: [] };

/** Where a container stands in the network: where its own interface does, or its host. */
export function placementOf({ networkInterface, host }: Container): Placement | undefined {
  return networkInterface?.placement ?? host?.placement;
}

/** What tells the ECS service of a task. */
export type ServiceTask = Pick<Container, 'cluster' | 'ecsService'>;

/** The `serviceKey` of the ECS service that has started a container; `undefined` where none has. */
export function serviceKeyOf({ cluster, ecsService }: ServiceTask): string | undefined {
  return ecsService === undefined ? undefined : serviceKey(cluster, ecsService);
}

export interface UnknownHostLookup {
  /** Those of the names asked for whose instance exists, in any state but shutting-down and terminated. */
  readonly existing: ReadonlySet<string>;
  /** The instances that bear a name that was asked for; names of network interfaces have none. */
  readonly instances: ReadonlyMap<string, readonly SightedInstance[]>;
  /** Those whose instance EC2 still describes as shutting down, or terminated. */
  readonly terminated?: ReadonlySet<string>;
  /** Those that an earlier run has seen registered with a cluster. */
  readonly seen?: ReadonlySet<string>;
  /** Containers that an earlier run has seen in a cluster, by `containerKey`. */
  readonly containers?: ReadonlySet<string>;
  /** `undefined` where no entry depends on it. */
  readonly coverage?: NetworkCoverage | undefined;
  readonly incomplete: readonly IncompleteScope[];
}

/** How much of the networks in which a zone is answered this role sees whole. */
export interface NetworkCoverage {
  /** Why a host may be where this role does not see it; `undefined` where it sees all of them. */
  readonly gap: string | undefined;
  /** The VPCs of the zone of which this role does not see every host; none where it may not ask for them. */
  readonly outOfSight: readonly HiddenVpc[];
  /** What could not be read, for a reason that a later run need not meet; `undefined` where the role may not ask. */
  readonly unread: string | undefined;
  /** The network interfaces that EC2 has at each address in a VPC of the zone; an address outside of them is missing. */
  readonly interfaces: ReadonlyMap<string, readonly string[]>;
  readonly incomplete: readonly IncompleteScope[];
}

/** A VPC in which a zone is answered, and which is another account's, or in another region. */
export interface HiddenVpc extends ZoneVpc {
  /** Whose it is, or where. */
  readonly of: string;
}

/** A host by what an entry says of it. */
export interface UnknownHost {
  readonly hostName: string;
  /** Canonical; `undefined` where neither the zone nor the name tells it. */
  readonly address: string | undefined;
}

/** An instance that EC2 has, in any cluster or in none. */
export interface SightedInstance {
  readonly instanceId: string;
  /** `undefined` where EC2 did not say. */
  readonly vpcId: string | undefined;
}

export const NO_UNKNOWN_HOSTS: UnknownHostLookup = {
  existing: new Set(),
  instances: new Map(),
  incomplete: [],
};

/** Whether an inventory is a part of the fleet, of which nothing else is known. */
export function isScope({ coverage }: Pick<Inventory, 'coverage'>): boolean {
  return coverage === 'scope';
}

/** Whether the inventory shows nothing because nothing could be read, and not because nothing is there. */
export function isUnreadable({ clusters, containers, incomplete }: Inventory): boolean {
  const hidden = incomplete.some(({ hides }) => hides === 'endpoints');
  return hidden && containers.length === 0 && !clusters.some(({ complete }) => complete);
}
