import { expect, it } from 'vitest';
import type { IncompleteScope } from '../../../src/model/inventory.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE, BLUE_ELSEWHERE, clusterNamed, GREEN } from '../../clusters.ts';
import {
  ALL_SEEN,
  agentSet,
  container,
  dockerId,
  endpoint,
  FAILING,
  facts,
  GONE,
  host,
  hostName,
  inventory,
  judged,
  leadsTo,
  vacant,
} from '../support.ts';

const CLUSTERS = [
  { ...BLUE, complete: true },
  { ...GREEN, complete: false },
];
const fleet = inventory([endpoint(container(1))], { clusters: CLUSTERS });

function scope(hides: IncompleteScope['hides'], name = 'cluster/green'): IncompleteScope {
  return { scope: name, operation: 'ecs:ListTasks', error: 'AccessDenied', hides };
}

function detail(
  match: Match,
  incomplete: readonly IncompleteScope[],
  unknownHosts: readonly IncompleteScope[] = [],
): string | undefined {
  const over = {
    inventory: { ...fleet, incomplete },
    unknownHosts: { ...ALL_SEEN, incomplete: unknownHosts },
  };
  const { heldBack } = guard(facts([judged(GONE, agentSet(), match)], {}, over));
  expect(heldBack.every(({ guardrail }) => guardrail === 'inventory-incomplete')).toBe(true);
  return heldBack[0]?.detail;
}

const UNKNOWN: Match = {
  kind: 'host-unknown',
  hostName: hostName(9),
  containerId: undefined,
  address: undefined,
};
const NAMED: Match = { ...UNKNOWN, containerId: dockerId(9) };
const GREEN_UNREAD = 'cluster green was not read completely: cluster/green ecs:ListTasks';
const NOBODYS = 'the entry belongs to no cluster that was read: cluster/green ecs:ListTasks';

const TASK_OF_GREEN: Match = { kind: 'task-gone', task: { cluster: GREEN, taskId: '1' } };
const TASK_OF_BLUE: Match = { kind: 'task-gone', task: { cluster: BLUE, taskId: '1' } };
const ADDRESS: Match = { kind: 'address-unassigned', address: '10.0.0.1' };
const OTHERS: Match = {
  kind: 'address-reassigned',
  by: 'other-name',
  container: container(1),
  address: '10.0.0.1',
};
const NOT_RUN: Match = {
  kind: 'container-gone',
  host: host(9, { cluster: GREEN }),
  containerId: dockerId(9),
};
const MOVED: Match = { kind: 'readdressed', container: container(1), address: '10.0.0.1', isElsewhere: true };

it.each<[string, Match, IncompleteScope[], string | undefined]>([
  ['a task of a cluster that was not read to the end', TASK_OF_GREEN, [scope('endpoints')], GREEN_UNREAD],
  ['a container of a host of such a cluster', NOT_RUN, [scope('endpoints')], GREEN_UNREAD],
  ['a task of another cluster', TASK_OF_BLUE, [scope('endpoints')], undefined],
  ['an address that any cluster may have', ADDRESS, [scope('endpoints')], NOBODYS],
  ['an address that another has, too', OTHERS, [scope('endpoints')], NOBODYS],
  ['an address, where only names were not read', ADDRESS, [scope('service-names')], undefined],
  ['an address of a task of another cluster', MOVED, [scope('endpoints')], undefined],
  ['all was read', vacant('green'), [], undefined],
  ['an entry of the complete cluster', vacant('blue'), [scope('endpoints')], undefined],
  ['an entry of the incomplete cluster', vacant('green'), [scope('endpoints')], GREEN_UNREAD],
  [
    'an entry of a cluster that is not listed',
    vacant('red'),
    [scope('endpoints')],
    GREEN_UNREAD.replace('cluster green', 'cluster red'),
  ],
  ['an entry of no cluster, and hidden endpoints', NAMED, [scope('endpoints')], NOBODYS],
  ['… and a hidden host name', UNKNOWN, [scope('host-names')], NOBODYS],
  ['… and a hidden host name, but its container is named', NAMED, [scope('host-names')], undefined],
  ['… and hidden service names', UNKNOWN, [scope('service-names')], undefined],
  ['… and hidden balancers', UNKNOWN, [scope('balancers')], undefined],
  [
    'several scopes',
    vacant('green'),
    [scope('endpoints'), scope('endpoints', 'cluster/red'), scope('host-names')],
    `${GREEN_UNREAD} and 2 more`,
  ],
  [
    'only the scopes that could hide it are named',
    UNKNOWN,
    [scope('service-names', 'definition/1'), scope('host-names'), scope('endpoints')],
    `${NOBODYS} and 1 more`,
  ],
])('%s', (_, match, incomplete, expected) => {
  expect(detail(match, incomplete)).toBe(expected);
});

