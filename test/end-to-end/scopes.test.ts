import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import type { Scope } from '../../src/model/scope.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';
import {
  addService,
  addStale,
  answerFor,
  listen,
  newFleet,
  openWorker,
  PROBING,
  SHORTEST_DEADLINE_MS,
  serve,
  srvSet,
  UNWAITING_CLOCK,
} from './support.ts';

const SYNC = { '--policy': 'sync' } as const;

function srvSets({ zone }: FleetBuilder) {
  return zone.list().filter(({ Type }) => Type === 'SRV');
}

function taskScope({ clusterArn: cluster, taskArn }: Task): Scope {
  return { kind: 'task', cluster, taskArn };
}

/** ECS has told it to stop, and its container still runs. */
function beginToStop(task: Task): void {
  Object.assign(task, { desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING' });
}

describe('a run of scopes', () => {
  test('of another account looks at nothing, once a run has told which account this is', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 1 });
    const server = await serve(fleet.world);
    const worker = openWorker(server);
    const cluster = 'arn:aws:ecs:us-east-1:222222222222:cluster/blue';
    const scope = {
      kind: 'task',
      cluster,
      taskArn: 'arn:aws:ecs:us-east-1:222222222222:task/blue/1',
    } as const;

    const early = await worker.runScopes([scope]);
    expect(early.elsewhere).toEqual([]);
    expect(early.calls.awsCalls['ecs:DescribeTasks']).toBe(1);

    await worker.plan();
    const late = await worker.runScopes([scope]);
    expect(late).toEqual({ ...late, runs: [], waiting: [], elsewhere: [scope], failure: undefined });
    expect(late.calls.awsCalls).toEqual({});
  });

  test('registers the task that an event names, and looks at nothing else', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    addService(fleet, '_calc._tcp', { live: 1, stale: 3 });
    addStale(fleet, '_orders._tcp', 1);
    const before = fleet.zone.list();
    const started = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    const server = await serve(fleet.world);
    const worker = openWorker(server, SYNC);

    const { runs, waiting, calls } = await worker.runScopes([taskScope(started.task)]);

    expect(waiting).toEqual([]);
    expect(runs.map(({ report }) => report.changes.map(({ status }) => status))).toEqual([['applied']]);
    const added = srvSet(fleet, '_orders._tcp', started);
    expect(fleet.zone.list()).toEqual(expect.arrayContaining([...before, added]));
    expect(fleet.zone.list()).toHaveLength(before.length + 1);
    expect(calls.awsCalls).toEqual({
      'route53:ListHostedZonesByName': 1,
      'ecs:DescribeTasks': 1,
      'ecs:DescribeTaskDefinition': 1,
      'ecs:DescribeContainerInstances': 1,
      'ec2:DescribeInstances': 1,
      'route53:ListResourceRecordSets': 1,
      'route53:ChangeResourceRecordSets': 1,
    });

    const next = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    const again = await worker.runScopes([taskScope(next.task), taskScope(next.task)]);

    expect(again.calls.awsCalls).toEqual({
      'ecs:DescribeTasks': 1,
      'route53:ListResourceRecordSets': 1,
      'route53:ChangeResourceRecordSets': 1,
    });
    const late = await worker.runScopes([taskScope(started.task)]);
    expect(late.runs.flatMap(({ report }) => report.changes)).toEqual([]);
  });

  test('takes out what ECS has stopped, and leaves what it does not look at', async () => {
    const fleet = newFleet();
    const { live, staleSets } = addService(fleet, '_orders._tcp', { live: 2, stale: 2 });
    const [first, second] = live;
    if (first === undefined || second === undefined) throw new TypeError('two run');
    const before = fleet.zone.list();
    fleet.world.stopTask(first.task);
    const server = await serve(fleet.world);
    const worker = openWorker(server);

    const { runs, calls } = await worker.runScopes([taskScope(first.task)]);

    expect(runs.flatMap(({ report }) => report.changes)).toMatchObject([{ status: 'applied' }]);
    expect(fleet.zone.list()).toHaveLength(before.length - 1);
    expect(fleet.zone.list()).toEqual(expect.arrayContaining([...staleSets]));
    expect(Object.values(calls.awsCalls).reduce((sum, count) => sum + count)).toBe(5);
    expect(runs[0]?.report.entries.map(({ reason }) => reason)).toContain('out-of-scope');
  });

  test('what is told to stop goes while another one of its name answers', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 2 });
    const [first] = live;
    if (first === undefined) throw new TypeError('two run');
    beginToStop(first.task);
    await listen(fleet);
    const server = await serve(fleet.world);

    const { runs } = await openWorker(server, PROBING).runScopes([taskScope(first.task)]);

    expect(runs.flatMap(({ report }) => report.changes)).toMatchObject([{ status: 'applied' }]);
    expect(srvSets(fleet)).toHaveLength(1);
  });

  test('the last of its name stays until it has stopped', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 1, stale: 2 });
    const [only] = live;
    if (only === undefined) throw new TypeError('one runs');
    beginToStop(only.task);
    const containers = await listen(fleet);
    const server = await serve(fleet.world);
    const worker = openWorker(server, PROBING);

    const held = await worker.runScopes([taskScope(only.task)]);
    expect(held.runs.flatMap(({ report }) => report.changes)).toEqual([]);
    expect(held.runs.flatMap(({ report }) => report.heldBack)).toMatchObject([
      { guardrail: 'min-endpoints', detail: expect.stringContaining('its task has not stopped yet') },
    ]);
    expect(held.waiting).toEqual([]);

    fleet.world.stopTask(only.task);
    await containers.close();
    const gone = await worker.runScopes([taskScope(only.task)]);
    expect(gone.runs.flatMap(({ report }) => report.changes)).toMatchObject([{ status: 'applied' }]);
    expect(srvSets(fleet)).toHaveLength(2);
  });

  test('what is told to stop before its successor answers goes as soon as that is registered', async () => {
    const fleet = newFleet();
    const { live, service } = addService(fleet, '_orders._tcp', { live: 2 });
    for (const { task } of live) beginToStop(task);
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const successor = fleet.run(service, { machine, startedAt: Date.now() / 1000 });
    fleet.behave(successor, { kind: 'refuse' });
    await listen(fleet);
    const worker = openWorker(await serve(fleet.world), { ...PROBING, ...SYNC });
    const [old, young] = [live.map(({ task }) => taskScope(task)), taskScope(successor.task)];

    const early = await worker.runScopes([...old, young]);
    expect(early.waiting).toEqual(expect.arrayContaining([...old, young]));
    expect(srvSets(fleet)).toHaveLength(2);

    await answerFor(
      successor,
      createServer((_, answer) => void answer.end()),
    );
    const patience = { patienceMs: SHORTEST_DEADLINE_MS, everyMs: 1_000, roundMs: 2 * SHORTEST_DEADLINE_MS };
    const late = await worker.runScopes(early.waiting, patience);
    expect(late.waiting).toEqual([]);
    expect(srvSets(fleet)).toEqual([srvSet(fleet, '_orders._tcp', successor)]);
  });

  test('what is told to stop while its successor is looked at by itself goes once that is registered', async () => {
    const fleet = newFleet();
    const { live, service } = addService(fleet, '_orders._tcp', { live: 2 });
    for (const { task } of live) fleet.world.tellToStop(task, 'replaced', Date.now() / 1000);
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const successor = fleet.run(service, { machine, startedAt: Date.now() / 1000 });
    await listen(fleet);
    const worker = openWorker(await serve(fleet.world), { ...PROBING, ...SYNC });
    const old = live.map(({ task }) => taskScope(task));

    const early = await worker.runScopes(old);
    expect(early.waiting).toEqual(old);
    await worker.runScopes([taskScope(successor.task)]);
    expect(srvSets(fleet)).toHaveLength(3);

    const late = await worker.runScopes(early.waiting);
    expect(late.waiting).toEqual([]);
    expect(srvSets(fleet)).toEqual([srvSet(fleet, '_orders._tcp', successor)]);
  });

  test('what does not answer yet is waited for, and registered once it does', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const started = fleet.run(service, {
      machine: fleet.machine(fleet.world.cluster('blue'), 1),
      startedAt: Date.now() / 1000,
    });
    const server = await serve(fleet.world);
    const worker = openWorker(server, { ...PROBING, ...SYNC });

    const early = await worker.runScopes([taskScope(started.task)]);
    expect(early.waiting).toEqual([taskScope(started.task)]);
    expect(srvSets(fleet)).toHaveLength(1);

    await listen(fleet);
    const late = await worker.runScopes(early.waiting);
    expect(late.waiting).toEqual([]);
    expect(srvSets(fleet)).toHaveLength(2);
  });

  test('a machine that EC2 has ended takes its entries with it, and a service is looked at whole', async () => {
    const fleet = newFleet();
    const { live, service } = addService(fleet, '_orders._tcp', { live: 2 });
    const [first] = live;
    if (first === undefined) throw new TypeError('two run');
    const server = await serve(fleet.world);
    const worker = openWorker(server, SYNC);
    const missing = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });

    const cluster = first.task.clusterArn;
    await worker.runScopes([{ kind: 'service', cluster, service: service.definition.family }]);
    expect(srvSet(fleet, '_orders._tcp', missing)).toBeDefined();

    const machine = fleet.machine(fleet.world.cluster('blue'), 0);
    if (machine.ec2 !== undefined) machine.ec2.state = 'shutting-down';
    await worker.runScopes([{ kind: 'instance', instanceId: machine.instanceId }]);
    expect(srvSets(fleet).map(({ SetIdentifier }) => SetIdentifier)).not.toContain(
      `${first.host}:${first.containerId}`,
    );
  });

  test('what was told to stop is read again where its names took long: by then its port may be its successor’s', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 2 });
    const [old] = live;
    if (old === undefined) throw new TypeError('one runs');
    beginToStop(old.task);
    // Its port answers to the end: whose container that is, the look cannot know.
    await answerFor(
      old,
      createServer((_, answer) => void answer.end()),
    );
    const server = await serve(fleet.world);
    let laterMs = 0;
    const before = () => {
      fleet.world.stopTask(old.task);
      laterMs = 30_000;
    };
    server.addFault({ operation: 'route53:ListResourceRecordSets', effect: { kind: 'before', before } });
    const clock: Clock = { ...UNWAITING_CLOCK, now: () => UNWAITING_CLOCK.now() + laterMs };
    const worker = openWorker(server, PROBING, undefined, clock);

    const { runs, calls } = await worker.runScopes([taskScope(old.task)]);
    expect(runs.flatMap(({ report }) => report.entries)).toContainEqual(
      expect.objectContaining({
        setIdentifier: expect.stringContaining(old.containerId),
        reason: 'still-answers',
      }),
    );
    expect(srvSets(fleet)).toHaveLength(2);
    expect(calls.awsCalls['ecs:DescribeTasks']).toBe(2);
  });

  test('what answers at the place of what has stopped stays: its successor may have the same port', async () => {
    const fleet = newFleet();
    const cluster = fleet.world.cluster('blue');
    const machine = fleet.machine(cluster, 0);
    const portMappings = [{ containerPort: 9000, hostPort: 9000 }];
    const service = fleet.addService({ name: '_orders._tcp', mode: 'bridge', cluster, portMappings });
    const old = fleet.runAndRegister(service, { machine }, { expected: 'live', reason: 'running' });
    fleet.world.stopTask(old.task);
    const started = fleet.run(service, { machine });
    const containers = await listen(fleet);
    const server = await serve(fleet.world);
    const worker = openWorker(server, { ...PROBING, ...SYNC });

    for (const { task } of [started, old]) {
      const { runs } = await worker.runScopes([taskScope(task)]);
      expect(runs.flatMap(({ report }) => report.changes.map(({ action }) => action))).not.toContain(
        'DELETE',
      );
    }
    expect(srvSets(fleet).length).toBeGreaterThan(0);
    await containers.close();
  });

  test('a cluster is known by its name alone, and what is gone is no failure', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const started = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    const server = await serve(fleet.world);
    const worker = openWorker(server, { ...SYNC, '--clusters': 'blue' });

    const named = { kind: 'service', cluster: 'blue', service: service.definition.family } as const;
    const { failure } = await worker.runScopes([named]);
    expect(failure).toBeUndefined();
    expect(srvSet(fleet, '_orders._tcp', started)).toBeDefined();

    const gone: readonly Scope[] = [
      { kind: 'service', cluster: 'blue', service: 'no-more' },
      { kind: 'container-instance', cluster: 'blue', arn: `${started.task.containerInstanceArn}0` },
      { kind: 'task', cluster: 'blue', taskArn: `${started.task.taskArn}0` },
      { kind: 'instance', instanceId: 'i-0000000000000' },
      { kind: 'service', cluster: 'elsewhere', service: 'orders' },
    ];
    for (const scope of gone) {
      const answer = await worker.runScopes([scope]);
      expect(answer.failure).toBeUndefined();
      expect(answer.runs.flatMap(({ report }) => report.changes)).toEqual([]);
    }
  });

  test('what could not be read is told, and a host that was not read is asked for again', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const started = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    const server = await serve(fleet.world);
    const worker = openWorker(server, SYNC);
    const effect = { kind: 'error', code: 'UnauthorizedOperation', message: 'no', status: 403 } as const;
    server.addFault({ operation: 'ec2:DescribeInstances', effect, times: 1 });

    const first = await worker.runScopes([taskScope(started.task)]);
    expect(first.failure).toMatchObject({ code: 'unreadable' });
    expect(first.runs.flatMap(({ report }) => report.changes)).toEqual([]);

    const second = await worker.runScopes([taskScope(started.task)]);
    expect(second.failure).toBeUndefined();
    expect(srvSet(fleet, '_orders._tcp', started)).toBeDefined();
  });

  test('names that could not be read end it, with what to do about it', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const started = fleet.run(service, { machine: fleet.machine(fleet.world.cluster('blue'), 1) });
    const server = await serve(fleet.world);
    const effect = { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 } as const;
    server.addFault({ operation: 'route53:ListResourceRecordSets', effect });

    const looking = openWorker(server, SYNC).runScopes([taskScope(started.task)]);

    await expect(looking).rejects.toMatchObject({ name: 'RunError', code: 'access-denied' });
  });

  test('a host that was seen to be drained is no longer known as it was', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const first = fleet.run(service, { machine });
    const server = await serve(fleet.world);
    const worker = openWorker(server, SYNC);
    await worker.runScopes([taskScope(first.task)]);
    const { containerInstance } = machine;
    const { clusterArn: cluster, containerInstanceArn: arn = '' } = first.task;
    Object.assign(containerInstance ?? {}, { status: 'DRAINING' });
    await worker.runScopes([{ kind: 'container-instance', cluster, arn }]);

    const second = fleet.run(service, { machine });
    const { runs } = await worker.runScopes([taskScope(second.task)]);

    expect(runs.flatMap(({ report }) => report.changes)).toEqual([]);
    expect(runs.flatMap(({ report }) => report.withheld)).toMatchObject([{ reason: 'draining' }]);
  });

  test.each([
    'an event tells of its end, though its cluster is not in sight',
    'a whole run has seen its end',
  ])('a host is no longer known as it was once %s', async (how) => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const first = fleet.run(service, { machine });
    const server = await serve(fleet.world);
    const worker = openWorker(server, SYNC);
    await worker.runScopes([taskScope(first.task)]);
    if (machine.ec2 !== undefined) machine.ec2.state = 'terminated';
    if (how.startsWith('an event')) {
      const effect = { kind: 'error', code: 'AccessDeniedException', status: 400 } as const;
      server.addFault({ operation: 'ecs:ListContainerInstances', effect });
      await worker.runScopes([{ kind: 'instance', instanceId: machine.instanceId }]);
    } else {
      await worker.apply();
    }

    const second = fleet.run(service, { machine });
    const { runs } = await worker.runScopes([taskScope(second.task)]);

    expect(runs.flatMap(({ report }) => report.changes).filter(({ action }) => action === 'CREATE')).toEqual(
      [],
    );
  });

  test('tells what it has changed where it cannot go on', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    const machine = fleet.machine(fleet.world.cluster('blue'), 1);
    const placement = { machine, startedAt: Date.now() / 1000 };
    const [quick, slow] = [fleet.run(service, placement), fleet.run(service, placement)];
    const isWritten = () => srvSets(fleet).length === 2;
    fleet.behave(slow, { kind: 'refuse' });
    await answerFor(
      slow,
      createServer((_, response) => void response.writeHead(isWritten() ? 200 : 503).end()),
    );
    await listen(fleet);
    const server = await serve(fleet.world);
    const effect = { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 } as const;
    server.addFault({ operation: 'route53:ListResourceRecordSets', when: isWritten, effect });
    const worker = openWorker(server, { ...SYNC, ...PROBING });

    const scopes = [quick, slow].map(({ task }) => taskScope(task));
    const { runs, failure } = await worker.runScopes(scopes, {
      patienceMs: 600_000,
      everyMs: 1,
      roundMs: 2 * SHORTEST_DEADLINE_MS,
    });

    expect(runs.flatMap(({ report }) => report.changes)).toMatchObject([{ status: 'applied' }]);
    expect(failure).toMatchObject({ code: 'cut-short', detail: expect.stringContaining('AccessDenied') });
  });
});
