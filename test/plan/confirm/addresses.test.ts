import { describe, expect, it } from 'vitest';
import { taskKey } from '../../../src/model/cluster.ts';
import type { ConfirmationReads } from '../../../src/model/confirmation.ts';
import type { Inventory } from '../../../src/model/inventory.ts';
import { confirmationQuery } from '../../../src/plan/confirm/confirmation-query.ts';
import { findingsRule, objectionRule } from '../../../src/plan/confirm/findings.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE_ELSEWHERE, GREEN } from '../../clusters.ts';
import { addressSet, BLUE, running, task, taskId } from '../addresses.ts';
import { NOTHING_SEEN, on, replacedOn, stale, unreadScope } from '../confirmations.ts';
import { host } from '../support.ts';

/** What is asked about tasks and addresses before their entries go, and what it takes to confirm them. */
const REF = { cluster: BLUE, taskId: taskId(1) };
const GONE: Match = { kind: 'task-gone', task: REF };
const FREE: Match = { kind: 'address-unassigned', address: '10.0.0.1' };
const TAKEN: Match = {
  kind: 'address-reassigned',
  by: 'other-name',
  container: task(2),
  address: '10.0.0.2',
};
const MOVED: Match = { kind: 'readdressed', container: task(3), address: 'fd00::9', isElsewhere: true };
const FAILED = unreadScope('x');

describe('asked are', () => {
  const asked = (...matches: readonly Match[]) => {
    const { tasks, addresses } = confirmationQuery(
      matches.map((match) => stale(match, addressSet(1))),
      running([], [], { clusters: [BLUE, { ...GREEN, complete: true }], hosts: [host(1)] }),
    );
    return [tasks.map(({ cluster, taskIds }) => [cluster.name, taskIds]), addresses];
  };

  it.each<[string, readonly Match[], unknown]>([
    ['a task that is gone, once', [GONE, GONE], [[['blue', [REF.taskId]]], []]],
    [
      'tasks by their clusters',
      [
        GONE,
        { ...GONE, task: { cluster: GREEN, taskId: taskId(1) } },
        { ...GONE, task: { ...REF, taskId: 'x' } },
      ],
      [
        [
          ['blue', [REF.taskId, 'x']],
          ['green', [taskId(1)]],
        ],
        [],
      ],
    ],
    [
      'the task behind the target of what leads to a location, too',
      [
        { ...on(1), task: REF } as Match,
        { ...replacedOn(undefined), task: { ...REF, taskId: 'y' } } as Match,
      ],
      [[['blue', [REF.taskId, 'y']]], []],
    ],
    [
      'the address of a task that is gone, where it could not be asked itself',
      [{ ...GONE, address: '10.0.0.1' }],
      [[['blue', [REF.taskId]]], ['10.0.0.1']],
    ],
    ['addresses, each once', [FREE, TAKEN, MOVED, FREE], [[], ['10.0.0.1', '10.0.0.2', 'fd00::9']]],
  ])('%s', (_, matches, expected) => {
    expect(asked(...matches)).toEqual(expected);
  });
});

describe('of the address of a task that is gone, EC2 is asked', () => {
  it.each<[string, string, readonly string[]]>([
    ['where the address may not be asked itself', 'address-not-allowed', ['10.0.0.1']],
    ['where there is no way to it', 'checker-error', ['10.0.0.1']],
    ['not where it keeps silent', 'timeout', []],
    ['not where it refuses', 'connection-refused', []],
  ])('%s', (_, answer, expected) => {
    const lost = stale({ ...GONE, address: '10.0.0.1' }, addressSet(1));
    const evidence = { asked: '10.0.0.1:8080', answer };
    const asked = { ...lost, judgement: { ...lost.judgement, evidence } };
    expect(confirmationQuery([asked], running([])).addresses).toEqual(expected);
  });
});

describe('a task', () => {
  const key = taskKey(BLUE, taskId(1));
  it.each<[string, Partial<ConfirmationReads>, string | undefined, string]>([
    ['that has ended', { tasks: new Map([[key, 'ended']]) }, undefined, 'it does not exist, or has ended'],
    [
      'that is still there',
      { tasks: new Map([[key, 'there']]) },
      `ECS has the task ${taskId(1)} after all`,
      'it is still there',
    ],
    [
      'that could not be asked for',
      { unasked: new Map([[key, FAILED]]) },
      `the task ${taskId(1)} could not be confirmed: x ThrottlingException`,
      'could not be asked: x ThrottlingException',
    ],
    ['that nobody asked for', {}, `ECS was not asked for the task ${taskId(1)}`, 'not asked'],
    [
      'of another cluster',
      { tasks: new Map([[taskKey(GREEN, taskId(1)), 'ended']]) },
      `ECS was not asked for the task ${taskId(1)}`,
      'not asked',
    ],
    [
      'of a cluster of the same name elsewhere',
      { tasks: new Map([[taskKey(BLUE_ELSEWHERE, taskId(1)), 'ended']]) },
      `ECS was not asked for the task ${taskId(1)}`,
      'not asked',
    ],
  ])('%s', (_, seen, objection, sighting) => {
    const look = { ...NOTHING_SEEN, ...seen };
    for (const match of [GONE, { ...replacedOn(undefined), task: REF } as Match]) {
      expect(objectionRule(look, running([]))(stale(match, addressSet(1)))).toBe(objection);
      expect(findingsRule(look, running([]))(stale(match, addressSet(1)))).toEqual([
        { asked: `ECS for the task ${taskId(1)}`, seen: sighting, objection },
      ]);
    }
  });

  it('that was found by its id is told of, and one on a host as before', () => {
    const own = task(1, { phase: 'stopping' });
    const onHost = task(1, { phase: 'stopping', host: host(1) });
    const look = { ...NOTHING_SEEN, containers: [own, onHost] };
    const tell = (container: typeof own) =>
      findingsRule(look, running([]))(stale({ kind: 'stopping', container })).map(({ asked }) => asked);
    expect([tell(own), tell(onHost)]).toEqual([['ECS for its task'], ['ECS for the tasks of its host']]);
  });
});

