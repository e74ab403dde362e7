import { expect, test } from 'vitest';
import type { DeregisteredSince } from '../../src/model/task-stop.ts';
import type { StoppingPolicy } from '../../src/plan/policy.ts';
import { askRemovals } from '../../src/run/ask-removals.ts';
import type { Ports } from '../../src/run/ports.ts';
import { virtualClock } from '../route53/virtual-clock.ts';

const KNOWN: DeregisteredSince = new Map([
  ['a', { since: 0, ttl: 1, pending: ['C1'] }],
  ['b', { since: 0, ttl: 1, pending: ['C1', 'C2'] }],
]);

async function ask(isInSync: Ports['zone']['isInSync'], deregisteredSince = KNOWN, signal?: AbortSignal) {
  const asked: string[] = [];
  const clock = virtualClock();
  await clock.sleep(9_000, undefined);
  const stopping: StoppingPolicy = { ecsServices: true, limit: 1, ttl: 0, services: [], deregisteredSince };
  // Nothing else of the zone is looked at.
  const zone = {
    isInSync: (id: string, within?: AbortSignal) => {
      asked.push(id);
      return isInSync(id, within);
    },
  } as unknown as Ports['zone'];
  const answer = await askRemovals({ zone, clock }, { stopping, signal });
  return { asked, incomplete: answer.incomplete, known: answer.stopping?.deregisteredSince };
}

test('each change is asked of once, and counts from the answer', async () => {
  const { asked, incomplete, known } = await ask(async (id) => id === 'C1');
  expect([asked, incomplete]).toEqual([['C1', 'C2'], []]);
  expect([...(known ?? [])]).toEqual([
    ['a', { since: 9_000, ttl: 1, pending: [] }],
    ['b', { since: 9_000, ttl: 1, pending: ['C2'] }],
  ]);
});

test('one that cannot be asked of stays in doubt, and the others do not', async () => {
  const { incomplete, known } = await ask(async (id) => {
    if (id === 'C1') throw new Error('not today');
    return true;
  });
  expect(incomplete).toEqual([
    { scope: 'change C1', operation: 'route53:GetChange', error: 'not today', hides: 'nothing' },
  ]);
  expect([...(known ?? [])].map(([, { pending }]) => pending)).toEqual([['C1'], ['C1']]);
});

test('nothing is asked where there is no change, or no task may be stopped', async () => {
  const never = () => Promise.reject(new Error('asked'));
  expect(await ask(never, new Map())).toMatchObject({ asked: [], incomplete: [] });
  const ports = { zone: { isInSync: never } as unknown as Ports['zone'], clock: virtualClock() };
  expect(await askRemovals(ports, {})).toEqual({ stopping: undefined, incomplete: [] });
});

test('a run that is stopped asks no more', async () => {
  const controller = new AbortController();
  const reason = new Error('stopped');
  const stop = () => {
    controller.abort(reason);
    return Promise.reject(new Error('aborted'));
  };
  await expect(ask(stop, KNOWN, controller.signal)).rejects.toBe(reason);
});
