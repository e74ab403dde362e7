import type { OnwardSpec } from './onward-spec.ts';
import type { RegistrySetup, RegistrySpec } from './registry-setup.ts';
import type { ShapeKind } from './shapes.ts';

/**
 * A history: a world at its start, what happens in it and what goes wrong, each at its time, and the
 * runs of the worker. Every part carries its own salt, so that the rest stays as it is when one is
 * taken out. Times in milliseconds; the first run starts at 0, the world is built up before.
 */
export interface History {
  readonly seed: number;
  readonly setup: Setup;
  readonly events: readonly WorldEvent[];
  readonly faults: readonly Fault[];
  readonly runs: readonly RunSpec[];
}

export interface Setup {
  readonly clusters: number;
  /** How many clusters the settings name; 0 for all of them. */
  readonly configuredClusters: number;
  readonly hosts: readonly HostSpec[];
  readonly services: readonly ServiceSpec[];
  readonly pageSize: number;
  readonly zonePageSize: number;
  /** `missing` and `ambiguous` are zones that the worker must refuse. */
  readonly zone: 'by-id' | 'by-name' | 'missing' | 'ambiguous';
  /** Whether an instance's count of running tasks includes those that are being stopped. */
  readonly countsStopping: boolean;
  readonly settings: SimSettings;
  /** What the worker registers; absent where it only ever removes. */
  readonly sync?: SyncSetup;
  /** Whether runs leave something for the runs after them. */
  readonly hasState: boolean;
  /** Whether it stops tasks that stay unhealthy, and how many of a service in a run; the TTL is in seconds. */
  readonly stopping?: { readonly limit: number; readonly ttl: number };
  /** How the world differs from the simple one. */
  readonly shapes: readonly ShapeKind[];
  /** A cluster by its number that the role may not read, or that ListClusters leaves out. */
  readonly hiddenCluster?: { readonly cluster: number; readonly how: 'denied' | 'unlisted' };
  /** Whether the worker reaches the other account's VPC, and whether the zone is associated with it. */
  readonly otherVpc?: { readonly isReachable: boolean; readonly isAssociated: boolean };
  /** Over how many availability zones the hosts are spread. */
  readonly zones: number;
  /** Whether the role may not ask for the networks in which the zone is answered. */
  readonly isZoneDenied?: boolean;
  /** Names of the zone that refuse every change, from a time on. */
  readonly protection?: { readonly services: readonly string[]; readonly from: number };
  /** What target groups the services have, and whether the settings believe them; absent where there are none. */
  readonly targetGroups?: { readonly salt: number; readonly isBelieved: boolean };
  /** What Cloud Map has, and what the settings make of it; absent where no service has a registry. */
  readonly registries?: RegistrySetup;
  /** How events come that name what is to be looked at at once; absent where none do. */
  readonly events?: EventSetup;
}

/** How the events of ECS and EC2 come to the worker; rates from 0 to 1. */
export interface EventSetup {
  readonly salt: number;
  readonly lossRate: number;
  readonly doubleRate: number;
  readonly lateRate: number;
  /** How often a look that they lead to is killed on its way. */
  readonly killRate: number;
  /** When the process that follows them is replaced by another one. */
  readonly restarts: readonly number[];
}

/** A host that this account does not own: in a VPC of its own account, or in a subnet of ours. */
export type OtherAccount = 'other-account' | 'participant';

/** A history in which the worker registers, next to agents or in their location. */
export interface SyncSetup {
  /** In seconds, for names that have no records yet. */
  readonly ttl: number;
  /** Whether tasks without a machine have an agent; machines have their own word on it. */
  readonly fargateAgent: boolean;
  /** How often an agent writes just before a change of the worker's is carried out, 0 to 1. */
  readonly raceRate: number;
}

