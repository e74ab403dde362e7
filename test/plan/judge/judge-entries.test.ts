import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import { type Container, type Endpoint, NO_UNKNOWN_HOSTS } from '../../../src/model/inventory.ts';
import { type ProbeOutcome, probeKey } from '../../../src/model/probe.ts';
import { judgeEntries } from '../../../src/plan/judge/judge-entries.ts';
import type { JudgeInput } from '../../../src/plan/judge/judge-input.ts';
import { probeTargetOf } from '../../../src/plan/judge/probe-targets.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE } from '../../clusters.ts';
import {
  agentSet,
  at,
  CHECKED,
  container,
  dockerId,
  endpoint,
  HTTP,
  host,
  hostName,
  leadsTo,
  PORT,
  UNCHECKED,
  vacant,
  ZONE,
} from '../support.ts';

const entry = at(entriesOf([agentSet()]), 0);
const TRIED = { attempts: 3, durationMs: 12 };

function judgementOf(match: Match, input: JudgeInput) {
  return at(judgeEntries([{ entry, match }], input), 0).judgement;
}

function probed(outcome: ProbeOutcome): JudgeInput {
  return { ...CHECKED, outcomes: new Map([[probeKey({ address: '10.0.0.1', port: PORT }), outcome]]) };
}

function unknownHost(containerId: string | undefined): Match {
  return { kind: 'host-unknown', hostName: hostName(7), containerId, address: undefined };
}

const own = container(1);
const tcp = leadsTo();
const udp: Match = {
  kind: 'endpoint',
  endpoint: endpoint(own, { protocol: 'udp' }),
  address: '10.0.0.1',
  isSuccessor: false,
};
const NOWHERE: Extract<Match, { kind: 'endpoint' }> = {
  kind: 'endpoint',
  endpoint: endpoint(own),
  address: undefined,
  isSuccessor: false,
};
const NOWHERE_UDP: Match = { ...NOWHERE, endpoint: endpoint(own, { protocol: 'udp' }) };
const replacedAs = (over: Partial<Endpoint>): Extract<Match, { kind: 'replaced' }> => ({
  kind: 'replaced',
  endpoint: endpoint(own, over),
  address: undefined,
  by: 'unknown-service',
  clusters: [BLUE],
});
const replacedBy = (by: Extract<Match, { kind: 'replaced' }>['by']): Match => ({
  kind: 'replaced',
  endpoint: endpoint(own),
  address: '10.0.0.1',
  by,
  clusters: [BLUE],
});
const besideStarting: Match = {
  kind: 'endpoint',
  isSuccessor: false,
  endpoint: endpoint(container(1)),
  address: '10.0.0.1',
  competing: container(2, { phase: 'starting' }),
};
const location = host(1);
const at1 = { location, clusters: [BLUE] };
/** A container on a host that EC2 does not know and whose agent is away. */
const unreachableHost = host(1, { state: 'unreachable', address: undefined });
const silentEndpoint = endpoint(container(1, { host: unreachableHost }));
const withLastKnownEndpoint = (address: string | undefined): Match => ({
  kind: 'host-gone',
  location: unreachableHost,
  clusters: [BLUE],
  lastKnownEndpoint: { endpoint: silentEndpoint, address },
});
const HAS_HOST = { ...CHECKED, unknownHosts: { ...NO_UNKNOWN_HOSTS, existing: new Set([hostName(7)]) } };
const NOT_DOCKER = `${'ab'.repeat(16)}-123`;

const BY_ECS: JudgeInput = { ...CHECKED, checkOf: () => ({ ...HTTP, kind: 'ecs' }) };
const checkedByEcs = (ecsHealth: Container['ecsHealth']): Match => ({
  kind: 'endpoint',
  isSuccessor: false,
  endpoint: endpoint(container(1, { ecsHealth, essential: false })),
  address: '10.0.0.1',
});

