import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decisionSections, withSections } from '../../scripts/pages/decision-pages.ts';
import type { ClusterServices } from '../../src/model/balanced-service.ts';
import type { ConfirmationReads } from '../../src/model/confirmation.ts';
import { entryKey } from '../../src/model/entry.ts';
import type { HealthHistory } from '../../src/model/health-history.ts';
import type { Container, Endpoint, Inventory, UnknownHostLookup } from '../../src/model/inventory.ts';
import { NO_GRACE } from '../../src/model/inventory.ts';
import type { Manage } from '../../src/model/manage.ts';
import {
  type IndeterminateReason,
  NOT_PROBED,
  type ProbeOutcome,
  probeKey,
  type UnhealthyReason,
} from '../../src/model/probe.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { EMPTY_STATE } from '../../src/model/run-state.ts';
import { REASON_WORDS, REASONS } from '../../src/model/verdict.ts';
import { type Decision, type DecisionFacts, decide } from '../../src/plan/change/decide.ts';
import { type CnameFacts, cnameFacts } from '../../src/plan/desired/desired-cnames.ts';
import type { DesiredRecords } from '../../src/plan/desired/desired-records.ts';
import { GUARDRAIL_WORDS, guard, type RuleEvaluation } from '../../src/plan/guard/guard.ts';
import { GUARDRAIL_NAMES, type GuardFacts, type GuardrailName } from '../../src/plan/guard/guardrail.ts';
import { networkSelfTests } from '../../src/plan/judge/network-self-test.ts';
import type { ProbeRule } from '../../src/plan/judge/probe-targets.ts';
import type { Match } from '../../src/plan/match/match-kinds.ts';
import type { Observation } from '../../src/plan/observation.ts';
import { ageObjection } from '../../src/run/plan-age.ts';
import type { Ports } from '../../src/run/ports.ts';
import type { RunOptions } from '../../src/run/run.ts';
import {
  addressSet,
  ELSEWHERE as FAR_CLUSTER,
  multiValueSet,
  running as runningTasks,
  task,
  taskId,
} from '../plan/addresses.ts';
import { ownSet, service, services } from '../plan/cname-worlds.ts';
import {
  ALL_SEEN,
  AS_READ,
  agentSet,
  at,
  CALC,
  CONVENTION,
  container,
  dockerId,
  endpoint,
  FAILING,
  facts,
  GONE,
  HEALTHY,
  HTTP,
  host,
  hostName,
  hostSet,
  INSTANCE_GONE,
  inventory,
  judged,
  leadsTo,
  MANAGE_ZONE,
  matchSets,
  NO_LIMITS,
  PORT,
  REGION,
  several,
  simpleSet,
  srvValue,
  vacant,
  YOUNG,
  ZONE,
} from '../plan/support.ts';

const PAGE = readFileSync('docs/decisions.md', 'utf8');

/** The cells of the table under a heading, without its head; an empty first cell repeats the one above. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  let first = '';
  return lines.slice(2).map((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1'));
    first = cells[0] === '' ? first : String(cells[0]);
    return [first, ...cells.slice(1)];
  });
}

/** What is made up for a row of the table: a zone, of which the first value is judged, and what runs. */
interface Case {
  readonly sets?: readonly RecordSet[];
  readonly known?: Inventory;
  readonly manage?: Manage;
  readonly outcome?: ProbeOutcome;
  readonly facts?: Partial<DecisionFacts>;
  /** What is known of ECS services and their load balancers. */
  readonly services?: readonly ClusterServices[];
}

const NOW = 1_000_000_000;
const NOTHING_MISSING: DesiredRecords = {
  desired: [],
  withheld: [],
  singleValueSets: new Map(),
  moved: new Map(),
  overrides: new Map(),
};
const OLD = container(1);
const RUNNING = inventory([endpoint(OLD)]);
const PASSED: ProbeOutcome = { kind: 'healthy', attempts: 1, durationMs: 1, status: 200 };
const FAILED = failed('http-status');
const ELSEWHERE = 'ip-10-0-0-9.us-west-2.compute.internal';
const FAR: UnknownHostLookup = { ...ALL_SEEN, existing: new Set([hostName(9)]) };
/** The zone is answered in a VPC of another account, too. */
const SHARED: Partial<DecisionFacts> = {
  unknownHosts: {
    ...ALL_SEEN,
    coverage: {
      gap: 'of vpc-9',
      outOfSight: [{ id: 'vpc-9', region: REGION, of: 'account 9' }],
      unread: undefined,
      interfaces: new Map(),
      incomplete: [],
    },
  },
};
const TASK_CONTAINER = `${'a'.repeat(32)}-1234567890`;
const HISTORY: HealthHistory = new Map([[`${OLD.id} ${PORT}/tcp`, { failing: 2, passing: 0 }]]);

