import { describe, expect, it } from 'vitest';
import type { ConfirmationQuery } from '../../../src/model/confirmation.ts';
import type { Inventory } from '../../../src/model/inventory.ts';
import { confirmationQuery } from '../../../src/plan/confirm/confirmation-query.ts';
import type { Removable } from '../../../src/plan/judge/judge-entries.ts';
import { BLUE, BLUE_ELSEWHERE, GREEN } from '../../clusters.ts';
import { hostUnknown, on, STOPPING, stale } from '../confirmations.ts';
import { agentSet, container, FAILING, host, hostName, inventory, judged, leadsTo } from '../support.ts';

/** Three hosts of blue, the third of the second's name, and one of green; two tasks of blue, one of green. */
function fleet(over: Partial<Inventory> = {}): Inventory {
  return inventory([], {
    clusters: [BLUE, GREEN].map((one) => ({ ...one, complete: true })),
    hosts: [host(1), host(2), host(3, { privateDnsName: hostName(2) }), host(4, { cluster: GREEN })],
    containers: [
      container(1, { taskArn: 'task/1' }),
      container(2, { taskArn: 'task/1' }),
      container(3, { taskArn: 'task/3', phase: 'stopped', host: undefined }),
      container(4, { taskArn: 'task/4', cluster: GREEN }),
    ],
    ...over,
  });
}

/** The query in short: cluster, hosts, candidates and known tasks; then what EC2 is asked. */
function asked(removals: readonly Removable[], given: Inventory = fleet()) {
  const { clusters, ...ec2 }: ConfirmationQuery = confirmationQuery(removals, given);
  return {
    clusters: clusters.map(({ cluster, hosts, candidates, knownTasks }) => [
      cluster.name,
      hosts.map(({ instanceId }) => instanceId),
      candidates,
      [...knownTasks],
    ]),
    ...ec2,
  };
}

const NOTHING = {
  clusters: [],
  instanceIds: [],
  hostNames: [],
  addressOf: new Map(),
  interfaceNames: [],
  tasks: [],
  addresses: [],
};
const BLUE_TASKS = [
  ['task/1', 'arn:instance/1'],
  ['task/3', undefined],
];

describe('nothing is asked', () => {
  it.each<[string, readonly Removable[]]>([
    ['where nothing goes', []],
    ['of what is seen stopping', [stale(STOPPING)]],
    ['of what is unhealthy: it was seen', [unhealthy()]],
  ])('%s', (_, removals) => {
    expect(asked(removals)).toEqual(NOTHING);
  });

  function unhealthy(): Removable {
    const one = judged(FAILING, agentSet(), leadsTo());
    if (one.judgement.verdict !== 'unhealthy') throw new TypeError('not unhealthy');
    return { ...one, judgement: one.judgement };
  }
});

