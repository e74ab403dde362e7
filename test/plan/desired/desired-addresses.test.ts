import { describe, expect, it } from 'vitest';
import type { Container, Endpoint, HiddenIn, TaskInterface } from '../../../src/model/inventory.ts';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { BLUE } from '../../clusters.ts';
import { running } from '../addresses.ts';
import { container, endpoint, host, ZONE } from '../support.ts';
import { CLUSTER_KEY, carriedOut, created, decideSync, type SyncCase, withheld } from './support.ts';

function taskId(n: number): string {
  return n.toString(16).padStart(32, '0');
}

/** A container of a Fargate task at 10.1.x.n, whose address is to be found under `orders`. */
function task(n: number, its: Partial<Container> = {}, nic: Partial<TaskInterface> = {}): Container {
  const address = `10.1.${Math.floor(n / 250)}.${1 + (n % 250)}`;
  return container(n, {
    host: undefined,
    taskArn: `arn:aws:ecs:eu-west-1:111122223333:task/blue/${taskId(n)}`,
    networkInterface: { id: `eni-${n}`, address, ipv6: undefined, ...nic },
    addressName: 'orders',
    serviceNames: [],
    reachedAt: [address],
    ...its,
  });
}

function at(of: Container, over: Partial<Endpoint> = {}): Endpoint {
  const address = of.networkInterface?.address;
  return endpoint(of, { serviceName: undefined, hostNames: [], address, port: 8080, ...over });
}

