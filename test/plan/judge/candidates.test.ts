import { describe, expect, it } from 'vitest';
import { entryKey } from '../../../src/model/entry.ts';
import type { Container, Endpoint, Inventory } from '../../../src/model/inventory.ts';
import type { ProbeOutcome } from '../../../src/model/probe.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { answerEvidence } from '../../../src/plan/judge/candidate-answer.ts';
import { candidateTargets } from '../../../src/plan/judge/candidates.ts';
import { judgeEntries } from '../../../src/plan/judge/judge-entries.ts';
import { addressSet, multiValueSet, ownSet, portOf, running, task } from '../addresses.ts';
import {
  agentSet,
  CHECKED,
  container,
  dockerId,
  endpoint,
  HTTP,
  host,
  hostSet,
  inventory,
  MANAGE_ZONE,
  matchSets,
  PORT,
  simpleSet,
  srvValue,
  UNCHECKED,
  ZONE,
} from '../support.ts';

const LIVE = endpoint(container(1));
const FLEET = inventory([LIVE]);
const DEAD = agentSet({ owner: 90, port: 4711 });

/** Where the entries of a zone are asked that are stale in a fleet; `{}` where none is. */
function asked(sets: readonly RecordSet[], known: Inventory = FLEET, rule = CHECKED) {
  const judged = judgeEntries(matchSets(sets, known, MANAGE_ZONE), CHECKED);
  const targets = candidateTargets(judged, { zoneName: ZONE, recordSets: sets, inventory: known, rule });
  return [...targets.values()].map(({ address, port, check }) => [
    `${address} ${port}`,
    check.kind,
    check.attempts,
  ]);
}

describe('a stale entry is asked', () => {
  it.each<[string, readonly RecordSet[], Inventory]>([
    ['at the address that EC2 gives its host', [DEAD], FLEET],
    [
      'at that of the zone, where EC2 tells none',
      [DEAD, hostSet(1)],
      inventory([], { hosts: [host(1, { address: undefined })] }),
    ],
    ['at that which its name says', [DEAD], inventory([], { hosts: [] })],
  ])('once, by a connection, %s', (_, sets, known) => {
    expect(asked(sets, known)).toEqual([['10.0.0.1 4711', 'tcp', 1]]);
  });

  it('whether its service has a check or not', () => {
    expect(asked([DEAD], FLEET, UNCHECKED)).toEqual([['10.0.0.1 4711', 'tcp', 1]]);
  });

  it('although ECS still lists a container there, on a host that is no more', () => {
    const ghost = container(7, { host: host(7, { state: 'gone' }) });
    const listed = endpoint(ghost, { hostNames: [], address: '10.0.0.1', port: 4711 });
    expect(asked([DEAD], inventory([listed], { hosts: [host(1)] }))).toEqual([['10.0.0.1 4711', 'tcp', 1]]);
  });

  it('at the address that a name of AWS says, where its host has several', () => {
    const known = inventory([], {
      hosts: [host(1, { address: '10.0.0.77', secondaryAddresses: ['10.0.0.1'] })],
    });
    expect(asked([DEAD], known)).toEqual([['10.0.0.1 4711', 'tcp', 1]]);
  });
});

describe('the address of a task that is gone', () => {
  const ended = task(1, { phase: 'stopped' });
  const sibling = task(2);
  const at1 = { id: 'eni-3', address: '10.0.0.1', ipv6: 'fd00::1' };
  const bound = (of: Container, containerPort: number) => portOf(of, { port: containerPort, containerPort });
  const stranger = task(3, { addressName: 'web', networkInterface: at1 });
  const atV6 = addressSet(1, { Type: 'AAAA', ResourceRecords: [{ Value: 'fd00::1' }] });
  const open = addressSet(1, { ResourceRecords: [{ Value: '3.3.3.3' }] });
  const udp = portOf(sibling, { protocol: 'udp' });
  const without = [task(6, { networkInterface: undefined }), task(7, { addressName: undefined })].map((one) =>
    bound(one, 80),
  );

  it.each<[string, RecordSet, Inventory, readonly string[]]>([
    [
      'is asked at the lowest TCP port of the tasks of its name',
      addressSet(1),
      running([
        bound(sibling, 9090),
        bound(task(4), 8080),
        udp,
        bound(task(5, { addressName: 'web' }), 70),
        ...without,
      ]),
      ['10.0.0.1 8080'],
    ],
    ['is asked by IPv6', atV6, running([portOf(sibling)]), ['fd00::1 8080']],
    [
      'is asked at its own port, where no other task has the name',
      addressSet(1),
      running([portOf(ended)]),
      ['10.0.0.1 8080'],
    ],
    ['is not asked where no port of the name is known', addressSet(1), running([udp], [ended]), []],
    ['is not asked where another task has it', addressSet(1), running([portOf(sibling)], [stranger]), []],
    ['is not asked where another task has it by IPv6', atV6, running([portOf(sibling)], [stranger]), []],
    [
      'is not asked where it is a public one, which may be of anyone by now',
      open,
      running([portOf(sibling)]),
      [],
    ],
    ['is not asked under the name of the task itself', ownSet(1), running([portOf(sibling)]), []],
  ])('%s', (_, set, known, expected) => {
    expect(asked([set], known).map(([place]) => place)).toEqual(expected);
  });
});