describe('verdicts', () => {
  it.each<[string, Match, JudgeInput, string, string]>([
    ['foreign', { kind: 'foreign', reason: 'apex' }, CHECKED, 'foreign', 'apex'],
    ['malformed', { kind: 'malformed' }, CHECKED, 'unverified', 'malformed-value'],
    ['endpoint over UDP', udp, CHECKED, 'live', 'running'],
    ['endpoint over UDP without address', NOWHERE_UDP, CHECKED, 'live', 'running'],
    ['endpoint, health checks off', tcp, UNCHECKED, 'live', 'running'],
    ['endpoint without address, health checks off', NOWHERE, UNCHECKED, 'live', 'running'],
    ['endpoint without address', NOWHERE, CHECKED, 'unverified', 'address-unknown'],
    ['endpoint, healthy', tcp, probed({ kind: 'healthy', ...TRIED }), 'live', 'healthy'],
    [
      'endpoint, unhealthy',
      tcp,
      probed({ kind: 'unhealthy', reason: 'http-status', ...TRIED }),
      'unhealthy',
      'http-status',
    ],
    [
      'endpoint, indeterminate',
      tcp,
      probed({ kind: 'indeterminate', reason: 'checker-error', ...TRIED }),
      'unverified',
      'checker-error',
    ],
    ['endpoint, not probed before time ran out', tcp, CHECKED, 'unverified', 'deadline'],
    [
      'endpoint, an outcome that came although checks are off',
      tcp,
      { ...probed({ kind: 'unhealthy', reason: 'timeout', ...TRIED }), checkOf: UNCHECKED.checkOf },
      'live',
      'running',
    ],
    [
      'endpoint without address, of which ECS’s word is taken',
      { ...NOWHERE, endpoint: endpoint(container(1, { ecsHealth: 'UNHEALTHY' })) },
      { ...CHECKED, trustEcs: true },
      'unhealthy',
      'ecs-unhealthy',
    ],
    ['endpoint that ECS checks and finds healthy', checkedByEcs('HEALTHY'), BY_ECS, 'live', 'healthy'],
    ['… and finds unhealthy', checkedByEcs('UNHEALTHY'), BY_ECS, 'unhealthy', 'ecs-unhealthy'],
    ['… and has not looked at yet', checkedByEcs('UNKNOWN'), BY_ECS, 'unverified', 'task-starting'],
    [
      '… and finds unhealthy in its grace period',
      checkedByEcs('UNHEALTHY'),
      { ...BY_ECS, graceOf: () => 2_000_000 },
      'unverified',
      'grace-period',
    ],
    ['starting', { kind: 'starting', container: own }, CHECKED, 'unverified', 'task-starting'],
    ['stopping', { kind: 'stopping', container: own }, CHECKED, 'stale', 'task-stopping'],
    [
      'port-not-exposed',
      { kind: 'port-not-exposed', container: own },
      CHECKED,
      'unverified',
      'port-not-bound',
    ],
    ['replaced by the same service', replacedBy('same-service'), CHECKED, 'stale', 'superseded'],
    ['replaced by another', replacedBy('other-service'), CHECKED, 'stale', 'port-reassigned'],
    [
      'replaced by one that cannot be known',
      replacedBy('unknown-service'),
      CHECKED,
      'unverified',
      'service-unknown',
    ],
    ['unresolved', { kind: 'unresolved' }, CHECKED, 'unverified', 'target-unresolved'],
    ['no-task-on-host', { kind: 'no-task-on-host', ...at1 }, CHECKED, 'stale', 'task-gone'],
    ['host-present', { kind: 'host-present', ...at1 }, CHECKED, 'live', 'host-present'],
    ['host-gone', { kind: 'host-gone', ...at1 }, CHECKED, 'stale', 'instance-gone'],
    [
      'host-gone, its lastKnownEndpoint is healthy',
      withLastKnownEndpoint('10.0.0.1'),
      probed({ kind: 'healthy', ...TRIED }),
      'live',
      'healthy',
    ],
    [
      'host-gone, its lastKnownEndpoint is unhealthy',
      withLastKnownEndpoint('10.0.0.1'),
      probed({ kind: 'unhealthy', reason: 'timeout', ...TRIED }),
      'stale',
      'instance-gone',
    ],
    [
      'host-gone, its lastKnownEndpoint cannot be asked',
      withLastKnownEndpoint('10.0.0.1'),
      probed({ kind: 'indeterminate', reason: 'address-not-allowed', ...TRIED }),
      'stale',
      'instance-gone',
    ],
    [
      'host-gone, its lastKnownEndpoint was not probed in time',
      withLastKnownEndpoint('10.0.0.1'),
      CHECKED,
      'stale',
      'instance-gone',
    ],
    ['host-gone, health checks off', withLastKnownEndpoint('10.0.0.1'), UNCHECKED, 'stale', 'instance-gone'],
    [
      'host-gone, its lastKnownEndpoint has no address',
      withLastKnownEndpoint(undefined),
      probed({ kind: 'healthy', ...TRIED }),
      'stale',
      'instance-gone',
    ],
    [
      'an endpoint that fails beside one that is starting',
      besideStarting,
      probed({ kind: 'unhealthy', reason: 'timeout', ...TRIED }),
      'unverified',
      'task-starting',
    ],
    [
      'an endpoint that passes beside one that is starting',
      besideStarting,
      probed({ kind: 'healthy', ...TRIED }),
      'live',
      'healthy',
    ],
    ['host-unknown, EC2 has the instance', unknownHost(dockerId(1)), HAS_HOST, 'stale', 'task-gone'],
    ['host-unknown, EC2 has it, no container named', unknownHost(undefined), HAS_HOST, 'stale', 'task-gone'],
    ['host-unknown, a task’s own network interface', unknownHost(NOT_DOCKER), CHECKED, 'stale', 'task-gone'],
    ['host-unknown, EC2 does not have it', unknownHost(dockerId(1)), CHECKED, 'stale', 'instance-gone'],
    ['host-unknown, no container named', unknownHost(undefined), CHECKED, 'stale', 'instance-gone'],
  ])('%s', (_, match, input, verdict, reason) => {
    expect(judgementOf(match, input)).toMatchObject({ verdict, reason });
  });

  it('come in the order of the entries, each with its entry and match', () => {
    const other = at(entriesOf([agentSet({ owner: 2 })]), 0);
    const matched = [
      { entry: other, match: tcp },
      { entry, match: vacant() },
    ];
    const judged = judgeEntries(matched, UNCHECKED);
    expect(judged.map(({ match, judgement }) => ({ match, entry: judgement.entry }))).toEqual(matched);
  });
});

