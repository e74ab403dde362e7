import { describe, expect, it } from 'vitest';
import {
  advance,
  type HealthRecord,
  historyKey,
  isFailedLongEnough,
  isRecovering,
  nextHistory,
} from '../../src/model/health-history.ts';
import { container, dockerId, endpoint } from '../plan/support.ts';

const TWICE = { unhealthyThreshold: 2, healthyThreshold: 3 };
const record = (failing: number, passing: number): HealthRecord => ({ failing, passing });

describe('historyKey', () => {
  it('is that of one port of one container', () => {
    const own = container(1);
    const key = historyKey(endpoint(own));
    expect(key).toBe(`${dockerId(1)} 32801/tcp`);
    expect(historyKey(endpoint(own, { protocol: 'udp' }))).not.toBe(key);
    expect(historyKey(endpoint(own, { port: 1 }))).not.toBe(key);
    expect(historyKey(endpoint(container(2)))).not.toBe(key);
  });

  it('is that of the task’s container while its id is not reported', () => {
    const own = container(1, { id: undefined });
    expect(historyKey(endpoint(own))).toBe(`${own.taskArn}/app 32801/tcp`);
  });
});

it('historyKey of a port that is asked at a second address is another', () => {
  const one = endpoint(container(1));
  expect(historyKey(one, one.address)).toBe(historyKey(one));
  expect(historyKey(one, undefined)).toBe(historyKey(one));
  expect(historyKey(one, 'fd00::1')).toBe(`${historyKey(one)} fd00::1`);
  // The zone alone tells the address of an external host.
  const external = endpoint(container(1), { address: undefined });
  expect(historyKey(external, '10.0.0.1')).toBe(historyKey(external));
});

describe('advance', () => {
  it.each<[string, HealthRecord | undefined, boolean, HealthRecord]>([
    ['the first failure', undefined, true, record(1, 0)],
    ['another failure', record(1, 0), true, record(2, 0)],
    ['a pass of what never failed', undefined, false, record(0, 0)],
    ['the first pass after failures', record(2, 0), false, record(2, 1)],
    ['another pass', record(2, 1), false, record(2, 2)],
    ['a failure of what had passed goes on where it was', record(1, 1), true, record(2, 0)],
    ['a failure of what was recovering does not start over', record(3, 2), true, record(4, 0)],
  ])('%s', (_, before, isFailing, expected) => {
    const history = new Map(before === undefined ? [] : [['key', before]]);
    expect(advance(history, 'key', isFailing)).toEqual(expected);
  });
});

it.each<[HealthRecord, boolean, boolean]>([
  [record(1, 0), false, false],
  [record(2, 0), true, true],
  [record(2, 2), true, true],
  [record(2, 3), true, false],
  [record(1, 1), false, false],
])('%o: failed long enough %s, recovering %s', (given, failed, recovering) => {
  expect([isFailedLongEnough(given, TWICE), isRecovering(given, TWICE)]).toEqual([failed, recovering]);
});

describe('nextHistory', () => {
  it.each<[string, HealthRecord, boolean]>([
    ['failing', record(1, 0), true],
    ['unhealthy', record(5, 0), true],
    ['recovering', record(2, 1), true],
    ['recovered', record(2, 3), false],
    ['passing after too few failures', record(1, 1), false],
    ['without failures', record(0, 0), false],
  ])('%s: kept %s', (_, given, kept) => {
    expect(nextHistory(new Map([['key', given]]), TWICE).has('key')).toBe(kept);
  });

  it('is in the order of its keys, whatever the order it came in', () => {
    const records = new Map(['b', 'c', 'a'].map((key) => [key, record(1, 0)]));
    expect([...nextHistory(records, TWICE).keys()]).toEqual(['a', 'b', 'c']);
  });
});
