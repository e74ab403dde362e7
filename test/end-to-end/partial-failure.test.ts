import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../src/report/report-schema.ts';
import { agentHostRecord } from '../../src/sandbox/fleet/agent-records.ts';
import type { Json } from '../../src/sandbox/service.ts';
import { runHere } from '../cli/support.ts';
import type { FaultRule } from '../sandbox/faults.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve, without, ZONE_NAME } from './support.ts';

const DENIED = { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' } as const;

/** Two clusters with live and stale entries and the A sets of their hosts. */
function blueAndGreen() {
  const fleet = newFleet({ clusters: ['blue', 'green'] });
  const blue = addService(fleet, '_orders._tcp', { cluster: 'blue', live: 4, stale: 2 });
  const green = addService(fleet, '_users._tcp', { cluster: 'green', live: 4, stale: 2 });
  for (const { privateDnsName, address } of fleet.world.machines.values())
    fleet.zone.put(agentHostRecord(privateDnsName, address, fleet.zone.name));
  return { fleet, blue, green, before: fleet.zone.list() };
}

function ofGreen(operation: string, effect: FaultRule['effect']): FaultRule {
  return { operation, when: ({ input }) => String(input['cluster']).endsWith('/green'), effect };
}

/** Every page leads to the second one. */
function endless(): FaultRule['effect'] {
  let second: unknown;
  const transform = (page: Json) => {
    second ??= page['nextToken'];
    return { ...page, nextToken: second };
  };
  return { kind: 'transform', transform };
}

describe('one cluster that cannot be read', () => {
  test.each<{ what: string; rule: FaultRule; operation: string; error: string }>([
    {
      what: 'ListTasks is denied',
      rule: ofGreen('ecs:ListTasks', DENIED),
      operation: 'ecs:ListTasks',
      error: 'AccessDeniedException: not authorized',
    },
    {
      what: 'ListContainerInstances is denied',
      rule: ofGreen('ecs:ListContainerInstances', DENIED),
      operation: 'ecs:ListContainerInstances',
      error: 'AccessDeniedException: not authorized',
    },
    {
      what: 'DescribeTasks is denied',
      rule: ofGreen('ecs:DescribeTasks', DENIED),
      operation: 'ecs:DescribeTasks',
      error: 'AccessDeniedException: not authorized',
    },
    {
      what: 'DescribeTasks answers with a failure',
      rule: ofGreen('ecs:DescribeTasks', {
        kind: 'transform',
        transform: () => ({
          tasks: [],
          failures: [{ arn: 'arn:x', reason: 'ACCESS_DENIED', detail: 'why' }],
        }),
      }),
      operation: 'ecs:DescribeTasks',
      error: 'ACCESS_DENIED for arn:x why',
    },
    {
      what: 'DescribeContainerInstances answers with a failure',
      rule: ofGreen('ecs:DescribeContainerInstances', {
        kind: 'transform',
        transform: () => ({ containerInstances: [], failures: [{ arn: 'arn:x', reason: 'INACTIVE' }] }),
      }),
      operation: 'ecs:DescribeContainerInstances',
      error: 'INACTIVE for arn:x',
    },
  ])('is left alone while the other is cleaned: $what', async ({ rule, operation, error }) => {
    const { fleet, blue, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault(rule);

    const report = await openWorker(server).apply();

    expect(report.incomplete).toContainEqual({
      scope: 'cluster/green',
      operation,
      error: expect.stringContaining(error),
    });
    const heldBack = new Set(report.heldBack.map(({ guardrail }) => guardrail));
    expect(heldBack).toEqual(new Set(['inventory-incomplete']));
    expect(report.summary).toMatchObject({ applied: 2, conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toEqual(without(before, blue.staleSets));
  });

  test('is no error of `ecs-dns plan`, and stands in the report', async () => {
    const { fleet } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault(ofGreen('ecs:ListTasks', DENIED));

    const args = ['plan', '--zone', ZONE_NAME, '--no-health-enabled'];
    const json = await runHere([...args, '--output', 'json'], server.url);
    const text = await runHere(args, server.url);

    expect(json).toMatchObject({ code: 0, stderr: '' });
    expect(reportSchema.parse(JSON.parse(json.stdout)).incomplete).not.toEqual([]);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/Could not be read: .*\n.*cluster\/green.*ecs:ListTasks.*not authorized/);
  });

  test('because its list of tasks never ends is left alone', async () => {
    const { fleet, blue } = blueAndGreen();
    addService(fleet, '_carts._tcp', { cluster: 'green', live: 100 });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault(ofGreen('ecs:ListTasks', endless()));

    const report = await openWorker(server).apply();

    expect(report.incomplete).toEqual([
      {
        scope: 'cluster/green',
        operation: 'ecs:ListTasks',
        error: expect.stringContaining('same page token came twice'),
      },
    ]);
    expect(fleet.zone.list()).toEqual(without(before, blue.staleSets));
  });

  test('that is gone by the time it is read is not taken for an empty one', async () => {
    const { fleet, blue, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault(ofGreen('ecs:*', { kind: 'error', code: 'ClusterNotFoundException' }));

    await openWorker(server).apply();

    expect(fleet.zone.list()).toEqual(without(before, blue.staleSets));
  });
});

describe('nothing of ECS that can be read', () => {
  test('is an error on one line, and a valid report all the same', async () => {
    const { fleet, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:*', effect: DENIED });

    const { code, stdout, stderr } = await runHere(
      ['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled', '--output', 'json'],
      server.url,
    );

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: nothing could be read from ECS .*not authorized.*\n$/);
    const report = reportSchema.parse(JSON.parse(stdout));
    expect(report.incomplete[0]).toMatchObject({ operation: 'ecs:ListClusters' });
    expect(report.changes).toEqual([]);
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('EC2 cannot be asked', () => {
  test('no entry goes that only EC2 could vouch for, and live ones stay live', async () => {
    const { fleet, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault({
      operation: 'ec2:*',
      effect: { kind: 'error', code: 'UnauthorizedOperation', status: 403 },
    });

    const report = await openWorker(server).apply();

    expect(report.incomplete.length).toBeGreaterThan(0);
    expect(report.summary).toMatchObject({ live: 8, removals: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('containers are still probed, at the addresses that the zone itself gives their hosts', async () => {
    const { fleet, before } = blueAndGreen();
    await listen(fleet);
    const server = await serve(fleet.world);
    server.addFault({
      operation: 'ec2:*',
      effect: { kind: 'error', code: 'UnauthorizedOperation', status: 403 },
    });

    const report = await openWorker(server, PROBING).apply();

    expect(report.summary).toMatchObject({ unhealthy: 0, removals: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('a task definition that cannot be read', () => {
  test('hides no container: its entry stays live, and stale ones still go', async () => {
    const { fleet, blue, green, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:DescribeTaskDefinition', effect: DENIED });

    const report = await openWorker(server).apply();

    expect(report.incomplete).toHaveLength(2);
    expect(report.summary).toMatchObject({ live: 12, stale: 4, applied: 4 });
    expect(fleet.zone.list()).toEqual(without(before, [...blue.staleSets, ...green.staleSets]));
  });

  test('leaves an entry alone whose host and port now belong to nobody knows which service', async () => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 4 });
    const [holder] = live;
    if (holder === undefined) throw new TypeError('too few containers');
    const owner = { host: holder.host, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_users._tcp', owner, [holder.port], {
      expected: 'unverified',
      reason: 'service-unknown',
    });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:DescribeTaskDefinition', effect: DENIED });

    const { summary } = await openWorker(server).apply();

    expect(summary).toMatchObject({ live: 4, unverified: 1, removals: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('leaves an entry alone whose port may be that of a container which has no ports without it', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 4 });
    const cluster = fleet.world.cluster('blue');
    const machine = fleet.machine(cluster, 0);
    const portMappings = [{ containerPort: 20_500 }];
    const service = fleet.addService({ name: '_users._tcp', mode: 'host', cluster, portMappings });
    fleet.run(service, { machine, containers: { app: { networkBindings: [] } } });
    const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_users._tcp', owner, [20_500], { expected: 'unverified', reason: 'service-unknown' });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault({ operation: 'ecs:DescribeTaskDefinition', effect: DENIED });

    const { summary, entries } = await openWorker(server).apply();

    expect(summary).toMatchObject({ live: 4, unverified: 1, removals: 0 });
    expect(entries.map(({ reason }) => reason)).toContain('service-unknown');
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('the zone cannot be read', () => {
  test.each([
    { operation: 'route53:ListHostedZonesByName', code: 'AccessDenied', expected: 'access-denied' },
    { operation: 'route53:ListResourceRecordSets', code: 'AccessDenied', expected: 'access-denied' },
    { operation: 'route53:ListResourceRecordSets', code: 'ExpiredToken', expected: 'credentials' },
  ])('$operation $code ends the run before ECS is asked', async ({ operation, code, expected }) => {
    const { fleet, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault({ operation, effect: { kind: 'error', code, status: 403 } });

    await expect(openWorker(server).apply()).rejects.toMatchObject({ code: expected });

    expect(Object.keys(server.counts()).filter((name) => !name.startsWith('route53:'))).toEqual([]);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('a page that leads to itself ends the run', async () => {
    const { fleet, before } = blueAndGreen();
    const server = await serve(fleet.world);
    const [first] = before;
    server.addFault({
      operation: 'route53:ListResourceRecordSets',
      effect: {
        kind: 'transform',
        transform: (page) => ({
          ...page,
          IsTruncated: true,
          NextRecordName: first?.Name,
          NextRecordType: first?.Type,
        }),
      },
    });

    await expect(openWorker(server).apply()).rejects.toThrow('ListResourceRecordSets');

    expect(fleet.zone.list()).toEqual(before);
  });

  test('two pages that lead to each other end the run', async () => {
    const { fleet, before } = blueAndGreen();
    const server = await serve(fleet.world);
    let pages = 0;
    server.addFault({
      operation: 'route53:ListResourceRecordSets',
      effect: {
        kind: 'transform',
        transform: (page) => ({
          ...page,
          IsTruncated: true,
          NextRecordName: before[1 + (pages++ % 2)]?.Name,
          NextRecordType: before[1 + (pages % 2)]?.Type,
        }),
      },
    });

    await expect(openWorker(server).apply()).rejects.toThrow(/twice|nothing new/);

    expect(server.counts()).not.toHaveProperty('ecs:ListClusters');
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('a service that is slow to answer well', () => {
  test.each<FaultRule>([
    { operation: 'ecs:ListTasks', times: 1, effect: { kind: 'throttle' } },
    { operation: 'ec2:DescribeInstances', times: 1, effect: { kind: 'throttle' } },
    { operation: 'route53:ListResourceRecordSets', times: 1, effect: { kind: 'drop' } },
    { operation: 'ecs:DescribeTasks', times: 1, effect: { kind: 'drop' } },
    {
      operation: 'ecs:ListClusters',
      times: 2,
      effect: { kind: 'error', code: 'ServerException', status: 500 },
    },
  ])('$operation ($effect.kind): is asked again, and every attempt is counted', async (rule) => {
    const { fleet, blue, green, before } = blueAndGreen();
    const server = await serve(fleet.world);
    server.addFault(rule);

    const { incomplete, awsCalls } = await openWorker(server).apply();

    expect(incomplete).toEqual([]);
    expect(awsCalls).toEqual(server.counts());
    expect(fleet.zone.list()).toEqual(without(before, [...blue.staleSets, ...green.staleSets]));
  });
});
