import { describe, expect, it } from 'vitest';
import type { Container, Inventory, ReadCluster } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { EndedTask, Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE_ELSEWHERE, clusterNamed, GREEN } from '../../clusters.ts';
import {
  addressSet,
  BLUE,
  ELSEWHERE,
  multiValueSet,
  ownSet,
  portOf,
  running,
  task,
  taskId,
  V6,
} from '../addresses.ts';
import { at, firstMatch, host, matchSets, REGION, ZONE } from '../support.ts';

const ONE = task(1);
const PORT = portOf(ONE);
const REF = { cluster: BLUE, taskId: taskId(1) };
const GONE = { kind: 'task-gone', task: REF } as const;
const LOST = { ...GONE, address: '10.0.0.1' };
const AT_9: Partial<RecordSet> = { ResourceRecords: [{ Value: '10.0.0.9' }] };

function leads(endpoint = PORT, address = '10.0.0.1'): Match {
  return { kind: 'endpoint', isSuccessor: false, endpoint, address };
}

function phase(n: number, which: Container['phase'], over: Partial<Container> = {}): Container {
  return task(n, { phase: which, ...over });
}

/** Another task, with the address that the first one had. */
function heir(over: Partial<Container>): Container {
  const networkInterface = { id: 'eni-2', address: '10.0.0.1', ipv6: undefined };
  return task(2, { networkInterface, ...over });
}

function heirLeads(ended: EndedTask): Match {
  return { kind: 'endpoint', isSuccessor: true, endpoint: portOf(heir({})), address: '10.0.0.1', ended };
}

const HIDDEN: Partial<Container> = {
  networkInterface: { id: undefined, address: undefined, ipv6: undefined },
};