describe('the address of a task that is gone, and to which SRV entries lead,', () => {
  const leading = (n: number, port: number, type = '_tcp') =>
    simpleSet([`1 1 ${port} ip-10-0-0-${n}.eu-west-1.compute.internal`], `_api.${type}`);
  const sibling = portOf(task(2));

  it.each<[string, readonly RecordSet[], Inventory]>([
    ['is asked at their port, where no task of its name is known', [leading(1, 9)], running([])],
    ['is asked at the lowest of them', [leading(1, 90), leading(1, 9), leading(2, 1)], running([])],
    ['is asked at theirs, and not at that of other tasks of its name', [leading(1, 9)], running([sibling])],
    ['is asked at none over UDP', [leading(1, 1, '_udp'), leading(1, 9)], running([])],
    ['is asked at none of another target', [leading(1, 9), simpleSet(['1 1 1 db.example'])], running([])],
  ])('%s', (_, others, known) => {
    const sets = [addressSet(1), ...others];
    const judged = judgeEntries(matchSets([addressSet(1)], known), CHECKED);
    const facts = { zoneName: ZONE, recordSets: sets, inventory: known, rule: CHECKED };
    const targets = [...candidateTargets(judged, facts).values()];
    expect(targets.map(({ address, port }) => `${address} ${port}`)).toEqual(['10.0.0.1 9']);
  });
});

it('an address of several of a set, which no task has, is asked as well', () => {
  expect(asked([multiValueSet(['10.0.0.1'])], running([portOf(task(2))]))).toEqual([
    ['10.0.0.1 8080', 'tcp', 1],
  ]);
});

describe('in a run of a scope, what has stopped is asked', () => {
  const NAMELESS = 'i-0123456789abcdef0.ec2.internal';
  const set = agentSet({ target: NAMELESS, port: PORT }, { SetIdentifier: `${NAMELESS}:${dockerId(1)}` });
  const networkInterface = { id: undefined, address: '10.0.9.9', ipv6: undefined };

  it.each<[string, Partial<Container>, readonly string[]]>([
    ['at its host, where no name tells an address', {}, ['10.0.0.1']],
    ['at an interface of its own', { networkInterface }, ['10.0.9.9']],
    ['nowhere, where its host is not known either', { host: undefined }, []],
  ])('%s', (_, over, addresses) => {
    const stopped = container(1, { phase: 'stopped', ...over });
    const known = inventory([endpoint(stopped, { hostNames: [NAMELESS] })], { coverage: 'scope' });
    const judged = judgeEntries(matchSets([set], known, MANAGE_ZONE), { ...CHECKED, isScope: true });
    const facts = { zoneName: ZONE, recordSets: [set], inventory: known, rule: CHECKED };
    expect([...candidateTargets(judged, facts).values()].map(({ address }) => address)).toEqual(addresses);
  });
});

it('in a run of a scope, what has stopped is asked at its host where a wildcard stands for the target', () => {
  const stopped = container(1, { phase: 'stopped' });
  const known = inventory([endpoint(stopped)], { coverage: 'scope' });
  const set = agentSet({ target: `ip-10-0-0-77.${ZONE}`, port: PORT }, { SetIdentifier: dockerId(1) });
  const wildcard = { Name: `*.${ZONE}.`, Type: 'A', TTL: 60, ResourceRecords: [{ Value: '10.0.0.88' }] };
  const sets = [set, wildcard];
  const judged = judgeEntries(matchSets(sets, known, MANAGE_ZONE), { ...CHECKED, isScope: true });
  const facts = { zoneName: ZONE, recordSets: sets, inventory: known, rule: CHECKED };
  expect([...candidateTargets(judged, facts).values()].map(({ address }) => address)).toEqual(['10.0.0.1']);
});

