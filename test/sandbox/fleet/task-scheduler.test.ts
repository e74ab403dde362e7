import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test } from 'vitest';
import { churn } from '../../../src/sandbox/fleet/churn.ts';
import { type ServedContainers, startContainers } from '../../../src/sandbox/fleet/containers.ts';
import { FleetBuilder, type FleetService } from '../../../src/sandbox/fleet/fleet-builder.ts';
import {
  type SchedulerOptions,
  scheduleTasks,
  type TaskChange,
} from '../../../src/sandbox/fleet/task-scheduler.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import type { NetworkMode, Task, TaskDefinition } from '../../../src/sandbox/world/ecs-shapes.ts';
import { createWorld, type World } from '../../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../../own-block.ts';
import { stopsTasks } from '../../stopped-tasks.ts';
import { virtualTime } from '../../watch/virtual-time.ts';
import { withSandbox } from '../with-sandbox.ts';

const ENDING_MS = 3_000;
const HOUR_MS = 3_600_000;
const open: ServedContainers[] = [];

afterEach(async () => {
  for (const containers of open.splice(0)) await containers.close();
});

/** A service of a mode with so many tasks on one machine, whose containers answer, and a scheduler. */
async function scheduled(
  mode: NetworkMode = 'bridge',
  tasks = 1,
  pace: Pick<SchedulerOptions, 'startingMs'> = {},
) {
  const world = createWorld();
  const fleet = new FleetBuilder(world, world.addHostedZone({ name: 'servicediscovery.internal' }));
  const cluster = world.addCluster('blue');
  const machine = world.addMachine({ cluster, address: `127.${OWN_BLOCK}.0.1` });
  const port = mode === 'bridge' ? { containerPort: 8080, hostPort: 0 } : { containerPort: 8080 };
  const service = fleet.addService({ name: '_orders._tcp', mode, cluster, portMappings: [port] });
  const own = mode === 'awsvpc' ? { address: `127.${OWN_BLOCK}.1.1` } : {};
  const members = Array.from({ length: tasks }, () => fleet.run(service, { machine, ...own }));
  const containers = await startContainers({ world });
  open.push(containers);
  const clock = virtualTime();
  const stop = new AbortController();
  const changes: TaskChange[] = [];
  const observe = (change: TaskChange) => void changes.push(change);
  const ended = scheduleTasks({ world, containers, clock, stop: stop.signal, observe, ...pace });
  const [member] = members;
  if (member === undefined) throw new TypeError('a service needs a task');
  const running = () => runningOf(service);
  return { world, cluster, member, clock, stop, changes, ended, running };
}