describe('a name that Route 53 escapes', () => {
  const FAILED = probed({ kind: 'unhealthy', reason: 'timeout', ...TRIED });
  const HEALTHY = probed({ kind: 'healthy', ...TRIED });
  const reasons = (Name: string, match: Match, input: JudgeInput) => {
    const [one] = judgeEntries([{ entry: at(entriesOf([agentSet({}, { Name })]), 0), match }], input);
    return [one?.judgement.verdict, one?.judgement.reason];
  };

  it.each<[string, string]>([
    ['a wildcard', `\\052.${ZONE}.`],
    ['a blank', `my\\040calc.${ZONE}.`],
    ['a byte outside ASCII', `caf\\303\\251.${ZONE}.`],
  ])('is never removed: %s', (_, name) => {
    expect(reasons(name, vacant(), CHECKED)).toEqual(['unverified', 'escaped-name']);
    expect(reasons(name, { kind: 'stopping', container: own }, CHECKED)).toEqual([
      'unverified',
      'escaped-name',
    ]);
    expect(reasons(name, tcp, FAILED)).toEqual(['unverified', 'escaped-name']);
  });

  it.each<[string, Match, JudgeInput, string, string]>([
    ['live', tcp, HEALTHY, 'live', 'healthy'],
    ['foreign', { kind: 'foreign', reason: 'not-weighted' }, CHECKED, 'foreign', 'not-weighted'],
    ['unverified for another reason', { kind: 'malformed' }, CHECKED, 'unverified', 'malformed-value'],
  ])('keeps a verdict that removes nothing: %s', (_, match, input, verdict, reason) => {
    expect(reasons(`\\052.${ZONE}.`, match, input)).toEqual([verdict, reason]);
  });
});