describe('ECS is asked', () => {
  it('for the host that an entry leads to, with the tasks of its cluster that are known', () => {
    const expected = { ...NOTHING, clusters: [['blue', ['i-1'], 1, BLUE_TASKS]], hostNames: [hostName(1)] };
    expect(asked([stale(on(1))])).toEqual(expected);
  });

  it('for a host once, whatever number of entries wait for it', () => {
    const removals = [1, 2, 3].map((owner) => stale(on(1), agentSet({ owner })));
    expect(asked(removals).clusters).toEqual([['blue', ['i-1'], 3, BLUE_TASKS]]);
  });

  it('for all hosts of one name, on behalf of one entry', () => {
    expect(asked([stale(on(2))]).clusters).toEqual([['blue', ['i-2', 'i-3'], 1, BLUE_TASKS]]);
  });

  it('cluster by cluster, in the order of the inventory, each with its own entries', () => {
    const green = on(4);
    const location = { cluster: GREEN, state: 'present', instanceId: 'i-4' } as const;
    const removals = [
      stale({ ...green, kind: 'no-task-on-host', location, clusters: [GREEN] }),
      stale(on(1), agentSet({ owner: 2 })),
      stale(on(2), agentSet({ owner: 3 })),
    ];
    expect(asked(removals).clusters).toEqual([
      ['blue', ['i-1', 'i-2', 'i-3'], 2, BLUE_TASKS],
      ['green', ['i-4'], 1, [['task/4', 'arn:instance/1']]],
    ]);
  });

  it('cluster by cluster, where two have one name', () => {
    const elsewhere = host(4, { cluster: BLUE_ELSEWHERE });
    const location = { cluster: BLUE_ELSEWHERE, state: 'present', instanceId: 'i-4' } as const;
    const { clusters } = confirmationQuery(
      [stale(on(1)), stale({ kind: 'no-task-on-host', location, clusters: [BLUE_ELSEWHERE] })],
      fleet({
        clusters: [BLUE, BLUE_ELSEWHERE].map((one) => ({ ...one, complete: true })),
        hosts: [host(1), elsewhere],
      }),
    );
    expect(clusters.map(({ cluster, hosts }) => [cluster.arn, hosts.map((one) => one.instanceId)])).toEqual([
      [BLUE.arn, ['i-1']],
      [BLUE_ELSEWHERE.arn, ['i-4']],
    ]);
  });

  it('by the cluster’s ARN', () => {
    expect(confirmationQuery([stale(on(1))], fleet()).clusters[0]?.cluster).toMatchObject(BLUE);
  });
});

describe('EC2 is asked', () => {
  const gone = fleet({ hosts: [host(1, { state: 'gone', privateDnsName: undefined })] });
  const silent = fleet({ hosts: [host(1, { state: 'unreachable', privateDnsName: undefined })] });

  it('alone for an instance that it calls gone', () => {
    expect(asked([stale(on(1, 'gone', 'host-gone'))], gone)).toEqual({ ...NOTHING, instanceIds: ['i-1'] });
  });

  it('beside ECS for one that it does not know, and for the names that the entry gives it', () => {
    expect(asked([stale(on(1, 'unreachable', 'host-gone'))], silent)).toEqual({
      clusters: [['blue', ['i-1'], 1, BLUE_TASKS]],
      instanceIds: ['i-1'],
      hostNames: [hostName(1)],
      addressOf: new Map(),
      interfaceNames: [hostName(1)],
      tasks: [],
      addresses: [],
    });
  });

  it('for a host that nobody has registered, as an instance and as an interface, once', () => {
    const removals = [stale(hostUnknown('ip-9')), stale(hostUnknown('ip-9'), agentSet({ owner: 2 }))];
    expect(asked(removals)).toEqual({ ...NOTHING, hostNames: ['ip-9'], interfaceNames: ['ip-9'] });
  });

  it('with the address of a host that does not say it by its name', () => {
    const match = { ...hostUnknown('node1'), address: '10.0.0.9' };
    expect(asked([stale(match)])).toMatchObject({
      hostNames: ['node1'],
      addressOf: new Map([['node1', '10.0.0.9']]),
    });
  });

  it.each<[string, Inventory['coverage'], readonly string[]]>([
    [
      'for other instances of a known host’s name where only some clusters were read',
      'configured-clusters',
      [hostName(2), hostName(3)],
    ],
    ['and where all were', 'all-clusters', [hostName(2), hostName(3)]],
  ])('%s', (_, coverage, hostNames) => {
    const { instanceIds, interfaceNames, ...query } = asked([stale(on(2))], fleet({ coverage }));
    expect([query.hostNames, instanceIds, interfaceNames]).toEqual([hostNames, [], []]);
  });

  it('for no name that EC2 did not tell', () => {
    const hosts = [host(1, { state: 'unknown', privateDnsName: undefined })];
    const query = asked([stale(on(1, 'unknown'))], fleet({ hosts, coverage: 'configured-clusters' }));
    expect(query).toEqual({ ...NOTHING, clusters: [['blue', ['i-1'], 1, BLUE_TASKS]] });
  });
});