function runningOf({ cluster }: FleetService): readonly Task[] {
  return [...cluster.tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING');
}

function definitionOf({ taskDefinitions }: World, { taskDefinitionArn }: Task): TaskDefinition {
  const definition = taskDefinitions.get(taskDefinitionArn);
  if (definition === undefined) throw new TypeError('a task needs a definition');
  return definition;
}

async function answers(address: string, port: number): Promise<boolean> {
  return fetch(`http://${address}:${port}/health`).then(
    ({ ok }) => ok,
    () => false,
  );
}

describe('a task that is told to stop', () => {
  test.each(['bridge', 'host', 'awsvpc'] as const)(
    'goes on for a while, and another of its service takes its place (%s)',
    async (mode) => {
      const { world, member, clock, changes, running } = await scheduled(mode);
      world.tellToStop(member.task, 'replaced', clock.now() / 1000);

      await clock.advance(ENDING_MS - 1);
      expect(await answers(member.address, member.port)).toBe(true);
      expect(running()).toEqual([]);

      await clock.advance(1);
      await expect.poll(() => changes.map(({ kind }) => kind)).toEqual(['stopping', 'ended']);
      const [successor] = running();
      if (successor === undefined) throw new TypeError('nothing runs');
      expect(member.task).toMatchObject({ lastStatus: 'STOPPED', stoppedAt: clock.now() / 1000 });
      expect(successor).toMatchObject({ group: 'service:orders', startedAt: clock.now() / 1000 });
      const [endpoint] = endpointsOf(world, [successor]);
      expect(await answers(endpoint?.address ?? '', endpoint?.port ?? 0)).toBe(true);
      const isSamePlace = endpoint?.address === member.address && endpoint.port === member.port;
      expect(isSamePlace).toBe(mode === 'host');
      expect(isSamePlace || !(await answers(member.address, member.port))).toBe(true);
    },
  );

  test('ends as soon as its stopTimeout is over, where that is short', async () => {
    const { world, member, clock, changes } = await scheduled();
    const [container] = world.taskDefinitions.get(member.task.taskDefinitionArn)?.containerDefinitions ?? [];
    if (container !== undefined) container.stopTimeout = 0;
    world.tellToStop(member.task, 'replaced', clock.now() / 1000);
    await clock.advance(1_000);
    await expect.poll(() => changes.map(({ kind }) => kind)).toEqual(['stopping', 'ended']);
  });

  test('may have been told so by a caller of ECS', async () => {
    stopsTasks();
    const { world, cluster, member, clock, changes } = await scheduled();
    const { ecs } = await withSandbox(world);
    await ecs.send(new StopTaskCommand({ cluster: cluster.name, task: member.task.taskArn }));
    await clock.advance(ENDING_MS);
    await expect.poll(() => changes.map(({ kind }) => kind)).toEqual(['stopping', 'ended']);
  });

  test('has no successor where no service keeps it', async () => {
    const { world, member, clock, changes, running } = await scheduled();
    member.task.group = 'family:orders';
    world.tellToStop(member.task, 'ended', clock.now() / 1000);
    await clock.advance(ENDING_MS);
    await expect.poll(() => changes.at(-1)).toMatchObject({ kind: 'ended', successor: undefined });
    expect(running()).toEqual([]);
  });

  test('is forgotten an hour after it has ended', async () => {
    const { world, cluster, member, clock, running } = await scheduled();
    world.tellToStop(member.task, 'replaced', clock.now() / 1000);
    await clock.advance(ENDING_MS);
    await expect.poll(() => running()).toHaveLength(1);
    const [next] = running();
    if (next === undefined) throw new TypeError('nothing runs');
    await clock.advance(HOUR_MS);
    expect(cluster.tasks.get(member.task.taskArn)).toBeDefined();

    world.tellToStop(next, 'replaced', clock.now() / 1000);
    await clock.advance(ENDING_MS);
    await expect.poll(() => cluster.tasks.get(member.task.taskArn)).toBeUndefined();
    expect(cluster.tasks.get(next.taskArn)).toBeDefined();
  });

  test('stays as it is once all is to end', async () => {
    const { world, member, clock, stop, ended, running } = await scheduled();
    world.tellToStop(member.task, 'replaced', clock.now() / 1000);
    stop.abort();
    await ended();
    expect(member.task.lastStatus).toBe('DEACTIVATING');
    expect(running()).toEqual([]);
  });
});

test('a task that is to run is on its way for as long as it is told to be', async () => {
  const waits = [9_000, 2_000];
  const pace = { startingMs: () => waits.shift() ?? 0 };
  const { world, member, clock, running } = await scheduled('bridge', 1, pace);
  const machine = [...world.machines.values()].at(0);
  const definition = definitionOf(world, member.task);
  const options = { cluster: 'blue', taskDefinition: definition, ...(machine && { machine }) };
  const [slow, quick] = [world.beginTask(options), world.beginTask(options)];
  await clock.advance(2_000);
  await expect.poll(running).toEqual([member.task, quick]);
  await clock.advance(6_999);
  expect(slow?.lastStatus).toBe('PENDING');
  await clock.advance(1);
  expect(slow?.lastStatus).toBe('RUNNING');
});

describe('a service whose tasks end by themselves soon after their start', () => {
  /** Lets what runs fail, until its end has been seen. */
  async function fail({ world, clock, changes, running }: Awaited<ReturnType<typeof scheduled>>) {
    const [task] = running();
    if (task === undefined) throw new TypeError('nothing runs');
    world.endContainer(task, task.containers[0]?.name ?? '', 1, clock.now() / 1000);
    await clock.advance(ENDING_MS);
    await expect.poll(() => changes.some((one) => one.kind === 'ended' && one.task === task)).toBe(true);
  }

  const waitsIn = (changes: readonly TaskChange[]) =>
    changes.flatMap((one) => (one.kind === 'waiting' ? [one.waitMs] : []));

  test('runs the first other one at once, and waits longer each time, a minute at most', async () => {
    const service = await scheduled();
    for (let i = 0; i < 10; i++) {
      if (service.running().length === 0) {
        const waitMs = waitsIn(service.changes).at(-1) ?? 0;
        await service.clock.advance(waitMs - 1);
        expect(service.running()).toEqual([]);
        // Its wait is over, and it is on its way for a second.
        await service.clock.advance(1_001);
        await expect.poll(service.running).toHaveLength(1);
      }
      await fail(service);
      expect(service.running()).toHaveLength(i === 0 ? 1 : 0);
    }

    expect(waitsIn(service.changes)).toEqual(
      [1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000),
    );
  });

  test('waits on where its clock says that it is too early, as after it was set back', async () => {
    const service = await scheduled();
    await fail(service);
    await fail(service);
    const [waitMs = 0] = waitsIn(service.changes);
    service.clock.set(service.clock.now() - 1);
    await service.clock.advance(waitMs + 1_001);
    await expect.poll(service.running).toHaveLength(1);
  });

  test('runs another one at once after one that has run for a while', async () => {
    const service = await scheduled();
    await fail(service);
    await fail(service);
    await service.clock.advance(2_000);
    await expect.poll(service.running).toHaveLength(1);
    await service.clock.advance(10_000);

    await fail(service);

    expect(service.running()).toHaveLength(1);
    expect(waitsIn(service.changes)).toEqual([1_000]);
  });

  test('waits once for tasks that end together', async () => {
    const service = await scheduled('bridge', 3);
    const { world, clock, changes, running } = service;
    await fail(service);
    for (const task of running())
      world.endContainer(task, task.containers[0]?.name ?? '', 1, clock.now() / 1000);
    await clock.advance(ENDING_MS);

    await expect.poll(() => changes.filter(({ kind }) => kind === 'ended')).toHaveLength(4);
    expect(waitsIn(changes)).toEqual([1_000]);
    await clock.advance(2_000);
    await expect.poll(running).toHaveLength(3);
  });

  test('begins one at once where it is updated, and after one that an operator has stopped', async () => {
    const service = await scheduled();
    const { world, clock, cluster, changes, running } = service;
    for (let i = 0; i < 2; i++) await fail(service);
    const [kept] = cluster.services.values();
    if (kept === undefined) throw new TypeError('no service');
    expect(running()).toEqual([]);

    world.announceService(kept, false);
    await clock.advance(1_000);
    await expect.poll(running).toHaveLength(1);
    await clock.advance(60_000);
    expect(running()).toHaveLength(1);

    const [task] = running();
    if (task !== undefined) world.tellToStop(task, 'replaced', clock.now() / 1000);
    await clock.advance(ENDING_MS);
    await expect.poll(running).toHaveLength(1);
    expect(waitsIn(changes)).toEqual([1_000]);
  });

  test('begins none once all is to end', async () => {
    const service = await scheduled();
    for (let i = 0; i < 2; i++) await fail(service);
    service.stop.abort();
    await service.ended();
    expect(service.running()).toEqual([]);
  });
});

describe('churn', () => {
  test('replaces the task that has run longest, every so often, and never the only one of a service', async () => {
    const { world, member, clock, stop, changes, running } = await scheduled('bridge', 2);
    const churning = churn({ world, clock, everyMs: 10_000, stop: stop.signal });
    await clock.advance(10_000);
    expect(changes).toMatchObject([{ kind: 'stopping', task: { taskArn: member.task.taskArn } }]);
    await clock.advance(2_000);
    expect(running()).toHaveLength(1);
    stop.abort();
    await churning;
    expect(changes).toHaveLength(1);
  });

  test('leaves the only task of a service', async () => {
    const { world, clock, stop, changes } = await scheduled('bridge', 1);
    const churning = churn({ world, clock, everyMs: 10_000, stop: stop.signal });
    await clock.advance(60_000);
    stop.abort();
    await churning;
    expect(changes).toEqual([]);
  });
});
