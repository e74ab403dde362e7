import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE, ELSEWHERE, ownSet, portOf, running, task, taskId, taskName, V6 } from '../addresses.ts';
import { agentSet, CALC, dockerId, firstMatch, MANAGE_ZONE, simpleSet, srvValue, ZONE } from '../support.ts';

/** SRV entries whose target is the name of a task's own address. */
const ONE = task(1, { serviceNames: [CALC] });
const PORT = portOf(ONE, { serviceName: CALC });
const REF = { cluster: BLUE, taskId: taskId(1) };
const VALUE = srvValue({ port: 8080, target: `${taskName(1)}.` });
const SIMPLE = simpleSet([VALUE]);
const AGENT = agentSet(
  {},
  { SetIdentifier: `${taskName(1)}:${dockerId(1)}`, ResourceRecords: [{ Value: VALUE }] },
);
const OTHERS = task(2, { networkInterface: ONE.networkInterface, serviceNames: [CALC] });
const OTHERS_PORT = portOf(OTHERS, { serviceName: CALC });
const LEADS: Match = { kind: 'endpoint', isSuccessor: false, endpoint: PORT, address: '10.0.0.1' };
const ELSEWHERE_SET = ownSet(1, { SetIdentifier: `ecs-dns:${ELSEWHERE}/${taskId(1)}` });

function match(set: RecordSet, addresses: readonly RecordSet[], known: Inventory): Match {
  return firstMatch([set, ...addresses], known, MANAGE_ZONE);
}

describe('the task is there', () => {
  const moved = task(1, {
    serviceNames: [CALC],
    networkInterface: { id: 'e', address: '10.0.0.8', ipv6: undefined },
  });
  const movedPort = portOf(moved, { serviceName: CALC });

  it.each<[string, RecordSet, readonly RecordSet[]]>([
    ['by its address', SIMPLE, [ownSet(1)]],
    ['by its container', AGENT, [ownSet(1)]],
    ['by its two addresses', SIMPLE, [ownSet(1), ownSet(1, V6)]],
    ['by its IPv6 address alone', SIMPLE, [ownSet(1, V6)]],
    [
      'of an older container of it',
      { ...AGENT, SetIdentifier: `${taskName(1)}:${dockerId(9)}` },
      [ownSet(1)],
    ],
  ])('%s', (_, set, addresses) => {
    expect(match(set, addresses, running([PORT]))).toEqual(LEADS);
  });

  it('whoever has the address that the zone gives it', () => {
    expect(match(SIMPLE, [ownSet(1)], running([movedPort, OTHERS_PORT]))).toEqual({
      ...LEADS,
      endpoint: movedPort,
      address: '10.0.0.8',
    });
  });

  it('but binds no such port', () => {
    const other = portOf(ONE, { serviceName: CALC, port: 1 });
    expect(match(SIMPLE, [ownSet(1)], running([other]))).toMatchObject({
      kind: 'no-task-on-host',
      clusters: [{ arn: BLUE.arn }],
    });
    expect('task' in match(SIMPLE, [ownSet(1)], running([other]))).toBe(false);
  });
});

describe('the task is gone', () => {
  const idle = task(2, { networkInterface: ONE.networkInterface });
  it.each<[string, RecordSet, readonly RecordSet[], Inventory, object]>([
    [
      'and nobody has its address',
      SIMPLE,
      [ownSet(1)],
      running([], [task(2)]),
      { kind: 'task-gone', task: REF },
    ],
    ['… of its container', AGENT, [ownSet(1)], running([], [task(2)]), { kind: 'task-gone', task: REF }],
    ['… by IPv6', SIMPLE, [ownSet(1, V6)], running([], [task(2)]), { kind: 'task-gone', task: REF }],
    [
      'and one of another service has its address',
      SIMPLE,
      [ownSet(1)],
      running([portOf(OTHERS, { serviceName: '_time._tcp' })]),
      { kind: 'replaced', by: 'other-service', task: REF, clusters: [BLUE] },
    ],
    [
      'and one that has another port has its address',
      SIMPLE,
      [ownSet(1)],
      running([portOf(idle, { port: 1 })]),
      { kind: 'no-task-on-host', task: REF, clusters: [BLUE] },
    ],
    [
      'and one of its service has its address, and no entry: its heir',
      SIMPLE,
      [ownSet(1)],
      running([OTHERS_PORT]),
      { kind: 'endpoint', isSuccessor: true, endpoint: OTHERS_PORT },
    ],
  ])('%s', (_, set, addresses, known, expected) => {
    expect(match(set, addresses, known)).toMatchObject(expected);
  });

  it('and is superseded by the own entry of one that has its address', () => {
    const own = simpleSet([VALUE, srvValue({ port: 8080, target: `${taskName(2)}.` })]);
    const addresses = [ownSet(1), ownSet(2, { ResourceRecords: [{ Value: '10.0.0.1' }] })];
    expect(match(own, addresses, running([OTHERS_PORT]))).toMatchObject({
      kind: 'replaced',
      by: 'same-service',
      task: REF,
    });
  });
});

describe('whose name it is cannot be told', () => {
  it.each<[string, readonly RecordSet[], object]>([
    ['of a cluster that was not read', [ELSEWHERE_SET], { kind: 'cluster-unknown', cluster: ELSEWHERE }],
    ['of two clusters', [ownSet(1), { ...ELSEWHERE_SET, Type: 'AAAA' }], { kind: 'no-task-on-host' }],
    [
      'of somebody else, too',
      [ownSet(1), ownSet(1, { ...V6, SetIdentifier: 'x' })],
      { kind: 'no-task-on-host' },
    ],
    ['of nobody', [], { kind: 'unresolved' }],
    ['of another task', [ownSet(1, { SetIdentifier: ownSet(2).SetIdentifier })], { kind: 'no-task-on-host' }],
  ])('%s', (_, addresses, expected) => {
    const known = running([portOf(task(7, { networkInterface: ONE.networkInterface }), { port: 1 })]);
    const found = match(SIMPLE, addresses, known);
    expect(found).toMatchObject(expected);
    expect('task' in found).toBe(false);
  });

  it('a task of another region is never taken for one that has its address here', () => {
    const known = running([portOf(OTHERS, { serviceName: '_time._tcp' })]);
    expect(match(AGENT, [ELSEWHERE_SET], known)).toEqual({ kind: 'cluster-unknown', cluster: ELSEWHERE });
  });
});

it('an address is no SRV entry: it makes no older container superseded', () => {
  const name = `calc.${ZONE}.`;
  const dead = agentSet(
    { service: 'calc' },
    { ...AGENT, Name: name, SetIdentifier: `${taskName(9)}:${dockerId(9)}` },
  );
  const old = { ...dead, ResourceRecords: [{ Value: srvValue({ port: 8080, target: '10.0.0.1' }) }] };
  const own = task(1, { addressName: 'calc', serviceNames: ['calc'] });
  const known = running([portOf(own, { serviceName: 'calc' })]);
  const address = ownSet(1, { Name: name });
  const [as, isSuccessor] = [
    { ...old, SetIdentifier: `10.0.0.1:${dockerId(9)}` },
    { kind: 'endpoint', isSuccessor: true },
  ];
  expect(match(as, [address], known)).toMatchObject(isSuccessor);
});
