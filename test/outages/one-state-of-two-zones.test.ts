import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import type { Report } from '../../src/report/report-schema.ts';
import { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, addStale, newFleet, openWorker, serve, UNWAITING_CLOCK } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const MINUTE = 60_000;
const OTHER = 'other.internal';

/** Two zones of one fleet, half of each stale, and a worker for each; both keep their state in one file. */
async function twoZones() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 20, stale: 20 });
  const other = new FleetBuilder(fleet.world, fleet.world.addHostedZone({ name: OTHER, private: true }));
  for (const [cluster, machines] of fleet.machines) other.machines.set(cluster, machines);
  addService(other, '_users._tcp', { live: 20 });
  addStale(other, '_users._tcp', 20);
  const server = await serve(fleet.world);
  let later = 0;
  const clock: Clock = { ...UNWAITING_CLOCK, now: () => Date.now() + later };
  const state = join(await temporaryDirectory(), 'state.json');
  const workers = [{}, { '--zone': OTHER }].map((flags) =>
    openWorker(server, { '--state': state, ...flags }, undefined, clock),
  );
  const applyBoth = async (minutes: number): Promise<readonly Report[]> => {
    later = minutes * MINUTE;
    const reports: Report[] = [];
    for (const worker of workers) reports.push(await worker.apply());
    return reports;
  };
  return { state, workers, applyBoth };
}

const counts = ({ summary: { applied, heldBack } }: Report) => [applied, heldBack];

test('what one zone holds by its budget becomes due, whatever runs over another zone leave', async () => {
  const { applyBoth, state } = await twoZones();
  for (const minutes of [0, 5, 30, 55]) {
    expect((await applyBoth(minutes)).map(counts)).toEqual([
      [0, 20],
      [0, 20],
    ]);
  }
  expect((await applyBoth(66)).map(counts)).toEqual([
    [11, 9],
    [11, 9],
  ]);
  const { zones } = JSON.parse(await readFile(state, 'utf8')) as { zones: object };
  expect(Object.keys(zones)).toHaveLength(2);
});

test('a run over another zone that began later is no newer one', async () => {
  const { workers } = await twoZones();
  const [one, other] = workers;
  const report = await one?.apply({
    force: true,
    approve: async () => {
      await other?.apply();
      return true;
    },
  });
  expect(report?.summary.applied).toBe(20);
});
