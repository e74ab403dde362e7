import { describe, expect, test } from 'vitest';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { Session } from '../aws/session.ts';
import { MINUTE } from '../history.ts';
import { createRandom } from '../random.ts';
import { Scheduler } from '../scheduler.ts';
import type { SimTask } from '../world/entities.ts';
import { behave, start } from '../world/lifecycle.ts';
import { World } from '../world/world.ts';
import { Deeds } from './flapping.ts';
import { quietHistory } from './quiet-history.ts';

interface Scene {
  readonly world: World;
  readonly task: SimTask;
  /** Minutes later, a run puts the task's entry in, or takes it out. */
  readonly act: (kind: 'in' | 'out', by?: Partial<Session>) => Promise<readonly string[]>;
}

async function openScene(): Promise<Scene> {
  const scheduler = new Scheduler(0);
  const world = new World(quietHistory(), scheduler);
  const task = start(world, createRandom(1), 0);
  if (task === undefined) throw new TypeError('there is no room for a task');
  await scheduler.play(() => false);
  const set = entryIn(world);
  if (set === undefined) throw new TypeError('no agent has entered it');
  const deeds = new Deeds();
  const act: Scene['act'] = async (kind, by = {}) => {
    scheduler.after(5 * MINUTE, () => {});
    await scheduler.play(() => false);
    const session = new Session(1, { at: 0, salt: scheduler.now }, world);
    Object.assign(session, by);
    return found(deeds, session, set, kind);
  };
  return { world, task, act };
}

function entryIn({ zone }: World): RecordSet | undefined {
  return zone.all().find(({ Type }) => Type === 'SRV');
}

function found(deeds: Deeds, session: Session, set: RecordSet, kind: 'in' | 'out'): readonly string[] {
  const reported: string[] = [];
  const [before, after] = kind === 'in' ? [undefined, set] : [set, undefined];
  const write = { time: session.startedAt, order: 0, by: 1, key: recordSetKey(set), before, after };
  deeds.check(session, write, (invariant) => reported.push(invariant));
  return reported;
}

const MISLED = { isMisled: true };
const LOOK = { isLook: true };

describe('what one run has done', () => {
  test('and another undoes without a change in between is flapping, either way', async () => {
    const { act } = await openScene();
    expect(await act('in')).toEqual([]);
    expect(await act('out')).toEqual(['flapping']);
    expect(await act('in')).toEqual(['flapping']);
  });

  test.each<[string, (scene: Scene) => void]>([
    ['its container fails', ({ task, world }) => behave(task, 'hang', world)],
    [
      'its machine is drained',
      ({ task, world }) => {
        if (task.host !== undefined) task.host.drainingAt = world.now;
      },
    ],
    [
      'somebody takes an entry of its name away',
      ({ world }) =>
        world.zone.remove(recordSetKey(entryIn(world) ?? { Name: '', Type: '' }), 'other', world.now),
    ],
  ])('is undone rightly once %s', async (_, change) => {
    const scene = await openScene();
    await scene.act('in');
    change(scene);
    expect(await scene.act('out')).toEqual([]);
  });

  test('is undone rightly by a run that was misled, and after one', async () => {
    const { act } = await openScene();
    await act('in', MISLED);
    expect(await act('out')).toEqual([]);
    expect(await act('in', MISLED)).toEqual([]);
  });

  test('is undone rightly by a look that knows the machine, and not that it is drained, and after one', async () => {
    const { task, world, act } = await openScene();
    await act('in');
    if (task.host !== undefined) task.host.drainingAt = world.now;
    await act('out');
    expect(await act('in', LOOK)).toEqual([]);
    expect(await act('out')).toEqual([]);
    expect(await act('in')).toEqual(['flapping']);
  });

  test('is done again without harm', async () => {
    const { act } = await openScene();
    await act('in');
    expect(await act('in')).toEqual([]);
  });
});
