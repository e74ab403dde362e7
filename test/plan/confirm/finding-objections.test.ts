import { describe, expect, it } from 'vitest';
import type { ConfirmationReads } from '../../../src/model/confirmation.ts';
import type { Container, Host, Inventory } from '../../../src/model/inventory.ts';
import { objectionRule } from '../../../src/plan/confirm/findings.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import {
  hostUnknown,
  NOTHING_SEEN,
  on,
  replacedOn,
  STOPPING,
  sawMachines,
  sawNames,
  stale,
  unreadScope,
} from '../confirmations.ts';
import { agentSet, container, host, hostName, hostSet, inventory } from '../support.ts';

function known(hosts: readonly Host[], containers: readonly Container[] = [], over: Partial<Inventory> = {}) {
  return inventory([], { hosts, containers, ...over });
}

const NAME = hostName(1);
const OF_THE_PORT = host(1);
const SILENT = host(1, { state: 'unreachable', privateDnsName: undefined, address: undefined });
const NAMELESS = host(1, { state: 'unknown', privateDnsName: undefined, address: undefined });
const DESCRIBE = unreadScope('ecs:DescribeContainerInstances');
const UNLISTED = unreadScope('ecs:ListTasks');
const INSTANCES = unreadScope('ec2:DescribeInstances');

interface Case {
  readonly what: string;
  readonly match: Match;
  readonly inventory: Inventory;
  readonly look: ConfirmationReads;
  readonly objection: string | undefined;
}

function check(cases: readonly Case[]): void {
  it.each(cases)('$what', ({ match, inventory: given, look, objection }) => {
    expect(objectionRule(look, given)(stale(match))).toBe(objection);
  });
}

/** A host that EC2 describes, with so many running tasks that the inventory has. */
function counting(what: string, containers: readonly Container[], tasks: number, objection?: string): Case {
  const given = known([host(1), host(2)], containers);
  return { what, match: on(1), inventory: given, look: sawMachines({ 1: { tasks } }), objection };
}

describe('the tasks that ECS counts on a host', () => {
  const two = 'ECS counts 2 tasks on i-1, of which 1 could be read';
  check([
    counting('none, and none is known', [], 0),
    counting('as many as are known', [container(1), container(2)], 2),
    counting('fewer than are known: one has stopped since', [container(1), container(2)], 1),
    counting('more than are known', [container(1)], 2, two),
    counting('some, and none is known', [], 3, 'ECS counts 3 tasks on i-1, of which 0 could be read'),
    counting('one that is starting is known', [container(1, { phase: 'starting' })], 1),
    counting(
      'one that is stopping is not counted',
      [container(1), container(2, { phase: 'stopping' })],
      2,
      two,
    ),
    {
      what: 'more than were known at first: one of those has ended since, and hides another',
      match: on(1),
      inventory: known([host(1, { taskCount: 2 })], [container(1)]),
      look: sawMachines({ 1: { tasks: 1 } }),
      objection: 'ECS counted 2 tasks on i-1, of which 1 could be read',
    },
    {
      what: 'more than were known at first, whether one of them has ended since or long before',
      match: on(1),
      inventory: known([host(1, { taskCount: 2 })], [container(1), container(2, { phase: 'stopped' })]),
      look: sawMachines({ 1: { tasks: 1 } }),
      objection: 'ECS counted 2 tasks on i-1, of which 1 could be read',
    },
    {
      what: 'as many at first as are known',
      match: on(1),
      inventory: known([host(1, { taskCount: 1 })], [container(1)]),
      look: sawMachines({ 1: { tasks: 1 } }),
      objection: undefined,
    },
    counting('nor one that has stopped', [container(1), container(2, { phase: 'stopped' })], 2, two),
    counting('nor one of another host', [container(1), container(2, { host: host(2) })], 2, two),
    counting('nor one of no host', [container(1), container(2, { host: undefined })], 2, two),
    counting(
      'two containers of one task are one task',
      [container(1, { taskArn: 'arn:task/1' }), container(2, { taskArn: 'arn:task/1' })],
      2,
      two,
    ),
  ]);
});