function set(n: number, over: Partial<RecordSet> = {}): RecordSet {
  return {
    Name: `orders.${ZONE}.`,
    Type: 'A',
    SetIdentifier: `ecs-dns:${CLUSTER_KEY}/${taskId(n)}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: task(n).networkInterface?.address ?? '' }],
    ...over,
  };
}

const [ONE, TWO] = [at(task(1)), at(task(2))];

const NOWHERE = { ...BLUE, account: undefined };

describe('what is written for a task', () => {
  it.each<[string, SyncCase, readonly RecordSet[]]>([
    ['its address, one set a task', { endpoints: [TWO, ONE] }, [set(1), set(2)]],
    [
      'one set for several containers of one name',
      { endpoints: [ONE, at({ ...task(1), id: 'b'.repeat(64), name: 'sidecar' })] },
      [set(1)],
    ],
    [
      'its own, where what has the address under its name is of a task that is gone',
      { endpoints: [ONE], zone: [set(1, { SetIdentifier: `ecs-dns:${CLUSTER_KEY}/${taskId(9)}` })] },
      [set(1)],
    ],
    [
      'one for each name',
      { endpoints: [ONE, at({ ...task(1), id: 'b'.repeat(64), name: 'sidecar', addressName: 'metrics' })] },
      [set(1, { Name: `metrics.${ZONE}.` }), set(1)],
    ],
    [
      'a multivalue answer',
      { endpoints: [ONE], options: { routing: 'multivalue' } },
      [set(1, { Weight: undefined, MultiValueAnswer: true })],
    ],
    [
      'as those of its name are answered already, whatever is asked for',
      {
        endpoints: [ONE, TWO],
        options: { routing: 'weighted' },
        zone: [set(1, { Weight: undefined, MultiValueAnswer: true })],
      },
      [set(2, { Weight: undefined, MultiValueAnswer: true })],
    ],
    [
      'weight and TTL that its service asks for',
      { endpoints: [{ ...ONE, overrides: { weight: 9, ttl: 30 } }, TWO] },
      [set(1, { Weight: 9, TTL: 30 }), set(2, { TTL: 30 })],
    ],
    [
      'what is asked of its address, and not what its port asks for',
      {
        endpoints: [
          at(task(1, { addressOverrides: { ttl: 15, routing: 'multivalue' } }), {
            overrides: { ttl: 30, weight: 9 },
          }),
        ],
      },
      [set(1, { TTL: 15, Weight: undefined, MultiValueAnswer: true })],
    ],
    [
      'an IPv6 address beside it, where that is asked for',
      { endpoints: [at(task(1, {}, { ipv6: 'fd00::1' }))], options: { ipv6: true } },
      [set(1), set(1, { Type: 'AAAA', ResourceRecords: [{ Value: 'fd00::1' }] })],
    ],
    ['no IPv6 address otherwise', { endpoints: [at(task(1, {}, { ipv6: 'fd00::1' }))] }, [set(1)]],
    ['what has no ports, and so no check', { inventory: { containers: [task(1)] } }, [set(1)]],
    [
      'nothing that is there, whoever wrote it',
      { endpoints: [ONE, TWO], zone: [set(1, { SetIdentifier: 'label-agent' })] },
      [set(2)],
    ],
    ['nothing of a task that starts', { endpoints: [at(task(1, { phase: 'starting' }))] }, []],
    [
      'nothing of a service that wants no record',
      { endpoints: [{ ...ONE, overrides: { ignored: true } }] },
      [],
    ],
    [
      'its public address, where that is asked for',
      { endpoints: [at(task(1, {}, { publicAddress: '203.0.113.9' }))], options: { addresses: 'public' } },
      [set(1, { ResourceRecords: [{ Value: '203.0.113.9' }] })],
    ],
    [
      'its private address, where it has no public one',
      { endpoints: [ONE], options: { addresses: 'public' } },
      [set(1)],
    ],
  ])('%s', (_, given, expected) => {
    const decision = decideSync(given);
    const plain = (sets: readonly RecordSet[]) => sets.map((one) => JSON.parse(JSON.stringify(one)));
    expect(plain(created(decision))).toEqual(plain(expected));
    expect(withheld(decision)).toEqual([]);
    const zone = carriedOut(given.zone ?? [], decision.plan.groups);
    expect(decideSync({ ...given, zone }).plan).toMatchObject({ groups: [], withheld: [] });
  });
});

describe('what is withheld of the addresses of tasks', () => {
  const bridge = task(1, { host: host(1), networkInterface: undefined });
  const long = { address: undefined, ipv6: 'fd00::1' };
  const hidden = (hiddenAddressName: HiddenIn, its: Partial<Container> = {}) =>
    task(1, { addressName: undefined, hiddenAddressName, ...its });
  const alone = (of: Container): SyncCase => ({ inventory: { containers: [of] } });

  it.each<[string, SyncCase, readonly (readonly [string, string])[]]>([
    ['in the bridge network', { endpoints: [at(bridge)] }, [['?', 'no-interface']]],
    ['with an address of IPv6 alone', alone(task(1, {}, long)), [['fd00::1', 'ipv6-only']]],
    ['without an address', alone(task(1, {}, { address: undefined })), [['?', 'host-name-unknown']]],
    [
      'whose public address EC2 did not tell',
      { ...alone(task(1, {}, { isPublicUnknown: true })), options: { addresses: 'public' } },
      [['?', 'host-name-unknown']],
    ],
    ['whose name is a secret', { endpoints: [at(hidden('secrets'))] }, [['10.1.0.2', 'name-hidden']]],
    [
      'whose name is a secret, with an address of IPv6 alone',
      alone(hidden('secrets', { networkInterface: { id: 'eni-1', ...long } })),
      [['fd00::1', 'name-hidden']],
    ],
    [
      'whose name is a secret, with no address',
      alone(hidden('secrets', { networkInterface: { id: 'eni-1', address: undefined, ipv6: undefined } })),
      [['?', 'name-hidden']],
    ],
    ['whose name may stand in a file', alone(hidden('environmentFiles')), [['10.1.0.2', 'name-hidden']]],
    [
      'whose registry was not read',
      { endpoints: [at(hidden('registries'))] },
      [['10.1.0.2', 'registry-unknown']],
    ],
    [
      'whose registry was not read, nor what names its port',
      { endpoints: [{ ...at(hidden('registries')), serviceName: undefined, nameIssue: 'registries' }] },
      [['1 1 8080 10.1.0.2', 'registry-unknown']],
    ],
    ['whose ports say so already', { endpoints: [at(hidden('environmentFiles'))] }, []],
    ['that want no record', { endpoints: [{ ...at(hidden('secrets')), overrides: { ignored: true } }] }, []],
    ['that start', alone(hidden('secrets', { phase: 'starting' })), []],
    ['that have no interface', alone(hidden('secrets', { networkInterface: undefined })), []],
    ['that have a record', { ...alone(hidden('secrets')), zone: [set(1)] }, []],
  ])('%s', (_, given, expected) => {
    const decision = decideSync(given);
    expect(withheld(decision)).toEqual(expected);
    expect(created(decision)).toEqual([]);
  });

  it('keeps no AAAA record from those whose public address is unknown', () => {
    const options = { addresses: 'public', ipv6: true } as const;
    const containers = [task(1, {}, { isPublicUnknown: true, ipv6: 'fd00::1' })];
    const decision = decideSync({ inventory: { containers }, options });
    expect(withheld(decision)).toEqual([['?', 'host-name-unknown']]);
    expect(created(decision)).toMatchObject([{ Type: 'AAAA' }]);
  });

  it('is nothing where an AAAA record is wanted', () => {
    const decision = decideSync({ ...alone(task(1, {}, long)), options: { ipv6: true } });
    expect([created(decision).length, withheld(decision)]).toEqual([1, []]);
  });
});

it('is one record for two tasks that ECS says have one address', () => {
  const other = at(task(2, {}, { address: task(1).networkInterface?.address }));
  expect(created(decideSync({ endpoints: [ONE, other] }))).toEqual([set(1)]);
});

describe('what is withheld', () => {
  it.each<[string, SyncCase, string]>([
    ['one that fails', { endpoints: [ONE], failing: [ONE] }, 'timeout'],
    ['a name that DNS does not take', { endpoints: [at(task(1, { addressName: 'a b' }))] }, 'invalid-name'],
    [
      'a name beside a simple set',
      {
        endpoints: [ONE],
        zone: [{ Name: `orders.${ZONE}.`, Type: 'A', TTL: 1, ResourceRecords: [{ Value: '10.9.9.9' }] }],
      },
      'name-taken',
    ],
    [
      'one with another address under its identifier',
      { endpoints: [ONE], zone: [set(1, { ResourceRecords: [{ Value: '10.9.9.9' }] })] },
      'identifier-taken',
    ],
    [
      'one of a cluster that nobody knows',
      { endpoints: [ONE], inventory: { clusters: [] } },
      'cluster-not-covered',
    ],
    ['one of an unknown account', { endpoints: [at(task(1, { cluster: NOWHERE }))] }, 'identifier-taken'],
  ])('%s', (_, given, reason) => {
    const decision = decideSync(given);
    expect(withheld(decision).map(([, why]) => why)).toEqual([reason]);
    expect(created(decision)).toEqual([]);
  });
});

it('takes the address of a task without a port out, too, once its host is drained and another task is live', () => {
  const drained = task(1, { host: host(1, { isDraining: true }) });
  const planFor = (zone: readonly RecordSet[], ...containers: readonly Container[]) =>
    decideSync({ zone, inventory: running([], containers) }).plan;
  expect(planFor([set(1), set(2)], drained, task(2)).removing).toMatchObject([
    { judgement: { verdict: 'draining', reason: 'draining', entry: { value: '10.1.0.2' } } },
  ]);
  expect(planFor([set(1)], drained)).toMatchObject({
    removing: [],
    heldBack: [{ guardrail: 'min-endpoints' }],
  });
});

describe('more than a hundred tasks', () => {
  const tasks = (count: number) => Array.from({ length: count }, (_, i) => at(task(i + 1)));
  const run = (zone: readonly RecordSet[], count: number) =>
    carriedOut(zone, decideSync({ zone, endpoints: tasks(count) }).plan.groups);

  it('share one set, and get their own again', () => {
    const hundred = run([], 100);
    expect(hundred).toHaveLength(100);
    const many = run(hundred, 101);
    expect(many.map((one) => [one.SetIdentifier, one.Weight, valuesOf(one).length])).toEqual([
      ['ecs-dns:many', 101, 101],
    ]);
    expect(run(many, 101)).toEqual(many);
    const again = run(many, 100);
    const identifiers = (sets: readonly RecordSet[]) =>
      new Set(sets.map(({ SetIdentifier }) => SetIdentifier));
    expect(identifiers(again)).toEqual(identifiers(hundred));
  });

  it('are not split where one could get no identifier of its own', () => {
    const many = run([], 101);
    const theirs = set(1, { ResourceRecords: [{ Value: '10.9.9.9' }] });
    const zone = carriedOut(
      [...many, theirs],
      decideSync({ zone: [...many, theirs], endpoints: tasks(50) }).plan.groups,
    );
    expect(zone.map(({ SetIdentifier }) => SetIdentifier)).toContain('ecs-dns:many');
  });

  it('share it in the form in which each was answered for', () => {
    const options = { routing: 'multivalue' } as const;
    const zone = carriedOut([], decideSync({ endpoints: tasks(150), options }).plan.groups);
    expect(zone).toMatchObject([{ SetIdentifier: 'ecs-dns:many', MultiValueAnswer: true }]);
    expect(zone[0]?.Weight).toBeUndefined();
    expect(decideSync({ zone, endpoints: tasks(150), options }).plan.groups).toEqual([]);
  });
});

it('corrects what was changed by hand, where that is asked for', () => {
  const zone = [set(1, { Weight: 7, TTL: 9 })];
  expect(decideSync({ endpoints: [ONE], zone }).plan.groups).toEqual([]);
  expect(created(decideSync({ endpoints: [ONE], zone, options: { correct: true } }))).toEqual([set(1)]);
});
