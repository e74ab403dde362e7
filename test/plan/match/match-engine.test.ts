import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../src/model/entry.ts';
import type { Manage } from '../../../src/model/manage.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { foreignRule } from '../../../src/plan/match/managed.ts';
import { addressSet, multiValueSet } from '../addresses.ts';
import {
  agentSet,
  at,
  CALC,
  CONVENTION,
  container,
  dockerId,
  endpoint,
  firstMatch,
  host,
  hostName,
  hostSet,
  inventory,
  matchSets,
  ZONE,
} from '../support.ts';

const OF_HOST: Manage = { kind: 'host', host: hostName(1) };
const ENGINE = host(1, { isEngineRead: true });
const NOTHING = inventory([], { hosts: [ENGINE] });

function identified(SetIdentifier: string | undefined, over: Partial<RecordSet> = {}): RecordSet {
  return agentSet({}, { SetIdentifier, ...over });
}

/** The A set of a container that is reached at its host. */
function containerSet(n: number, over: Partial<RecordSet> = {}): RecordSet {
  return {
    Name: `web.${ZONE}.`,
    Type: 'A',
    SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(n)}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: '10.0.0.1' }],
    ...over,
  };
}

describe('what the agent of a host may change', () => {
  it.each<[string, RecordSet, string]>([
    ['a set of a container of the host', agentSet(), 'managed'],
    ['a second port of it', identified(`${hostName(1)}:${dockerId(1)}/32802`), 'managed'],
    ['its A set', hostSet(1), 'managed'],
    ['its A set in capitals', hostSet(1, { SetIdentifier: hostName(1).toUpperCase() }), 'managed'],
    ['the address of a container of it', containerSet(1), 'managed'],
    ['a set of another host', agentSet({ target: 2 }), 'other-host'],
    [
      'a set of a host whose name begins with its name',
      identified(`${hostName(1)}.corp:${dockerId(1)}`),
      'other-host',
    ],
    [
      'a set of a host whose name ends with its name',
      identified(`x-${hostName(1)}:${dockerId(1)}`),
      'other-host',
    ],
    ['a bare container id', identified(dockerId(1)), 'other-host'],
    ['a set without identifier', identified(undefined), 'other-host'],
    ['the A set of another host', hostSet(2), 'other-host'],
    ['the address of a task', addressSet(1), 'other-host'],
    ['a merged set', multiValueSet(['10.0.0.1']), 'other-host'],
    ['what is no container of it', identified(`${hostName(1)}:blue`), 'set-identifier'],
    ['a set that is not weighted', agentSet({}, { Weight: undefined }), 'not-weighted'],
    ['an alias of its name', identified(hostName(1), { AliasTarget: { DNSName: 'x.' } }), 'alias'],
    [
      'another type under its name',
      identified(hostName(1), { Type: 'TXT', ResourceRecords: [{ Value: '"x"' }] }),
      'record-type',
    ],
    [
      'several addresses under the identifier of a container',
      containerSet(1, { ResourceRecords: [{ Value: '10.0.0.1' }, { Value: '10.0.0.2' }] }),
      'record-type',
    ],
    ['a container address that is not shared', containerSet(1, { Weight: undefined }), 'record-type'],
  ])('%s: %s', (_, set, expected) => {
    expect(foreignRule(OF_HOST, ZONE)(at(entriesOf([set]), 0)) ?? 'managed').toBe(expected);
  });

  it('its own A set, whatever it is called', () => {
    const set = hostSet(1, { Name: `web01.${ZONE}.`, SetIdentifier: 'web01.corp.example.com' });
    const manage: Manage = { kind: 'host', host: 'web01.corp.example.com' };
    expect(foreignRule(manage, ZONE)(at(entriesOf([set]), 0))).toBeUndefined();
    expect(foreignRule(CONVENTION, ZONE)(at(entriesOf([set]), 0))).toBe('record-type');
  });

  it('nothing of a merged set, though the host be called like one', () => {
    const set = identified('ecs-dns:many');
    expect(foreignRule({ kind: 'host', host: 'many' }, ZONE)(at(entriesOf([set]), 0))).toBe('other-host');
  });
});

describe('a container that the engine of its host does not list', () => {
  it('is gone, whatever is at its port now', () => {
    const other = endpoint(container(2, { host: ENGINE }), { serviceName: '_other._tcp' });
    const unnamed = endpoint(container(2, { host: ENGINE, serviceNames: [] }), { serviceName: undefined });
    for (const known of [NOTHING, inventory([other]), inventory([unnamed])]) {
      expect(firstMatch([agentSet()], known, OF_HOST)).toEqual({
        kind: 'container-gone',
        host: ENGINE,
        containerId: dockerId(1),
      });
    }
  });

  it('is replaced by a new one of its name at its port, and then leads there', () => {
    const known = inventory([endpoint(container(2, { host: ENGINE }))]);
    expect(firstMatch([agentSet()], known, OF_HOST)).toMatchObject({ kind: 'endpoint', isSuccessor: true });
    expect(firstMatch([agentSet(), agentSet({ owner: 2 })], known, OF_HOST)).toMatchObject({
      kind: 'replaced',
      by: 'same-service',
    });
  });

  it('is not known to be gone where the engine was not asked', () => {
    expect(firstMatch([agentSet()], inventory([], { hosts: [host(1)] })).kind).toBe('no-task-on-host');
  });
});

describe('the address of a container at its host', () => {
  const running = container(1, { host: ENGINE, addressName: 'web', serviceNames: [] });
  it.each([
    ['running', 'addressed'],
    ['starting', 'starting'],
    ['stopping', 'stopping'],
    ['stopped', 'container-gone'],
  ] as const)('of a container that is %s: %s', (phase, kind) => {
    const known = inventory([], { hosts: [ENGINE], containers: [{ ...running, phase }] });
    expect(firstMatch([containerSet(1)], known, OF_HOST).kind).toBe(kind);
  });

  it('goes with a container that the engine does not list', () => {
    expect(firstMatch([containerSet(1)], NOTHING, OF_HOST)).toEqual({
      kind: 'container-gone',
      host: ENGINE,
      containerId: dockerId(1),
    });
  });

  it('to a worker, which does not see containers outside ECS, is there as long as its host is', () => {
    const kinds = (['present', 'gone'] as const).map(
      (state) => firstMatch([containerSet(1)], inventory([], { hosts: [host(1, { state })] })).kind,
    );
    expect(kinds).toEqual(['host-present', 'host-gone']);
  });

  it('is left alone by a worker that knows nothing of its host', () => {
    const [one] = matchSets([containerSet(1)], inventory([endpoint(container(3, { host: host(3) }))]));
    expect(one?.match).toMatchObject({ kind: 'host-unknown', hostName: hostName(1) });
  });
});

it('tells a foreign set by the host before its type', () => {
  expect(firstMatch([agentSet({ target: 2, service: CALC })], NOTHING, OF_HOST)).toEqual({
    kind: 'foreign',
    reason: 'other-host',
  });
});
