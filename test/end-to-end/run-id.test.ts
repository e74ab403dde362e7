import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';
import { addService, newFleet, openWorker, serve } from './support.ts';

test('report, journal, events and the comments of changes bear the id of one run, and no two runs share one', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 6, stale: 1 });
  const server = await serve(fleet.world);
  const journal = await temporaryDirectory();
  const worker = openWorker(server, { '--journal': journal, '--event-bus': 'default' });

  const { runId, summary } = await worker.apply();

  expect(summary.applied).toBe(1);
  expect(runId).toMatch(/^[0-9a-f-]{36}$/);
  expect([...fleet.world.changes.values()].map(({ comment }) => comment)).toEqual([
    `ecs-dns-reconciler run ${runId}`,
  ]);
  const [file = ''] = await readdir(journal);
  const lines = (await readFile(join(journal, file), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).runId)).toEqual([runId, runId]);
  const sent = server.log.filter(({ operation }) => operation === 'events:PutEvents');
  expect(JSON.stringify(sent.map(({ input }) => input))).toContain(String.raw`\"runId\":\"${runId}\"`);
  expect((await worker.plan()).runId).not.toBe(runId);
});