/** What the label agent has written for the name api: the address 10.0.0.n. */
function labelled(n: number): RecordSet {
  return addressSet(n, { SetIdentifier: `api.${ZONE}.` });
}

function failed(reason: UnhealthyReason): ProbeOutcome {
  return { kind: 'unhealthy', reason, attempts: 3, durationMs: 3 };
}

const BY_ECS: ProbeRule = { trustEcs: false, ...AS_READ, checkOf: () => ({ ...HTTP, kind: 'ecs' }) };

function spared(reason: IndeterminateReason): Case {
  return { outcome: { kind: 'indeterminate', reason, attempts: 0, durationMs: 0 } };
}

function runs(over: Partial<Container>, port: Partial<Endpoint> = {}): Inventory {
  return inventory([endpoint(container(1, over), port)]);
}

/** An inventory of hosts on which nothing runs, and one container on another. */
function hosts(state: 'present' | 'gone' | 'unreachable', endpoints: readonly Endpoint[] = []): Inventory {
  const elsewhere = endpoint(container(8, { host: host(8) }));
  return inventory([...endpoints, elsewhere], { hosts: [host(1, { state }), host(8)] });
}

/** The same, read by a run that is about a few tasks alone. */
function partOf(known: Inventory): Inventory {
  return { ...known, coverage: 'scope' };
}

const SILENT = container(1, { host: host(1, { state: 'unreachable' }) });

/** The entry that is made up was asked itself, and ended so. */
function answering(outcome: ProbeOutcome) {
  const target = { address: '10.0.0.1', port: PORT, check: HTTP };
  const key = entryKey({ recordSet: agentSet(), value: srvValue() });
  return { answers: new Map([[key, { target, outcome }]]) };
}

