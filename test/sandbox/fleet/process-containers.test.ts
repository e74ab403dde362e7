import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type ProcessContainers, processContainers } from '../../../src/sandbox/fleet/process-containers.ts';
import { scheduleTasks } from '../../../src/sandbox/fleet/task-scheduler.ts';
import { createWorld } from '../../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../../own-block.ts';
import { virtualTime } from '../../watch/virtual-time.ts';

const SERVER = `
import { createServer } from 'node:http';
const { HOST, PORT, HOSTNAME, GREETING } = process.env;
createServer((_, response) => response.end([HOSTNAME, GREETING, process.env.AWS_SECRET_ACCESS_KEY ?? 'no secret'].join(' ')))
  .listen(PORT, HOST, () => console.log('listening'));
`;
const PROGRAMS = {
  obeys: `${SERVER} process.once('SIGTERM', () => process.exit(0));`,
  stubborn: `${SERVER} process.on('SIGTERM', () => console.log('not yet'));`,
  broken: `console.error('cannot go on'); process.exit(3);`,
};

const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-programs-'));
for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(folder, `${name}.mjs`), text);
const open: ProcessContainers[] = [];

afterEach(async () => {
  for (const containers of open.splice(0)) await containers.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const STARTING_MS = 1_000;
const DEACTIVATING_MS = 1_000;

/** A service of one task whose container runs a program, and a scheduler that keeps it. */
async function serviceOf(program: keyof typeof PROGRAMS, { stopTimeout = 5, desiredCount = 1 } = {}) {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  world.addMachine({ cluster, address: `127.${OWN_BLOCK}.0.1` });
  const container = {
    image: program,
    portMappings: [8080],
    environment: { GREETING: 'hello' },
    stopTimeout,
  };
  const taskDefinition = world.addTaskDefinition({ family: 'web', containers: [container] });
  const service = world.addService({ cluster, serviceName: 'web', taskDefinition, desiredCount });
  const clock = virtualTime();
  const failed: unknown[] = [];
  const containers = processContainers({
    world,
    now: () => clock.now(),
    programOf: (image) => join(folder, `${image}.mjs`),
    environment: {},
    failed: ({ fault }, exitCode) => failed.push([fault, exitCode]),
  });
  open.push(containers);
  const stop = new AbortController();
  const observe = () => {};
  scheduleTasks({ world, containers, clock, stop: stop.signal, observe });
  world.announceService(service, false);
  await clock.advance(STARTING_MS);
  const [task] = cluster.tasks.values();
  if (task === undefined) throw new TypeError('a service needs a task');
  const running = () => containers.processes().find((one) => one.task === task);
  return { world, cluster, service, clock, containers, task, running, failed };
}

/** What its server says, once it listens. */
async function wordsOf(containers: ProcessContainers): Promise<string> {
  const ask = async () => {
    const [one] = containers.processes();
    return fetch(`http://${one?.address}:${one?.port}`).then(
      (response) => response.text(),
      () => '',
    );
  };
  await expect.poll(ask).not.toBe('');
  return ask();
}

describe('a container that is a process', () => {
  test('listens where its task is, knows its id and its own variables, and none of the caller', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'hush';
    const { containers, task } = await serviceOf('obeys');
    delete process.env['AWS_SECRET_ACCESS_KEY'];

    const id = task.containers[0]?.runtimeId?.slice(0, 12);
    expect(await wordsOf(containers)).toBe(`${id} hello no secret`);
    expect(containers.processes()).toMatchObject([
      { name: 'app', address: `127.${OWN_BLOCK}.0.1`, port: 20_000, lines: ['listening'] },
    ]);
  });

  test('that dies takes its task with it, and the service runs another', async () => {
    const { cluster, clock, containers, task, running } = await serviceOf('obeys');
    await wordsOf(containers);

    process.kill(running()?.pid ?? 0, 'SIGKILL');
    await expect.poll(() => task.desiredStatus).toBe('STOPPED');
    expect(task).toMatchObject({
      lastStatus: 'DEACTIVATING',
      stopCode: 'EssentialContainerExited',
      containers: [{ lastStatus: 'STOPPED', exitCode: 137 }],
    });
    await clock.advance(DEACTIVATING_MS);

    await expect.poll(() => task.lastStatus).toBe('STOPPED');
    await expect.poll(() => containers.processes()).toHaveLength(1);
    const [successor] = [...cluster.tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING');
    expect(containers.processes()[0]?.task).toBe(successor);
    expect(containers.processes()[0]?.port).toBe(20_001);
  });

  test('that fails is told of with the last line of its errors', async () => {
    const { task, failed } = await serviceOf('broken');

    await expect.poll(() => failed).toEqual([['cannot go on', 3]]);
    expect(task.containers[0]).toMatchObject({ lastStatus: 'STOPPED', exitCode: 3 });
  });

  test('that fails is kept with its last lines until another of its service fails', async () => {
    const { cluster, clock, containers, task, failed } = await serviceOf('broken');
    const kept = () =>
      containers.failures().map((one) => [one.task.taskArn, one.name, one.exitCode, ...one.lines]);

    await expect.poll(() => failed).toHaveLength(1);
    expect(kept()).toEqual([[task.taskArn, 'app', 3, 'cannot go on']]);
    await clock.advance(DEACTIVATING_MS);
    await expect.poll(() => failed).toHaveLength(2);

    const [, successor] = cluster.tasks.values();
    expect(kept()).toEqual([[successor?.taskArn, 'app', 3, 'cannot go on']]);
  });

  test('ends by itself once it is told to, and is no failure', async () => {
    const { world, clock, containers, task, failed } = await serviceOf('obeys');
    await wordsOf(containers);

    world.tellToStop(task, 'stopped', clock.now() / 1000);
    await clock.advance(DEACTIVATING_MS);

    await expect.poll(() => task.lastStatus).toBe('STOPPED');
    expect(task.containers[0]?.exitCode).toBe(0);
    expect(failed).toEqual([]);
    expect(containers.failures()).toEqual([]);
  });

  test('is killed once it has not ended by its stopTimeout, and not a moment before', async () => {
    const { world, clock, containers, task, running } = await serviceOf('stubborn', { stopTimeout: 7 });
    await wordsOf(containers);
    world.tellToStop(task, 'stopped', clock.now() / 1000);
    await clock.advance(DEACTIVATING_MS);
    await expect.poll(() => running()?.lines.at(-1)).toBe('not yet');

    await clock.advance(6_999);
    expect(running()).toBeDefined();
    expect(task.lastStatus).toBe('STOPPING');

    await clock.advance(1);
    await expect.poll(() => task.lastStatus).toBe('STOPPED');
    expect(task.containers[0]?.exitCode).toBe(137);
  });

  test('ends with all others when they are closed', async () => {
    const { containers, running } = await serviceOf('stubborn');
    await wordsOf(containers);
    const pid = running()?.pid ?? 0;

    await containers.close();

    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(containers.processes()).toEqual([]);
  });
});
