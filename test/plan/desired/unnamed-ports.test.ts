import { describe, expect, it } from 'vitest';
import type { Container, Endpoint, NameIssue } from '../../../src/model/inventory.ts';
import { agentSet, container, endpoint, host, hostName, hostSet, srvValue, ZONE } from '../support.ts';
import { created, decideSync, type SyncCase, withheld } from './support.ts';

function port(over: Partial<Endpoint> = {}, its: Partial<Container> = {}): Endpoint {
  return endpoint(container(1, { serviceNames: [], ...its }), { serviceName: undefined, ...over });
}

const zone = [hostSet(1)];

describe('a port whose name cannot be known, or is none, is withheld', () => {
  it.each<[NameIssue, string, string]>([
    ['secrets', 'name-hidden', 'its name is a secret'],
    ['environmentFiles', 'name-hidden', 'its name may stand in an environment file'],
    [
      'registries',
      'registry-unknown',
      'its name may be that of a registry which was not read, or was deleted',
    ],
    ['several-ports', 'several-ports', 'SERVICE_NAME names none of several ports'],
    ['empty-name', 'name-empty', 'what is to name it is empty'],
  ])('%s', (nameIssue, reason, detail) => {
    const { plan } = decideSync({ endpoints: [port({ nameIssue })] });
    expect(plan.withheld).toEqual([
      {
        name: `?.${ZONE}.`,
        type: 'SRV',
        value: srvValue(),
        reason,
        detail,
        evidence: { cluster: 'blue', task: container(1).taskArn, container: 'app', port: 8080 },
      },
    ]);
  });

  it('at its address, or at none, where its host has no name', () => {
    const nameless = port({ nameIssue: 'secrets', hostNames: [] });
    const nowhere = { ...nameless, address: undefined };
    expect(withheld(decideSync({ endpoints: [nameless] }))).toEqual([['1 1 32801 10.0.0.1', 'name-hidden']]);
    expect(withheld(decideSync({ endpoints: [nowhere] }))).toEqual([['1 1 32801 ?', 'name-hidden']]);
  });

  it('once, where it is one of TCP and of UDP', () => {
    const [tcp, udp] = [port({ nameIssue: 'secrets' }), port({ nameIssue: 'secrets', protocol: 'udp' })];
    expect(withheld(decideSync({ endpoints: [tcp, { ...udp, container: tcp.container }] }))).toHaveLength(1);
  });
});

describe('nothing is said of a port', () => {
  const HIDDEN = { nameIssue: 'secrets' } as const;
  it.each<[string, SyncCase]>([
    ['of which nothing is said', { endpoints: [port()] }],
    ['that wants no record', { endpoints: [port({ ...HIDDEN, overrides: { ignored: true } })] }],
    ['that starts', { endpoints: [port(HIDDEN, { phase: 'starting' })] }],
    ['on a host that is gone', { endpoints: [port(HIDDEN, { host: host(1, { state: 'gone' }) })] }],
    ['that has an entry', { endpoints: [port(HIDDEN)], zone: [...zone, agentSet()] }],
  ])('%s', (_, given) => {
    expect(withheld(decideSync(given))).toEqual([]);
  });
});

describe('a name of a port that the container does not bind', () => {
  const bound = endpoint(container(1, { serviceNames: ['_calc._tcp', '_time._tcp'] }));
  it('is withheld, and the others are registered', () => {
    const decision = decideSync({ endpoints: [bound], zone });
    expect(created(decision)).toEqual([agentSet()]);
    expect(decision.plan.withheld).toMatchObject([
      { name: `_time._tcp.${ZONE}.`, value: '1 1 ? ?', reason: 'port-not-bound', detail: undefined },
    ]);
  });

  it('is withheld at the host of a container that binds none', () => {
    const containers = [container(1, { reachedAt: [hostName(1)] })];
    expect(withheld(decideSync({ inventory: { containers } }))).toEqual([
      [`1 1 ? ${hostName(1)}`, 'port-not-bound'],
    ]);
  });

  it('is withheld where an entry of another name leads to the container', () => {
    const containers = [container(1, { reachedAt: [hostName(1)] })];
    const other = agentSet({}, { Name: `_other._tcp.${ZONE}.` });
    expect(withheld(decideSync({ inventory: { containers, hosts: [host(1)] }, zone: [other] }))).toEqual([
      [`1 1 ? ${hostName(1)}`, 'port-not-bound'],
    ]);
  });

  it.each<[string, SyncCase]>([
    ['has an entry', { inventory: { containers: [container(1)], hosts: [host(1)] }, zone: [agentSet()] }],
    ['starts', { inventory: { containers: [container(1, { phase: 'starting' })] } }],
    ['has an unread definition', { inventory: { containers: [container(1, { serviceNames: 'unknown' })] } }],
  ])('is none where its container %s', (_, given) => {
    expect(withheld(decideSync(given))).toEqual([]);
  });
});
