import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import {
  addService,
  answerFor,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  UNWAITING_CLOCK,
} from './support.ts';

/** Ten containers of one service, to four of which something is the matter; and a clock that can be put forward. */
async function failingFleet(behaviour: { readonly kind: 'hang' | 'refuse' | 'reset' }) {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 10 });
  const failing = live.slice(0, 4);
  for (const one of failing) fleet.behave(one, behaviour);
  const containers = await listen(fleet);
  const server = await serve(fleet.world);
  let laterMs = 0;
  const clock: Clock = { ...UNWAITING_CLOCK, now: () => UNWAITING_CLOCK.now() + laterMs };
  const worker = openWorker(server, { ...PROBING, '--health-attempts': '1' }, undefined, clock);
  const wait = (ms: number) => {
    laterMs += ms;
  };
  const connections = () => failing.map(({ address, port }) => containers.connections(address, port));
  return { worker, failing, wait, connections };
}

describe('what is about to go as unhealthy', () => {
  test('stays, where it has recovered while the question stood', async () => {
    const { worker, failing, wait } = await failingFleet({ kind: 'refuse' });
    let asked = 0;
    const approve = async () => {
      for (const place of failing) {
        await answerFor(
          place,
          createServer((_, answer) => {
            asked += 1;
            answer.end();
          }),
        );
      }
      wait(10_000);
      return true;
    };
    const { entries, summary } = await worker.apply({ approve });
    expect(summary).toMatchObject({ live: 10, unhealthy: 0, applied: 0 });
    expect(entries.filter(({ reason }) => reason === 'recovered')).toHaveLength(4);
    expect(asked).toBe(4);
  });

  test('goes, where it still fails', async () => {
    const { worker, wait, connections } = await failingFleet({ kind: 'reset' });
    const approve = async () => {
      wait(10_000);
      return true;
    };
    expect((await worker.apply({ approve })).summary).toMatchObject({ live: 6, unhealthy: 4, applied: 4 });
    expect(connections()).toEqual([2, 2, 2, 2]);
  });

  test('is not asked again where it was asked just now', async () => {
    const { worker, connections } = await failingFleet({ kind: 'reset' });
    expect((await worker.apply()).summary).toMatchObject({ unhealthy: 4, applied: 4 });
    expect(connections()).toEqual([1, 1, 1, 1]);
  });
});
