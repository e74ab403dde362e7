import { expect, it } from 'vitest';
import type { ConfirmationReads, Machine } from '../../../src/model/confirmation.ts';
import type { Host, IncompleteScope, Inventory } from '../../../src/model/inventory.ts';
import { NO_UNKNOWN_HOSTS } from '../../../src/model/inventory.ts';
import { findingsRule } from '../../../src/plan/confirm/findings.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE } from '../../clusters.ts';
import {
  agentSet,
  container,
  endpoint,
  GONE,
  HEALTHY,
  host,
  hostName,
  INSTANCE_GONE,
  inventory,
  judged,
  vacant,
} from '../support.ts';

const NOTHING: ConfirmationReads = {
  containers: [],
  endpoints: [],
  machines: new Map(),
  instances: new Set(),
  named: NO_UNKNOWN_HOSTS,
  tasks: new Map(),
  addresses: new Map(),
  unasked: new Map(),
  incomplete: [],
};
const UNREAD: IncompleteScope = {
  scope: 'cluster/blue',
  operation: 'ecs:DescribeContainerInstances',
  error: 'AccessDenied',
  hides: 'endpoints',
};
const MACHINE: Machine = { agentConnected: true, tasks: 3, listed: 2 };
const FOUND = container(7, { phase: 'stopping' });

function known(state: Host['state']): Inventory {
  const own = host(1, { state });
  return inventory([endpoint(container(2, { host: own }))], { hosts: [own] });
}

function gone(state: 'gone' | 'unreachable'): Judged {
  const location = { cluster: BLUE, state, instanceId: 'i-1' };
  const match: Match = { kind: 'host-gone', location, clusters: [BLUE] };
  return judged(INSTANCE_GONE, agentSet(), match);
}

/** Said of every known host that nothing else bears its name. */
const ALONE = `EC2 for the name ${hostName(1)}: nothing has it`;
const VACANT = judged(GONE, agentSet(), vacant());
const UNKNOWN = judged(GONE, agentSet(), {
  kind: 'host-unknown',
  address: undefined,
  hostName: hostName(9),
  containerId: undefined,
});
const STOPPING = judged({ verdict: 'stale', reason: 'task-stopping' }, agentSet(), {
  kind: 'stopping',
  container: FOUND,
});

it.each<[string, Judged, Host['state'], Partial<ConfirmationReads>, readonly string[]]>([
  [
    'a host with room for nothing else',
    VACANT,
    'present',
    { machines: new Map([['arn:instance/1', MACHINE]]) },
    ['ECS for i-1: its agent is connected; ECS counts 3 tasks, lists 2, and 1 are known', ALONE],
  ],
  [
    'a host whose tasks could not all be listed',
    VACANT,
    'present',
    { machines: new Map([['arn:instance/1', { agentConnected: false, tasks: undefined, listed: UNREAD }]]) },
    [
      'ECS for i-1: its agent is not connected; ECS does not say how many tasks it has, could not list them all, and 1 are known',
      ALONE,
    ],
  ],
  ['a host that ECS has no more', VACANT, 'present', {}, ['ECS for i-1: it is no longer registered', ALONE]],
  [
    'a host that ECS could not be asked for',
    VACANT,
    'present',
    { unasked: new Map([['arn:instance/1', UNREAD]]) },
    ['ECS for i-1: could not be asked: ecs:DescribeContainerInstances AccessDenied', ALONE],
  ],
  [
    'a host that has ended',
    gone('gone'),
    'gone',
    {},
    ['EC2 for i-1: it does not exist, or has ended', ALONE],
  ],
  [
    'a host that EC2 has after all',
    gone('gone'),
    'gone',
    { instances: new Set(['i-1']) },
    ['EC2 for i-1: it exists', ALONE],
  ],
  [
    'a host that EC2 could not be asked for',
    gone('gone'),
    'gone',
    { unasked: new Map([['i-1', UNREAD]]) },
    ['EC2 for i-1: could not be asked: ecs:DescribeContainerInstances AccessDenied', ALONE],
  ],
  [
    'a silent host: both of them, and its name',
    gone('unreachable'),
    'unreachable',
    {},
    ['EC2 for i-1: it does not exist, or has ended', 'ECS for i-1: it is no longer registered', ALONE],
  ],
  ['a name that nobody has', UNKNOWN, 'present', {}, [`EC2 for the name ${hostName(9)}: nothing has it`]],
  [
    'a name of an instance',
    UNKNOWN,
    'present',
    {
      named: {
        ...NO_UNKNOWN_HOSTS,
        existing: new Set([hostName(9)]),
        instances: new Map([[hostName(9), [{ instanceId: 'i-9', vpcId: undefined }]]]),
      },
    },
    [`EC2 for the name ${hostName(9)}: i-9`],
  ],
  [
    'a name of a network interface',
    UNKNOWN,
    'present',
    { named: { ...NO_UNKNOWN_HOSTS, existing: new Set([hostName(9)]) } },
    [`EC2 for the name ${hostName(9)}: a network interface has it`],
  ],
  [
    'a name that could not be asked for',
    UNKNOWN,
    'present',
    { named: { ...NO_UNKNOWN_HOSTS, incomplete: [UNREAD] } },
    [`EC2 for the name ${hostName(9)}: could not be asked: ecs:DescribeContainerInstances AccessDenied`],
  ],
  [
    'a task that the listing had lacked',
    STOPPING,
    'present',
    { containers: [FOUND] },
    [`ECS for the tasks of its host: ${FOUND.taskArn} is stopping, and was not in the first listing`],
  ],
  ['a task that the listing had', STOPPING, 'present', {}, []],
  ['an entry that is not stale', judged(HEALTHY, agentSet(), vacant()), 'present', {}, []],
])('%s', (_, entry, state, look, expected) => {
  const seen = findingsRule({ ...NOTHING, ...look }, known(state))(entry);
  expect(seen.map(({ asked, seen: answer }) => `${asked}: ${answer}`)).toEqual(expected);
});

it.each([
  [
    'differs from that at first',
    2,
    'its agent is connected; ECS counts 3 tasks (2 at first), lists 2, and 1 are known',
  ],
  ['is the same as at first', 3, 'its agent is connected; ECS counts 3 tasks, lists 2, and 1 are known'],
])('tells a count that %s', (_, taskCount, expected) => {
  const before = known('present');
  const hosts = before.hosts.map((one) => ({ ...one, taskCount }));
  const look = { ...NOTHING, machines: new Map([['arn:instance/1', MACHINE]]) };
  expect(findingsRule(look, { ...before, hosts })(VACANT).map(({ seen }) => seen)).toEqual([
    expected,
    'nothing has it',
  ]);
});

it('counts no tasks of a host that has none', () => {
  const empty = { ...known('present'), containers: [], endpoints: [] };
  const named = {
    ...NO_UNKNOWN_HOSTS,
    instances: new Map([[hostName(1), [{ instanceId: 'i-1', vpcId: undefined }]]]),
  };
  const machines = new Map([['arn:instance/1', { ...MACHINE, tasks: 0, listed: 0 }]]);
  const look = { ...NOTHING, machines, named };
  expect(findingsRule(look, empty)(VACANT)).toEqual([
    { asked: 'ECS for i-1', seen: 'its agent is connected; ECS counts 0 tasks, lists 0, and 0 are known' },
    { asked: `EC2 for the name ${hostName(1)}`, seen: 'i-1' },
  ]);
});
