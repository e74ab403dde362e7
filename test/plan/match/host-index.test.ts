import { describe, expect, it } from 'vitest';
import type { Host } from '../../../src/model/inventory.ts';
import { hostIndex } from '../../../src/plan/match/host-index.ts';
import {
  agentSet,
  container,
  dockerId,
  endpoint,
  firstMatch,
  host,
  hostName,
  hostSet,
  inventory,
  MANAGE_ZONE,
  simpleSet,
  srvValue,
  ZONE,
} from '../support.ts';

const ID = 'i-0123456789abcdef0';
const DOMAIN = 'eu-west-1.compute.internal';
/** Host 1, which EC2 calls by its id, with a second address and one of IPv6. */
const NAMED_BY_ID = host(1, {
  instanceId: ID,
  privateDnsName: `${ID}.${DOMAIN}`,
  secondaryAddresses: ['10.0.0.51', 'FD00:0::51'],
});

function found(name: string, hosts: readonly Host[], hostDomains?: readonly string[]) {
  const given = inventory([], { hosts, ...(hostDomains === undefined ? {} : { hostDomains }) });
  return hostIndex(given)(name).map(({ instanceId }) => instanceId);
}

describe('a host that EC2 calls by its id', () => {
  it.each([
    ['its own name', `${ID}.${DOMAIN}`],
    ['the label of that', ID],
    ['its id in any other domain', `${ID}.corp.example.com`],
    ['the name made of its address', hostName(1)],
    ['the label of that', 'ip-10-0-0-1'],
    ['its address', '10.0.0.1'],
    ['its second address', '10.0.0.51'],
    ['the name made of that', `ip-10-0-0-51.${DOMAIN}`],
    ['its address of IPv6, in any spelling', 'fd00::51'],
  ])('is found by %s: %s', (_, name) => {
    expect(found(name, [NAMED_BY_ID, host(2)])).toEqual([ID]);
  });

  it.each([
    ['the name made of its address in another region', 'ip-10-0-0-1.us-west-2.compute.internal'],
    ['such a name in a domain of its company', 'ip-10-0-0-1.corp.example.com'],
    ['the id of another', 'i-0123456789abcdef1'],
    ['another address', '10.0.0.9'],
    ['no name', ''],
  ])('is not found by %s: %s', (_, name) => {
    expect(found(name, [NAMED_BY_ID, host(2)])).toEqual([]);
  });
});

describe('names made of addresses', () => {
  it('are those of all hosts that have the address', () => {
    const other = host(7, { address: '10.0.0.1', vpcId: 'vpc-2', privateDnsName: hostName(1) });
    expect(found(hostName(1), [NAMED_BY_ID, other])).toEqual(['i-7', ID]);
  });

  it('are told in the domain of the host’s own name', () => {
    const own = host(1, { privateDnsName: 'i-1.corp.example.com' });
    expect(found('ip-10-0-0-1.corp.example.com', [own])).toEqual(['i-1']);
  });

  it('are told in the domains of the settings', () => {
    expect(found('ip-10-0-0-1.corp.example.com', [host(1)], ['corp.example.com'])).toEqual(['i-1']);
  });

  it('are none of a host without name and address', () => {
    const nameless = host(1, { privateDnsName: undefined, address: undefined });
    expect(found('ip-10-0-0-1', [nameless])).toEqual([]);
    expect(found('i-1', [nameless])).toEqual(['i-1']);
  });

  it('are none of an address that is no address', () => {
    expect(found('ip-10-0-0-1', [host(1, { privateDnsName: undefined, address: 'soon' })])).toEqual([]);
  });
});

describe('an entry that calls the host by another name than EC2', () => {
  const running = endpoint(container(1, { host: NAMED_BY_ID }));
  const known = inventory([running]);

  it.each([
    ['made of its address', hostName(1)],
    ['made of its second address', `ip-10-0-0-51.${DOMAIN}`],
    ['which is its second address', '10.0.0.51'],
    ['made of its id, in another domain', `${ID}.corp.example.com`],
  ])('leads to what runs there: %s', (_, target) => {
    const set = agentSet({ target }, { SetIdentifier: 'other' });
    expect(firstMatch([set], known, { kind: 'zone' })).toMatchObject({ kind: 'endpoint', endpoint: running });
  });

  it('leads to the host where nothing of it runs', () => {
    const match = firstMatch([agentSet({ owner: 99, port: 1 })], known);
    expect(match).toMatchObject({ kind: 'no-task-on-host', location: { instanceId: ID } });
  });

  it('is not led to what another host of that name runs', () => {
    const namesake = host(2, { instanceId: 'i-7', privateDnsName: NAMED_BY_ID.privateDnsName });
    const elsewhere = endpoint(container(2, { host: namesake }));
    const given = inventory([elsewhere], { hosts: [NAMED_BY_ID, namesake] });
    expect(firstMatch([agentSet({ owner: 99 })], given)).toMatchObject({ kind: 'no-task-on-host' });
  });

  describe('of which EC2 tells neither name nor address', () => {
    const nameless = host(1, { instanceId: ID, privateDnsName: undefined, address: undefined });
    const there = endpoint(container(2, { host: nameless }));
    const target = `${ID}.${DOMAIN}`;

    it('is led to what runs there', () => {
      const match = firstMatch([simpleSet([srvValue({ target })])], inventory([there]), MANAGE_ZONE);
      expect(match).toMatchObject({ kind: 'endpoint', endpoint: there, address: undefined });
    });

    const dead = agentSet({ target }, { SetIdentifier: `${target}:${dockerId(99)}` });

    it('is succeeded by what has its port', () => {
      expect(firstMatch([dead], inventory([there]))).toMatchObject({
        kind: 'endpoint',
        isSuccessor: true,
        endpoint: there,
      });
    });

    it('is not led to a task that has an interface of its own', () => {
      const networkInterface = { id: 'eni-1', address: '10.0.3.1', ipv6: undefined };
      const own = endpoint(container(2, { host: nameless, networkInterface }), { address: '10.0.3.1' });
      expect(firstMatch([dead], inventory([own]))).toMatchObject({
        kind: 'no-task-on-host',
        location: { instanceId: ID },
      });
    });
  });
});

describe('the A set of a host by its id', () => {
  const set = (id: string) => hostSet(1, { Name: `${id}.${ZONE}.`, SetIdentifier: `${id}.${DOMAIN}` });

  it('is managed like that of a host by its address', () => {
    expect(firstMatch([set(ID)], inventory([], { hosts: [NAMED_BY_ID] }))).toMatchObject({
      kind: 'host-present',
      location: { instanceId: ID },
    });
    expect(
      firstMatch([set(ID)], inventory([], { hosts: [{ ...NAMED_BY_ID, state: 'gone' }] })),
    ).toMatchObject({
      kind: 'host-gone',
    });
  });

  it.each(['i-1', 'i-0123456789abcdef', 'i-0123456789ABCDEFG', 'id-0123456789abcdef0'])(
    'is none where %s is no id',
    (id) => {
      expect(firstMatch([set(id)], inventory([]))).toEqual({ kind: 'foreign', reason: 'record-type' });
    },
  );
});