describe('an address', () => {
  const at = (...ids: readonly string[]): Partial<ConfirmationReads> => ({
    addresses: new Map([['10.0.0.2', ids.map((id) => ({ id, vpcId: 'vpc-1' }))]]),
  });
  const known = (over: Parameters<typeof task>[1] = {}): Inventory => running([], [task(2, over)]);
  const other = (id: string) => `EC2 has 10.0.0.2 at ${id}, and what that interface serves is unknown`;
  const hosts = [host(2, { vpcId: 'vpc-1' })];
  const moved = { networkInterface: { id: 'eni-2', address: '10.0.0.7', ipv6: undefined } };

  it.each<[string, Partial<ConfirmationReads>, Inventory, string | undefined]>([
    ['that no interface has', at(), known(), undefined],
    ['that a known task has', at('eni-2'), known(), undefined],
    ['that a task has which is being stopped', at('eni-2'), known({ phase: 'stopping' }), undefined],
    ['that a task has which has ended', at('eni-2'), known({ phase: 'stopped' }), other('eni-2')],
    [
      'of a task of which nobody knows its name',
      at('eni-2'),
      known({ serviceNames: 'unknown' }),
      other('eni-2'),
    ],
    [
      'of a task whose name is a secret',
      at('eni-2'),
      known({ hiddenAddressName: 'secrets' }),
      other('eni-2'),
    ],
    ['of a task that is known at another address', at('eni-2'), known(moved), other('eni-2')],
    ['of a task without an interface', at('eni-2'), known({ networkInterface: undefined }), other('eni-2')],
    ['of somebody unknown', at('eni-9'), known(), other('eni-9')],
    ['of a known task, and of somebody unknown', at('eni-2', 'eni-9'), known(), other('eni-9')],
    ['of a known host', at('eni-9'), running([], [], { hosts }), undefined],
    [
      'of a host of another VPC',
      at('eni-9'),
      running([], [], { hosts: [host(2, { vpcId: 'vpc-2' })] }),
      other('eni-9'),
    ],
    [
      'of a host whose VPC nobody told',
      { addresses: new Map([['10.0.0.2', [{ id: 'eni-9', vpcId: undefined }]]]) },
      running([], [], { hosts: [host(2)] }),
      other('eni-9'),
    ],
    [
      'of a host that is gone',
      at('eni-9'),
      running([], [], { hosts: [{ ...hosts[0], ...host(2, { state: 'gone', vpcId: 'vpc-1' }) }] }),
      other('eni-9'),
    ],
    [
      'of a host without an address',
      at('eni-9'),
      running([], [], { hosts: [host(2, { vpcId: 'vpc-1', address: undefined })] }),
      other('eni-9'),
    ],
    [
      'that could not be asked for',
      { unasked: new Map([['10.0.0.2', FAILED]]) },
      known(),
      '10.0.0.2 could not be confirmed: x ThrottlingException',
    ],
    ['that nobody asked for', {}, known(), 'EC2 was not asked for 10.0.0.2'],
  ])('%s', (_, seen, given, objection) => {
    const look = { ...NOTHING_SEEN, ...seen };
    for (const match of [TAKEN, { ...FREE, address: '10.0.0.2' } as Match]) {
      expect(objectionRule(look, given)(stale(match, addressSet(2)))).toBe(objection);
    }
  });

  it.each<[string, Partial<ConfirmationReads>, string]>([
    ['that no interface has', at(), 'no interface has it'],
    ['that two have', at('eni-1', 'eni-2'), 'eni-1, eni-2'],
    [
      'that could not be asked for',
      { unasked: new Map([['10.0.0.2', FAILED]]) },
      'could not be asked: x ThrottlingException',
    ],
    ['that nobody asked for', {}, 'not asked'],
  ])('%s is told of', (_, seen, expected) => {
    expect(findingsRule({ ...NOTHING_SEEN, ...seen }, known())(stale(TAKEN, addressSet(2)))).toMatchObject([
      { asked: 'EC2 for the address 10.0.0.2', seen: expected },
    ]);
  });
});