const CASES: Readonly<Record<string, Case>> = {
  'it is of the zone itself': {
    sets: [{ ...simpleSet(['1 1 80 x']), Name: `${ZONE}.` }],
    manage: MANAGE_ZONE,
  },
  'it is an alias': { sets: [{ Name: `lb.${ZONE}.`, Type: 'A', AliasTarget: { DNSName: 'x.' } }] },
  'a traffic policy owns it': { sets: [agentSet({}, { TrafficPolicyInstanceId: 't' })] },
  'it is neither SRV nor the address of a host or a task': {
    sets: [{ Name: `www.${ZONE}.`, Type: 'CNAME', TTL: 1, ResourceRecords: [{ Value: 'x.' }] }],
  },
  'no pattern of `manage` fits its name': { manage: { kind: 'patterns', patterns: ['_time.*'] } },
  'it is not weighted': { sets: [simpleSet(['1 1 80 x'])] },
  'its set identifier names no container: it is neither `HOST:DOCKER_ID` nor a Docker id': {
    sets: [agentSet({}, { SetIdentifier: 'primary' })],
  },
  'its value is not `priority weight port target`': {
    sets: [agentSet({}, { ResourceRecords: [{ Value: 'broken' }] })],
  },
  'its target is a name that tells no host, or several': {
    sets: [simpleSet([`1 1 80 some.db.${ZONE}`])],
    manage: MANAGE_ZONE,
  },
  'it is not to be checked': {
    facts: { rule: { trustEcs: false, ...AS_READ, checkOf: () => ({ ...HTTP, kind: 'none' }) } },
  },
  'its port has a set of its own under the name, and this one has more values, or an older form': {
    sets: [agentSet({}, { SetIdentifier: dockerId(1) }), agentSet()],
    outcome: PASSED,
  },
  'its address has a set of its own under the name, and this one has more values, or an older form': {
    sets: [labelled(1), addressSet(1)],
    known: runningTasks([], [task(1)]),
  },
  'the label agent has written it, and EC2 has a host there that no cluster which was read has': {
    sets: [labelled(9)],
    known: runningTasks([], [task(1)]),
    facts: { unknownHosts: { ...ALL_SEEN, existing: new Set(['10.0.0.9']) } },
  },
  'a host has the address, on which a container may bear the name that ECS did not start': {
    sets: [labelled(9)],
    known: runningTasks([], [task(1)], { hosts: [host(9)] }),
  },
  'the check passes': { outcome: PASSED },
  'the check of its successor passes': { sets: [agentSet({ owner: 90 })], outcome: PASSED },
  'the check passes again, but not in enough runs in a row': {
    outcome: PASSED,
    facts: {
      state: { ...EMPTY_STATE, health: HISTORY },
      thresholds: { unhealthyThreshold: 2, healthyThreshold: 3 },
    },
  },
  'it is to be checked, and its address is not known': { known: runs({}, { address: undefined }) },
  'its address may not be probed': spared('address-not-allowed'),
  'the worker could not ask': spared('checker-error'),
  'its answer begins as HTTP and then breaks its rules': spared('malformed-answer'),
  'the check fails, but time ran out before the last attempt': spared('too-few-attempts'),
  'the check failed first, and passes right before the entry is to go': {
    outcome: { ...PASSED, hasRecovered: true },
  },
  'time ran out': spared('deadline'),
  'the check fails in its grace period': { known: runs({ startedAt: NOW - 1000 }), outcome: FAILED },
  'the check fails, but not in enough runs in a row': {
    outcome: FAILED,
    facts: { thresholds: { unhealthyThreshold: 2, healthyThreshold: 1 } },
  },
  'the check fails, and another container of its name is starting at its host and port': {
    sets: [simpleSet([srvValue()])],
    manage: MANAGE_ZONE,
    known: inventory([endpoint(OLD), endpoint(container(2, { phase: 'starting' }))]),
    outcome: FAILED,
  },
  'it answers with another status': { outcome: FAILED },
  'it refuses the connection': { outcome: failed('connection-refused') },
  'it ends the connection': { outcome: failed('connection-reset') },
  'it does not answer in time': { outcome: failed('timeout') },
  'there is no way to it': { outcome: failed('unreachable') },
  'it does not speak HTTP': { outcome: failed('protocol-error') },
  'its gRPC health service says so': { outcome: failed('not-serving') },
  'its certificate is not valid': { outcome: failed('tls') },
  'its answer lacks what is looked for': { outcome: failed('body-mismatch') },
  'ECS checks it, and has not found out yet how it is': { known: runs({}), facts: { rule: BY_ECS } },
  'ECS checks it, and finds it healthy': { known: runs({ ecsHealth: 'HEALTHY' }), facts: { rule: BY_ECS } },
  'ECS calls it UNHEALTHY, and it is ECS that checks it, or it is essential and `health.trustEcs` is set': {
    known: runs({ ecsHealth: 'UNHEALTHY' }),
    facts: { rule: { trustEcs: true, ...AS_READ, checkOf: () => HTTP } },
  },
  'a target group finds it unhealthy and none finds it healthy, and `health.trustTargetGroups` has its ECS service':
    {
      known: runs({ ecsService: 'orders' }),
      facts: {
        rule: {
          ...AS_READ,
          trustEcs: false,
          trustsTargetsOf: () => true,
          targetsOf: () => [{ group: 'orders', state: 'unhealthy', reason: 'Target.Timeout' }],
          checkOf: () => HTTP,
        },
      },
    },
  'ECS has not fully reported the container': {
    known: inventory([], { containers: [container(1, { phase: 'starting' })] }),
  },
  'its task is being stopped': { known: runs({ phase: 'stopping' }) },
  'its container runs, but does not bind the port': { known: runs({}, { port: PORT + 1 }) },
  'by a newer container of the service, which has an entry of its own': {
    sets: [agentSet({ owner: 90 }), agentSet()],
    outcome: PASSED,
  },
  'by a container of another service': {
    sets: [agentSet({ owner: 90 })],
    known: runs({}, { serviceName: '_time._tcp' }),
  },
  'the task definition of what runs there could not be read': {
    sets: [agentSet({ owner: 90 })],
    known: inventory([], {
      containers: [
        container(1, { serviceNames: 'unknown', mayHaveOtherPorts: true, reachedAt: [hostName(1)] }),
      ],
      hosts: [host(1)],
    }),
  },
  'by a container whose service cannot be known': {
    sets: [agentSet({ owner: 90 })],
    known: runs({ serviceNames: 'unknown' }, { serviceName: undefined }),
  },
  'it is not of the host whose agent looks at it': { manage: { kind: 'host', host: hostName(2) } },
  'the engine of its host does not run its container': {
    known: inventory([], { hosts: [host(1, { isEngineRead: true })] }),
  },
  'only a name and a port speak for it, and a host that is out of sight may have the same': {
    sets: [agentSet({ owner: 90 })],
    known: runs({}, { serviceName: '_time._tcp' }),
    facts: SHARED,
  },
  'only a name speaks for it, and a host that is out of sight may have the same': {
    known: hosts('present'),
    facts: SHARED,
  },
  'only the name of what is gone speaks for it, and a host that is out of sight may have the same': {
    known: hosts('gone'),
    facts: SHARED,
  },
  'a task of another name has the address, and one that is out of sight may have it, too': {
    sets: [multiValueSet(['10.0.0.1'])],
    known: runningTasks([], [task(1, { addressName: 'web' })]),
    facts: SHARED,
  },
  'no task has the address, and one that is out of sight may have it': {
    sets: [multiValueSet(['10.0.0.9'])],
    known: runningTasks([], [task(1)]),
    facts: SHARED,
  },
  'nothing that it could lead to runs on its host': { known: hosts('present') },
  'it would go, but its name has a wildcard or the like': {
    sets: [agentSet({ service: '\\052' })],
    known: hosts('present'),
  },
  'it would go as stale, but it answers when it is asked': {
    known: hosts('present'),
    facts: answering({ kind: 'unhealthy', reason: 'http-status', attempts: 1, durationMs: 1 }),
  },
  'it would go as stale, but time ran out before it was asked': {
    known: hosts('present'),
    facts: answering(NOT_PROBED),
  },
  'it would go as stale, but the worker could not ask it': {
    known: hosts('present'),
    facts: answering({ kind: 'indeterminate', reason: 'checker-error', attempts: 1, durationMs: 1 }),
  },
  'it would go, but Route 53 protects its name and type': {
    known: hosts('present'),
    facts: { protections: new Map([[`_calc._tcp.${ZONE} SRV`, 'keep']]) },
  },
  'this run does not look at what it leads to, but it answers': {
    known: partOf(hosts('present')),
    facts: answering(PASSED),
  },
  'this run does not look at what it leads to': { known: partOf(hosts('present')) },
  'it would go, but only a run that looks at everything can tell': {
    known: partOf(RUNNING),
    outcome: FAILED,
  },
  'it is the A entry of a host that is there': { sets: [hostSet(1)] },
  'the container answers healthily all the same': {
    known: hosts('unreachable', [endpoint(SILENT)]),
    outcome: PASSED,
  },
  'no container answers there': { known: hosts('unreachable', [endpoint(SILENT)]), outcome: FAILED },
  'its host may be of another region, account or VPC': {
    sets: [
      agentSet(
        { target: ELSEWHERE },
        {
          SetIdentifier: `${ELSEWHERE}:${'b'.repeat(64)}`,
          ResourceRecords: [{ Value: `1 1 80 ${ELSEWHERE}` }],
        },
      ),
    ],
  },
  'EC2 has the host, but no cluster that was read': {
    sets: [agentSet({ target: 9, owner: 90 })],
    facts: { unknownHosts: FAR },
  },
  "its host was the task's own network interface, which is gone": {
    sets: [agentSet({ target: 9, owner: TASK_CONTAINER })],
  },
  'EC2 does not have the host': { sets: [agentSet({ target: 9, owner: 90 })] },
  'its value is no address': { sets: [multiValueSet(['x'])] },
  'it is the address of a running task that has no port to check': {
    sets: [addressSet(1)],
    known: runningTasks([], [task(1)]),
  },
  'another entry leads to its task, which is known not to have the address': {
    sets: [addressSet(1, { ResourceRecords: [{ Value: '10.0.0.9' }] }), multiValueSet(['10.0.0.1'])],
    known: runningTasks([], [task(1)]),
  },
  'its task runs, but is not known to have the address': {
    sets: [addressSet(1, { ResourceRecords: [{ Value: '10.0.0.9' }] })],
    known: runningTasks([], [task(1)]),
  },
  'its task is not there, or has ended': { sets: [addressSet(1)], known: runningTasks([], [task(2)]) },
  'its task is of a cluster that was not read': {
    sets: [addressSet(1, { SetIdentifier: `ecs-dns:${FAR_CLUSTER}/${taskId(1)}` })],
    known: runningTasks([], [task(1)]),
  },
  'a task of another name has the address': {
    sets: [multiValueSet(['10.0.0.1'])],
    known: runningTasks([], [task(1, { addressName: 'web' })]),
  },
  'a task has the address whose name cannot be known': {
    sets: [multiValueSet(['10.0.0.1'])],
    known: runningTasks([], [task(1, { addressName: undefined, serviceNames: 'unknown' })]),
  },
  'a task without a name has the address, and no task has the name any more: it may have been theirs': {
    sets: [multiValueSet(['10.0.0.1'])],
    known: runningTasks([], [task(1, { addressName: undefined })]),
  },
  'no task has the address, in a network of known tasks or hosts': {
    sets: [multiValueSet(['10.0.0.9'])],
    known: runningTasks([], [task(1)]),
  },
  'under `sync`, nothing speaks against it, but its host is being drained': {
    sets: [agentSet(), agentSet({ owner: 2, port: 32_802 })],
    known: inventory(
      [1, 2].map((n) =>
        endpoint(container(n, { host: host(1, { isDraining: n === 1 }) }), { port: PORT + n - 1 }),
      ),
    ),
    facts: {
      desired: NOTHING_MISSING,
      rule: { trustEcs: false, ...AS_READ, checkOf: () => ({ ...HTTP, kind: 'none' }) },
    },
  },
  'under `sync`, the host of its task is being drained': {
    sets: [addressSet(1), addressSet(2)],
    known: runningTasks([], [task(1, { host: host(1, { isDraining: true }) }), task(2)]),
    facts: { desired: NOTHING_MISSING },
  },
  'its ECS service is there, behind a load balancer': {
    sets: [ownSet()],
    services: [services('blue', [service('web')])],
  },
  'its ECS service has no load balancer any more': {
    sets: [ownSet()],
    services: [services('blue', [service('web', { balancers: [] })])],
  },
  'its ECS service is no more': { sets: [ownSet()], services: [services('blue', [])] },
  'the services of its cluster could not all be read': {
    sets: [ownSet()],
    services: [services('blue', [], { complete: false })],
  },
  'its ECS service is of a cluster that was not read': { sets: [ownSet()], services: [] },
  'no task has the address, which is public or of an unknown network': {
    sets: [multiValueSet(['3.3.3.3'])],
    known: runningTasks([], [task(1)]),
  },
};