describe('a host that EC2 has', () => {
  const given = known([host(1)]);
  const vacant = { match: on(1), inventory: given };
  check([
    {
      ...vacant,
      what: 'that ECS does not have registered any more',
      look: NOTHING_SEEN,
      objection: 'ECS no longer has i-1 registered',
    },
    {
      ...vacant,
      what: 'that ECS could not be asked for',
      look: { ...NOTHING_SEEN, unasked: new Map([['arn:instance/1', DESCRIBE]]) },
      objection: 'i-1 could not be confirmed: ecs:DescribeContainerInstances ThrottlingException',
    },
    {
      ...vacant,
      what: 'of which ECS does not say how many tasks it has, but which were listed',
      look: sawMachines({ 1: { tasks: undefined } }),
      objection: undefined,
    },
    {
      ...vacant,
      what: 'of which ECS does not say how many tasks it has, and which were not listed',
      look: sawMachines({ 1: { tasks: undefined, listed: UNLISTED } }),
      objection: 'the tasks of i-1 could not all be listed: ecs:ListTasks ThrottlingException',
    },
    {
      ...vacant,
      what: 'whose tasks could not all be listed, although as many are counted as known',
      look: sawMachines({ 1: { listed: UNLISTED } }),
      objection: 'the tasks of i-1 could not all be listed: ecs:ListTasks ThrottlingException',
    },
    {
      what: 'of which as many tasks are counted as known, but fewer listed: one has ended, and hides another',
      match: on(1),
      inventory: known([host(1)], [container(1), container(2)]),
      look: sawMachines({ 1: { tasks: 2, listed: 1 } }),
      objection: 'ECS counts 2 tasks on i-1, of which 1 could be read',
    },
    {
      what: 'of which more tasks are listed than counted',
      match: on(1),
      inventory: known([host(1)], [container(1), container(2)]),
      look: sawMachines({ 1: { tasks: 1, listed: 2 } }),
      objection: 'ECS lists 2 tasks on i-1, and counts 1',
    },
    {
      ...vacant,
      what: 'whose agent is not connected: that flips all the time',
      look: sawMachines({ 1: { agentConnected: false } }),
      objection: undefined,
    },
    {
      what: 'that shares its name with one of which more tasks are counted than known',
      match: on(1),
      inventory: known([host(1), host(2, { privateDnsName: NAME })]),
      look: sawMachines({ 1: {}, 2: { tasks: 1 } }),
      objection: 'ECS counts 1 task on i-2, of which 0 could be read',
    },
    {
      what: 'that EC2 contradicts itself about is asked of ECS',
      match: on(1, 'unknown'),
      inventory: known([NAMELESS]),
      look: sawMachines({ 1: { tasks: 1 } }),
      objection: 'ECS counts 1 task on i-1, of which 0 could be read',
    },
    {
      what: 'that belongs to the new container on the port',
      match: replacedOn(OF_THE_PORT),
      inventory: known([OF_THE_PORT]),
      look: sawMachines({ 1: { tasks: 1 } }),
      objection: 'ECS counts 1 task on i-1, of which 0 could be read',
    },
  ]);
});

describe('a host that EC2 calls gone', () => {
  const gone = { match: on(1, 'gone', 'host-gone'), inventory: known([host(1, { state: 'gone' })]) };
  check([
    { ...gone, what: 'still is', look: NOTHING_SEEN, objection: undefined },
    {
      ...gone,
      what: 'and has now',
      look: { ...NOTHING_SEEN, instances: new Set(['i-1']) },
      objection: 'EC2 has i-1 after all',
    },
    {
      ...gone,
      what: 'and could not be asked for again',
      look: { ...NOTHING_SEEN, unasked: new Map([['i-1', INSTANCES]]) },
      objection: 'i-1 could not be confirmed: ec2:DescribeInstances ThrottlingException',
    },
    {
      ...gone,
      what: 'whose registration ECS has lost is gone all the same',
      look: { ...NOTHING_SEEN, unasked: new Map([['arn:instance/1', DESCRIBE]]) },
      objection: undefined,
    },
    {
      ...gone,
      what: 'is not the other one whose instance EC2 has',
      look: { ...NOTHING_SEEN, instances: new Set(['i-2']) },
      objection: undefined,
    },
  ]);
});

