import { describe, expect, it } from 'vitest';
import type { Container, Endpoint, Host } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import {
  agentSet,
  aliasSet,
  CALC,
  container,
  dockerId,
  endpoint,
  host,
  hostName,
  hostSet,
  inventory,
  simpleSet,
  srvValue,
  ZONE,
} from '../support.ts';
import { CLUSTER_KEY, carriedOut, created, decideSync, type SyncCase, withheld } from './support.ts';

const TASK_ID = '0123456789abcdef0123456789abcdef';
const TASK_ARN = `arn:aws:ecs:eu-west-1:111122223333:task/blue/${TASK_ID}`;

function on(of: Host, n = 1, over: Partial<Endpoint> = {}, its: Partial<Container> = {}): Endpoint {
  return endpoint(container(n, { host: of, ...its }), over);
}

/** A task with a network interface of its own, on Fargate. */
function awsvpc(over: Partial<Endpoint> = {}, its: Partial<Container> = {}): Endpoint {
  const networkInterface = { id: 'eni-1', address: '10.0.9.9', ipv6: undefined };
  const of = container(1, { host: undefined, taskArn: TASK_ARN, networkInterface, ...its });
  return endpoint(of, { hostNames: ['ip-10-0-9-9.ec2.internal'], address: '10.0.9.9', port: 8080, ...over });
}

const HOST_1 = host(1);
const ONE = on(HOST_1);

