import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { fairShareLimiter } from '../../../src/sources/ecs/fair-share-limiter.ts';

/** Calls that go on until they are ended, by the name they were given. */
function calls() {
  const ends = new Map<string, (error?: Error) => void>();
  const call = (name: string) => () =>
    new Promise<string>((resolve, reject) => {
      ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error)));
    });
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    ends.delete(name);
    await turn();
  };
  return { call, end, underWay: () => [...ends.keys()] };
}

it('lets no more calls go at once than it is given room for, over all lanes', async () => {
  const { call, end, underWay } = calls();
  const lane = fairShareLimiter(2);
  const [list, describe] = [lane('list'), lane('describe')];
  const all = Promise.all([list(call('a')), list(call('b')), describe(call('c'))]);
  await turn();
  expect(underWay()).toEqual(['a', 'b']);
  await end('a');
  expect(underWay()).toEqual(['b', 'c']);
  await end('b');
  await end('c');
  expect(await all).toEqual(['a', 'b', 'c']);
});

it('gives room to the lane that has the least, and within a lane in the order of the calls', async () => {
  const { call, end, underWay } = calls();
  const lane = fairShareLimiter(3);
  const [many, few] = [lane('multi-value'), lane('few')];
  for (const name of ['m1', 'm2', 'm3', 'm4', 'm5']) void many(call(name));
  for (const name of ['f1', 'f2', 'f3']) void few(call(name));
  await turn();
  expect(underWay()).toEqual(['m1', 'm2', 'm3']);
  await end('m1');
  await end('m2');
  expect(underWay()).toEqual(['m3', 'f1', 'm4']);
  await end('m3');
  expect(underWay()).toEqual(['f1', 'm4', 'm5']);
  await end('m4');
  expect(underWay()).toEqual(['f1', 'm5', 'f2']);
});

it('gives a single lane all the room there is', async () => {
  const { call, underWay } = calls();
  const alone = fairShareLimiter(3)('alone');
  for (const name of ['a', 'b', 'c', 'd']) void alone(call(name));
  await turn();
  expect(underWay()).toEqual(['a', 'b', 'c']);
});

it('passes an error on, and the room too', async () => {
  const { call, end, underWay } = calls();
  const lane = fairShareLimiter(1)('only');
  const failing = lane(call('a'));
  void lane(call('b'));
  await turn();
  const error = new Error('no');
  const outcome = expect(failing).rejects.toBe(error);
  await end('a', error);
  await outcome;
  expect(underWay()).toEqual(['b']);
});
