import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Report } from '../../src/report/report-schema.ts';
import type { FleetBuilder, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { stopsTasks } from '../stopped-tasks.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import {
  addService,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  srvSet,
  UNWAITING_CLOCK,
  ZONE_NAME,
} from './support.ts';

const STOP = 'ecs:StopTask';
const ASK = 'route53:GetChange';
const ON: FlagValues = { ...PROBING, '--stop-unhealthy-tasks': 'true', '--health-attempts': '1' };
const SECOND = 1000;

/** A clock that a test sets on; sleeping sets it on as well, and takes no time. */
function steppingClock(): Clock & { advance(ms: number): void; readonly slept: readonly number[] } {
  const slept: number[] = [];
  let ahead = 0;
  return {
    ...UNWAITING_CLOCK,
    slept,
    now: () => UNWAITING_CLOCK.now() + ahead,
    advance: (ms) => {
      ahead += ms;
    },
    sleep: async (ms, signal) => {
      await UNWAITING_CLOCK.sleep(ms, signal);
      slept.push(ms);
      ahead += ms;
    },
  };
}

interface Stage {
  readonly fleet: FleetBuilder;
  readonly server: TestServer;
  readonly failing: readonly Member[];
  readonly healthy: readonly Member[];
}

/** One service of registered containers, of which the first ones answer 503. */
async function stageWith({ failing = 1, healthy = 4 } = {}): Promise<Stage> {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: failing + healthy });
  for (const member of live.slice(0, failing)) fleet.behave(member, { kind: 'status', status: 503 });
  await listen(fleet);
  const server = await serve(fleet.world);
  return { fleet, server, failing: live.slice(0, failing), healthy: live.slice(failing) };
}

/** Takes entries out of the zone, as another program would have. */
function unregister({ zone }: FleetBuilder, members: readonly Member[]): void {
  for (const { host, containerId } of members) {
    zone.delete({
      Name: `_orders._tcp.${ZONE_NAME}.`,
      Type: 'SRV',
      SetIdentifier: `${host}:${containerId}`,
    });
  }
}

function stopsOn(server: TestServer): readonly unknown[] {
  return server.log.filter(({ operation }) => operation === STOP).map(({ input }) => input);
}

function statusesOf({ stopped }: Report): readonly (readonly [string, string])[] {
  return stopped.map(({ task, status }) => [task, status]);
}

describe('with stopUnhealthyTasks off', () => {
  test.each(['prune', 'sync'])(
    'no run of %s stops anything, or tells of it, whatever fails for however long',
    async (policy) => {
      const { server, failing } = await stageWith();
      const worker = openWorker(server, { ...PROBING, '--policy': policy });

      const reports = [await worker.apply(), await worker.apply(), await worker.apply()];

      expect(reports.map(({ summary }) => summary.removals)).toEqual([1, 0, 0]);
      expect(reports.flatMap(({ stopped }) => stopped)).toEqual([]);
      expect(stopsOn(server)).toEqual([]);
      expect(failing[0]?.task).toMatchObject({ lastStatus: 'RUNNING', desiredStatus: 'RUNNING' });
    },
  );
});