function cnamesOf(
  recordSets: readonly RecordSet[],
  known: Inventory,
  clusters: readonly ClusterServices[],
): CnameFacts {
  const read = { clusters, incomplete: [] };
  return cnameFacts({
    zoneName: ZONE,
    recordSets,
    services: read,
    inventory: known,
    cname: true,
    correct: false,
  });
}

/** Matches, judges and guards the case, with no limit that could hold anything back. */
function conclude({
  sets = [agentSet()],
  known = RUNNING,
  manage = CONVENTION,
  outcome,
  facts: over = {},
  services: balanced,
}: Case) {
  const outcomes = new Map(
    outcome === undefined ? [] : [[probeKey({ address: '10.0.0.1', port: PORT }), outcome] as const],
  );
  const cnames = balanced && cnamesOf(sets, known, balanced);
  const decision = decide(matchSets(sets, known, manage, cnames?.statusOf), {
    inventory: known,
    unknownHosts: ALL_SEEN,
    outcomes,
    answers: new Map(),
    isProbing: true,
    grace: NO_GRACE,
    state: EMPTY_STATE,
    rule: { trustEcs: false, ...AS_READ, checkOf: () => HTTP },
    thresholds: { unhealthyThreshold: 1, healthyThreshold: 1 },
    gracePeriodMs: 60_000,
    limits: NO_LIMITS,
    now: NOW,
    cnames,
    ...over,
  });
  const { match, judgement } = at(decision.judged, 0);
  return { match: match.kind, verdict: judgement.verdict, reason: judgement.reason, end: endOf(decision) };
}

