import { expect, it } from 'vitest';
import type { Inventory } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { unknownHostsOf } from '../../../src/plan/judge/unknown-hosts-of.ts';
import {
  agentSet,
  container,
  dockerId,
  endpoint,
  hostName,
  hostSet,
  inventory,
  MANAGE_ZONE,
  matchSets,
  simpleSet,
  srvValue,
  ZONE,
} from '../support.ts';

const known = inventory([endpoint(container(1))]);
const unknownHosts = (sets: readonly RecordSet[], coverage: Inventory['coverage']) =>
  unknownHostsOf(matchSets(sets, known, MANAGE_ZONE), coverage);
const at = (n: number) => ({ hostName: hostName(n), address: `10.0.0.${n}` });

const DOCKER = agentSet({ target: 9, owner: dockerId(9) });
const SHORT = agentSet({ target: 9, owner: dockerId(9).slice(0, 12) });
const WITHOUT_DOCKER = agentSet({ target: 9, owner: `${'ab'.repeat(16)}-123` });
const NAMELESS = simpleSet([srvValue({ target: 9 })], '_web._tcp');
const NAME = hostName(9);

it.each<[string, readonly RecordSet[], Inventory['coverage'], readonly string[]]>([
  ['a container of Docker’s, all clusters read', [DOCKER], 'all-clusters', []],
  ['… by its short id', [SHORT], 'all-clusters', []],
  ['… some clusters read', [DOCKER], 'configured-clusters', [NAME]],
  ['a container without Docker, all clusters read', [WITHOUT_DOCKER], 'all-clusters', [NAME]],
  ['… some clusters read', [WITHOUT_DOCKER], 'configured-clusters', [NAME]],
  ['no container named, all clusters read', [NAMELESS], 'all-clusters', [NAME]],
  ['… some clusters read', [NAMELESS], 'configured-clusters', [NAME]],
  ['the A entry of a host, all clusters read', [hostSet(9)], 'all-clusters', [NAME]],
  ['one of several entries may be on an interface', [DOCKER, NAMELESS], 'all-clusters', [NAME]],
])('asks for the host, and whether for an interface of its name: %s', (_, sets, coverage, interfaceNames) => {
  expect(unknownHosts(sets, coverage)).toEqual({
    hosts: [at(9)],
    hostNames: [NAME],
    addressOf: new Map(),
    interfaceNames,
  });
});

it.each(['all-clusters', 'configured-clusters'] as const)('asks for every name once: %s', (coverage) => {
  const sets = [NAMELESS, WITHOUT_DOCKER, agentSet({ target: 8, owner: `${'ab'.repeat(16)}-1` })];
  const names = [NAME, hostName(8)];
  expect(unknownHosts(sets, coverage)).toEqual({
    hosts: [at(9), at(8)],
    hostNames: names,
    addressOf: new Map(),
    interfaceNames: names,
  });
});

it('asks for nothing where every host is known, or none can be', () => {
  const sets = [agentSet(), hostSet(1), simpleSet([srvValue({ target: 'db.discovery.internal' }), 'broken'])];
  expect(unknownHosts(sets, 'configured-clusters')).toEqual({
    hosts: [],
    hostNames: [],
    addressOf: new Map(),
    interfaceNames: [],
  });
});

it('asks for the address, too, where the zone tells another than the name', () => {
  const node = hostSet(9, { Name: `node1.${ZONE}.`, SetIdentifier: 'node1' });
  const entry = simpleSet([`1 1 80 node1`], '_web._tcp');
  expect(unknownHosts([entry, node], 'all-clusters').addressOf).toEqual(new Map([['node1', '10.0.0.9']]));
});