describe('a host that EC2 does not know, with an agent that is not connected', () => {
  const silent = { match: on(1, 'unreachable', 'host-gone'), inventory: known([SILENT]) };
  const lost = { 1: { agentConnected: false } };
  check([
    {
      ...silent,
      what: 'still is',
      look: { ...NOTHING_SEEN, ...pick(sawMachines(lost)) },
      objection: undefined,
    },
    {
      ...silent,
      what: 'and has now',
      look: sawMachines(lost, { instances: new Set(['i-1']) }),
      objection: 'EC2 has i-1 after all',
    },
    {
      ...silent,
      what: 'and whose agent is connected again',
      look: sawMachines({ 1: {} }),
      objection: 'the agent of i-1 is connected again',
    },
    {
      ...silent,
      what: 'and has more tasks than are known',
      look: sawMachines({ 1: { agentConnected: false, tasks: 2 } }),
      objection: 'ECS counts 2 tasks on i-1, of which 0 could be read',
    },
    {
      ...silent,
      what: 'and whose name, as the entry has it, an instance bears',
      look: {
        ...sawNames([NAME], { [NAME]: [{ instanceId: 'i-9', vpcId: undefined }] }),
        ...pick(sawMachines(lost)),
      },
      objection: `EC2 has i-9 of the name ${NAME}, which no cluster is known to have registered`,
    },
  ]);

  function pick({ machines }: ConfirmationReads) {
    return { machines };
  }
});

describe('a name that no cluster has registered', () => {
  const unknown = { match: hostUnknown(NAME), inventory: known([host(2)]) };
  check([
    { ...unknown, what: 'and EC2 does not have', look: NOTHING_SEEN, objection: undefined },
    {
      ...unknown,
      what: 'and EC2 could not be asked for again',
      look: sawNames([], {}, [INSTANCES]),
      objection: `${NAME} could not be confirmed: ec2:DescribeInstances ThrottlingException`,
    },
    {
      ...unknown,
      what: 'but a network interface bears',
      look: sawNames([NAME]),
      objection: `EC2 has a network interface of the name ${NAME}`,
    },
    {
      ...unknown,
      what: 'but an instance bears',
      look: sawNames([NAME], { [NAME]: [{ instanceId: 'i-9', vpcId: 'vpc-1' }] }),
      objection: `EC2 has i-9 of the name ${NAME}, which no cluster is known to have registered`,
    },
    {
      what: 'but one that the inventory knows by it bears, and no other',
      match: hostUnknown(NAME),
      inventory: known([host(1)]),
      look: sawNames([NAME], { [NAME]: [{ instanceId: 'i-1', vpcId: 'vpc-1' }] }),
      objection: undefined,
    },
    {
      what: 'but one that the inventory knows by it bears, and one more',
      match: hostUnknown(NAME),
      inventory: known([host(1)]),
      look: sawNames([NAME], {
        [NAME]: [
          { instanceId: 'i-1', vpcId: 'vpc-1' },
          { instanceId: 'i-9', vpcId: 'vpc-2' },
        ],
      }),
      objection: `EC2 has i-9 of the name ${NAME}, which no cluster is known to have registered`,
    },
    {
      what: 'but one that the inventory knows by its first label bears',
      match: hostUnknown('ip-10-0-0-1'),
      inventory: known([host(1)]),
      look: sawNames(['ip-10-0-0-1'], { 'ip-10-0-0-1': [{ instanceId: 'i-1', vpcId: undefined }] }),
      objection: undefined,
    },
    {
      what: 'but one that the inventory knows by another bears',
      match: hostUnknown(NAME),
      inventory: known([host(1, { privateDnsName: hostName(5), address: '10.0.0.5' })]),
      look: sawNames([NAME], { [NAME]: [{ instanceId: 'i-1', vpcId: undefined }] }),
      objection: `EC2 has i-1 of the name ${NAME}, which no cluster is known to have registered`,
    },
    {
      what: 'but one bears that was gone when the inventory was taken',
      match: hostUnknown(NAME),
      inventory: known([host(1, { state: 'gone' })]),
      look: sawNames([NAME], { [NAME]: [{ instanceId: 'i-1', vpcId: undefined }] }),
      objection: `EC2 has i-1 of the name ${NAME}, which no cluster is known to have registered`,
    },
    {
      what: 'but a registered one bears whose name EC2 did not tell at first',
      match: hostUnknown(NAME),
      inventory: known([NAMELESS]),
      look: sawNames([NAME], { [NAME]: [{ instanceId: 'i-1', vpcId: undefined }] }),
      objection: `EC2 has i-1 of the name ${NAME}, which no cluster is known to have registered`,
    },
  ]);
});

