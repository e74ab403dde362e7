import { entriesOf } from '../../src/model/entry.ts';
import type { HealthCheck } from '../../src/model/health-check.ts';
import type { Container, Endpoint, Host, Inventory, UnknownHostLookup } from '../../src/model/inventory.ts';
import { NO_GRACE, NO_UNKNOWN_HOSTS } from '../../src/model/inventory.ts';
import type { Manage } from '../../src/model/manage.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { SyncOptions } from '../../src/model/registration.ts';
import { EMPTY_STATE } from '../../src/model/run-state.ts';
import type { Evidence, Judgement } from '../../src/model/verdict.ts';
import type { DecisionFacts } from '../../src/plan/change/decide.ts';
import type { GuardFacts, GuardrailLimits } from '../../src/plan/guard/guardrail.ts';
import type { Judged } from '../../src/plan/judge/judge-entries.ts';
import type { JudgeInput } from '../../src/plan/judge/judge-input.ts';
import { type MatchInput, matchEntries } from '../../src/plan/match/match-entries.ts';
import type { Match, Matched } from '../../src/plan/match/match-kinds.ts';
import type { HealthPolicy, SyncPolicy } from '../../src/plan/policy.ts';
import { BLUE, clusterNamed } from '../clusters.ts';

export const ZONE = 'discovery.internal';
export const REGION = 'eu-west-1';
export const CALC = '_calc._tcp';
export const PORT = 32_801;

/** A full Docker id; its first twelve digits tell one number from another. */
export function dockerId(n: number): string {
  return n.toString(16).padStart(12, '0').padEnd(64, 'f');
}

export function hostName(n: number): string {
  return `ip-10-0-0-${n}.${REGION}.compute.internal`;
}

/** Host `n` of cluster blue, at 10.0.0.n. */
export function host(n: number, over: Partial<Host> = {}): Host {
  return {
    containerInstance: `arn:instance/${n}`,
    instanceId: `i-${n}`,
    cluster: BLUE,
    state: 'present',
    privateDnsName: hostName(n),
    address: `10.0.0.${n}`,
    vpcId: undefined,
    taskCount: undefined,
    isDraining: false,
    placement: undefined,
    secondaryAddresses: [],
    isAgentConnected: true,
    ...over,
  };
}

/** Container `n`, which runs `_calc._tcp` on host 1. */
export function container(n: number, over: Partial<Container> = {}): Container {
  return {
    id: dockerId(n),
    name: 'app',
    taskArn: `arn:aws:ecs:${REGION}:111122223333:task/blue/${n}`,
    cluster: BLUE,
    host: host(1),
    phase: 'running',
    startedAt: 0,
    essential: true,
    ecsHealth: 'UNKNOWN',
    ecsService: undefined,
    networkInterface: undefined,
    addressName: undefined,
    reachedAt: [],
    serviceNames: [CALC],
    ...over,
  };
}

/** The port 32801 of a container, under the name and address of its host. */
export function endpoint(of: Container, over: Partial<Endpoint> = {}): Endpoint {
  const name = of.host?.privateDnsName;
  return {
    container: of,
    serviceName: CALC,
    hostNames: name === undefined ? [] : [name],
    address: of.host?.address,
    port: PORT,
    containerPort: 8080,
    protocol: 'tcp',
    check: {},
    overrides: {},
    ...over,
  };
}

/** A complete inventory of the endpoints, with their containers and hosts. */
export function inventory(endpoints: readonly Endpoint[], over: Partial<Inventory> = {}): Inventory {
  const containers = [...new Set(endpoints.map((item) => item.container))];
  const hosts = new Map(containers.flatMap((item) => (item.host ? [[item.host.instanceId, item.host]] : [])));
  return {
    region: REGION,
    coverage: 'all-clusters',
    clusters: [{ ...BLUE, complete: true }],
    hosts: [...hosts.values()],
    containers,
    endpoints,
    incomplete: [],
    notices: [],
    ...over,
  };
}

/** What of a record set a case is about. */
interface SrvFields {
  readonly service?: string;
  readonly port?: number;
  /** The number of the host, or the whole target. */
  readonly target?: number | string;
  /** The number of the container, or what follows the colon. */
  readonly owner?: number | string;
}

export function srvValue({ port = PORT, target = 1 }: SrvFields = {}): string {
  return `1 1 ${port} ${typeof target === 'number' ? hostName(target) : target}`;
}

