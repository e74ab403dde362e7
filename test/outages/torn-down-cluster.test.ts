import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import { parseSrvValue } from '../../src/model/srv-value.ts';
import type { Report } from '../../src/report/report-schema.ts';
import {
  addService,
  answerFor,
  newFleet,
  openWorker,
  serve,
  UNWAITING_CLOCK,
} from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const MINUTE = 60_000;

/** Half of what the zone has was torn down, and no operator watches. */
async function tornDown({ keepsState = true } = {}) {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 20, stale: 20 });
  const server = await serve(fleet.world);
  let later = 0;
  const clock: Clock = { ...UNWAITING_CLOCK, now: () => Date.now() + later };
  const state = join(await temporaryDirectory(), 'state.json');
  const worker = openWorker(server, keepsState ? { '--state': state } : {}, undefined, clock);
  const applyAt = (minutes: number): Promise<Report> => {
    later = minutes * MINUTE;
    return worker.apply();
  };
  return { fleet, server, staleSets, worker, applyAt };
}

const counts = ({ summary: { applied, heldBack } }: Report) => [applied, heldBack];

test('what was torn down goes after an hour, as much in an hour as the budget has room for', async () => {
  const { applyAt } = await tornDown();

  // The first run knows of none before it, and asks for nothing beyond what goes.
  const first = await applyAt(0);
  expect(counts(first)).toEqual([0, 20]);
  const second = await applyAt(5);
  expect(counts(second)).toEqual([0, 20]);
  expect((await applyAt(35)).heldBack[0]?.detail).toBe(
    '20 of 40 managed entries (50 %), at least 30 %; confirmed and silent for 30m, and due after 1h',
  );
  expect(counts(await applyAt(64))).toEqual([0, 20]);

  const due = await applyAt(66);
  expect(counts(due)).toEqual([11, 9]);
  expect(due.notices).toContainEqual({
    subject: 'removal-budget',
    detail:
      '20 of 40 managed entries (50 %), at least 30 %; 11 entries go all the same, stale, confirmed and silent in every run of 1h',
  });
  expect(counts(await applyAt(71))).toEqual([0, 9]);
  expect(counts(await applyAt(127))).toEqual([8, 1]);
  expect(counts(await applyAt(188))).toEqual([1, 0]);
});

test('each run confirms what the budget holds, once it knows of an earlier run; a plan does not', async () => {
  const { applyAt, worker } = await tornDown();
  const callsOf = ({ awsCalls }: Report) => awsCalls['ecs:DescribeContainerInstances'] ?? 0;
  const first = callsOf(await applyAt(0));
  expect(callsOf(await worker.plan())).toBe(first);
  expect(callsOf(await applyAt(5))).toBe(first + 1);
});

test('without a state it stays until it is forced', async () => {
  const { applyAt, worker } = await tornDown({ keepsState: false });
  for (const minutes of [0, 5, 66, 200, 2_000]) expect(counts(await applyAt(minutes))).toEqual([0, 20]);
  expect(counts(await worker.apply({ force: true }))).toEqual([20, 0]);
});

test('a run in which one of them answers makes its hour start over', async () => {
  const { applyAt, staleSets } = await tornDown();
  await applyAt(0);
  await applyAt(5);
  const { target = '', port = 0 } = parseSrvValue(staleSets[0]?.ResourceRecords?.[0]?.Value ?? '') ?? {};
  const address = target.split('.')[0]?.replace('ip-', '').replaceAll('-', '.') ?? '';
  const one = createServer((socket) => socket.on('error', () => {}));
  await answerFor({ address, port }, one);
  const answering = await applyAt(30);
  expect(answering.entries.filter(({ reason }) => reason === 'still-answers')).toHaveLength(1);
  one.close();

  await applyAt(50);
  const due = await applyAt(66);
  expect(counts(due)).toEqual([11, 9]);
  const gone = due.changes.map(({ recordSet }) => recordSet.SetIdentifier);
  expect(gone).not.toContain(staleSets[0]?.SetIdentifier);
});

test('a run that cannot confirm them makes the hour of all of them start over', async () => {
  const { applyAt, server } = await tornDown();
  await applyAt(0);
  await applyAt(5);
  let asked = 0;
  const mend = server.addFault({
    operation: 'ecs:DescribeContainerInstances',
    // The inventory is read, and the confirmation is refused.
    when: () => ++asked > 1,
    effect: { kind: 'error', code: 'AccessDeniedException', message: 'not now', status: 400 },
  });
  expect(counts(await applyAt(30))).toEqual([0, 20]);
  mend();
  expect(counts(await applyAt(66))).toEqual([0, 20]);
  await applyAt(96);
  expect(counts(await applyAt(127))).toEqual([11, 9]);
});

test('a pause of the worker, or a clock that is set ahead, counts for half of the delay at most', async () => {
  const { applyAt } = await tornDown();
  await applyAt(0);
  expect(counts(await applyAt(5))).toEqual([0, 20]);
  const afterPause = await applyAt(600);
  expect(counts(afterPause)).toEqual([0, 20]);
  expect(afterPause.heldBack[0]?.detail).toContain('confirmed and silent for 30m, and due after 1h');
  expect(counts(await applyAt(629))).toEqual([0, 20]);
  expect(counts(await applyAt(631))).toEqual([11, 9]);
});

test('a worker that runs once a day finds it due all the same', async () => {
  const { applyAt } = await tornDown();
  const day = 24 * 60;
  for (const days of [0, 1, 2]) expect(counts(await applyAt(days * day))).toEqual([0, 20]);
  expect(counts(await applyAt(3 * day))).toEqual([11, 9]);
});

test('a clock that is set back makes nothing due the earlier', async () => {
  const { applyAt } = await tornDown();
  await applyAt(300);
  expect(counts(await applyAt(305))).toEqual([0, 20]);
  for (const minutes of [0, 29, 58]) expect(counts(await applyAt(minutes))).toEqual([0, 20]);
  expect(counts(await applyAt(61))).toEqual([11, 9]);
});
