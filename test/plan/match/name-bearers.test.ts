import { describe, expect, it } from 'vitest';
import type { Container, Endpoint } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { GREEN } from '../../clusters.ts';
import { agentSet, CALC, container, endpoint, firstMatch, host, inventory, matchSets } from '../support.ts';

/** An entry of a container that is gone from host 1, whose port an unnamed one has now. */
const DEAD = agentSet({ owner: 99 });
const FAMILY = 'arn:aws:ecs:eu-west-1:111122223333:task-definition/calc';
const TIME = '_time._tcp';

const unnamed = (n: number, of: Partial<Container>, over: Partial<Endpoint> = {}) =>
  endpoint(container(n, { serviceNames: [], ...of }), { serviceName: undefined, ...over });
const OF_SERVICE = { ecsService: 'calc' };
const OF_FAMILY = { family: FAMILY };

/** Another container of the name, on host 2. */
const sibling = (of: Partial<Container>, over: Partial<Endpoint> = {}) =>
  endpoint(container(2, { host: host(2), ...of }), over);
const SIBLING_SET = agentSet({ owner: 2, target: 2 });

function byOf(holder: Endpoint, others: readonly Endpoint[] = [], sets: readonly RecordSet[] = []) {
  return firstMatch([DEAD, ...sets], inventory([holder, ...others]));
}

describe('what has the port of a container that is gone, and tells no name,', () => {
  it.each<[string, Endpoint, readonly Endpoint[], readonly RecordSet[], object]>([
    ['may be anything', unnamed(1, {}), [], [], { kind: 'replaced', by: 'unknown-service' }],
    [
      'is its successor where a container of the same ECS service says so',
      unnamed(1, OF_SERVICE),
      [sibling(OF_SERVICE)],
      [],
      { kind: 'endpoint', isSuccessor: true },
    ],
    [
      'is its successor where a container of the same family says so',
      unnamed(1, OF_FAMILY),
      [sibling({ ...OF_FAMILY, ecsService: 'canary' })],
      [],
      { kind: 'endpoint', isSuccessor: true },
    ],
    [
      'is its successor where an entry names a container of the same ECS service',
      unnamed(1, OF_SERVICE),
      [sibling({ ...OF_SERVICE, serviceNames: [] }, { serviceName: undefined })],
      [SIBLING_SET],
      { kind: 'endpoint', isSuccessor: true },
    ],
    [
      'is its successor where ECS still knows the container that is gone',
      unnamed(1, OF_SERVICE),
      [unnamed(99, { ...OF_SERVICE, phase: 'stopped' })],
      [],
      { kind: 'endpoint', isSuccessor: true },
    ],
    [
      'is its successor though its task definition was not read',
      unnamed(1, { ...OF_SERVICE, serviceNames: 'unknown' }),
      [sibling(OF_SERVICE)],
      [],
      { kind: 'endpoint', isSuccessor: true },
    ],
    [
      'may be anything where it is another port of the service',
      unnamed(1, OF_SERVICE, { containerPort: 9100 }),
      [sibling(OF_SERVICE)],
      [],
      { by: 'unknown-service' },
    ],
    [
      'may be anything where it is another container of the service',
      unnamed(1, { ...OF_SERVICE, name: 'metrics' }),
      [sibling(OF_SERVICE)],
      [],
      { by: 'unknown-service' },
    ],
    [
      'may be anything where only a service of that name in another cluster bears it',
      unnamed(1, OF_SERVICE),
      [sibling({ ...OF_SERVICE, cluster: GREEN })],
      [],
      { by: 'unknown-service' },
    ],
    [
      'is superseding where it has an entry of the name',
      unnamed(1, {}),
      [],
      [agentSet({ owner: 1 })],
      { kind: 'replaced', by: 'same-service' },
    ],
    [
      'is another service where it has an entry of another name',
      unnamed(1, OF_SERVICE),
      [sibling(OF_SERVICE)],
      [agentSet({ owner: 1, service: TIME })],
      { kind: 'replaced', by: 'other-service', heldUnder: TIME },
    ],
    [
      'is another service, told by the first name, where it has entries of several, in whatever order',
      unnamed(1, OF_SERVICE),
      [sibling(OF_SERVICE)],
      [agentSet({ owner: 1, service: '_web._tcp' }), agentSet({ owner: 1, service: TIME })],
      { kind: 'replaced', by: 'other-service', heldUnder: TIME },
    ],
    [
      'may be anything where it has an entry of another name, and its definition was not read',
      unnamed(1, { serviceNames: 'unknown' }),
      [],
      [agentSet({ owner: 1, service: TIME })],
      { by: 'unknown-service' },
    ],
    [
      'may be anything where only an entry for another port of it has another name',
      unnamed(1, {}),
      [],
      [agentSet({ owner: 1, service: TIME, port: 1 })],
      { by: 'unknown-service' },
    ],
    [
      'may be anything where only an entry that no agent wrote has another name',
      unnamed(1, {}),
      [],
      [agentSet({ owner: 1, service: TIME }, { Weight: undefined })],
      { by: 'unknown-service' },
    ],
    [
      'may be anything where a container whose id only begins alike has another name',
      unnamed(1, { id: `${'0'.repeat(11)}1${'e'.repeat(52)}` }),
      [],
      [agentSet({ owner: 1, service: TIME })],
      { by: 'unknown-service' },
    ],
    [
      'may be anything whatever an entry says whose value cannot be read',
      unnamed(1, {}),
      [],
      [agentSet({ owner: 1, service: TIME }, { ResourceRecords: [{ Value: 'not a value' }] })],
      { by: 'unknown-service' },
    ],
    [
      'may be anything while ECS has not told its id',
      unnamed(1, { id: undefined }),
      [],
      [agentSet({ owner: 1, service: TIME })],
      { by: 'unknown-service' },
    ],
    [
      'may be anything whatever entries without a container say',
      unnamed(1, {}),
      [],
      [agentSet({ owner: 'by-hand', service: TIME })],
      { by: 'unknown-service' },
    ],
  ])('%s', (_, holder, others, sets, expected) => {
    expect(byOf(holder, others, sets)).toMatchObject(expected);
  });
});

