import { expect, onTestFinished, test } from 'vitest';
import { parseAlternative } from '../../src/config/compare-settings.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { RunPreview } from '../../src/run/run.ts';
import { createWorker, type RunRequest } from '../../src/worker.ts';
import { addService, newFleet, openWorker, serve, UNWAITING_CLOCK, ZONE_NAME } from './support.ts';

async function fleetWithStale() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 6, stale: 2 });
  const server = await serve(fleet.world);
  return { worker: openWorker(server) };
}

test('a request cannot replace what the settings say of what is managed', async () => {
  const { worker } = await fleetWithStale();
  const plain = await worker.plan();
  expect(plain.changes.length).toBeGreaterThan(0);

  const stowaways = { manage: { kind: 'patterns', patterns: ['nothing'] }, dryRun: false };
  const bent = await worker.plan(stowaways as Partial<RunRequest>);

  expect(bent.changes).toEqual(plain.changes);
  expect(bent.heldBack).toEqual(plain.heldBack);
});

test('who approves a run is given plain data', async () => {
  const { worker } = await fleetWithStale();
  const previews: RunPreview[] = [];
  const approve = async (preview: RunPreview) => previews.push(preview) === 0;

  await worker.apply({ approve });

  const [preview] = previews;
  expect(structuredClone(preview?.plan)).toEqual(preview?.plan);
  expect(Object.keys(preview?.plan ?? {})).not.toContain('inventory');
});

test('two pieces of work at once each count all that they sent', async () => {
  const { worker } = await fleetWithStale();
  // The first run reads task definitions that the later ones know.
  await worker.plan();
  const alone = await worker.plan();

  const both = await Promise.all([worker.plan(), worker.plan()]);

  for (const { awsCalls } of both) {
    for (const [name, count] of Object.entries(alone.awsCalls)) {
      expect(awsCalls[name], name).toBeGreaterThanOrEqual(count);
    }
  }
});

/** A worker as a library user makes it. */
async function libraryWorker() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 6, stale: 2 });
  const { url: endpoint } = await serve(fleet.world);
  const credentials = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };
  const settings = parseSettings({ zone: ZONE_NAME, health: { enabled: false } });
  const worker = createWorker(settings, {
    access: { endpoint, region: 'us-east-1', credentials },
    paced: false,
  });
  onTestFinished(() => worker.close());
  return worker;
}

test('a check needs no more than what is to be checked', async () => {
  const worker = await libraryWorker();

  expect(await worker.check({ kind: 'service', serviceName: '_orders._tcp' })).toMatchObject({
    subject: '_orders._tcp',
  });
  expect(await worker.check({ kind: 'address', address: 'fd00::1', port: 8080 })).toMatchObject({
    subject: '[fd00::1]:8080',
  });
});

test('the time of a question is no time of the run', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 6, stale: 2 });
  const server = await serve(fleet.world);
  let thoughtMs = 0;
  const clock = { ...UNWAITING_CLOCK, now: () => Date.now() + thoughtMs };
  const approve = async () => {
    thoughtMs += 3_600_000;
    return true;
  };

  const { durationMs, summary } = await openWorker(server, {}, undefined, clock).apply({ approve });

  expect(thoughtMs).toBe(3_600_000);
  expect(summary.removals).toBe(2);
  expect(durationMs).toBeLessThan(thoughtMs);
});

test('what is compared is told without what planning needs of the fleet', async () => {
  const worker = await libraryWorker();
  const flags = { '--policy': 'sync' };
  const { inForce, differences } = parseAlternative({ env: { ECS_DNS_ZONE: ZONE_NAME }, flags });

  const { compared } = await worker.compare({ now: inForce, differences, all: false });

  expect(structuredClone(compared.plan)).toEqual(compared.plan);
  expect(Object.keys(compared.plan)).not.toContain('matching');
  expect(Object.keys(compared.observation)).not.toContain('matchings');
});
