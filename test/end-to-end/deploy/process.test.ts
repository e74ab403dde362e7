import { describe, expect, test } from 'vitest';
import { CLIENTS, LAG_MS, openScene, type Scene, STEP_MS, type Tally, TTL_SECONDS } from './scene.ts';

/** Until an event has come and the worker has acted, and then until no cache has the record any more. */
const REACTION_MS = LAG_MS + STEP_MS;
const LONG_DRAIN_MS = REACTION_MS + TTL_SECONDS * 1000;

/** Replaces all tasks while clients make requests, and goes on until the old ones have ended and caches have run out. */
async function deploy({ rollout, play }: Scene): Promise<Tally> {
  const old = rollout.tasks();
  await play((steps) => steps === CLIENTS);
  await rollout.deploy();
  let ended = 0;
  return play((steps) => {
    if (ended === 0 && old.every(({ lastStatus }) => lastStatus === 'STOPPED')) ended = steps;
    return ended > 0 && (steps - ended) * STEP_MS > TTL_SECONDS * 1000;
  });
}

describe('a deployment of five tasks', () => {
  test('fails no request where containers drain for longer than TTL and reaction', async () => {
    const scene = await openScene({ drainMs: LONG_DRAIN_MS, events: true });
    const old = scene.rollout.tasks();

    const { anew, cached } = await deploy(scene);

    expect({ anew: anew.failed, cached: cached.failed }).toEqual({ anew: 0, cached: 0 });
    expect(anew.requests).toBeGreaterThan(100);
    expect(old.some(scene.rollout.isRegistered)).toBe(false);
    const running = scene.rollout.tasks().filter(({ lastStatus }) => lastStatus === 'RUNNING');
    expect(running).toHaveLength(old.length);
    expect(running.every(scene.rollout.isRegistered)).toBe(true);
  });

  test('fails requests of caches alone where containers drain for the reaction, and not for the TTL', async () => {
    const { anew, cached } = await deploy(await openScene({ drainMs: REACTION_MS, events: true }));
    expect(anew.failed).toBe(0);
    expect(cached.failed).toBeGreaterThan(0);
  });

  test.each([
    ['at once, also with events', true],
    ['at once, and no event tells of it', false],
  ])('fails requests where containers end %s', async (_, events) => {
    const { anew, cached } = await deploy(await openScene({ drainMs: 0, events }));
    expect(anew.failed).toBeGreaterThan(0);
    expect(cached.failed).toBeGreaterThan(0);
  });
});

describe('three of five containers that die without a warning', () => {
  /** What fails while their records are there, then until caches have run out, and after that. */
  async function die(targets: number): Promise<readonly Tally[]> {
    const { rollout, play } = await openScene({ drainMs: LONG_DRAIN_MS, events: true, targets });
    const dead = rollout.tasks().slice(0, 3);
    await play((steps) => steps === CLIENTS);
    for (const task of dead) await rollout.kill(task);
    const listed = await play(() => !dead.some(rollout.isRegistered));
    const kept = await play((steps) => steps * STEP_MS > TTL_SECONDS * 1000);
    return [listed, kept, await play((steps) => steps === CLIENTS)];
  }

  test('fail what is sent to them until their records are gone, and of caches until those have run out', async () => {
    const [listed, kept, after] = await die(1);
    expect(listed?.anew.failed).toBeGreaterThan(0);
    expect(listed?.cached.failed).toBeGreaterThan(0);
    expect(kept?.anew.failed).toBe(0);
    expect(after).toMatchObject({ anew: { failed: 0 }, cached: { failed: 0 } });
  });

  test('fail nothing of clients that try another target', async () => {
    for (const { anew, cached } of await die(5)) expect([anew.failed, cached.failed]).toEqual([0, 0]);
  });
});