export interface SimSettings {
  readonly manage: 'convention' | 'zone';
  readonly panicPercent: number;
  readonly minEndpoints: number;
  readonly removalBudgetPercent: number;
  readonly unhealthyBudgetPercent: number;
  readonly allowEmpty: boolean;
  readonly force: boolean;
  readonly gracePeriodMs: number;
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

/** `cluster` by its number; `outside` has containers that no cluster knows of. */
export interface HostSpec {
  readonly cluster: number | 'outside' | 'other-region' | OtherAccount;
  /** How the agent of the host writes the targets of its entries. */
  readonly target: 'name' | 'name-dot' | 'label' | 'zone-name';
  readonly writesAddress: boolean;
  /** Whether it has no agent (any more), so that only the worker registers what runs there. */
  readonly agentless?: boolean;
  /** Whether its agent is `ecs-dns agent`, and not one of old. */
  readonly agent?: 'new';
  /** The number of the host whose name and address it has as well, in a VPC of its own. */
  readonly twinOf?: number;
  /** The number of the host whose address it gets once that is dead, or as well, in a VPC of its own. */
  readonly takes?: number;
  /** Whether its network interface has a second address. */
  readonly hasSecondAddress?: boolean;
  /** Whether its firewall drops what is asked at a port that nothing has: it does not refuse. */
  readonly dropsClosed?: boolean;
  /** How it is called otherwise than EC2 calls hosts by their addresses. */
  readonly naming?: HostNaming;
  /** How the zone leads on to it from the name that its agent writes as the target. */
  readonly onward?: OnwardSpec;
}

/**
 * By a domain of the VPC's DHCP options, with or without the dot at its end, by a name or a name of the zone that its
 * agent was given, by its second address; or it is EC2 that calls it otherwise, by its instance id.
 */
export type HostNaming = 'dhcp' | 'dhcp-dot' | 'given' | 'given-of-zone' | 'second-address' | 'resource';

export interface ServiceSpec {
  readonly name: string;
  /** The second port's name where it has one of its own. */
  readonly secondName: string | undefined;
  readonly cluster: number;
  readonly mode: 'bridge' | 'host' | 'awsvpc' | 'fargate';
  readonly containerPorts: readonly number[];
  /** Entered as values of one simple set, not as weighted sets of its containers. */
  readonly pooled: boolean;
  readonly graceSeconds: number;
  /** What it asks of its records; the agents never knew of it. */
  readonly overrides?: Overrides;
  /** Whose containers they are where ECS knows nothing of them: another account's, or Docker's alone. */
  readonly of?: OtherAccount | 'docker';
  /** Where its names come from, if not from the environment in its task definition. */
  readonly namesFrom?: 'secret' | 'file' | 'image';
  /** What it registers with, until an event changes that. */
  readonly registries?: readonly RegistrySpec[];
  /** Whether its task definition names nothing, so that its registries alone do. */
  readonly isSilent?: boolean;
  /** Whether its ports are bound over UDP, too. */
  readonly hasUdp?: boolean;
  /** From when on its new containers are entered with weight 0, as by a deployment that shifts the load itself. */
  readonly lightFrom?: number;
}

export interface Overrides {
  readonly ttl?: number;
  readonly weight?: number;
  readonly priority?: number;
  readonly passing?: boolean;
}

export const EVENT_KINDS = [
  'start',
  'stop',
  'crash',
  'replace',
  'fail',
  'recover',
  'host-dies',
  'host-returns',
  'agent-flaps',
  'agent-syncs',
  'foreign-write',
  'rewrite',
  'other-delete',
] as const;

/** What happens only where the worker registers. */
export const SYNC_EVENT_KINDS = ['deploy', 'drain', 'undrain', 'flap'] as const;
/** What happens only in worlds of some shape. */
export const SHAPE_EVENT_KINDS = [
  'agent-restarts',
  'half-fails',
  'address-passes',
  'registry-changes',
  'registry-goes',
  'registry-deleted',
  'onward-moves',
  'onward-goes',
] as const;
export type EventKind =
  | (typeof EVENT_KINDS)[number]
  | (typeof SYNC_EVENT_KINDS)[number]
  | (typeof SHAPE_EVENT_KINDS)[number];

export interface WorldEvent {
  readonly at: number;
  readonly kind: EventKind;
  readonly salt: number;
}

/**
 * | kind         | what AWS, or the network, does                                          |
 * |--------------|-------------------------------------------------------------------------|
 * | throttle     | refuses, and the SDK's own retries are used up                           |
 * | server-error | answers 500; a change was not carried out                                |
 * | no-answer    | breaks the connection; a change was not carried out                      |
 * | lost-reply   | carries a change out, and its answer is lost                             |
 * | poison       | rejects every batch that holds a certain set, and does not say which     |
 * | lag          | lists what was there minutes ago                                         |
 * | late         | describes tasks and instances as they were seconds ago                   |
 * | failures     | describes some, and lists others under `failures` with a reason of its own |
 * | left-out     | describes some, and says nothing of the others                           |
 * | truncate     | loses the token at the border of a page                                  |
 * | empty        | answers with nothing, and no error                                       |
 * | same-token   | sends the same token for ever                                            |
 * | selfTest      | the worker's own network loses every probe                               |
 * | checker      | the worker's own trouble: probes come to no conclusion                   |
 * | cut-off      | leaves no way from the worker's place to one availability zone           |
 * | forgotten    | lists some tasks no more, nor counts them on their machines; their services count them |
 */
export const FAULT_KINDS = [
  'throttle',
  'server-error',
  'no-answer',
  'lost-reply',
  'poison',
  'lag',
  'late',
  'failures',
  'left-out',
  'truncate',
  'empty',
  'same-token',
  'selfTest',
  'checker',
  'cut-off',
  'forgotten',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  readonly operation: Operation;
  readonly from: number;
  readonly until: number;
  /** Whether it meets only calls that are made once a plan is approved, or only those before. */
  readonly isLate?: boolean;
  readonly isEarly?: boolean;
  /** How many of the calls it meets, 0 to 1. */
  readonly rate: number;
  /** Whether it poisons half of the sets that are created, instead of a few of all. */
  readonly isOfCreations?: boolean;
  readonly salt: number;
  /** Which availability zone is cut off, and from which of the places where workers run. */
  readonly zone?: number;
  readonly place?: number;
}

export type Operation =
  | 'ecs:ListClusters'
  | 'ecs:ListTasks'
  | 'ecs:ListContainerInstances'
  | 'ecs:DescribeTasks'
  | 'ecs:DescribeContainerInstances'
  | 'ecs:DescribeServices'
  | 'ecs:DescribeTaskDefinition'
  | 'ecs:StopTask'
  | 'elbv2:DescribeTargetHealth'
  | 'servicediscovery:ListNamespaces'
  | 'servicediscovery:ListServices'
  | 'ec2:DescribeInstances'
  | 'ec2:DescribeNetworkInterfaces'
  | 'ec2:DescribeVpcs'
  | 'route53:GetHostedZone'
  | 'route53:ListHostedZonesByName'
  | 'route53:ListResourceRecordSets'
  | 'route53:ChangeResourceRecordSets'
  | 'route53:GetChange'
  | 'route53:ListResourceRecordSetProtections'
  | 'state:Load'
  | 'state:Save'
  | 'probe';

/** A run: killed or aborted after so many calls, if at all; `killed` before or after a call took effect. */
export interface RunSpec {
  readonly at: number;
  readonly salt: number;
  /** Whether it only removes, in a history in which others register. */
  readonly prunes?: boolean;
  readonly end?: { readonly how: 'killed-before' | 'killed-after' | 'aborted'; readonly call: number };
  /** Whether its settings leave registries out. */
  readonly leavesRegistriesOut?: boolean;
  /** Where its worker runs. */
  readonly place?: number;
  /** By how much its clock is behind. */
  readonly clockBehindMs?: number;
  /** Stands still for so many milliseconds on the way to a call, or back from it. */
  readonly frozen?: { readonly call: number; readonly leg: 1 | 2; readonly ms: number };
}

export const MINUTE = 60_000;
export const RUN_INTERVAL = 5 * MINUTE;