describe.each(['prune', 'sync'])('with stopUnhealthyTasks on, under %s', (policy) => {
  const flags = { ...ON, '--policy': policy };

  test('one run takes the entry out, and the next one stops the task, with the reason', async () => {
    stopsTasks();
    const { server, failing, healthy, fleet } = await stageWith();
    const [task = ''] = failing.map((member) => member.task.taskArn);
    const worker = openWorker(server, flags);

    const first = await worker.apply();
    expect(first.summary).toMatchObject({
      unhealthy: 1,
      applied: policy === 'sync' ? expect.any(Number) : 1,
    });
    expect(first.stopped).toEqual([
      {
        cluster: 'blue',
        service: 'orders',
        task,
        reason: 'http-status',
        status: 'waiting',
        detail: expect.stringMatching(/^1 record leads to it, such as _orders\._tcp/),
      },
    ]);
    expect(stopsOn(server)).toEqual([]);

    const second = await worker.apply();
    const reason = expect.stringMatching(
      /^ecs-dns: unhealthy \(http-status 503\) and out of DNS since \d{4}-\d\d-\d\dT[\d:.]+Z$/,
    );
    expect(second.stopped).toMatchObject([
      { task, reason: 'http-status', status: 'stopped', detail: reason },
    ]);
    expect(stopsOn(server)).toEqual([{ cluster: fleet.world.cluster('blue').arn, task, reason }]);
    expect(second.awsCalls[STOP]).toBe(1);
    expect([first.awsCalls[ASK], second.awsCalls[ASK]]).toEqual([undefined, 1]);
    expect(failing[0]?.task).toMatchObject({ desiredStatus: 'STOPPED', stoppedReason: reason });

    const third = await worker.apply();
    expect(third.stopped).toEqual([]);
    expect(third.awsCalls[ASK]).toBeUndefined();
    expect(stopsOn(server)).toHaveLength(1);
    for (const member of healthy) {
      expect(member.task.desiredStatus).toBe('RUNNING');
      expect(srvSet(fleet, '_orders._tcp', member)).toBeDefined();
    }
  });

  test('a run waits for a later one as long as the TTL has not passed', async () => {
    stopsTasks();
    const { server, failing } = await stageWith();
    const clock = steppingClock();
    const worker = openWorker(server, { ...flags, '--records-ttl': '5m' }, undefined, clock);
    await worker.apply();
    await worker.apply();

    clock.advance(200 * SECOND);
    const early = await worker.apply();
    expect(early.stopped).toMatchObject([
      { status: 'waiting', detail: expect.stringMatching(/^seen out of DNS for 3m2\ds, of a TTL of 5m/) },
    ]);
    expect(stopsOn(server)).toEqual([]);

    clock.advance(100 * SECOND);
    const late = await worker.apply();
    expect(statusesOf(late)).toEqual([[failing[0]?.task.taskArn, 'stopped']]);
    expect(clock.slept.filter((ms) => ms > SECOND)).toEqual([]);
  });

  test('the last healthy one is never stopped, nor one beside which nothing is healthy', async () => {
    const { fleet, server, failing } = await stageWith({ failing: 2, healthy: 0 });
    unregister(fleet, failing);
    const lenient = { ...flags, '--guardrails-panic-percent': '100' };

    const report = await openWorker(server, lenient).apply();

    expect(report.stopped.map(({ status, detail }) => [status, detail])).toEqual([
      ['waiting', 'no other task of orders is healthy'],
      ['waiting', 'no other task of orders is healthy'],
    ]);
    expect(stopsOn(server)).toEqual([]);
  });

  test('nothing is stopped when more than the panic share of the service fails', async () => {
    const { fleet, server, failing } = await stageWith({ failing: 3, healthy: 2 });
    unregister(fleet, failing);

    const report = await openWorker(server, flags).apply({ force: true });

    expect(report.stopped).toHaveLength(3);
    for (const { status, detail } of report.stopped) {
      expect([status, detail]).toEqual(['waiting', expect.stringContaining('more than 50 %')]);
    }
  });

  test('nothing is stopped within the grace period', async () => {
    const { fleet, server, failing } = await stageWith();
    unregister(fleet, failing);
    for (const { task } of failing) task.startedAt = Date.now() / SECOND - 60;

    const report = await openWorker(server, { ...flags, '--health-grace-period': '1h' }).apply();

    expect(report.stopped).toEqual([]);
    expect(stopsOn(server)).toEqual([]);
  });

  test.each([
    {
      title: 'a record that is not managed, under another name',
      set: (value: string) => ({ Name: `legacy.${ZONE_NAME}.`, Type: 'SRV', values: [value] }),
    },
    {
      title: 'one of several values',
      set: (value: string) => ({
        Name: `_legacy._tcp.${ZONE_NAME}.`,
        Type: 'SRV',
        values: ['1 1 9 elsewhere.example.com', value],
      }),
    },
  ])('not while $title leads to it', async ({ set }) => {
    stopsTasks();
    const { fleet, server, failing } = await stageWith();
    unregister(fleet, failing);
    const { values, ...head } = set(`5 5 ${failing[0]?.port} ${failing[0]?.host}.`);
    const record = { ...head, TTL: 0, ResourceRecords: values.map((Value) => ({ Value })) };
    fleet.zone.put(record);
    const clock = steppingClock();
    const worker = openWorker(server, flags, undefined, clock);

    const [held] = (await worker.apply()).stopped;
    expect(held).toMatchObject({ status: 'waiting', detail: expect.stringContaining(head.Name) });
    expect(stopsOn(server)).toEqual([]);

    fleet.zone.delete(record);
    const [gone] = (await worker.apply()).stopped;
    expect(gone).toMatchObject({ status: 'waiting', detail: expect.stringContaining('is not known') });
    clock.advance(61 * SECOND);
    expect((await worker.apply()).stopped).toMatchObject([{ status: 'stopped' }]);
  });

  test('a run stops no more of a service than stopLimit, those that are out the longest first', async () => {
    stopsTasks();
    const { fleet, server, failing } = await stageWith({ failing: 3, healthy: 5 });
    const clock = steppingClock();
    const worker = openWorker(server, { ...flags, '--records-ttl': '60s' }, undefined, clock);
    const longest = failing
      .map(({ task }) => task.taskArn)
      .toSorted()
      .at(-1);
    unregister(
      fleet,
      failing.filter(({ task }) => task.taskArn === longest),
    );
    await worker.apply();
    await worker.apply();
    expect(stopsOn(server)).toEqual([]);
    clock.advance(61 * SECOND);

    const report = await worker.apply();

    expect(report.stopped.map(({ status }) => status)).toEqual(['waiting', 'waiting', 'stopped']);
    expect(report.stopped[0]?.detail).toBe('stopLimit: a run stops 1 of a service');
    expect(stopsOn(server)).toMatchObject([{ task: longest }]);

    const lenient = openWorker(server, { ...flags, '--stop-limit': '2' });
    expect((await lenient.apply()).stopped).toMatchObject([{ status: 'stopped' }, { status: 'stopped' }]);
    expect(stopsOn(server)).toHaveLength(3);
  });
});