describe('the address that a task is named with', () => {
  const sidecar = task(1, { name: 'a-sidecar', addressName: undefined });
  const starting = phase(1, 'starting');
  const udp = portOf(ONE, { protocol: 'udp' });
  const [low, high] = [
    portOf(ONE, { containerPort: 80, port: 8 }),
    portOf(ONE, { containerPort: 8080, port: 1 }),
  ];
  const renamed = task(1, { addressName: 'web' });
  const nameless = task(1, { addressName: undefined, serviceNames: 'unknown' });
  const away = task(1, { networkInterface: { id: 'eni-1', address: '10.0.0.8', ipv6: undefined } });
  const open = task(1, {
    networkInterface: { id: 'eni-1', address: '10.0.0.1', ipv6: undefined, publicAddress: '3.3.3.3' },
  });
  const bridge = task(1, { networkInterface: undefined });
  const at3 = addressSet(1, { ResourceRecords: [{ Value: '3.3.3.3' }] });
  const elsewhere = addressSet(1, { SetIdentifier: `ecs-dns:${ELSEWHERE}/${taskId(1)}` });
  const green = { ...GREEN, complete: true };

  it.each<[string, RecordSet, Inventory, Match]>([
    ['it runs', addressSet(1), running([PORT]), leads()],
    ['it runs, and is asked at its IPv6 address', addressSet(1, V6), running([PORT]), leads(PORT, 'fd00::1')],
    [
      'the IPv6 address is spelt otherwise',
      addressSet(1, { ...V6, ResourceRecords: [{ Value: 'FD00:0::0001' }] }),
      running([PORT]),
      leads(PORT, 'fd00::1'),
    ],
    [
      'it is one of several answers',
      addressSet(1, { Weight: undefined, MultiValueAnswer: true }),
      running([PORT]),
      leads(),
    ],
    ['of several ports the lowest is asked', addressSet(1), running([high, low]), leads(low)],
    ['… in whatever order', addressSet(1), running([low, high]), leads(low)],
    [
      '… of a container that is published twice',
      addressSet(1),
      running([{ ...low, port: 9 }, low]),
      leads(low),
    ],
    ['a port of UDP is not asked', addressSet(1), running([udp]), { kind: 'addressed', container: ONE }],
    ['it has no port', addressSet(1), running([], [ONE]), { kind: 'addressed', container: ONE }],
    [
      'another container of it does not bear the name',
      addressSet(1),
      running([PORT, portOf(sidecar)]),
      leads(),
    ],
    [
      'it is called otherwise now',
      addressSet(1),
      running([portOf(renamed)]),
      { kind: 'addressed', container: renamed },
    ],
    [
      'nobody knows what it is called',
      addressSet(1),
      running([portOf(nameless)]),
      { kind: 'addressed', container: nameless },
    ],
    [
      'the container of the name has ended, another runs',
      addressSet(1),
      running([portOf(phase(1, 'stopped')), portOf(sidecar)]),
      { kind: 'addressed', container: sidecar },
    ],
    ['it starts', addressSet(1), running([], [starting]), { kind: 'starting', container: starting }],
    [
      'the container of the name starts, another runs',
      addressSet(1),
      running([portOf(sidecar)], [starting]),
      { kind: 'starting', container: starting },
    ],
    [
      'it is being stopped',
      addressSet(1),
      running([], [phase(1, 'stopping')]),
      { kind: 'stopping', container: phase(1, 'stopping') },
    ],
    [
      'it is being stopped, at another address',
      addressSet(1, AT_9),
      running([], [phase(1, 'stopping')]),
      { kind: 'stopping', container: phase(1, 'stopping') },
    ],
    ['it has ended', addressSet(1), running([], [phase(1, 'stopped')]), LOST],
    ['it is not there', addressSet(1), running([], [task(2)]), LOST],
    ['it is not there, at a public address', at3, running([], [task(2)]), GONE],
    ['it is not there, under its own name', ownSet(1), running([], [task(2)]), GONE],
    [
      'it is not there, and a task has its address of which nobody knows what it is called',
      addressSet(1),
      running([], [heir({ addressName: undefined, hiddenAddressName: 'registries' })]),
      {
        kind: 'address-reassigned',
        by: 'unknown-name',
        container: heir({ addressName: undefined, hiddenAddressName: 'registries' }),
        address: '10.0.0.1',
      },
    ],
    [
      'it is not there, and a task without a name has its address, where none has the name any more',
      addressSet(1),
      running([], [heir({ addressName: undefined })]),
      {
        kind: 'address-reassigned',
        by: 'no-name',
        container: heir({ addressName: undefined }),
        address: '10.0.0.1',
      },
    ],
    [
      'it is not there, and a task without a name has its address, where another has the name',
      addressSet(1),
      running([], [heir({ addressName: undefined }), task(3)]),
      { kind: 'task-gone', task: REF },
    ],
    [
      'it is not there, and a task of its name has its address, without a port',
      addressSet(1),
      running([], [heir({ serviceNames: 'unknown' })]),
      { kind: 'addressed', container: heir({ serviceNames: 'unknown' }), ended: GONE },
    ],
    [
      'it is not there, and a task of its name has its address, with one',
      addressSet(1),
      running([portOf(heir({}))]),
      heirLeads(GONE),
    ],
    [
      'it is not there, and a task of its name starts at its address',
      addressSet(1),
      running([], [heir({ phase: 'starting' })]),
      { kind: 'starting', container: heir({ phase: 'starting' }) },
    ],
    [
      'it is not there, and a task of its name stops at its address',
      addressSet(1),
      running([], [heir({ phase: 'stopping' })]),
      { kind: 'task-gone', task: REF },
    ],
    [
      'it is being stopped, and a task of its name has its address',
      addressSet(1),
      running([portOf(heir({}))], [phase(1, 'stopping')]),
      heirLeads({ kind: 'stopping', container: phase(1, 'stopping') }),
    ],
    [
      'it has stopped, and a task of its name has its address, in a run of a scope',
      addressSet(1),
      running([portOf(heir({}))], [phase(1, 'stopped')], { coverage: 'scope' }),
      { kind: 'task-gone', task: REF },
    ],
    [
      'it is not there, and a task of another name has its address',
      addressSet(1),
      running([], [heir({ addressName: 'web' })]),
      { kind: 'task-gone', task: REF },
    ],
    [
      'it is not there, and its name is that of the task alone',
      addressSet(1, { Name: `${taskId(1)}.${ZONE}.` }),
      running([], [heir({ addressName: undefined, serviceNames: 'unknown' })]),
      { kind: 'task-gone', task: REF },
    ],
    [
      'a task of its id is there in another cluster',
      addressSet(1),
      running([], [task(1, { cluster: GREEN })], { clusters: [BLUE, green] }),
      { kind: 'task-gone', task: REF },
    ],
    [
      'its cluster was not read',
      addressSet(1),
      running([PORT], [], { clusters: [green] }),
      { kind: 'cluster-unknown', cluster: 'eu-west-1/111122223333/blue' },
    ],
    [
      'its cluster is of another region',
      elsewhere,
      running([PORT]),
      { kind: 'cluster-unknown', cluster: ELSEWHERE },
    ],
    [
      'it runs at another address',
      addressSet(1),
      running([portOf(away)]),
      { kind: 'readdressed', container: away, address: '10.0.0.1', isElsewhere: true },
    ],
    [
      'it runs, and its address is not known',
      addressSet(1),
      running([], [task(1, HIDDEN)]),
      { kind: 'readdressed', container: task(1, HIDDEN), address: '10.0.0.1', isElsewhere: false },
    ],
    [
      'it runs, and has no address of its own',
      addressSet(1),
      running([], [bridge]),
      { kind: 'readdressed', container: bridge, address: '10.0.0.1', isElsewhere: false },
    ],
    [
      'it runs, and nobody knows its public address',
      at3,
      running([PORT]),
      { kind: 'readdressed', container: ONE, address: '3.3.3.3', isElsewhere: false },
    ],
    [
      'it runs, and has this public address: asked at the private one',
      at3,
      running([portOf(open)]),
      leads(portOf(open), portOf(open).address ?? ''),
    ],
    [
      'the IPv6 address is another',
      addressSet(1, { ...V6, ResourceRecords: [{ Value: 'fd00::9' }] }),
      running([PORT]),
      { kind: 'readdressed', container: ONE, address: 'fd00::9', isElsewhere: true },
    ],
    ['an AAAA value of IPv4', addressSet(1, { Type: 'AAAA' }), running([PORT]), { kind: 'malformed' }],
    ['an A value of IPv6', addressSet(1, { ...V6, Type: 'A' }), running([PORT]), { kind: 'malformed' }],
    [
      'a value that is no address',
      addressSet(1, { ResourceRecords: [{ Value: 'x' }] }),
      running([PORT]),
      { kind: 'malformed' },
    ],
  ])('%s', (_, set, known, expected) => {
    expect(firstMatch([set], known)).toEqual(expected);
  });

  it('under the name of the task itself, of a container whose ports have names', () => {
    const named = portOf(ONE, { serviceName: '_calc._tcp' });
    const plain = task(1, { name: 'b' });
    expect(firstMatch([ownSet(1)], running([portOf(plain, { containerPort: 1 }), named]))).toEqual(
      leads(named),
    );
    expect(firstMatch([ownSet(1)], running([PORT]))).toEqual({ kind: 'addressed', container: ONE });
  });
});

