import { afterEach, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { type OpenSandbox, openSandbox } from '../../src/sandbox/open-sandbox.ts';
import { readMessage } from '../../src/triggers/message.ts';
import { createWorker } from '../../src/worker.ts';
import { accessTo } from '../aws/support.ts';
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

test('has its addresses alone, whatever another one listens at', async () => {
  // Neither has a port that the other one needs: of load balancers alone nothing listens.
  for (const predecessor of ['cname-lambda', 'cname-lambda'] as const)
    open.push(await openSandbox({ now: 0, predecessor }));
  const blocks = open.map(({ fleet: { world } }) => [...world.machines.values()][0]?.address.split('.')[1]);
  expect(new Set(blocks).size).toBe(2);
});

test('a worker gets told by the queue of a task that is to stop', async () => {
  const sandbox = await openSandbox({ now: 0, tasks: 12 });
  open.push(sandbox);
  const { world, zone } = sandbox.fleet;
  const flags = { '--zone': zone.name, '--events': sandbox.queueUrl };
  const worker = createWorker(parseSettings({ env: {}, flags }), { access: accessTo(sandbox.url) });
  const queue = await worker.eventQueue();
  const [task] = [...world.clusters.values()].flatMap((cluster) => [...cluster.tasks.values()]);
  if (task === undefined) throw new TypeError('nothing runs');

  world.tellToStop(task, 'replaced', 0);

  const [message] = await queue.receive(20, undefined);
  const { clusterArn: cluster, taskArn } = task;
  expect(readMessage(message?.body ?? '')).toMatchObject({ scopes: [{ kind: 'task', cluster, taskArn }] });
  worker.close();
});