describe('stopping tasks', () => {
  async function unregistered(size?: Parameters<typeof stageWith>[0]): Promise<Stage> {
    const stage = await stageWith(size);
    unregister(stage.fleet, stage.failing);
    return stage;
  }

  test('a dry run only says what it would stop', async () => {
    const { server } = await unregistered();

    const report = await openWorker(server, ON).plan();

    expect(report.stopped).toMatchObject([
      { status: 'planned', detail: expect.stringMatching(/^ecs-dns: /) },
    ]);
    expect(stopsOn(server)).toEqual([]);
  });

  test('is asked for like a change, even where it is all that there is to do', async () => {
    const { server } = await unregistered();
    const asked: string[] = [];

    const report = await openWorker(server, ON).apply({
      approve: async ({ stops }) => {
        asked.push(...stops.map(({ status }) => status));
        return false;
      },
    });

    expect(asked).toEqual(['planned']);
    expect(report.stopped).toMatchObject([{ status: 'planned' }]);
    expect(stopsOn(server)).toEqual([]);
  });

  test('reaches tasks that sync cannot register, too: they are probed all the same', async () => {
    stopsTasks();
    const { fleet, server, failing, healthy } = await unregistered();
    unregister(fleet, healthy);
    const taken = { Type: 'CNAME', TTL: 0, ResourceRecords: [{ Value: 'elsewhere.example.com' }] };
    fleet.zone.put({ ...taken, Name: `_orders._tcp.${ZONE_NAME}.` });

    const report = await openWorker(server, { ...ON, '--policy': 'sync' }).apply();

    expect(report.withheld.map(({ reason }) => reason)).toContain('name-taken');
    expect(statusesOf(report)).toEqual([[failing[0]?.task.taskArn, 'stopped']]);
    expect(report.probes).toMatchObject({ healthy: 4, unhealthy: 1 });
  });

  test('leaves services alone that are not named', async () => {
    stopsTasks();
    const { server } = await unregistered();

    const report = await openWorker(server, { ...ON, '--stop-unhealthy-tasks': ['users', 'web-*'] }).apply();
    expect(report.stopped).toEqual([]);
    expect(stopsOn(server)).toEqual([]);

    await openWorker(server, { ...ON, '--stop-unhealthy-tasks': ['ORD*'] }).apply();
    expect(stopsOn(server)).toHaveLength(1);
  });

  test('a process that knows nothing yet waits for a short TTL', async () => {
    stopsTasks();
    const { server } = await unregistered();
    const clock = steppingClock();

    const { stopped } = await openWorker(server, { ...ON, '--records-ttl': '20s' }, undefined, clock).apply();

    expect(stopped).toMatchObject([{ status: 'stopped' }]);
    const [waited, ...others] = clock.slept.filter((ms) => ms > SECOND);
    expect(waited).toBeGreaterThan(10 * SECOND);
    expect([waited, others]).toEqual([expect.any(Number), []]);
    expect(waited).toBeLessThanOrEqual(20 * SECOND);
  });

  test('a process that begins right after the run of another waits until every name server answers by it', async () => {
    stopsTasks();
    const { server } = await stageWith();
    const flags = { ...ON, '--state': join(await temporaryDirectory(), 'state.json') };
    const clock = steppingClock();
    await openWorker(server, flags, undefined, clock).apply();

    const early = await openWorker(server, flags, undefined, clock).apply();
    clock.advance(60 * SECOND);
    const late = await openWorker(server, flags, undefined, clock).apply();

    expect(early.stopped).toMatchObject([
      {
        status: 'waiting',
        detail: expect.stringMatching(/^it may still be answered: .* TTL counts in \d/),
      },
    ]);
    expect(late.stopped).toMatchObject([{ status: 'stopped' }]);
  });

  test('failures are counted on when the entry is gone: the threshold holds for tasks, too', async () => {
    stopsTasks();
    const { server } = await unregistered();
    const memory = join(await temporaryDirectory(), 'state.json');
    const flags = { ...ON, '--state': memory, '--health-unhealthy-threshold': '3' };
    const worker = openWorker(server, flags);

    expect((await worker.apply()).stopped).toEqual([]);
    expect((await worker.apply()).stopped).toEqual([]);
    expect(stopsOn(server)).toEqual([]);
    expect((await worker.apply()).stopped).toMatchObject([{ status: 'stopped' }]);
  });

  test.each<[string, string, string, (stage: Stage) => void]>([
    [
      'a record that came meanwhile',
      'ecs:DescribeServices',
      'leads to it by now',
      ({ fleet, failing }) => {
        const [one] = failing;
        if (one !== undefined)
          fleet.plantSrv('_orders._tcp', one, [one.port], { expected: 'live', reason: '' });
      },
    ],
    [
      'its own end meanwhile',
      'ecs:DescribeServices',
      'it no longer runs',
      ({ fleet, failing }) => {
        for (const { task } of failing) fleet.world.stopTask(task);
      },
    ],
  ])('%s spares it', async (_, operation, detail, change) => {
    const stage = await unregistered();
    const { server } = stage;
    let calls = 0;
    server.addFault({
      operation,
      // The first one is for the grace period.
      effect: { kind: 'before', before: () => (++calls === 2 ? change(stage) : undefined) },
    });

    const report = await openWorker(server, ON).apply();

    expect(report.stopped).toMatchObject([{ status: 'waiting', detail: expect.stringContaining(detail) }]);
    expect(stopsOn(server)).toEqual([]);
  });

  test('a deployment of the service in progress spares it', async () => {
    const { server, fleet } = await unregistered();
    for (const service of fleet.world.cluster('blue').services.values()) {
      service.deployments = [{ status: 'PRIMARY', rolloutState: 'IN_PROGRESS' }];
    }

    const report = await openWorker(server, ON).apply();

    const detail = 'a deployment of its service is in progress';
    expect(report.stopped).toMatchObject([{ status: 'waiting', detail }]);
    expect(stopsOn(server)).toEqual([]);
  });

  test('a cluster that was not read completely spares all of its tasks', async () => {
    const { server } = await unregistered();
    server.addFault({
      operation: 'ecs:ListContainerInstances',
      effect: { kind: 'error', code: 'AccessDeniedException' },
    });

    const report = await openWorker(server, ON).apply();

    expect(report.stopped.map(({ status }) => status)).not.toContain('stopped');
    expect(stopsOn(server)).toEqual([]);
  });

  test('what ECS refuses is told of the task, sent once, and tried again by the next run', async () => {
    stopsTasks();
    const { server } = await unregistered();
    server.addFault({
      operation: STOP,
      times: 1,
      effect: { kind: 'error', code: 'ServerException', status: 500 },
    });
    const worker = openWorker(server, ON);

    const first = await worker.apply();
    expect(first.stopped).toMatchObject([
      { status: 'failed', detail: expect.stringContaining('ServerException') },
    ]);
    expect(first.awsCalls[STOP]).toBe(1);
    expect(first.summary).toMatchObject({ failed: 0 });

    expect((await worker.apply()).stopped).toMatchObject([{ status: 'stopped' }]);
  });
});