describe('what is written', () => {
  it.each<[string, SyncCase, readonly RecordSet[]]>([
    ['a port of a host, and the host', { endpoints: [ONE] }, [hostSet(1), agentSet()]],
    ['a host that the zone has is not written again', { endpoints: [ONE], zone: [hostSet(1)] }, [agentSet()]],
    [
      'nor one under another identifier, at the same address',
      { endpoints: [ONE], zone: [hostSet(1, { SetIdentifier: 'mine' })] },
      [agentSet()],
    ],
    [
      'no host under whose identifier the zone has another address',
      { endpoints: [ONE], zone: [hostSet(1, { ResourceRecords: [{ Value: '10.9.9.9' }] })] },
      [agentSet()],
    ],
    [
      'no host beside a simple set of its name',
      {
        endpoints: [ONE],
        zone: [{ Name: `ip-10-0-0-1.${ZONE}.`, Type: 'A', TTL: 5, ResourceRecords: [{ Value: '10.9.9.9' }] }],
      },
      [agentSet()],
    ],
    ['the host alone where its records are there', { endpoints: [ONE], zone: [agentSet()] }, [hostSet(1)]],
    [
      'two services of one container, two sets',
      { endpoints: [ONE, { ...ONE, serviceName: '_time._tcp', port: 32_802 }], zone: [hostSet(1)] },
      [agentSet(), agentSet({ service: '_time._tcp', port: 32_802 })],
    ],
    [
      'two ports of one container under one name: the lower has the agents’ own identifier',
      {
        endpoints: [{ ...ONE, port: 32_900, containerPort: 9090 }, ONE],
        zone: [hostSet(1)],
      },
      [
        agentSet(),
        agentSet({ port: 32_900 }, { SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32900` }),
      ],
    ],
    [
      'what its service asks for',
      { endpoints: [{ ...ONE, overrides: { ttl: 30, weight: 5, priority: 2 } }], zone: [hostSet(1)] },
      [agentSet({}, { TTL: 30, Weight: 5, ResourceRecords: [{ Value: `2 5 32801 ${hostName(1)}` }] })],
    ],
    [
      'up to eight at once where that is asked for, under this worker’s own identifier',
      { endpoints: [{ ...ONE, overrides: { ttl: 30, routing: 'multivalue' } }], zone: [hostSet(1)] },
      [
        agentSet(
          {},
          {
            TTL: 30,
            Weight: undefined,
            MultiValueAnswer: true,
            SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32801`,
          },
        ),
      ],
    ],
    [
      'as those of its name are answered already, whatever is asked for',
      {
        endpoints: [ONE, { ...on(host(2), 2), overrides: { routing: 'multivalue' } }],
        zone: [hostSet(1), hostSet(2), agentSet()],
      },
      [agentSet({ target: 2, owner: 2 })],
    ],
    [
      'the TTL that the settings name',
      { endpoints: [ONE], zone: [hostSet(1)], options: { ttl: 60 } },
      [agentSet({}, { TTL: 60 })],
    ],
    [
      'the TTL of the sets that are there, whatever anybody asks for',
      {
        endpoints: [ONE, { ...on(host(2), 2), overrides: { ttl: 5 } }],
        zone: [hostSet(1), hostSet(2), agentSet({}, { TTL: 10 })],
      },
      [agentSet({ target: 2, owner: 2 }, { TTL: 10, SetIdentifier: `${hostName(2)}:${dockerId(2)}` })],
    ],
    [
      'the TTL of the first set that has one, which an alias has not',
      {
        endpoints: [ONE, on(host(2), 2)],
        zone: [hostSet(1), hostSet(2), aliasSet('SRV'), agentSet({}, { TTL: 10 })],
      },
      [agentSet({ target: 2, owner: 2 }, { TTL: 10, SetIdentifier: `${hostName(2)}:${dockerId(2)}` })],
    ],
    [
      'the lowest TTL that is asked for under a new name',
      {
        endpoints: [
          { ...ONE, overrides: { ttl: 60 } },
          { ...ONE, container: container(2), port: 2, overrides: { ttl: 20 } },
          { ...ONE, container: container(3), port: 3 },
        ],
        zone: [hostSet(1)],
        options: { ttl: 5 },
      },
      [
        agentSet({}, { TTL: 20 }),
        agentSet({ owner: 2, port: 2 }, { TTL: 20 }),
        agentSet({ owner: 3, port: 3 }, { TTL: 20 }),
      ],
    ],
    [
      'the name of a task’s own interface, which the VPC answers for',
      { endpoints: [awsvpc()] },
      [
        agentSet(
          { port: 8080 },
          {
            SetIdentifier: `ip-10-0-9-9.ec2.internal:${dockerId(1)}`,
            ResourceRecords: [{ Value: '1 1 8080 ip-10-0-9-9.ec2.internal' }],
          },
        ),
      ],
    ],
    [
      'a port over TCP and UDP, once',
      { endpoints: [{ ...ONE, protocol: 'udp' }, ONE, { ...ONE, protocol: 'udp' }], zone: [hostSet(1)] },
      [agentSet()],
    ],
    [
      'no address of a host that has one of IPv6 alone',
      { endpoints: [on(host(1, { address: 'fd00::1' }))] },
      [agentSet()],
    ],
    [
      'what a port of UDP is called as well',
      { endpoints: [{ ...ONE, protocol: 'udp' }], zone: [hostSet(1)] },
      [agentSet()],
    ],
  ])('%s', (_, given, expected) => {
    const decision = decideSync(given);
    expect(created(decision)).toEqual(expected);
    expect(withheld(decision)).toEqual([]);
    expect(decision.plan.registrations).toHaveLength(expected.length);
  });

  it('needs an address of its own where the VPC names no interface', () => {
    const decision = decideSync({ endpoints: [awsvpc({ hostNames: [] })], manage: { kind: 'zone' } });
    expect(created(decision)).toHaveLength(2);
    const desiredRecords = decision.desiredRecords.map(({ desired }) => desired.recordSet);
    expect(desiredRecords).toEqual([
      {
        Name: `${TASK_ID}.${ZONE}.`,
        Type: 'A',
        SetIdentifier: `ecs-dns:${CLUSTER_KEY}/${TASK_ID}`,
        Weight: 1,
        TTL: 0,
        ResourceRecords: [{ Value: '10.0.9.9' }],
      },
      agentSet(
        { port: 8080 },
        {
          SetIdentifier: `${TASK_ID}:${dockerId(1)}`,
          ResourceRecords: [{ Value: `1 1 8080 ${TASK_ID}.${ZONE}` }],
        },
      ),
    ]);
    expect(decision.desiredRecords[1]?.desired).toMatchObject({
      after: [`${TASK_ID}.${ZONE} A ecs-dns:${CLUSTER_KEY}/${TASK_ID}`],
      requires: [`${TASK_ID}.${ZONE} A ecs-dns:${CLUSTER_KEY}/${TASK_ID}`],
    });
  });

  it('has an AAAA record for the task where that has no other address, and they are wanted', () => {
    const networkInterface = { id: 'eni-1', address: undefined, ipv6: 'fd00::9' };
    const long = awsvpc({ hostNames: [], address: 'fd00::9' }, { networkInterface });
    const given = { endpoints: [long], manage: { kind: 'zone' } } as const;
    const options = { ipv6: true };
    expect(created(decideSync({ ...given, options }))).toMatchObject([
      { Name: `${TASK_ID}.${ZONE}.`, Type: 'AAAA', ResourceRecords: [{ Value: 'fd00::9' }] },
      { Type: 'SRV', ResourceRecords: [{ Value: `1 1 8080 ${TASK_ID}.${ZONE}` }] },
    ]);
    expect(withheld(decideSync(given))).toEqual([[`1 1 8080 ${TASK_ID}.${ZONE}`, 'ipv6-only']]);
    const zone = carriedOut([], decideSync({ ...given, options }).plan.groups);
    expect(decideSync({ ...given, options, zone }).plan).toMatchObject({ groups: [], withheld: [] });
    const failing = decideSync({ ...given, options, failing: [long] });
    expect(withheld(failing)).toEqual([[`1 1 8080 ${TASK_ID}.${ZONE}`, 'timeout']]);
  });

  it('is done after the host that it points at, and before nothing else', () => {
    const { plan } = decideSync({ endpoints: [ONE] });
    expect(plan.groups.map(({ key, after }) => [key, after])).toEqual([
      [`ip-10-0-0-1.${ZONE} A ${hostName(1)}`, []],
      [`${CALC}.${ZONE} SRV ${hostName(1)}:${dockerId(1)}`, [`ip-10-0-0-1.${ZONE} A ${hostName(1)}`]],
    ]);
    expect(plan.groups.flatMap(({ reasons }) => reasons)).toEqual(['missing', 'missing']);
  });

  it('is written once: the next run has nothing to do', () => {
    const endpoints = [
      ONE,
      { ...ONE, port: 9, containerPort: 9 },
      on(host(2), 2),
      awsvpc({ serviceName: '_x._tcp' }, { serviceNames: ['_x._tcp'] }),
    ];
    const zone = carriedOut([], decideSync({ endpoints }).plan.groups);
    expect(zone).toHaveLength(6);
    expect(decideSync({ endpoints, zone }).plan).toMatchObject({
      groups: [],
      withheld: [],
      registrations: [],
    });
  });
});

