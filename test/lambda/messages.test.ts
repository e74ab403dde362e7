import { array, assert, asyncProperty, boolean, nat } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';
import { addService, newFleet, serve } from '../end-to-end/support.ts';
import { callEvent, instanceEvent, newerEvent, taskEvent } from '../triggers/event-shapes.ts';
import {
  capture,
  contextWith,
  metricOf,
  openHandler,
  queueEvent,
  undocumentedFields,
  withMessage,
} from './support.ts';

function eventOf({ taskArn, clusterArn, lastStatus, desiredStatus }: Task) {
  return taskEvent(taskArn, { clusterArn, lastStatus, desiredStatus });
}

const SYNC = { ECS_DNS_POLICY: 'sync', ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8' };

describe('the messages of a queue', () => {
  test('one that tells of a start registers it, in at most five calls once the host is known', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const [first, second] = [fleet.run(service, { machine }), fleet.run(service, { machine })];
    const server = await serve(fleet.world);
    const handler = openHandler(server, fleet.zone.id, SYNC);
    await handler(queueEvent([eventOf(first.task)]), contextWith(60_000));
    server.clearLog();
    const printed = capture();

    const answer = await handler(queueEvent([eventOf(second.task)]), contextWith(60_000));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(fleet.zone.list().filter(({ Type }) => Type === 'SRV')).toHaveLength(3);
    expect(server.counts()).toEqual({
      'ecs:DescribeTasks': 1,
      'route53:ListResourceRecordSets': 1,
      'route53:ChangeResourceRecordSets': 1,
    });
    expect(withMessage(printed(), 'events')).toMatchObject([
      { events: 1, scopes: 1, ignored: 0, waiting: 0 },
    ]);
    expect(withMessage(printed(), 'registered')).toHaveLength(1);
    expect(metricOf(printed(), 'Registrations')).toBe(1);
    expect(metricOf(printed(), 'Changes', { status: 'applied' })).toBe(1);
    expect(metricOf(printed(), 'HeldBack')).toBeUndefined();
    expect(undocumentedFields(printed())).toEqual([]);
  });

  test('a function that only plans changes nothing, and tells what it would', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const started = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    const handler = openHandler(server, fleet.zone.id, { ...SYNC, ECS_DNS_MODE: 'plan' });
    const printed = capture();

    const answer = await handler(queueEvent([eventOf(started.task)]), contextWith(60_000));

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(fleet.zone.list()).toEqual(before);
    expect(server.counts()).not.toHaveProperty('route53:ChangeResourceRecordSets');
    expect(withMessage(printed(), 'to register')).toMatchObject([{ status: 'planned' }]);
    expect(withMessage(printed(), 'run')).toMatchObject([{ mode: 'plan' }]);
  });

  test('what says nothing is done with, and counted', async () => {
    const fleet = newFleet();
    const server = await serve(fleet.world);
    const printed = capture();
    const handler = openHandler(server, fleet.zone.id, SYNC);

    const bodies = ['no JSON', newerEvent(), callEvent('RunTask', { cluster: 'blue' })];
    expect(await handler(queueEvent(bodies), contextWith(60_000))).toEqual({ batchItemFailures: [] });

    expect(server.counts()).toEqual({});
    expect(withMessage(printed(), 'event ignored')).toHaveLength(3);
    expect(undocumentedFields(printed())).toEqual([]);
    expect(JSON.stringify(printed().metrics)).toContain('"EventsIgnored":3');
  });

  test('what is of another account is done with, and counted, and holds up nothing of this one', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 2 });
    const [ended] = live;
    if (ended === undefined) throw new TypeError('two run');
    fleet.world.stopTask(ended.task);
    const server = await serve(fleet.world);
    // What the role of a function may read is of its own account.
    const effect = { kind: 'error', code: 'AccessDeniedException', status: 400 } as const;
    const isForeign = ({ input }: { input: Record<string, unknown> }) =>
      String(input['cluster']).includes('222222222222');
    server.addFault({ operation: 'ecs:*', when: isForeign, effect });
    const printed = capture();
    const handler = openHandler(server, fleet.zone.id, SYNC);
    const foreign = { account: '222222222222' };
    const clusterArn = 'arn:aws:ecs:us-east-1:222222222222:cluster/blue';

    const answer = await handler(
      queueEvent([
        { ...taskEvent('arn:aws:ecs:us-east-1:222222222222:task/blue/1', { clusterArn }), ...foreign },
        { ...callEvent('UpdateService', { cluster: 'blue', service: 'orders' }), ...foreign },
        { ...instanceEvent('i-0a'), ...foreign },
        eventOf(ended.task),
      ]),
      contextWith(60_000),
    );

    expect(answer).toEqual({ batchItemFailures: [] });
    expect(fleet.zone.list().filter(({ Type }) => Type === 'SRV')).toHaveLength(1);
    expect(server.counts()).not.toHaveProperty('ecs:ListTasks');
    expect(server.counts()['ecs:DescribeTasks']).toBe(1);
    expect(withMessage(printed(), 'event ignored')).toHaveLength(3);
    expect(JSON.stringify(printed().metrics)).toContain('"EventsIgnored":3');
    expect(undocumentedFields(printed())).toEqual([]);
  });

  test('all of them come again where a change failed', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 1 });
    const [only] = live;
    if (only === undefined) throw new TypeError('one runs');
    fleet.world.stopTask(only.task);
    const server = await serve(fleet.world);
    const effect = { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 } as const;
    server.addFault({ operation: 'route53:ChangeResourceRecordSets', effect });
    const printed = capture();
    const handler = openHandler(server, fleet.zone.id, SYNC);

    const event = queueEvent([eventOf(only.task), instanceEvent('i-00000000')]);
    expect(await handler(event, contextWith(60_000))).toEqual({
      batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    expect(withMessage(printed(), 'run failed')).toMatchObject([{ code: 'changes-failed' }]);
  });

  test('what was changed is told where the queue does not take what is still starting', async () => {
    const fleet = newFleet();
    const { service, live } = addService(fleet, '_orders._tcp', { live: 2 });
    const [ended] = live;
    if (ended === undefined) throw new TypeError('two run');
    fleet.world.stopTask(ended.task);
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const starting = fleet.run(service, { machine, startedAt: Date.now() / 1000 });
    const server = await serve(fleet.world);
    const printed = capture();
    const events = `${server.url}/123456789012/no-such-queue`;
    const env = { ...SYNC, ECS_DNS_HEALTH_ENABLED: 'true', ECS_DNS_EVENTS: events };
    const handler = openHandler(server, fleet.zone.id, env);

    const event = queueEvent([eventOf(ended.task), eventOf(starting.task)]);
    // It has no time to wait for what starts.
    expect(await handler(event, contextWith(6_000))).toEqual({
      batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });

    expect(withMessage(printed(), 'removed')).toMatchObject([{ status: 'applied' }]);
    expect(withMessage(printed(), 'events')).toMatchObject([{ waiting: 1 }]);
    const detail = expect.stringMatching(/^1 still starting could not be put back into the queue: /);
    expect(withMessage(printed(), 'run failed')).toMatchObject([{ code: 'cut-short', detail }]);
  });

  test('lost, doubled and shuffled, the zone ends as it does without', async () => {
    await assert(
      asyncProperty(
        array(nat({ max: 5 }), { maxLength: 12 }),
        array(boolean(), { minLength: 6, maxLength: 6 }),
        async (order, ended) => {
          const fleet = newFleet();
          const { service, live } = addService(fleet, '_orders._tcp', { live: 3 });
          const machine = fleet.machine(fleet.world.cluster('blue'), 1);
          const tasks = [...live, ...[0, 1, 2].map(() => fleet.run(service, { machine }))].map(
            ({ task }) => task,
          );
          for (const [i, task] of tasks.entries()) if (ended[i]) fleet.world.stopTask(task);
          const server = await serve(fleet.world);
          const handler = openHandler(server, fleet.zone.id, {
            ...SYNC,
            ECS_DNS_GUARDRAILS_REMOVAL_BUDGET_PERCENT: '100',
            ECS_DNS_GUARDRAILS_ALLOW_EMPTY: 'true',
          });
          const printed = capture();
          for (const i of order) {
            const task = tasks[i];
            // What it says is old by the time that it comes.
            if (task) await handler(queueEvent([taskEvent(task.taskArn)]), contextWith(60_000));
          }
          const named = new Set(order);
          const ids = fleet.zone
            .list()
            .flatMap(({ SetIdentifier = '' }) => SetIdentifier.split(':')[1] ?? []);
          for (const [i, task] of tasks.entries()) {
            const isThere = ids.includes(task.containers[0]?.runtimeId ?? '?');
            const wasThere = i < 3;
            expect(isThere).toBe(named.has(i) ? !ended[i] : wasThere);
          }
          await handler({ mode: 'apply' }, contextWith(60_000));
          const after = fleet.zone
            .list()
            .flatMap(({ SetIdentifier = '' }) => SetIdentifier.split(':')[1] ?? []);
          expect(tasks.map((task) => after.includes(task.containers[0]?.runtimeId ?? '?'))).toEqual(
            ended.map((one) => !one),
          );
          expect(printed().text).not.toContain('run failed');
          await server.close();
        },
      ),
      { numRuns: 15 },
    );
  });

  test('of what only a look at everything tells there is no metric', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 1 });
    const server = await serve(fleet.world);
    const printed = capture();
    const handler = openHandler(server, fleet.zone.id, SYNC);
    await handler(queueEvent(live.map(({ task }) => eventOf(task))), contextWith(60_000));
    expect(metricOf(printed(), 'Entries', { verdict: 'live' })).toBeUndefined();
  });
});