/** A weighted SRV set as the host agents write it: container 1 on host 1, if nothing else is said. */
export function agentSet(fields: SrvFields = {}, over: Partial<RecordSet> = {}): RecordSet {
  const { service = CALC, target = 1, owner = 1 } = fields;
  const name = typeof target === 'number' ? hostName(target) : hostName(1);
  return {
    Name: `${service}.${ZONE}.`,
    Type: 'SRV',
    SetIdentifier: `${name}:${typeof owner === 'number' ? dockerId(owner) : owner}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: srvValue(fields) }],
    ...over,
  };
}

/** An SRV set without weight and identifier, with the given values. */
export function simpleSet(values: readonly string[], service: string = CALC): RecordSet {
  return {
    Name: `${service}.${ZONE}.`,
    Type: 'SRV',
    TTL: 60,
    ResourceRecords: values.map((Value) => ({ Value })),
  };
}

/** The A set that a host's agent writes for host `n`. */
export function hostSet(n: number, over: Partial<RecordSet> = {}): RecordSet {
  return {
    Name: `ip-10-0-0-${n}.${ZONE}.`,
    Type: 'A',
    SetIdentifier: hostName(n),
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: `10.0.0.${n}` }],
    ...over,
  };
}

/** A weighted alias of an operator's own under `_calc._tcp`; like every alias it has no TTL. */
export function aliasSet(type: string): RecordSet {
  const AliasTarget = { HostedZoneId: 'Z1', DNSName: `_old._tcp.${ZONE}.`, EvaluateTargetHealth: false };
  return { Name: `${CALC}.${ZONE}.`, Type: type, SetIdentifier: '0-old', Weight: 1, AliasTarget };
}

export const MANAGE_ZONE: Manage = { kind: 'zone' };
export const CONVENTION: Manage = { kind: 'convention' };

/** Matches every value of the sets, in their order. */
export function matchSets(
  recordSets: readonly RecordSet[],
  known: Inventory,
  manage: Manage = CONVENTION,
  statusOf?: MatchInput['statusOf'],
): readonly Matched[] {
  return matchEntries({
    zoneName: ZONE,
    manage,
    recordSets,
    entries: entriesOf(recordSets),
    inventory: known,
    statusOf,
  });
}

/** The match of the first value of the first set; the zone has the other sets too. */
export function firstMatch(
  recordSets: readonly RecordSet[],
  known: Inventory,
  manage: Manage = CONVENTION,
): Match {
  return at(matchSets(recordSets, known, manage), 0).match;
}

/** The element at an index that must be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new TypeError(`nothing at ${index} of ${items.length}`);
  return item;
}

type Assessment = Judgement extends infer J
  ? J extends Judgement
    ? Pick<J, 'verdict' | 'reason'>
    : never
  : never;

export const HEALTHY: Assessment = { verdict: 'live', reason: 'healthy' };
export const RUNNING: Assessment = { verdict: 'live', reason: 'running' };
export const GONE: Assessment = { verdict: 'stale', reason: 'task-gone' };
export const INSTANCE_GONE: Assessment = { verdict: 'stale', reason: 'instance-gone' };
export const FAILING: Assessment = { verdict: 'unhealthy', reason: 'timeout' };
export const STARTING: Assessment = { verdict: 'unverified', reason: 'task-starting' };
export const YOUNG: Assessment = { verdict: 'unverified', reason: 'grace-period' };
export const MALFORMED: Assessment = { verdict: 'unverified', reason: 'malformed-value' };
export const SPARED: Assessment = { verdict: 'unverified', reason: 'below-threshold' };
export const RECOVERING: Assessment = { verdict: 'unverified', reason: 'recovering' };
export const FOREIGN: Assessment = { verdict: 'foreign', reason: 'not-weighted' };

/** A judged entry without regard to how its verdict came about: the first value of the set. */
export function judged(
  assessment: Assessment,
  set: RecordSet,
  match: Match = vacant(),
  evidence: Evidence = {},
): Judged {
  return { match, judgement: { ...assessment, entry: at(entriesOf([set]), 0), evidence } };
}

/** So many judged entries of one name, each with a set of its own. */
export function several(
  count: number,
  assessment: Assessment,
  service: string = CALC,
  match?: Match,
): Judged[] {
  return Array.from({ length: count }, (_, i) =>
    judged(assessment, agentSet({ service, owner: serial++, port: 1024 + i }), match),
  );
}

let serial = 1000;

export function vacant(name = 'blue', ...others: readonly string[]): Match {
  const cluster = clusterNamed(name);
  const location = { cluster, state: 'present', instanceId: 'i-1' } as const;
  return {
    kind: 'no-task-on-host',
    location,
    clusters: [cluster, ...others.map((one) => clusterNamed(one))],
  };
}

/** A running container's match; `startedAt` in epoch ms. */
export function leadsTo(over: Partial<Container> = {}): Match {
  const { container: own, ...reach } = endpoint(container(1, over));
  return {
    kind: 'endpoint',
    endpoint: { container: own, ...reach },
    address: reach.address,
    isSuccessor: false,
  };
}

/** A plain HTTP check. */
export const HTTP: HealthCheck = {
  kind: 'http',
  method: 'GET',
  path: '/',
  headers: {},
  basicAuth: undefined,
  matcher: [{ from: 200, to: 299 }],
  bodyContains: undefined,
  hostName: undefined,
  tlsSkipVerify: false,
  timeoutMs: 1000,
  attempts: 3,
  intervalMs: 0,
};

/** Whatever host of the region EC2 does not have was seen by an earlier run. */
export const ALL_SEEN: UnknownHostLookup = {
  ...NO_UNKNOWN_HOSTS,
  seen: new (class extends Set<string> {
    override has(name: string): boolean {
      return name.endsWith(`.${REGION}.compute.internal`);
    }
  })(),
};

const ONE_ANSWER = { unhealthyThreshold: 1, healthyThreshold: 1 };

/** ECS says what the inventory has; no target group was asked, and none is believed. */
export const AS_READ = {
  ecsHealthOf: ({ ecsHealth }: Container) => ecsHealth,
  trustsTargetsOf: () => false,
  targetsOf: () => [],
};

/** Every endpoint is checked over HTTP; one run decides, without a grace period. */
export const CHECKED: JudgeInput = {
  outcomes: new Map(),
  answers: new Map(),
  checkOf: ({ protocol }) => ({ ...HTTP, kind: protocol === 'udp' ? 'none' : 'http' }),
  unknownHosts: ALL_SEEN,
  outside: () => undefined,
  drains: false,
  isScope: false,
  now: 1_000_000,
  graceOf: () => 0,
  trustEcs: false,
  ...AS_READ,
  history: new Map(),
  thresholds: ONE_ANSWER,
};

/** No endpoint is checked. */
export const UNCHECKED: JudgeInput = { ...CHECKED, checkOf: () => ({ ...HTTP, kind: 'none' }) };

/** Limits that hold nothing back. */
export const NO_LIMITS: GuardrailLimits = {
  removalBudgetPercent: 100,
  unhealthyBudgetPercent: 100,
  budgetDelayMs: 3_600_000,
  panicPercent: 100,
  minEndpoints: 0,
  allowEmpty: true,
  maxPlanAgeMs: 600_000,
  force: false,
};

/** Every endpoint is checked over HTTP; one answer decides. */
export const HEALTH_POLICY: HealthPolicy = {
  ...HTTP,
  ...ONE_ANSWER,
  enabled: true,
  gracePeriodMs: 0,
  trustEcs: false,
  trustTargetGroups: false,
  services: [],
};

/** Registration as it is unless settings say otherwise. */
export const SYNC: SyncOptions = {
  ttl: 0,
  routing: 'weighted',
  ipv6: false,
  addresses: 'private',
  correct: false,
};
export const SYNC_POLICY: SyncPolicy = { ...SYNC, services: [], cname: false };

/** Facts in which nothing was probed and nothing holds removals back, but what the inventory lacks. */
export function quietFacts(known: Inventory): DecisionFacts {
  return {
    inventory: known,
    unknownHosts: ALL_SEEN,
    outcomes: new Map(),
    answers: new Map(),
    isProbing: true,
    grace: NO_GRACE,
    state: EMPTY_STATE,
    rule: { checkOf: CHECKED.checkOf, trustEcs: false, ...AS_READ },
    thresholds: ONE_ANSWER,
    gracePeriodMs: 0,
    limits: NO_LIMITS,
    now: 1_000_000,
  };
}

/** Facts about judged entries in which, of all guardrails, only the given limits can object. */
export function facts(
  entries: readonly Judged[],
  limits: Partial<GuardrailLimits> = {},
  over: Partial<GuardFacts> = {},
): GuardFacts {
  return {
    judged: entries,
    inventory: inventory([endpoint(container(1))]),
    unknownHosts: ALL_SEEN,
    limits: { ...NO_LIMITS, ...limits },
    networkSelfTests: [],
    isProbing: false,
    state: EMPTY_STATE,
    now: 1_000_000,
    ...over,
  };
}
