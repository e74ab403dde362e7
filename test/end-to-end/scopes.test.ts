import { describe, expect, test } from 'vitest';
import type { Scope } from '../../src/model/scope.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';
import { addService, addStale, listen, newFleet, openWorker, PROBING, serve, srvSet } from './support.ts';

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
  test('registers the task that an event names, and looks at nothing else', async () => {
    const fleet = newFleet({ block: 171 });
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
    const fleet = newFleet({ block: 172 });
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
    const fleet = newFleet({ block: 173 });
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
    const fleet = newFleet({ block: 174 });
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

    fleet.world.stopTask(only.task);
    await containers.close();
    const gone = await worker.runScopes([taskScope(only.task)]);
    expect(gone.runs.flatMap(({ report }) => report.changes)).toMatchObject([{ status: 'applied' }]);
    expect(srvSets(fleet)).toHaveLength(2);
  });

  test('what does not answer yet is waited for, and registered once it does', async () => {
    const fleet = newFleet({ block: 175 });
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
    const fleet = newFleet({ block: 176 });
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
});