describe('the clusters of identifiers', () => {
  const elsewhere = { ...BLUE_ELSEWHERE, complete: true };
  const foreign = { ...clusterNamed('blue', REGION, '999999999999'), complete: true };
  it.each<[string, readonly ReadCluster[], object]>([
    ['one that was read', [BLUE], { kind: 'task-gone', task: { cluster: { arn: BLUE.arn } } }],
    ['… beside others of its name', [foreign, BLUE, elsewhere], { task: { cluster: { arn: BLUE.arn } } }],
    ['one of its name in another region', [elsewhere], { kind: 'cluster-unknown' }],
    ['one of its name in another account', [foreign], { kind: 'cluster-unknown' }],
    ['one of an unknown account', [{ ...BLUE, account: undefined }], { kind: 'cluster-unknown' }],
  ])('%s', (_, clusters, expected) => {
    expect(firstMatch([addressSet(1)], running([], [], { clusters }))).toMatchObject(expected);
  });

  it('lead to the task of their own cluster, of two that have one of its id', () => {
    const there = task(1, { cluster: BLUE_ELSEWHERE, taskArn: task(1).taskArn.replace(REGION, 'us-west-2') });
    const known = running([portOf(there), PORT], [], { clusters: [BLUE, elsewhere] });
    expect(firstMatch([addressSet(1)], known)).toEqual(leads());
    const far = addressSet(1, { SetIdentifier: `ecs-dns:${ELSEWHERE}/${taskId(1)}` });
    expect(firstMatch([far], known)).toEqual(leads(portOf(there)));
  });
});

