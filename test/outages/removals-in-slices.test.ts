import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import { addService, addStale, newFleet, openWorker, serve, UNWAITING_CLOCK } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const MINUTE = 60_000;

test('half of a fleet in one run is too much, and so is what reaches the limit', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 7, stale: 3 });
  const before = fleet.zone.list();
  const server = await serve(fleet.world);

  const { heldBack } = await openWorker(server).apply();

  expect(heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`)).toEqual(
    Array(3).fill('removal-budget: 3 of 10 managed entries (30 %), at least 30 %'),
  );
  expect(fleet.zone.list()).toEqual(before);
});

test('in a small zone no budget counts, and the report says so', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 3, stale: 3 });
  const server = await serve(fleet.world);

  const { summary, notices } = await openWorker(server).apply();

  expect(summary).toMatchObject({ applied: 3, heldBack: 0 });
  expect(notices).toContainEqual({
    subject: 'removal-budget',
    detail:
      '3 of 6 managed entries (50 %), at least 30 %; they go, because budgets count from 10 managed entries on',
  });
});

test.each([
  { kept: 'kept', isHeld: true },
  { kept: 'not kept', isHeld: false },
])('a second slice within the hour, where a state is $kept: held is $isHeld', async ({ isHeld }) => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 40, stale: 10 });
  const server = await serve(fleet.world);
  let later = 0;
  const clock: Clock = { ...UNWAITING_CLOCK, now: () => Date.now() + later };
  const state = join(await temporaryDirectory(), 'state.json');
  const worker = openWorker(server, isHeld ? { '--state': state } : {}, undefined, clock);

  expect((await worker.apply()).summary).toMatchObject({ applied: 10, heldBack: 0 });

  addStale(fleet, '_orders._tcp', 10);
  later = 5 * MINUTE;
  const second = await worker.apply();
  expect(second.summary).toMatchObject(isHeld ? { applied: 0, heldBack: 10 } : { applied: 10, heldBack: 0 });
  expect(second.heldBack.map(({ detail }) => detail)).toEqual(
    Array(isHeld ? 10 : 0).fill(
      '10 and 10 removed in the last hour, of 60 managed entries (33 %), at least 30 %',
    ),
  );

  later = 61 * MINUTE;
  expect((await worker.apply()).summary).toMatchObject({ applied: isHeld ? 10 : 0, heldBack: 0 });
});
