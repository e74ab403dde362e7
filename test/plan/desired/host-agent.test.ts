import { describe, expect, it } from 'vitest';
import type { Container, Endpoint } from '../../../src/model/inventory.ts';
import type { Manage } from '../../../src/model/manage.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { registrationKey } from '../../../src/model/registration.ts';
import { agentSet, CALC, container, dockerId, endpoint, host, hostName, hostSet, ZONE } from '../support.ts';
import { carriedOut, created, decideSync, type SyncCase } from './support.ts';

const manage: Manage = { kind: 'host', host: hostName(1) };
const ENGINE = host(1, { isEngineRead: true });

function running(n: number, over: Partial<Container> = {}): Container {
  return container(n, { host: ENGINE, ...over });
}

function port(n: number, over: Partial<Endpoint> = {}): Endpoint {
  return endpoint(running(n), { port: 32_801 + n, ...over });
}

/** A container whose label names the address at which it is reached: that of its host. */
function labelled(n: number, over: Partial<Container> = {}): Endpoint {
  const of = running(n, {
    addressName: 'web',
    serviceNames: [],
    taskArn: `container/${dockerId(n)}`,
    ...over,
  });
  return endpoint(of, { serviceName: undefined, port: 32_801 + n });
}

function labelSet(n: number, over: Partial<RecordSet> = {}): RecordSet {
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

function zoneAfter(given: SyncCase): readonly string[] {
  const sets = carriedOut(given.zone ?? [], decideSync({ manage, ...given }).plan.groups);
  return sets.map(({ Name, SetIdentifier }) => `${Name} ${SetIdentifier}`);
}

const setOf = (n: number) => agentSet({ owner: n, port: 32_801 + n });

describe('what an agent registers', () => {
  it('is the form of the old agents', () => {
    expect(created(decideSync({ manage, endpoints: [port(1)] }))).toEqual([hostSet(1), setOf(1)]);
  });

  it('has the A set of a host of any name', () => {
    const named = host(1, { isEngineRead: true, privateDnsName: 'web01', instanceId: 'web01' });
    const one = endpoint(container(1, { host: named }));
    const sets = created(decideSync({ manage: { kind: 'host', host: 'web01' }, endpoints: [one] }));
    expect(sets.map(({ Name, Type, SetIdentifier }) => [Name, Type, SetIdentifier])).toEqual([
      [`web01.${ZONE}.`, 'A', 'web01'],
      [`${CALC}.${ZONE}.`, 'SRV', `web01:${dockerId(1)}`],
    ]);
  });

  it('is nothing that it was told to leave out, and the address of its host all the same', () => {
    const except = new Set([registrationKey(dockerId(1), `${CALC}.${ZONE}`)]);
    const options = { except };
    expect(created(decideSync({ manage, endpoints: [port(1), port(2)], options }))).toEqual([
      hostSet(1),
      setOf(2),
    ]);
    expect(created(decideSync({ manage, endpoints: [port(1)], zone: [setOf(1)], options }))).toEqual([
      hostSet(1),
    ]);
  });

  it('comes for a container before what has ended goes', () => {
    const zone = [setOf(1), hostSet(1)];
    expect(zoneAfter({ endpoints: [port(2)], zone })).toEqual([
      `ip-10-0-0-1.${ZONE}. ${hostName(1)}`,
      `${CALC}.${ZONE}. ${hostName(1)}:${dockerId(2)}`,
    ]);
  });

  it('leaves what other hosts have', () => {
    const zone = [agentSet({ target: 2, owner: 9 }), hostSet(2)];
    expect(zoneAfter({ endpoints: [port(1)], zone })).toHaveLength(4);
  });
});

describe('a container whose label names its address', () => {
  it('gets that of its host', () => {
    expect(created(decideSync({ manage, endpoints: [labelled(1)] }))).toEqual([labelSet(1)]);
  });

  it('has its short id in the identifier where the name of the host leaves no room for more', () => {
    const named = `host-${'x'.repeat(55)}`;
    const long = { ...ENGINE, privateDnsName: named, instanceId: named };
    const one = labelled(1, { host: long });
    const given: SyncCase = { manage: { kind: 'host', host: named }, endpoints: [one] };
    const sets = created(decideSync(given));
    expect(sets.map(({ SetIdentifier }) => SetIdentifier)).toEqual([
      `ecs-dns:${named}:${dockerId(1).slice(0, 12)}`,
    ]);
    expect(created(decideSync({ ...given, zone: sets }))).toEqual([]);
  });

  it('shares it with another of its host', () => {
    expect(created(decideSync({ manage, endpoints: [labelled(1), labelled(2)] }))).toEqual([labelSet(1)]);
  });

  it('takes it over from one that has ended, in the same pass', () => {
    expect(zoneAfter({ endpoints: [labelled(2)], zone: [labelSet(1)] })).toEqual([
      `web.${ZONE}. ecs-dns:${hostName(1)}:${dockerId(2)}`,
    ]);
    const other = labelSet(9, { SetIdentifier: `web.${ZONE}.` });
    expect(zoneAfter({ endpoints: [labelled(2)], zone: [labelSet(1), other] })).toEqual([
      `web.${ZONE}. web.${ZONE}.`,
    ]);
  });

  it('gets none that it was told to leave out', () => {
    const options = { except: new Set([registrationKey(dockerId(1), `web.${ZONE}`)]) };
    expect(created(decideSync({ manage, endpoints: [labelled(1)], options }))).toEqual([]);
    expect(zoneAfter({ endpoints: [labelled(1)], zone: [labelSet(1)], options })).toHaveLength(1);
  });

  it.each<[string, Partial<Container>]>([
    ['whose host has no address', { host: { ...ENGINE, address: undefined } }],
    ['whose host has an IPv6 address alone', { host: { ...ENGINE, address: 'fd00::1' } }],
    ['whose host has no name', { host: { ...ENGINE, privateDnsName: undefined } }],
    ['that has no id yet', { id: undefined }],
  ])('gets none: one %s', (_, over) => {
    expect(created(decideSync({ manage, endpoints: [labelled(1, over)] }))).toEqual([]);
  });
});