describe('an address of no named task', () => {
  const v6 = { Type: 'AAAA' };
  const other = task(1, { addressName: 'web' });
  const unread = task(1, { addressName: undefined, serviceNames: 'unknown' });
  const secret = task(1, { addressName: undefined, hiddenAddressName: 'secrets' });
  const starting = phase(1, 'starting');
  const stopping = phase(1, 'stopping');
  const namesake = task(7, { networkInterface: ONE.networkInterface });
  const lateOne = phase(5, 'starting', { networkInterface: undefined });

  it.each<[string, RecordSet, Inventory, Match]>([
    ['a task of the name runs there', multiValueSet(['10.0.0.1']), running([PORT]), leads()],
    [
      '… without a port',
      multiValueSet(['10.0.0.1']),
      running([], [ONE]),
      { kind: 'addressed', container: ONE },
    ],
    ['… by IPv6', multiValueSet(['fd00::1'], v6), running([PORT]), leads(PORT, 'fd00::1')],
    [
      'one starts there',
      multiValueSet(['10.0.0.1']),
      running([], [starting]),
      { kind: 'starting', container: starting },
    ],
    [
      'one stops there',
      multiValueSet(['10.0.0.1']),
      running([], [stopping]),
      { kind: 'stopping', container: stopping },
    ],
    [
      'one stops there, another runs',
      multiValueSet(['10.0.0.1']),
      running([portOf(namesake)], [stopping]),
      leads(portOf(namesake)),
    ],
    [
      'one of another VPC, of another name, has it, too',
      multiValueSet(['10.0.0.1']),
      running([PORT], [task(6, { networkInterface: ONE.networkInterface, addressName: 'web' })]),
      leads(),
    ],
    [
      'a task of another name has it',
      multiValueSet(['10.0.0.1']),
      running([], [other]),
      { kind: 'address-reassigned', by: 'other-name', container: other, address: '10.0.0.1' },
    ],
    ...(
      [
        ['one without a name has it, and another one has the name', [task(2)], 'other-name'],
        ['one without a name has it, and none has the name any more', [], 'no-name'],
      ] as const
    ).map(([what, others, by]): [string, RecordSet, Inventory, Match] => [
      what,
      multiValueSet(['10.0.0.1']),
      running([], [task(1, { addressName: undefined }), ...others]),
      {
        kind: 'address-reassigned',
        by,
        container: task(1, { addressName: undefined }),
        address: '10.0.0.1',
      },
    ]),
    [
      'one has it of which nobody knows the name',
      multiValueSet(['10.0.0.1']),
      running([], [unread]),
      { kind: 'address-reassigned', by: 'unknown-name', container: unread, address: '10.0.0.1' },
    ],
    [
      'one has it whose name is a secret',
      multiValueSet(['10.0.0.1']),
      running([], [secret]),
      { kind: 'address-reassigned', by: 'unknown-name', container: secret, address: '10.0.0.1' },
    ],
    [
      'the container of the name has ended, another of the task runs',
      multiValueSet(['10.0.0.1']),
      running([], [phase(1, 'stopped'), task(1, { name: 'b', addressName: undefined })]),
      { kind: 'addressed', container: task(1, { name: 'b', addressName: undefined }) },
    ],
    [
      'no interface has it',
      multiValueSet(['10.0.0.9']),
      running([PORT]),
      { kind: 'address-unassigned', address: '10.0.0.9' },
    ],
    [
      'nobody has it by IPv6',
      multiValueSet(['fd00::9'], v6),
      running([PORT]),
      { kind: 'address-unassigned', address: 'fd00::9' },
    ],
    [
      'nobody has it, and only a host is known beside it',
      multiValueSet(['10.0.0.9']),
      running([], [], { hosts: [host(1)] }),
      { kind: 'address-unassigned', address: '10.0.0.9' },
    ],
    [
      'nobody is known in its network',
      multiValueSet(['10.0.1.9']),
      running([PORT], [], { hosts: [host(1, { address: undefined })] }),
      { kind: 'address-out-of-scope', address: '10.0.1.9' },
    ],
    [
      'it is a public one',
      multiValueSet(['3.3.3.3']),
      running(
        [],
        [
          task(1, {
            networkInterface: { id: 'e', address: '10.0.0.1', ipv6: undefined, publicAddress: '3.3.3.4' },
          }),
        ],
      ),
      { kind: 'address-out-of-scope', address: '3.3.3.3' },
    ],
    [
      'one of the name starts, and has no address yet',
      multiValueSet(['10.0.0.9']),
      running([PORT], [lateOne]),
      { kind: 'starting', container: lateOne },
    ],
    [
      'one of any name starts, and has no address yet',
      multiValueSet(['10.0.0.9']),
      running([PORT], [{ ...lateOne, addressName: undefined, serviceNames: 'unknown' }]),
      { kind: 'starting', container: { ...lateOne, addressName: undefined, serviceNames: 'unknown' } },
    ],
    [
      'one of the name runs, and ECS has not told its address',
      multiValueSet(['10.0.0.9']),
      running([PORT], [task(5, HIDDEN)]),
      { kind: 'starting', container: task(5, HIDDEN) },
    ],
    [
      'one of another name starts',
      multiValueSet(['10.0.0.9']),
      running([PORT], [{ ...lateOne, addressName: 'web' }]),
      { kind: 'address-unassigned', address: '10.0.0.9' },
    ],
    [
      'one of the name runs on a host, and has no address of its own',
      multiValueSet(['10.0.0.9']),
      running([PORT], [task(5, { networkInterface: undefined })]),
      { kind: 'address-unassigned', address: '10.0.0.9' },
    ],
    ['it is none', multiValueSet(['x']), running([PORT]), { kind: 'malformed' }],
  ])('%s', (_, set, known, expected) => {
    expect(firstMatch([set], known)).toEqual(expected);
  });
});