describe('what is there already', () => {
  it.each<[string, RecordSet]>([
    ['in the form of the agents', agentSet()],
    ['under the bare name of the host', agentSet({ target: 'ip-10-0-0-1' })],
    ['in the entry of the container before it', agentSet({ owner: 9 })],
    ['with another weight', agentSet({}, { Weight: 7 })],
    ['with another priority', agentSet({}, { ResourceRecords: [{ Value: `3 4 32801 ${hostName(1)}` }] })],
    ['in a set of somebody else', agentSet({}, { SetIdentifier: 'mine' })],
    ['in a set without a weight', simpleSet([srvValue()])],
  ])('%s is not written again', (_, there) => {
    const decision = decideSync({ endpoints: [ONE], zone: [hostSet(1), there] });
    expect([created(decision), withheld(decision)]).toEqual([[], []]);
  });

  it('is another thing under another name', () => {
    const zone = [hostSet(1), agentSet({ service: '_other._tcp' })];
    expect(created(decideSync({ endpoints: [ONE], zone }))).toEqual([agentSet()]);
  });
});

describe('what is not wanted', () => {
  it.each<[string, Endpoint]>([
    ['a port without a name', on(HOST_1, 1, { serviceName: undefined }, { serviceNames: [] })],
    ['a container that starts', on(HOST_1, 1, {}, { phase: 'starting' })],
    ['a container that stops', on(HOST_1, 1, {}, { phase: 'stopping' })],
    ['what ECS lists on a host that is gone', on(host(1, { state: 'gone' }))],
    ['what ECS lists on a host that is silent', on(host(1, { state: 'unreachable' }))],
    ['a service that wants no record', on(HOST_1, 1, { overrides: { ignored: true } })],
  ])('%s', (_, given) => {
    const decision = decideSync({ endpoints: [given] });
    expect([created(decision), withheld(decision)]).toEqual([[], []]);
  });
});

