import { expect, test } from 'vitest';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { Session } from '../aws/session.ts';
import { createRandom } from '../random.ts';
import { Scheduler } from '../scheduler.ts';
import { start } from '../world/lifecycle.ts';
import { World } from '../world/world.ts';
import { checkKept } from './kept-answers.ts';
import { quietHistory } from './quiet-history.ts';

const SECOND = 1000;
/** After that the last name server answers by a change. */
const PROPAGATION = 45 * SECOND;

/** A container whose entry has the TTL of a minute; `stop` tells what its end breaks that much later. */
async function openScene(changed: Partial<RecordSet> = {}) {
  const scheduler = new Scheduler(0);
  const world = new World(quietHistory(), scheduler);
  const task = start(world, createRandom(1), 0);
  if (task === undefined) throw new TypeError('there is no room for a task');
  await scheduler.play(() => false);
  const entered = world.zone.all().find(({ Type }) => Type === 'SRV');
  if (entered === undefined) throw new TypeError('no agent has entered it');
  const set: RecordSet = { ...entered, TTL: 60, ...changed };
  world.zone.put(set, 'agent', scheduler.now);
  const takeOut = () => world.zone.remove(recordSetKey(set), 1, scheduler.now);
  const stop = async (afterMs: number) => {
    scheduler.after(afterMs, () => {});
    await scheduler.play(() => false);
    const broken: string[] = [];
    const session = new Session(2, { at: 0, salt: 1 }, world);
    checkKept(
      session,
      task,
      (by) => by === 1,
      (invariant) => broken.push(invariant),
    );
    return broken;
  };
  return { world, set, takeOut, stop, now: () => scheduler.now };
}

test('a task that is still in the zone is not stopped', async () => {
  const { stop } = await openScene();
  expect(await stop(SECOND)).toEqual(['still-kept']);
});

test.each([
  { afterMs: 0, broken: ['still-kept'] },
  { afterMs: PROPAGATION + 59 * SECOND, broken: ['still-kept'] },
  { afterMs: PROPAGATION + 60 * SECOND, broken: [] },
])(
  'a task is not stopped before its TTL has passed for the last client: $afterMs ms',
  async ({ afterMs, broken }) => {
    const { takeOut, stop } = await openScene();
    takeOut();
    expect(await stop(afterMs)).toEqual(broken);
  },
);

test('what cannot be drawn is kept by no client', async () => {
  const { world, set, takeOut, stop, now } = await openScene({ Weight: 0 });
  const { stop: stopAlone, takeOut: takeOutAlone } = await openScene({ Weight: 0 });
  const SetIdentifier = `ip-10-0-1-99.ec2.internal:${'0'.repeat(64)}`;
  const ResourceRecords = [{ Value: '1 1 4999 ip-10-0-1-99.ec2.internal' }];
  world.zone.remove(recordSetKey(set), 1, now() - 600 * SECOND);
  world.zone.put({ ...set, SetIdentifier, Weight: 1, ResourceRecords }, 'agent', now() - 600 * SECOND);
  world.zone.put(set, 1, now());
  takeOut();
  expect(await stop(300 * SECOND)).toEqual([]);
  takeOutAlone();
  expect(await stopAlone(SECOND)).toEqual(['still-kept']);
});

test('of what another process has taken nothing is known', async () => {
  const { world, set, stop, now } = await openScene();
  world.zone.remove(recordSetKey(set), 7, now());
  expect(await stop(0)).toEqual([]);
});

test('what leads there since the run began is another writer’s', async () => {
  const { world, set, takeOut, stop, now } = await openScene();
  takeOut();
  expect(await stop(600 * SECOND)).toEqual([]);
  world.zone.put(set, 'agent', now());
  expect(await stop(0)).toEqual([]);
});
