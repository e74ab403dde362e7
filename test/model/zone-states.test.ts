import { describe, expect, it } from 'vitest';
import { EMPTY_STATE, type RunState } from '../../src/model/run-state.ts';
import {
  KEPT_MS,
  NO_STATES,
  notOfTheFuture,
  stateOfZone,
  withoutPause,
  withZone,
} from '../../src/model/zone-states.ts';

const HOST = { instanceId: 'i-1', address: '10.0.0.1', vpcId: undefined, clusterArn: 'arn:c', seenAt: 5 };

function endedAt(finishedAt: number, over: Partial<RunState> = {}): RunState {
  return { ...EMPTY_STATE, lastRun: { id: 'r', startedAt: finishedAt - 1, finishedAt }, ...over };
}

describe('what runs over several zones leave in one store', () => {
  it('is nothing for a zone without a run', () => {
    expect(stateOfZone(withZone(NO_STATES, 'Z1', endedAt(5)), 'Z2')).toEqual(EMPTY_STATE);
    expect(stateOfZone(withZone(NO_STATES, 'Z1', EMPTY_STATE), 'Z1')).toEqual(EMPTY_STATE);
  });

  it('is of each zone, but for the hosts', () => {
    const one = endedAt(5, { staleSince: new Map([['a', 1]]), hosts: new Map([['h', HOST]]) });
    const two = endedAt(6, { removals: [{ at: 6, stale: 1, unhealthy: 0 }] });
    const states = withZone(withZone(NO_STATES, 'Z1', one), 'Z2', two);
    expect(stateOfZone(states, 'Z1')).toEqual(one);
    expect(stateOfZone(states, 'Z2')).toEqual({ ...two, hosts: one.hosts });
  });

  it('has each host as it was seen last', () => {
    const seen = (seenAt: number) => new Map([['h', { ...HOST, seenAt }]]);
    const hostsOf = (first: number, second: number) => {
      const states = withZone(NO_STATES, 'Z1', endedAt(10, { hosts: seen(first) }));
      return withZone(states, 'Z2', endedAt(10, { hosts: seen(second) })).hosts.get('h')?.seenAt;
    };
    expect([hostsOf(3, 7), hostsOf(7, 3)]).toEqual([7, 7]);
  });

  it('forgets hosts and zones after a week, and keeps a hundred zones', () => {
    const old = withZone(NO_STATES, 'Z1', endedAt(5, { hosts: new Map([['h', HOST]]) }));
    const later = withZone(old, 'Z2', endedAt(KEPT_MS + 5));
    expect([[...later.zones.keys()], later.hosts.size]).toEqual([['Z2'], 0]);
    let many = NO_STATES;
    for (let n = 1; n <= 103; n++) many = withZone(many, `Z${n}`, endedAt(n));
    expect(many.zones.size).toBe(100);
    expect(many.zones.has('Z3')).toBe(false);
    expect(many.zones.has('Z4')).toBe(true);
  });
});

describe('a state whose times lie in the future', () => {
  const at = (time: number, shrunkSince: number | undefined = time): RunState => ({
    ...EMPTY_STATE,
    hosts: new Map([['h', { ...HOST, seenAt: time }]]),
    removals: [{ at: time, stale: 1, unhealthy: 2 }],
    staleSince: new Map([['a', time]]),
    running: { tasks: new Map(), shrunkSince },
  });

  it('begins now', () => {
    expect(notOfTheFuture(at(900), 100)).toEqual(at(100));
  });

  it('is as it was where they do not', () => {
    for (const state of [at(90), { ...at(90), running: undefined }]) {
      expect(notOfTheFuture(state, 100)).toEqual(state);
    }
    const { running } = notOfTheFuture(
      { ...at(1), running: { tasks: new Map(), shrunkSince: undefined } },
      100,
    );
    expect(running?.shrunkSince).toBeUndefined();
  });
});

describe('a pause between two runs', () => {
  const paused = (over: Partial<RunState> = {}) =>
    endedAt(100, {
      staleSince: new Map([['a', 40]]),
      running: { tasks: new Map(), shrunkSince: 50 },
      ...over,
    });

  it('counts for so much at most', () => {
    const { staleSince, running } = withoutPause(paused(), 1_000, 30);
    expect([staleSince.get('a'), running?.shrunkSince]).toEqual([910, 920]);
  });

  it('that is short counts as it is', () => {
    expect(withoutPause(paused(), 130, 30)).toEqual(paused());
    expect(withoutPause(paused(), 20, 30)).toEqual(paused());
    expect(withoutPause(EMPTY_STATE, 1_000, 30)).toEqual(EMPTY_STATE);
  });

  it('changes nothing of a fleet that has not shrunk', () => {
    expect(withoutPause(paused({ running: undefined }), 1_000, 30).running).toBeUndefined();
    const steady = { tasks: new Map(), shrunkSince: undefined };
    expect(withoutPause(paused({ running: steady }), 1_000, 30).running).toEqual(steady);
  });
});
