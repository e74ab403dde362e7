import { expect, test } from 'vitest';
import type { RunPreview } from '../../src/run/run.ts';
import type { RunRequest } from '../../src/worker.ts';
import { addService, newFleet, openWorker, serve } from './support.ts';

async function fleetWithStale() {
  const fleet = newFleet({ block: 98 });
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