describe('what is withheld', () => {
  const other: RecordSet = {
    Name: `${CALC}.${ZONE}.`,
    Type: 'CNAME',
    TTL: 60,
    ResourceRecords: [{ Value: 'x.' }],
  };

  it.each<[string, SyncCase, string]>([
    ['one that fails', { endpoints: [ONE], failing: [ONE] }, 'timeout'],
    ['one that nobody came to ask', { endpoints: [ONE], unasked: [ONE] }, 'deadline'],
    ['one without an address', { endpoints: [on(host(1, { address: undefined }))] }, 'address-unknown'],
    ['a name that DNS does not take', { endpoints: [named('a b')] }, 'invalid-name'],
    ['a wildcard', { endpoints: [named('*')] }, 'invalid-name'],
    ['a label that is too long', { endpoints: [named('a'.repeat(64))] }, 'invalid-name'],
    ['a name that ends with the zone', { endpoints: [named(`_calc._tcp.${ZONE}`)] }, 'zone-in-name'],
    ['the name of the zone', { endpoints: [named(ZONE)] }, 'zone-in-name'],
    ['a container without an id', { endpoints: [on(HOST_1, 1, {}, { id: undefined })] }, 'task-starting'],
    ['a name beside a CNAME', { endpoints: [ONE], zone: [other] }, 'name-taken'],
    ['a name beside a simple set', { endpoints: [ONE], zone: [simpleSet(['1 1 1 else'])] }, 'name-taken'],
    [
      'a host without a name',
      { endpoints: [on(host(1, { privateDnsName: undefined }))] },
      'host-name-unknown',
    ],
    [
      'a task whose interface has neither a name nor an address',
      { endpoints: [awsvpc({ hostNames: [] }, { networkInterface: undefined })] },
      'host-name-unknown',
    ],
    [
      'one whose identifiers are taken',
      {
        endpoints: [ONE],
        zone: [
          agentSet({ port: 1 }),
          agentSet({ port: 2 }, { SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/32801` }),
        ],
      },
      'identifier-taken',
    ],
    [
      'one whose host has a name that leaves an identifier no room',
      {
        endpoints: [{ ...ONE, hostNames: [`${'a'.repeat(60)}.${'b'.repeat(60)}`] }],
      },
      'identifier-too-long',
    ],
    [
      'a name that no pattern fits',
      { endpoints: [ONE], manage: { kind: 'patterns', patterns: ['_time.*'] } },
      'name-not-managed',
    ],
    ['one on a host that is drained, beside another', drained(), 'draining'],
  ])('%s', (_, given, reason) => {
    const decision = decideSync(given);
    expect(withheld(decision).map(([, why]) => why)).toEqual([reason]);
    expect(created(decision).filter(({ Type }) => Type === 'SRV')).toEqual([]);
  });

  function named(serviceName: string): Endpoint {
    return on(HOST_1, 1, { serviceName }, { serviceNames: [serviceName] });
  }

  function drained(): SyncCase {
    const there = on(host(2), 2);
    const zone = [
      hostSet(2),
      agentSet({ target: 2, owner: 2 }, { SetIdentifier: `${hostName(2)}:${dockerId(2)}` }),
    ];
    return { endpoints: [there, on(host(1, { isDraining: true }))], zone };
  }

  it('is not the last of its name only because its host is drained', () => {
    const endpoints = [on(host(1, { isDraining: true }))];
    expect(created(decideSync({ endpoints }))).toEqual([hostSet(1), agentSet()]);
  });

  it('is not what its service trusts from the start, but fails still', () => {
    const trusted: Endpoint = { ...ONE, overrides: { initialStatus: 'passing' } };
    const zone = [hostSet(1)];
    expect(created(decideSync({ endpoints: [trusted], zone, unasked: [trusted] }))).toEqual([agentSet()]);
    expect(created(decideSync({ endpoints: [trusted], zone, failing: [trusted] }))).toEqual([]);
  });

  it('takes the address of its task with it, and no other', () => {
    const decision = decideSync({
      endpoints: [awsvpc({ hostNames: [] })],
      manage: { kind: 'patterns', patterns: [CALC] },
    });
    expect(created(decision)).toEqual([]);
    expect(decision.plan.withheld).toMatchObject([
      { value: `1 1 8080 ${TASK_ID}.${ZONE}`, detail: 'the address that it points at cannot be registered' },
    ]);
  });

  it('is not the healthy port of a task of which another fails: the address that it needs is written', () => {
    const good = awsvpc({ hostNames: [], port: 9090, containerPort: 9090 });
    const bad = { ...good, port: 8080, containerPort: 8080, serviceName: '_time._tcp' };
    const endpoints = [bad, good];
    const decision = decideSync({ endpoints, failing: [bad] });
    expect(created(decision).map(({ Type }) => Type)).toEqual(['A', 'SRV']);
    expect(withheld(decision).map(([, why]) => why)).toEqual(['timeout']);
    const zone = carriedOut([], decision.plan.groups);
    expect(decideSync({ endpoints, zone, failing: [bad] }).plan.groups).toEqual([]);
  });

  it('is not what its service trusts, for want of an interface name', () => {
    const trusted = awsvpc({ hostNames: [], overrides: { initialStatus: 'passing' } });
    const decision = decideSync({ endpoints: [trusted], unasked: [trusted] });
    expect(created(decision).map(({ Type }) => Type)).toEqual(['A', 'SRV']);
  });

  it('leaves a host out that nothing points at', () => {
    expect(created(decideSync({ endpoints: [ONE], failing: [ONE] }))).toEqual([]);
  });

  it('is told with what it would lead to', () => {
    const { plan } = decideSync({ endpoints: [ONE], failing: [ONE] });
    expect(plan.withheld).toMatchObject([
      { name: `${CALC}.${ZONE}.`, type: 'SRV', evidence: { instance: 'i-1', address: '10.0.0.1:32801' } },
    ]);
  });
});

describe('what goes', () => {
  const gone = agentSet({ owner: 9, port: 9 });
  const goneKey = `${CALC}.${ZONE} SRV ${hostName(1)}:${dockerId(9)}`;
  const newKey = `${CALC}.${ZONE} SRV ${hostName(1)}:${dockerId(1)}`;

  it('waits for what comes where the name would be empty otherwise', () => {
    const { plan } = decideSync({ endpoints: [ONE], zone: [hostSet(1), gone] });
    expect(plan.groups.map(({ key, after }) => [key, after])).toEqual([
      [newKey, []],
      [goneKey, [newKey]],
    ]);
  });

  it('waits for nothing where the name has another', () => {
    const endpoints = [ONE, { ...ONE, container: container(2), port: 2 }];
    const { plan } = decideSync({ endpoints, zone: [hostSet(1), gone, agentSet({ owner: 2, port: 2 })] });
    expect(plan.groups.map(({ key, after }) => [key, after])).toEqual([
      [newKey, []],
      [goneKey, []],
    ]);
  });

  it('is what leads to a drained host, once there is another that is live', () => {
    const [old, fresh] = [on(host(1, { isDraining: true })), on(host(2), 2)];
    const zone = carriedOut([], decideSync({ endpoints: [old] }).plan.groups);
    const both = decideSync({ endpoints: [old, fresh], zone });
    expect(both.plan.removals).toBe(0);
    expect(both.plan.heldBack).toMatchObject([{ guardrail: 'min-endpoints' }]);
    const next = carriedOut(zone, both.plan.groups);
    const { plan } = decideSync({ endpoints: [old, fresh], zone: next });
    expect(plan.removing).toMatchObject([{ judgement: { verdict: 'draining', reason: 'draining' } }]);
    const last = carriedOut(next, plan.groups);
    expect(decideSync({ endpoints: [old, fresh], zone: last }).plan.groups).toEqual([]);
  });

  it('is never a drained one while what is left fails', () => {
    const [old, bad] = [on(host(1, { isDraining: true })), on(host(2), 2)];
    const zone = carriedOut([], decideSync({ endpoints: [on(HOST_1), bad] }).plan.groups);
    const { plan } = decideSync({ endpoints: [old, bad], zone, failing: [bad] });
    expect(plan.removing.map(({ judgement }) => judgement.reason)).toEqual(['timeout']);
  });
});

it('registers nothing where nothing runs', () => {
  expect(decideSync({ inventory: inventory([]) }).plan).toMatchObject({ groups: [], withheld: [] });
});
