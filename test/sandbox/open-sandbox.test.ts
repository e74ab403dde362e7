import { afterEach, expect, test } from 'vitest';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/open-sandbox.ts';
import { range } from './with-sandbox.ts';

const open: OpenSandbox[] = [];

afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

test('the quotas asked for are those of the server', async () => {
  const sandbox = await openSandbox({ now: 0, tasks: 0, quotas: 'older', latencyMs: 1 });
  open.push(sandbox);
  const url = `${sandbox.url}/2013-04-01/hostedzone`;
  const statuses = await Promise.all(range(60).map(async () => (await fetch(url)).status));
  expect(statuses).toContain(400);
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(5);
});
