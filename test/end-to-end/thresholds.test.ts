import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Report } from '../../src/report/report-schema.ts';
import { endpointKey } from '../../src/sandbox/fleet/behaviour.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve } from './support.ts';

/** The part of a stored state that has the failures. */
async function healthIn(file: string): Promise<unknown> {
  return Reflect.get(Object(JSON.parse(await readFile(file, 'utf8'))), 'health');
}

/** Four healthy containers and one that answers 503, and a state for its failures. */
async function fleetWithFailing(flags: FlagValues = {}) {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 5 });
  const [failing] = live;
  if (failing === undefined) throw new TypeError('too few containers');
  fleet.behave(failing, { kind: 'status', status: 503 });
  const containers = await listen(fleet);
  const server = await serve(fleet.world);
  const state = join(await temporaryDirectory(), 'state.json');
  const worker = () =>
    openWorker(server, {
      ...PROBING,
      '--state': state,
      '--health-unhealthy-threshold': '3',
      '--health-attempts': '1',
      ...flags,
    });
  const entryOf = ({ entries }: Report) =>
    entries.find(({ setIdentifier }) => setIdentifier === `${failing.host}:${failing.containerId}`);
  return { fleet, failing, containers, state, worker, entryOf };
}

const BELOW = { verdict: 'unverified', reason: 'below-threshold' };

describe('an endpoint that fails run after run', () => {
  test('stays twice and goes the third time, whichever process counts', async () => {
    const { fleet, worker, entryOf } = await fleetWithFailing();
    const before = fleet.zone.list();

    const [first, second] = [await worker().apply(), await worker().apply()];
    expect(entryOf(first)).toMatchObject({ ...BELOW, evidence: { failure: 'http-status', failingRuns: 1 } });
    expect(entryOf(second)).toMatchObject({ ...BELOW, evidence: { failingRuns: 2, unhealthyThreshold: 3 } });
    expect([first, second].map(({ summary, notices }) => [summary.removals, notices])).toEqual([
      [0, []],
      [0, []],
    ]);
    expect(fleet.zone.list()).toEqual(before);

    const third = await worker().apply();
    expect(entryOf(third)).toMatchObject({ verdict: 'unhealthy', reason: 'http-status' });
    expect(third.summary).toMatchObject({ live: 4, unhealthy: 1, applied: 1 });
    expect(fleet.zone.list()).toHaveLength(before.length - 1);
  });

  test('is counted by apply alone: plan shows what would be, and never writes the state', async () => {
    const { state, worker, entryOf } = await fleetWithFailing();

    expect(entryOf(await worker().plan())).toMatchObject({ evidence: { failingRuns: 1 } });
    await expect(readFile(state)).rejects.toMatchObject({ code: 'ENOENT' });

    await worker().apply();
    const written = await readFile(state, 'utf8');
    for (let run = 0; run < 3; run++) {
      expect(entryOf(await worker().plan())).toMatchObject({ ...BELOW, evidence: { failingRuns: 2 } });
    }
    expect(await readFile(state, 'utf8')).toBe(written);
  });

  test('starts over when the state is corrupt, with a notice and no error', async () => {
    const { fleet, state, worker, entryOf } = await fleetWithFailing();
    const before = fleet.zone.list();
    await worker().apply();
    await worker().apply();
    await writeFile(state, '{"version":1,"records":');

    const report = await worker().apply();

    expect(entryOf(report)).toMatchObject({ ...BELOW, evidence: { failingRuns: 1 } });
    expect(report.notices).toEqual([
      { subject: 'worker', detail: expect.stringMatching(/^state: .*cannot be used/) },
    ]);
    expect(fleet.zone.list()).toEqual(before);
    expect(entryOf(await worker().apply())).toMatchObject({ ...BELOW, evidence: { failingRuns: 2 } });
  });

  test('starts over after one run in which it passes', async () => {
    const { fleet, failing, containers, worker, entryOf } = await fleetWithFailing();
    await worker().apply();
    await worker().apply();
    await containers.close();
    fleet.behave(failing, { kind: 'healthy' });
    const healthy = await listen(fleet);
    expect(entryOf(await worker().apply())).toMatchObject({ verdict: 'live', reason: 'healthy' });
    await healthy.close();
    fleet.behave(failing, { kind: 'status', status: 503 });
    await listen(fleet);

    expect(entryOf(await worker().apply())).toMatchObject({ ...BELOW, evidence: { failingRuns: 1 } });
  });

  test('is not counted in a run that is not allowed to ask it', async () => {
    const { state, worker, entryOf, fleet } = await fleetWithFailing();
    await worker().apply();
    const written = await healthIn(state);
    const server = await serve(fleet.world);
    const blind = openWorker(server, {
      ...PROBING,
      '--state': state,
      '--health-unhealthy-threshold': '3',
      '--health-allow': '10.0.0.0/8',
    });

    expect(entryOf(await blind.apply())).toMatchObject({ reason: 'address-not-allowed' });

    expect(await healthIn(state)).toEqual(written);
  });
});

test('a state that cannot be written is a notice, and what is due is still removed', async () => {
  const { fleet, worker } = await fleetWithFailing({
    '--state': '/proc/ecs-dns.json',
    '--health-unhealthy-threshold': '1',
  });
  const before = fleet.zone.list();

  const { notices, summary } = await worker().apply();

  expect(summary).toMatchObject({ applied: 1 });
  expect(notices).toEqual([{ subject: 'worker', detail: expect.stringContaining('cannot be written') }]);
  expect(fleet.zone.list()).toHaveLength(before.length - 1);
});

test('an endpoint that was held back while it failed is recovering until it has passed often enough', async () => {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 1 });
  const [only] = live;
  if (only === undefined) throw new TypeError('too few containers');
  const key = endpointKey(only.address, only.port);
  fleet.behaviours.set(key, { kind: 'status', status: 503 });
  const failing = await listen(fleet);
  const server = await serve(fleet.world);
  const worker = openWorker(server, {
    ...PROBING,
    '--state': join(await temporaryDirectory(), 'state.json'),
    '--health-healthy-threshold': '3',
  });

  const held = await worker.apply();
  expect(held.heldBack).toMatchObject([{ verdict: 'unhealthy', reason: 'http-status' }]);
  await failing.close();
  fleet.behaviours.delete(key);
  await listen(fleet);

  const reasons: unknown[] = [];
  for (let run = 0; run < 3; run++) {
    const { entries } = await worker.apply();
    const entry = entries.find(({ setIdentifier }) => setIdentifier?.endsWith(only.containerId));
    reasons.push([entry?.verdict, entry?.reason]);
  }
  expect(reasons).toEqual([
    ['unverified', 'recovering'],
    ['unverified', 'recovering'],
    ['live', 'healthy'],
  ]);
});