it('counts what the look-up of unknownHosts could not read', () => {
  expect(detail(UNKNOWN, [], [scope('endpoints')])).toBe(NOBODYS);
  expect(detail(UNKNOWN, [scope('endpoints')], [scope('endpoints', 'hosts/a')])).toBe(
    `${NOBODYS} and 1 more`,
  );
});

it('holds unhealthy removals of a cluster that was not read completely as well', () => {
  const entries = [
    judged(FAILING, agentSet({ owner: 1 }), leadsTo({ cluster: GREEN })),
    judged(FAILING, agentSet({ owner: 2 }), leadsTo({ cluster: BLUE })),
  ];
  const { removals, heldBack } = guard(
    facts(entries, {}, { inventory: { ...fleet, incomplete: [scope('endpoints')] } }),
  );
  expect(removals).toEqual([entries[1]]);
  expect(heldBack).toEqual([
    { judgement: entries[0]?.judgement, guardrail: 'inventory-incomplete', detail: GREEN_UNREAD },
  ]);
});

it('tells two clusters of one name apart', () => {
  const clusters = [
    { ...BLUE, complete: true },
    { ...BLUE_ELSEWHERE, complete: false },
  ];
  const entries = [
    judged(GONE, agentSet({ owner: 1 }), { kind: 'task-gone', task: { cluster: BLUE, taskId: '1' } }),
    judged(GONE, agentSet({ owner: 2 }), {
      kind: 'task-gone',
      task: { cluster: BLUE_ELSEWHERE, taskId: '1' },
    }),
  ];
  const { removals, heldBack } = guard(
    facts(entries, {}, { inventory: { ...fleet, clusters, incomplete: [scope('endpoints')] } }),
  );
  expect(removals).toEqual([entries[0]]);
  expect(heldBack.map(({ judgement }) => judgement)).toEqual([entries[1]?.judgement]);
});

it('is not lifted by force', () => {
  const over = { inventory: { ...fleet, incomplete: [scope('endpoints')] } };
  const { removals } = guard(facts([judged(GONE, agentSet(), vacant('green'))], { force: true }, over));
  expect(removals).toEqual([]);
});

const inGreen = container(1, { cluster: GREEN });
const greenHost = host(1, { cluster: GREEN });
const reachable = { endpoint: endpoint(inGreen), address: undefined };
const RED = GREEN_UNREAD.replace('cluster green', 'cluster red');

it.each<[Match, string]>([
  [{ kind: 'endpoint', ...reachable, isSuccessor: false }, GREEN_UNREAD],
  [{ kind: 'starting', container: inGreen }, GREEN_UNREAD],
  [{ kind: 'stopping', container: inGreen }, GREEN_UNREAD],
  [{ kind: 'port-not-exposed', container: inGreen }, GREEN_UNREAD],
  [{ kind: 'replaced', ...reachable, by: 'other-service', clusters: [GREEN] }, GREEN_UNREAD],
  [{ kind: 'no-task-on-host', location: greenHost, clusters: [GREEN] }, GREEN_UNREAD],
  [{ kind: 'host-present', location: greenHost, clusters: [GREEN] }, GREEN_UNREAD],
  [{ kind: 'host-gone', location: greenHost, clusters: [GREEN] }, GREEN_UNREAD],
  [{ kind: 'foreign', reason: 'apex' }, NOBODYS],
  [{ kind: 'malformed' }, NOBODYS],
  [{ kind: 'unresolved' }, NOBODYS],
  [UNKNOWN, NOBODYS],
])('attributes $kind', (match, expected) => {
  expect(detail(match, [scope('endpoints')])).toBe(expected);
});

const blueHost = host(1);

it.each<[string, Match, string | undefined]>([
  ['vacant, the other location incomplete', vacant('blue', 'green'), GREEN_UNREAD],
  ['vacant, both complete', vacant('blue'), undefined],
  ['vacant, both incomplete: the first is named', vacant('green', 'red'), GREEN_UNREAD],
  ['host-gone', { kind: 'host-gone', location: blueHost, clusters: [BLUE, GREEN] }, GREEN_UNREAD],
  [
    'replaced by a container of a complete cluster',
    {
      kind: 'replaced',
      endpoint: endpoint(container(1)),
      address: undefined,
      by: 'other-service',
      clusters: [BLUE, clusterNamed('red')],
    },
    RED,
  ],
])('counts the clusters of all locations that share a name: %s', (_, match, expected) => {
  expect(detail(match, [scope('endpoints')])).toBe(expected);
});