describe('what has the port of a container that is gone, and tells another name,', () => {
  it.each<[string, Partial<Endpoint>, object]>([
    ['is another service', { serviceName: TIME }, { by: 'other-service' }],
    [
      'may be anything where a file may name the port',
      { serviceName: TIME, nameIssue: 'environmentFiles' },
      { by: 'unknown-service' },
    ],
  ])('%s', (_, over, expected) => {
    expect(byOf(endpoint(container(1), over))).toMatchObject(expected);
  });

  it('decides nothing while something else is there that may be the successor', () => {
    const other = endpoint(container(1), { serviceName: TIME });
    const late = unnamed(3, {});
    expect(byOf(other, [late])).toMatchObject({ by: 'unknown-service', endpoint: late });
  });

  it('is not kept company by what listens over UDP: its port is another', () => {
    const other = endpoint(container(1), { serviceName: TIME });
    const udp = unnamed(3, {}, { protocol: 'udp' });
    expect(byOf(other, [udp])).toMatchObject({ by: 'other-service', endpoint: other });
  });
});

describe('a container that starts on the host, and', () => {
  const starting = (over: Partial<Container>) =>
    container(3, { id: undefined, phase: 'starting', serviceNames: [], ...over });
  const matchBeside = (one: Container) =>
    matchSets([DEAD], inventory([sibling({})], { containers: [one], hosts: [host(1)] }))[0]?.match;

  it.each<[string, Container, string]>([
    ['may have a name that is not told keeps the entry', starting({ mayHaveOtherNames: true }), 'starting'],
    ['bears no name keeps nothing', starting({}), 'no-task-on-host'],
    [
      'tells neither where it is nor its name keeps nothing',
      starting({ mayHaveOtherNames: true, host: undefined }),
      'no-task-on-host',
    ],
    [
      'tells the name, and not where it is, keeps the entry',
      starting({ serviceNames: [CALC], host: undefined }),
      'starting',
    ],
    [
      'has an unread definition keeps the entry, wherever it is',
      starting({ serviceNames: 'unknown', host: undefined }),
      'starting',
    ],
  ])('%s', (_, one, kind) => {
    expect(matchBeside(one)?.kind).toBe(kind);
  });
});
