import { describe, expect, it, test } from 'vitest';
import { EMPTY_STATE, type RunState, type SeenHost } from '../../src/model/run-state.ts';
import { NO_STATES, withZone, type ZoneStates } from '../../src/model/zone-states.ts';
import { shrinkState } from '../../src/state/shrink-state.ts';
import { decodeStates, encodeStates } from '../../src/state/stored-state.ts';

const HOST = { instanceId: 'i-1', address: '10.0.0.1', vpcId: 'vpc-1', clusterArn: 'arn:c', seenAt: 5 };
const STATE: RunState = {
  health: new Map([['c 80/tcp', { failing: 2, passing: 1 }]]),
  hosts: new Map<string, SeenHost>([
    ['ip-10-0-0-1.ec2.internal', HOST],
    ['10.0.0.2', { ...HOST, instanceId: 'mi-2', address: undefined, vpcId: undefined, seenAt: 4 }],
  ]),
  containers: new Map([
    ['0123456789ab', 'arn:aws:ecs:eu-west-1:111122223333'],
    ['ba9876543210', 'arn:aws:ecs:eu-west-1:111122223333'],
  ]),
  removals: [{ at: 1, stale: 2, unhealthy: 3 }],
  staleSince: new Map([
    ['a.zone SRV', 6],
    ['b.zone SRV', 7],
  ]),
  running: { tasks: new Map([['', 3]]), shrunkSince: 8 },
  lastRun: { id: 'run-1', startedAt: 1, finishedAt: 2 },
};

const FULL = withZone(NO_STATES, 'Z1', STATE);

describe('the stored form of a state', () => {
  it.each<[string, ZoneStates]>([
    ['nothing', NO_STATES],
    ['a zone of which nothing is known', withZone(NO_STATES, 'Z1', EMPTY_STATE)],
    ['everything', FULL],
    ['two zones', withZone(FULL, 'Z2', { ...EMPTY_STATE, lastRun: STATE.lastRun })],
    [
      'a fleet that has not shrunk',
      withZone(NO_STATES, 'Z1', { ...STATE, running: { tasks: new Map(), shrunkSince: undefined } }),
    ],
  ])('gives back %s', (_, state) => {
    expect(decodeStates(encodeStates(state))).toEqual(state);
  });

  it.each([
    ['nothing', ''],
    ['no document', 'not JSON'],
    ['another version', encodeStates(FULL).replace('"version":3', '"version":2')],
    ['a negative count', encodeStates(FULL).replace('[2,1]', '[-2,1]')],
    ['a count in quotes', encodeStates(FULL).replace('[2,1]', '["2",1]')],
    ['a host without an address', encodeStates(FULL).replace('"10.0.0.1","vpc-1"', '"vpc-1"')],
    ['a time that is none', encodeStates(FULL).replace('"shrunkSince":8', '"shrunkSince":"8"')],
    ['a list', '[]'],
    ['null', 'null'],
  ])('is not %s', (_, text) => {
    expect(() => decodeStates(text)).toThrow();
  });

  it('takes a name of the language for a key as just that', () => {
    const text = encodeStates(withZone(NO_STATES, 'Z1', EMPTY_STATE)).replace(
      '"health":{}',
      '"health":{"constructor":[1,0],"__proto__":[9,9]}',
    );
    expect(decodeStates(text).zones.get('Z1')?.health.get('constructor')).toEqual({ failing: 1, passing: 0 });
    expect(Object.getPrototypeOf({})).not.toHaveProperty('0');
  });
});

test('states are made smaller by containers, then the oldest hosts, then by what is stale for the shortest time, then by failures', () => {
  const other = { ...EMPTY_STATE, staleSince: new Map([['c.zone SRV', 9]]), lastRun: STATE.lastRun };
  const both = withZone(FULL, 'Z2', other);
  const steps: ZoneStates[] = [both];
  for (let next = shrinkState(both); next !== undefined; next = shrinkState(next.state))
    steps.push(next.state);
  const staleIn = (zones: ZoneStates['zones'], id: string) => [...(zones.get(id)?.staleSince.keys() ?? [])];
  expect(
    steps.map(({ hosts, zones }) => [
      zones.get('Z1')?.containers.size,
      [...hosts.keys()],
      staleIn(zones, 'Z1'),
      staleIn(zones, 'Z2'),
      zones.get('Z1')?.health.size,
    ]),
  ).toEqual([
    [2, ['ip-10-0-0-1.ec2.internal', '10.0.0.2'], ['a.zone SRV', 'b.zone SRV'], ['c.zone SRV'], 1],
    [1, ['ip-10-0-0-1.ec2.internal', '10.0.0.2'], ['a.zone SRV', 'b.zone SRV'], ['c.zone SRV'], 1],
    [0, ['ip-10-0-0-1.ec2.internal', '10.0.0.2'], ['a.zone SRV', 'b.zone SRV'], ['c.zone SRV'], 1],
    [0, ['ip-10-0-0-1.ec2.internal'], ['a.zone SRV', 'b.zone SRV'], ['c.zone SRV'], 1],
    [0, [], ['a.zone SRV', 'b.zone SRV'], ['c.zone SRV'], 1],
    [0, [], ['a.zone SRV'], ['c.zone SRV'], 1],
    [0, [], [], ['c.zone SRV'], 1],
    [0, [], [], [], 1],
    [0, [], [], [], 0],
  ]);
  expect(shrinkState(NO_STATES)).toBeUndefined();
});
