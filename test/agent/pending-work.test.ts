import { expect, it } from 'vitest';
import { createHeardEvents } from '../../src/agent/heard-events.ts';
import { createPendingWork } from '../../src/agent/pending-work.ts';

const ids = (count: number) => Array.from({ length: count }, (_, n) => `c${n}`);
const NEVER = new AbortController().signal;

it('work is taken once, and is of the containers that were named', async () => {
  const work = createPendingWork();
  const arrived = work.arrives(NEVER);
  work.addContainer('a');
  work.addContainer('a');
  work.addContainer('b');
  expect(await arrived).toBe(true);
  expect(work.take()).toEqual({ isFull: false, containers: new Set(['a', 'b']) });
  expect(work.take()).toEqual({ isFull: false, containers: new Set() });
  work.addAll();
  expect(await work.arrives(NEVER)).toBe(true);
  expect(work.take().isFull).toBe(true);
});

it('however much happens, it takes no more room than a pass over all', () => {
  const work = createPendingWork();
  for (const id of ids(10_000)) work.addContainer(id);
  const { isFull, containers } = work.take();
  expect(isFull).toBe(true);
  expect(containers.size).toBeLessThan(100);
});

it('an abort ends the wait for work', async () => {
  const control = new AbortController();
  const arrived = createPendingWork().arrives(control.signal);
  control.abort();
  expect(await arrived).toBe(false);
  expect(await createPendingWork().arrives(control.signal)).toBe(false);
});

it('what was heard is settled by what runs, or after a few looks', () => {
  const heard = createHeardEvents();
  heard.add({ containerId: 'dead', action: 'die' });
  heard.add({ containerId: 'new', action: 'start' });
  heard.add({ containerId: 'sick', action: 'health' });
  expect(heard.settle(['dead', 'new', 'sick', 'unheard'], new Set(['dead', 'sick']))).toEqual([
    'dead',
    'new',
  ]);
  expect(heard.all()).toEqual(['dead', 'new']);
  expect(heard.settle(['dead'], new Set())).toEqual([]);
  for (let look = 0; look < 4; look++) expect(heard.settle(['new'], new Set())).toEqual(['new']);
  expect(heard.settle(['new'], new Set())).toEqual([]);
  expect(heard.all()).toEqual([]);
});

it('what was heard is bounded', () => {
  const heard = createHeardEvents();
  for (const containerId of ids(10_000)) heard.add({ containerId, action: 'start' });
  expect(heard.all().length).toBeLessThanOrEqual(50);
});

it('of its health a container tells nothing new as long as it stays as it is', () => {
  const heard = createHeardEvents();
  const health = (status: string) => heard.add({ containerId: 'one', action: 'health', health: status });
  expect(['starting', 'healthy', 'healthy', 'unhealthy', 'healthy'].map(health)).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
  heard.add({ containerId: 'one', action: 'start' });
  expect(health('healthy')).toBe(true);
});
