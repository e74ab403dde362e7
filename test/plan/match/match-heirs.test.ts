import { describe, expect, it } from 'vitest';
import type { Inventory } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import {
  agentSet,
  container,
  endpoint,
  host,
  hostSet,
  inventory,
  MANAGE_ZONE,
  matchSets,
  simpleSet,
  srvValue,
} from '../support.ts';

/** Container 2 has taken the host and port of container 1, and runs the same service. */
const successor = endpoint(container(2));
const fleet = inventory([successor]);
const OLD = agentSet({ owner: 1 });
const OLDER = agentSet({ owner: 9 });
const OWN = agentSet({ owner: 2 });
const OTHER_NAME = agentSet({ service: '_alias._tcp', owner: 2 });
const TIME = endpoint(container(2, { serviceNames: ['_time._tcp'] }), { serviceName: '_time._tcp' });

const HEIR = { kind: 'endpoint', endpoint: successor, address: '10.0.0.1', isSuccessor: true };
const SUPERSEDED = { kind: 'replaced', endpoint: successor, by: 'same-service' };
const DIRECT = { kind: 'endpoint', endpoint: successor, isSuccessor: false };

it.each<[string, RecordSet[], object[]]>([
  ['it has no entry of its own: the old one counts as its', [OLD], [HEIR]],
  ['it has one: the old one is superseded', [OLD, OWN], [SUPERSEDED, DIRECT]],
  ['… in whatever order they are listed', [OWN, OLD], [DIRECT, SUPERSEDED]],
  ['two old ones: both count as its', [OLD, OLDER], [HEIR, HEIR]],
  ['two old ones and its own', [OLD, OLDER, OWN], [SUPERSEDED, SUPERSEDED, DIRECT]],
  ['its own entry is under another name', [OLD, OTHER_NAME], [HEIR, DIRECT]],
  ['its own entries are under both names', [OLD, OTHER_NAME, OWN], [SUPERSEDED, DIRECT, DIRECT]],
  [
    'a foreign set that leads to it is no entry of its own',
    [OLD, simpleSet([srvValue()])],
    [HEIR, { kind: 'foreign', reason: 'not-weighted' }],
  ],
])('%s', (_, sets, expected) => {
  expect(matchSets(sets, fleet).map(({ match }) => match)).toMatchObject(expected);
});

describe('an entry of weight 0', () => {
  const weighing = (Weight: number, set: RecordSet = OWN): RecordSet => ({ ...set, Weight });
  const OF_AN_OPERATOR = { ...agentSet({ port: 1 }), SetIdentifier: 'backup' };

  it.each<[string, RecordSet[], object[]]>([
    ['of its own is none that clients get next to the old one', [OLD, weighing(0)], [HEIR, DIRECT]],
    [
      '… unless the old one is of weight 0, too: clients get neither, or both',
      [weighing(0, OLD), weighing(0), OF_AN_OPERATOR],
      [SUPERSEDED, DIRECT, { kind: 'foreign' }],
    ],
    ['… or all are of weight 0', [weighing(0, OLD), weighing(0)], [SUPERSEDED, DIRECT]],
    [
      '… or those that have one are of another name',
      [weighing(0, OLD), weighing(0), OTHER_NAME],
      [SUPERSEDED, DIRECT, DIRECT],
    ],
    ['is superseded by one that has a weight', [weighing(0, OLD), OWN], [SUPERSEDED, DIRECT]],
  ])('%s', (_, sets, expected) => {
    expect(matchSets(sets, fleet).map(({ match }) => match)).toMatchObject(expected);
  });
});

it('a managed set without identifier supersedes as well', () => {
  const matched = matchSets([OLD, simpleSet([srvValue()])], fleet, MANAGE_ZONE);
  expect(matched.map(({ match }) => match)).toMatchObject([SUPERSEDED, DIRECT]);
});

it.each<[string, Inventory, object]>([
  [
    'an isSuccessor without an address of its own is reached by what the zone gives',
    inventory([endpoint(container(2, { host: host(1, { address: undefined }) }))]),
    { kind: 'endpoint', isSuccessor: true, address: '10.0.0.1' },
  ],
  [
    'a successor that is still starting inherits nothing',
    inventory([endpoint(container(2, { phase: 'starting' }))]),
    { kind: 'no-task-on-host' },
  ],
  [
    'a successor that is stopping inherits nothing',
    inventory([endpoint(container(2, { phase: 'stopping' }))]),
    { kind: 'no-task-on-host' },
  ],
  ['nor does one of another service', inventory([TIME]), { kind: 'replaced', by: 'other-service' }],
])('%s', (_, known, expected) => {
  expect(matchSets([OLD, hostSet(1)], known)[0]?.match).toMatchObject(expected);
});
