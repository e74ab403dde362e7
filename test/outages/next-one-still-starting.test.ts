import { expect, test } from 'vitest';
import {
  addService,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  without,
  ZONE_NAME,
} from '../end-to-end/support.ts';

/** Of two records of a name one leads to a task that is told to stop, and still answers; the task of the other is given. */
async function lookAtBoth(lastStatus: 'PENDING' | 'RUNNING') {
  const fleet = newFleet();
  const { live, liveSets } = addService(fleet, '_orders._tcp', { live: 2 });
  const [old, next] = live;
  if (old === undefined || next === undefined) throw new TypeError('two run');
  await listen(fleet);
  fleet.world.tellToStop(old.task, 'replaced', Date.now() / 1000);
  for (const one of [next.task, ...next.task.containers]) Object.assign(one, { lastStatus });
  const worker = openWorker(await serve(fleet.world), PROBING);
  const scopes = live.map(({ task: { clusterArn: cluster, taskArn } }) => ({
    kind: 'task' as const,
    cluster,
    taskArn,
  }));
  const { runs } = await worker.runScopes(scopes);
  const reports = runs.map(({ report }) => report);
  const gone = without(liveSets, fleet.zone.list());
  return {
    gone: gone.map(({ SetIdentifier }) => liveSets.findIndex((set) => set.SetIdentifier === SetIdentifier)),
    reasons: reports.flatMap(({ entries }) => entries.map(({ reason }) => reason)).toSorted(),
    heldBack: reports.flatMap(({ heldBack }) => heldBack.map(({ detail }) => detail)),
  };
}

test('what is told to stop and still answers stays while the only other record of its name leads to what is starting', async () => {
  expect(await lookAtBoth('PENDING')).toEqual({
    gone: [],
    reasons: ['task-starting', 'task-stopping'],
    heldBack: [
      `_orders._tcp.${ZONE_NAME} would be left with 0 entries, fewer than 1, and its task has not stopped yet`,
    ],
  });
});

test('it goes where that runs, and answers', async () => {
  expect(await lookAtBoth('RUNNING')).toEqual({
    gone: [0],
    reasons: ['task-stopping'],
    heldBack: [],
  });
});