describe('evidence', () => {
  const CONTAINER = { cluster: 'blue', task: own.taskArn, container: 'app', instance: 'i-1' };
  const { instance: _instance, ...HOSTLESS } = CONTAINER;
  const hostless = container(1, { host: undefined });
  const isSuccessor = (id: string | undefined): Match => ({
    kind: 'endpoint',
    endpoint: endpoint(container(1, { id })),
    address: undefined,
    isSuccessor: true,
  });

  it.each<[string, Match, JudgeInput, object]>([
    ['foreign', { kind: 'foreign', reason: 'alias' }, CHECKED, {}],
    ['malformed', { kind: 'malformed' }, CHECKED, {}],
    ['unresolved', { kind: 'unresolved' }, CHECKED, {}],
    ['endpoint, unchecked', tcp, UNCHECKED, { ...CONTAINER, address: `10.0.0.1:${PORT}` }],
    [
      'endpoint, with what the probe met',
      tcp,
      probed({
        kind: 'unhealthy',
        reason: 'http-status',
        status: 503,
        errorCode: 'EX',
        body: 'oh',
        ...TRIED,
      }),
      { ...CONTAINER, address: `10.0.0.1:${PORT}`, ...TRIED, status: 503, errorCode: 'EX', body: 'oh' },
    ],
    [
      'endpoint, not probed',
      tcp,
      CHECKED,
      { ...CONTAINER, address: `10.0.0.1:${PORT}`, attempts: 0, durationMs: 0 },
    ],
    ['endpoint without address', NOWHERE, CHECKED, CONTAINER],
    [
      'endpoint of which ECS knows the health',
      leadsTo({ ecsHealth: 'HEALTHY' }),
      UNCHECKED,
      { ...CONTAINER, address: `10.0.0.1:${PORT}`, ecsHealth: 'HEALTHY' },
    ],
    ['successor', isSuccessor(dockerId(1)), UNCHECKED, { ...CONTAINER, successor: dockerId(1) }],
    [
      'heir whose id is not reported yet',
      isSuccessor(undefined),
      UNCHECKED,
      { ...CONTAINER, successor: 'app' },
    ],
    ['stopping', { kind: 'stopping', container: own }, CHECKED, CONTAINER],
    ['starting without host', { kind: 'starting', container: hostless }, CHECKED, HOSTLESS],
    ['replaced', replacedBy('other-service'), CHECKED, { ...CONTAINER, service: '_calc._tcp' }],
    [
      'replaced by a port without service name',
      replacedAs({ serviceName: undefined }),
      CHECKED,
      { ...CONTAINER, service: '', names: 'not told' },
    ],
    [
      'replaced by a port whose name may stand in a file',
      replacedAs({ nameIssue: 'environmentFiles' }),
      CHECKED,
      { ...CONTAINER, service: '_calc._tcp', names: 'environmentFiles' },
    ],
    [
      'replaced by a port of an unread task definition',
      replacedAs({ serviceName: undefined, container: { ...own, serviceNames: 'unknown' } }),
      CHECKED,
      { ...CONTAINER, service: '', names: 'task definition not read' },
    ],
    [
      'replaced by a port that the zone has under a name',
      { ...replacedAs({ serviceName: undefined }), heldUnder: '_time._tcp' },
      CHECKED,
      { ...CONTAINER, service: '', heldUnder: '_time._tcp' },
    ],
    ['no-task-on-host', vacant(), CHECKED, { cluster: 'blue', instance: 'i-1' }],
    [
      'vacant, on a task’s network interface',
      {
        kind: 'no-task-on-host',
        location: { cluster: BLUE, state: 'present', instanceId: undefined },
        clusters: [BLUE],
      },
      CHECKED,
      { cluster: 'blue' },
    ],
    [
      'host-gone, with what its lastKnownEndpoint met',
      withLastKnownEndpoint('10.0.0.1'),
      probed({ kind: 'unhealthy', reason: 'timeout', ...TRIED }),
      { cluster: 'blue', instance: 'i-1', ...TRIED },
    ],
    ['host-unknown', unknownHost(undefined), CHECKED, { host: hostName(7) }],
  ])('%s', (_, match, input, expected) => {
    expect(judgementOf(match, input).evidence).toEqual(expected);
  });
});

describe('probeTargetOf', () => {
  const sick = leadsTo({ ecsHealth: 'UNHEALTHY' });
  const target = { address: '10.0.0.1', port: PORT, check: HTTP };

  it.each<[string, Match, JudgeInput, object | undefined]>([
    ['an endpoint that is to be checked', tcp, CHECKED, target],
    ['one that is not', tcp, UNCHECKED, undefined],
    ['a UDP endpoint', udp, CHECKED, undefined],
    ['an endpoint without address', NOWHERE, CHECKED, undefined],
    ['no endpoint', vacant(), CHECKED, undefined],
    ['a host that is gone', { kind: 'host-gone', ...at1 }, CHECKED, undefined],
    ['the lastKnownEndpoint of a host that is silent', withLastKnownEndpoint('10.0.0.1'), CHECKED, target],
    ['… without address', withLastKnownEndpoint(undefined), CHECKED, undefined],
    ['… that is not to be checked', withLastKnownEndpoint('10.0.0.1'), UNCHECKED, undefined],
    ['one that ECS calls unhealthy, whose word is not taken', sick, CHECKED, target],
    ['one that ECS calls unhealthy, whose word is taken', sick, { ...CHECKED, trustEcs: true }, undefined],
  ])('%s', (_, match, input, expected) => {
    expect(probeTargetOf(match, input)).toEqual(expected);
  });
});

it('a match to which no rule applies is a bug, and never a verdict', () => {
  const unheardOf = { kind: 'foreign', reason: undefined as never } as const;
  expect(() => judgementOf(unheardOf, UNCHECKED)).toThrow(/no rule applies .* foreign/);
});