function endOf({ judged: all, plan }: Decision): string {
  const { judgement } = at(all, 0);
  if (plan.removing.some((one) => one.judgement === judgement)) return 'goes';
  return plan.heldBack.some((one) => one.judgement === judgement) ? 'held back' : 'stays';
}

describe('the table of decisions', () => {
  const rows = rowsUnder('From an entry to its verdict').map(([match, and, verdict, reason, end]) => ({
    match,
    and: String(and),
    verdict,
    reason,
    end,
  }));

  test.each(rows)('$match, $and: $verdict, $reason', ({ and, ...expected }) => {
    const made = CASES[and];
    if (made === undefined) throw new TypeError(`nothing is made up for this row: ${and}`);
    const { match, ...concluded } = conclude(made);
    const isOfAny = expected.match?.startsWith('anything');
    expect({ ...concluded, match: isOfAny ? expected.match : match }).toEqual(expected);
  });

  test('has a row for everything that is made up', () => {
    expect(rows.map(({ and }) => and).toSorted()).toEqual(Object.keys(CASES).toSorted());
  });

  test('has a row for every reason, under its verdict', () => {
    const known = Object.entries(REASONS).flatMap(([verdict, reasons]) =>
      Object.keys(reasons).map((one) => `${verdict} ${one}`),
    );
    const told = new Set(rows.map(({ verdict, reason }) => `${verdict} ${reason}`));
    expect([...told].toSorted()).toEqual(known.toSorted());
  });
});