describe('an address that a running task does not have', () => {
  const wrong = addressSet(1, AT_9);
  const superseded = (sets: readonly RecordSet[], known = running([PORT])) =>
    at(matchSets(sets, known), 0).match;

  it.each<[string, RecordSet[], boolean]>([
    ['is superseded by an entry of its name at the right one', [wrong, multiValueSet(['10.0.0.1'])], true],
    ['not by one of another name', [wrong, multiValueSet(['10.0.0.1'], { Name: `web.${ZONE}.` })], false],
    ['not by one of another type', [wrong, multiValueSet(['fd00::1'], { Type: 'AAAA' })], false],
    ['not by one of another task', [wrong, addressSet(2)], false],
    [
      'not where it may be a public one',
      [addressSet(1, { ResourceRecords: [{ Value: '3.3.3.3' }] }), multiValueSet(['10.0.0.1'])],
      false,
    ],
  ])('%s', (_, sets, expected) => {
    expect(superseded(sets, running([PORT, portOf(task(2))]))).toMatchObject({
      kind: 'readdressed',
      ...(expected ? { isSuperseded: true } : {}),
    });
    expect('isSuperseded' in superseded(sets)).toBe(expected);
  });

  it('… whether the task has a port or not', () => {
    expect(superseded([wrong, multiValueSet(['10.0.0.1'])], running([], [ONE]))).toMatchObject({
      isSuperseded: true,
    });
  });
});
