import { expect, test } from 'vitest';
import { quietHistory } from '../checks/quiet-history.ts';
import { createRandom } from '../random.ts';
import { Scheduler } from '../scheduler.ts';
import { exit, start } from '../world/lifecycle.ts';
import { World } from '../world/world.ts';
import { hostEngine } from './host-engine.ts';

test('an engine lists and describes what runs on its host, and tells of what starts and dies', async () => {
  const scheduler = new Scheduler(0);
  const world = new World(quietHistory(), scheduler);
  const [host] = world.hosts;
  if (host === undefined) throw new TypeError('there is no host');
  const engine = hostEngine(host, world);
  const control = new AbortController();
  const events = await engine.events(control.signal);
  const task = start(world, createRandom(1), 0);
  await scheduler.play(() => false);
  const { containerId = '', ports = [] } = task ?? {};
  expect(await engine.listRunning(undefined)).toEqual([containerId]);
  expect(await engine.inspect(containerId, undefined)).toMatchObject({
    Id: containerId,
    Config: { Env: ['SERVICE_32768_NAME=s0'] },
    NetworkSettings: { Ports: { '32768/tcp': [{ HostPort: String(ports[0]) }] } },
  });
  if (task !== undefined) exit(task, world, createRandom(1), 0);
  expect(await engine.listRunning(undefined)).toEqual([]);
  expect(await engine.inspect(containerId, undefined)).toBeUndefined();
  const told: unknown[] = [];
  for await (const event of events) {
    told.push(event);
    if (told.length === 2) control.abort();
  }
  expect(told).toEqual([
    { action: 'start', containerId },
    { action: 'die', containerId },
  ]);
});
