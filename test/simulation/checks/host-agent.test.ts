import { expect, test } from 'vitest';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { Session } from '../aws/session.ts';
import { createRandom } from '../random.ts';
import { Scheduler } from '../scheduler.ts';
import { exit, start } from '../world/lifecycle.ts';
import { World } from '../world/world.ts';
import { checkAgent } from './host-agent.ts';
import { quietHistory } from './quiet-history.ts';

const HOST = 'ip-10-0-1-10.ec2.internal';

/** A host with one container that its agent has entered; `act` tells what a change of the new agent breaks. */
async function openScene() {
  const scheduler = new Scheduler(0);
  const world = new World(quietHistory(), scheduler);
  const task = start(world, createRandom(1), 0);
  if (task === undefined) throw new TypeError('there is no room for a task');
  await scheduler.play(() => false);
  const set = world.zone.all().find(({ Type }) => Type === 'SRV');
  if (set === undefined) throw new TypeError('no agent has entered it');
  const act = (hostName: string, before: RecordSet | undefined, after: RecordSet | undefined) => {
    const session = new Session(1, { at: 0, salt: 1 }, world);
    const order = world.zone.writes.length;
    const key = recordSetKey(after ?? before ?? set);
    world.zone.writes.push({ time: scheduler.now, order, by: 'agent', key, before, after });
    const request = { changes: [], carriedOut: true, replyLost: false, journaled: '', sentAt: 0 };
    session.requests.push({ ...request, writesFrom: order, writesTo: order + 1 });
    const broken: string[] = [];
    checkAgent(session, hostName, world.zone, (invariant) => broken.push(invariant));
    return broken;
  };
  return { world, task, set, act };
}

test('what an agent enters of its host is as the agents of old wrote it', async () => {
  const { set, act } = await openScene();
  expect(act(HOST, undefined, set)).toEqual([]);
  expect(act(HOST, undefined, { ...set, Weight: 7 })).toEqual(['form']);
  expect(act(HOST, undefined, { ...set, SetIdentifier: `${HOST}:${'0'.repeat(64)}` })).toEqual(['form']);
});

test('an agent changes nothing of another host', async () => {
  const { set, act } = await openScene();
  expect(act('ip-10-0-1-99.ec2.internal', undefined, set)).toEqual(['foreign']);
});

test('an agent takes nothing that runs, and writes down what it takes', async () => {
  const { world, task, set, act } = await openScene();
  expect(act(HOST, set, undefined)).toEqual(['live-entry', 'journal']);
  exit(task, world, createRandom(1), 0);
  expect(act(HOST, set, undefined)).toEqual(['journal']);
});