describe('in a run of a scope, the address of a task that has stopped', () => {
  const stopped = task(1, { phase: 'stopped' });
  const [low, high, udp] = [
    portOf(stopped, { port: 8080 }),
    portOf(stopped, { port: 9090 }),
    portOf(stopped, { port: 53, protocol: 'udp' }),
  ];

  it.each<[string, readonly Endpoint[], readonly string[]]>([
    ['is asked at its lowest TCP port', [high, low, udp], ['10.0.0.1 8080']],
    ['is asked at none of another task', [portOf(task(2))], []],
    ['is not asked where another task has it', [low, portOf(task(2), { address: '10.0.0.1' })], []],
  ])('%s', (_, endpoints, expected) => {
    const known = running(endpoints, [stopped], { coverage: 'scope' });
    const sets = [addressSet(1)];
    const judged = judgeEntries(matchSets(sets, known, MANAGE_ZONE), { ...CHECKED, isScope: true });
    const facts = { zoneName: ZONE, recordSets: sets, inventory: known, rule: CHECKED };
    const targets = [...candidateTargets(judged, facts).values()];
    expect(targets.map(({ address, port }) => `${address} ${port}`)).toEqual(expected);
  });
});

describe('nothing is asked of', () => {
  it.each<[string, readonly RecordSet[], Inventory]>([
    ['what is not stale', [agentSet()], FLEET],
    ['the address of a host', [hostSet(1)], inventory([], { hosts: [host(1, { state: 'gone' })] })],
    ['what is served over UDP', [simpleSet([srvValue({ port: 4711 })], '_dns._udp')], FLEET],
    ['what another service holds now', [agentSet({ owner: 90 }, { Name: `_other._tcp.${ZONE}.` })], FLEET],
    [
      'a place that a known container holds by its address alone',
      [simpleSet([srvValue({ port: PORT })], '_other._tcp')],
      inventory([endpoint(container(7, { host: undefined }), { hostNames: [], address: '10.0.0.1' })], {
        hosts: [host(1)],
      }),
    ],
    ['a host that tells no address', [simpleSet(['1 1 80 db.example'])], inventory([])],
  ])('%s', (_, sets, known) => {
    expect(asked(sets, known)).toEqual([]);
  });
});

describe('what a stale entry answered', () => {
  const [one] = matchSets([DEAD], FLEET);
  const target = { address: '10.0.0.1', port: 4711, check: HTTP };
  const unhealthy = (reason: 'http-status' | 'protocol-error' | 'timeout' | 'connection-reset') =>
    ({ kind: 'unhealthy', reason, attempts: 1, durationMs: 1 }) as const;
  const indeterminate = (reason: 'deadline' | 'checker-error' | 'address-not-allowed', errorCode?: string) =>
    ({
      kind: 'indeterminate',
      reason,
      attempts: 0,
      durationMs: 0,
      ...(errorCode === undefined ? {} : { errorCode }),
    }) as const;

  it.each<[string, ProbeOutcome, string]>([
    ['health keeps it', { kind: 'healthy', attempts: 1, durationMs: 1, status: 200 }, 'still-answers'],
    ['another status keeps it', unhealthy('http-status'), 'still-answers'],
    ['another protocol keeps it', unhealthy('protocol-error'), 'still-answers'],
    ['silence does not', unhealthy('timeout'), 'task-gone'],
    ['a proxy with nothing behind it does not', unhealthy('connection-reset'), 'task-gone'],
    ['too little time keeps it', indeterminate('deadline'), 'deadline'],
    ['a worker without sockets keeps it', indeterminate('checker-error', 'EMFILE'), 'checker-error'],
    ['a network without a route does not', indeterminate('checker-error', 'ENETUNREACH'), 'task-gone'],
    ['an address that may not be asked does not', indeterminate('address-not-allowed'), 'task-gone'],
  ])('%s', (_, outcome, reason) => {
    if (one === undefined) throw new TypeError('there is no entry');
    const answers = new Map([[entryKey(one.entry), { target, outcome }]]);
    const [judged] = judgeEntries([one], { ...CHECKED, answers });
    expect(judged?.judgement).toMatchObject({ reason, evidence: { asked: '10.0.0.1:4711' } });
  });

  it('is told with its status, or its error', () => {
    expect(answerEvidence(undefined)).toEqual({});
    expect(answerEvidence({ target, outcome: { ...unhealthy('http-status'), status: 404 } })).toEqual({
      asked: '10.0.0.1:4711',
      answer: 'http-status',
      status: 404,
    });
    expect(answerEvidence({ target, outcome: { ...unhealthy('timeout'), errorCode: 'ETIMEDOUT' } })).toEqual({
      asked: '10.0.0.1:4711',
      answer: 'timeout',
      errorCode: 'ETIMEDOUT',
    });
  });
});