describe('a known host that the answer for its name lacks', () => {
  const { machines } = sawMachines({ 1: {} });
  const lacking = `EC2 no longer has i-1 of the name ${NAME}`;
  const ofBoth = known([host(1), host(2, { privateDnsName: NAME, address: '10.0.0.1', vpcId: 'vpc-2' })]);
  const sawBoth = sawMachines({ 1: {}, 2: {} }).machines;
  check([
    {
      what: 'because the answer is empty: a second host of the name may be missing from it, too',
      match: on(1),
      inventory: known([host(1)]),
      look: { ...NOTHING_SEEN, machines },
      objection: lacking,
    },
    {
      what: 'though it has the other one of the name that is known',
      match: on(1),
      inventory: ofBoth,
      look: {
        ...sawNames([NAME], { [NAME]: [{ instanceId: 'i-2', vpcId: 'vpc-2' }] }),
        machines: sawBoth,
      },
      objection: lacking,
    },
    {
      what: 'of which EC2 could not be asked before either',
      match: on(1, 'unknown'),
      inventory: known([host(1, { state: 'unknown' })]),
      look: { ...NOTHING_SEEN, machines },
      objection: undefined,
    },
    {
      what: 'is there, but a page of the answer could not be read',
      match: on(1),
      inventory: known([host(1)]),
      look: {
        ...sawNames([NAME], { [NAME]: [{ instanceId: 'i-1', vpcId: undefined }] }, [INSTANCES]),
        machines,
      },
      objection: `${NAME} could not be confirmed: ec2:DescribeInstances ThrottlingException`,
    },
  ]);
});

describe('a known host whose name a second instance bears', () => {
  const seen = {
    ...sawNames([NAME], {
      [NAME]: [
        { instanceId: 'i-1', vpcId: 'vpc-1' },
        { instanceId: 'i-9', vpcId: 'vpc-2' },
      ],
    }),
    machines: sawMachines({ 1: {} }).machines,
  };
  const objection = `EC2 has i-9 of the name ${NAME}, which no cluster is known to have registered`;
  check([
    {
      what: 'is doubtful where only some clusters were asked for',
      match: on(1),
      inventory: known([host(1)], [], { coverage: 'configured-clusters' }),
      look: seen,
      objection,
    },
    {
      what: 'is doubtful where all of them were',
      match: on(1),
      inventory: known([host(1)]),
      look: seen,
      objection,
    },
    {
      what: 'is not where EC2 did not tell its name',
      match: on(1, 'unknown'),
      inventory: known([NAMELESS], [], { coverage: 'configured-clusters' }),
      look: seen,
      objection: undefined,
    },
  ]);
});

describe('nothing is doubted', () => {
  check([
    {
      what: 'of a container that is seen stopping',
      match: STOPPING,
      inventory: known([host(1)]),
      look: NOTHING_SEEN,
      objection: undefined,
    },
    {
      what: 'of a new container on no host: it is at the address itself',
      match: replacedOn(undefined),
      inventory: known([]),
      look: NOTHING_SEEN,
      objection: undefined,
    },
  ]);
});

it('the A entry of a silent host is doubted by the name that identifies it', () => {
  const look = { ...sawNames([NAME]), machines: sawMachines({ 1: { agentConnected: false } }).machines };
  const objection = objectionRule(look, known([SILENT]));
  expect(objection(stale(on(1, 'unreachable', 'host-gone'), hostSet(1)))).toBe(
    `EC2 has a network interface of the name ${NAME}`,
  );
  expect(objection(stale(on(1, 'unreachable', 'host-gone'), hostSet(2)))).toBeUndefined();
});

it('a silent host is doubted by every name that its entry calls it', () => {
  const machines = sawMachines({ 1: { agentConnected: false } }).machines;
  const set = agentSet({ target: 'ip-10-0-0-1.discovery.internal' });
  const entry = stale(on(1, 'unreachable', 'host-gone'), set);
  const objectionTo = (name: string) =>
    objectionRule({ ...sawNames([name]), machines }, known([SILENT]))(entry);
  expect(objectionTo(NAME)).toBe(`EC2 has a network interface of the name ${NAME}`);
  expect(objectionTo('ip-10-0-0-1.discovery.internal')).toBe(
    'EC2 has a network interface of the name ip-10-0-0-1.discovery.internal',
  );
  expect(objectionTo(hostName(2))).toBeUndefined();
});
