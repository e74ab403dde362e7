import { describe, expect, it, test } from 'vitest';
import { EMPTY_STATE, type RunState, type SeenHost } from '../../src/model/run-state.ts';
import { shrinkState } from '../../src/state/shrink-state.ts';
import { decodeState, encodeState } from '../../src/state/stored-state.ts';

const HOST = { instanceId: 'i-1', address: '10.0.0.1', vpcId: 'vpc-1', clusterArn: 'arn:c', seenAt: 5 };
const FULL: RunState = {
  health: new Map([['c 80/tcp', { failing: 2, passing: 1 }]]),
  hosts: new Map<string, SeenHost>([
    ['ip-10-0-0-1.ec2.internal', HOST],
    ['10.0.0.2', { ...HOST, instanceId: 'mi-2', address: undefined, vpcId: undefined, seenAt: 4 }],
  ]),
  removals: [{ at: 1, stale: 2, unhealthy: 3 }],
  staleSince: new Map([
    ['a.zone SRV', 6],
    ['b.zone SRV', 7],
  ]),
  running: { tasks: new Map([['', 3]]), shrunkSince: 8 },
  lastRun: { id: 'run-1', startedAt: 1, finishedAt: 2 },
};

describe('the stored form of a state', () => {
  it.each<[string, RunState]>([
    ['nothing', EMPTY_STATE],
    ['everything', FULL],
    ['a fleet that has not shrunk', { ...FULL, running: { tasks: new Map(), shrunkSince: undefined } }],
  ])('gives back %s', (_, state) => {
    expect(decodeState(encodeState(state))).toEqual(state);
  });

  it.each([
    ['nothing', ''],
    ['no document', 'not JSON'],
    ['another version', encodeState(FULL).replace('"version":2', '"version":3')],
    ['a negative count', encodeState(FULL).replace('[2,1]', '[-2,1]')],
    ['a count in quotes', encodeState(FULL).replace('[2,1]', '["2",1]')],
    ['a host without an address', encodeState(FULL).replace('"10.0.0.1","vpc-1"', '"vpc-1"')],
    ['a time that is none', encodeState(FULL).replace('"shrunkSince":8', '"shrunkSince":"8"')],
    ['a list', '[]'],
    ['null', 'null'],
  ])('is not %s', (_, text) => {
    expect(() => decodeState(text)).toThrow();
  });

  it('takes a name of the language for a key as just that', () => {
    const text = encodeState(EMPTY_STATE).replace(
      '"health":{}',
      '"health":{"constructor":[1,0],"__proto__":[9,9]}',
    );
    expect(decodeState(text).health.get('constructor')).toEqual({ failing: 1, passing: 0 });
    expect(Object.getPrototypeOf({})).not.toHaveProperty('0');
  });
});

test('a state is made smaller by its oldest hosts, then by what is stale for the shortest time, then by failures', () => {
  const steps: RunState[] = [FULL];
  for (let next = shrinkState(FULL); next !== undefined; next = shrinkState(next.state))
    steps.push(next.state);
  expect(
    steps.map(({ hosts, staleSince, health }) => [[...hosts.keys()], [...staleSince.keys()], health.size]),
  ).toEqual([
    [['ip-10-0-0-1.ec2.internal', '10.0.0.2'], ['a.zone SRV', 'b.zone SRV'], 1],
    [['ip-10-0-0-1.ec2.internal'], ['a.zone SRV', 'b.zone SRV'], 1],
    [[], ['a.zone SRV', 'b.zone SRV'], 1],
    [[], ['a.zone SRV'], 1],
    [[], [], 1],
    [[], [], 0],
  ]);
  expect(steps.at(-1)).toEqual({ ...FULL, hosts: new Map(), staleSince: new Map(), health: new Map() });
});