/** A zone from which none of six hosts answers, while all seven of another zone do. */
function zoneCutOff(): GuardFacts {
  const matches = Array.from({ length: 13 }, (_, i) =>
    leadsTo({
      host: host(i, {
        placement: { availabilityZone: `eu-west-1${i < 6 ? 'b' : 'a'}`, subnetId: undefined },
      }),
    }),
  );
  const outcomeOf = (match: Match) => (matches.indexOf(match) < 6 ? failed('timeout') : PASSED);
  const outcomes = new Map(matches.map((match, i) => [String(i), outcomeOf(match)]));
  const tests = networkSelfTests({
    judged: matches.map((match) => ({ match })),
    outcomes,
    outcomeOf,
    unaddressed: [],
    limitPercent: 50,
  });
  return facts(several(1, FAILING, CALC, matches[0]), {}, { networkSelfTests: tests });
}

describe('the guardrails', () => {
  const unread = {
    scope: 'cluster/green',
    operation: 'ecs:ListTasks',
    error: 'x',
    hides: 'endpoints',
  } as const;
  const stale = judged(GONE, agentSet());
  const away = judged(GONE, agentSet(), {
    kind: 'host-unknown',
    address: undefined,
    hostName: hostName(9),
    containerId: undefined,
  });
  const young = judged(YOUNG, agentSet(), leadsTo(), { ageSeconds: 15, graceSeconds: 60 });
  const late = judged({ verdict: 'unverified', reason: 'deadline' }, agentSet(), leadsTo());
  const failing = (count: number) => several(count, FAILING, CALC, leadsTo());
  const crowded: ConfirmationReads = {
    containers: [],
    endpoints: [],
    machines: new Map([['arn:instance/1', { agentConnected: true, tasks: 2, listed: 2 }]]),
    instances: new Set(),
    named: ALL_SEEN,
    tasks: new Map(),
    addresses: new Map(),
    unasked: new Map(),
    incomplete: [],
  };
  const approved = new Set([
    `_calc._tcp.${ZONE} SRV ${agentSet().SetIdentifier} ${agentSet().ResourceRecords?.[0]?.Value}`,
  ]);

  const examples: Readonly<Record<Exclude<GuardrailName, 'plan-too-old'>, GuardFacts>> = {
    'inventory-incomplete': facts(
      [judged(GONE, agentSet(), vacant('green'))],
      {},
      {
        inventory: inventory([], { incomplete: [unread] }),
      },
    ),
    'host-not-covered': facts([away], {}, { unknownHosts: FAR }),
    'empty-inventory': facts([stale], { allowEmpty: false }, { inventory: inventory([]) }),
    'inventory-shrunk': facts(
      [stale],
      {},
      { missing: { before: 100, services: new Map([['blue api', { missing: 40, running: 10 }]]) } },
    ),
    'removal-budget': facts([...several(412, GONE), ...several(188, HEALTHY)], { removalBudgetPercent: 30 }),
    'not-confirmed': facts([stale], {}, { confirmation: { approved, look: crowded } }),
    'grace-period': facts([young]),
    'network-self-test': zoneCutOff(),
    'panic-threshold': facts(failing(2), { panicPercent: 50 }),
    'min-endpoints': facts(failing(1), { minEndpoints: 1 }),
    'still-referenced': facts([judged(INSTANCE_GONE, hostSet(1)), judged(HEALTHY, agentSet())]),
    deadline: facts([late]),
  };

  test('plan-too-old: the example is what a run says that is to send something by then', () => {
    const observation = { startedAt: 0 } as Observation;
    const ports = { clock: { now: () => 3_900_999 } } as Ports;
    const options = { limits: NO_LIMITS } as RunOptions;
    const said = ageObjection({ runId: 'r', observation, ports, options });
    expect(said).toBe(GUARDRAIL_WORDS['plan-too-old'].example);
  });

  const guarding = GUARDRAIL_NAMES.filter((name) => name !== 'plan-too-old');
  test.each(guarding)('%s: the example is what the rule says', (name) => {
    const held = guard(examples[name]).heldBack.map(({ guardrail, detail }) => [guardrail, detail]);
    expect(new Set(held.map(String))).toEqual(new Set([String([name, GUARDRAIL_WORDS[name].example])]));
  });

  test('are asked in the order that the page tells', () => {
    const asked: RuleEvaluation[] = [];
    guard(facts([stale, ...failing(1)]), (evaluation) => asked.push(evaluation));
    const inRounds = (...rounds: readonly string[]) =>
      asked
        .filter(({ round }) => rounds.includes(round))
        .map(({ rule }) => `\`${rule.name}\``)
        .join(', ');
    expect(PAGE.match(/^- .*: (`.*`)$/gm)).toEqual([
      `- stale: ${inRounds('stale')}`,
      `- unhealthy: ${inRounds('unhealthy')}`,
      `- what is left of both, after the confirmation: ${inRounds('confirmation', 'references')}`,
    ]);
  });

  test('stand for a judgement that came too early, too late or too far away, or are asked', () => {
    const asked: string[] = [];
    guard(facts([]), ({ rule }) => asked.push(rule.name));
    const others = GUARDRAIL_NAMES.filter((name) => !asked.includes(name));
    expect(others).toEqual(['grace-period', 'deadline', 'plan-too-old']);
  });
});

describe('what is written out of the code', () => {
  test('is as the code has it', () => {
    expect(withSections(PAGE, decisionSections())).toBe(PAGE);
  });

  test('has every reason and every guardrail, and no other', () => {
    expect(Object.keys(REASON_WORDS).toSorted()).toEqual(
      Object.values(REASONS)
        .flatMap((of) => Object.keys(of))
        .toSorted(),
    );
    expect(Object.keys(GUARDRAIL_WORDS).toSorted()).toEqual([...GUARDRAIL_NAMES].toSorted());
    expect(rowsUnder('Why is it still there?').map(([code]) => code)).toEqual(
      Object.values(REASONS).flatMap((of) => Object.keys(of)),
    );
    expect(rowsUnder('The guardrails').map(([name]) => name)).toEqual(GUARDRAIL_NAMES);
  });

  test('needs its place in the document', () => {
    expect(() => withSections('nothing', { reasons: '' })).toThrow(TypeError);
    expect(() => withSections('<!-- reasons: begin -->', { reasons: '' })).toThrow(/no place for reasons/);
  });
});
