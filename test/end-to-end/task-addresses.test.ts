import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { clusterOf } from '../../src/model/cluster.ts';
import { clusterPart, taskIdOf } from '../../src/model/managed-identifier.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Json } from '../../src/sandbox/service.ts';
import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { OWN_BLOCK } from '../own-block.ts';
import type { FaultEffect } from '../sandbox/faults.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { answerFor, openWorker, PROBING, serve, ZONE_NAME } from './support.ts';

const NETWORK = `127.${OWN_BLOCK}.0`;
const SERVICE = '_orders._tcp';
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

/** So many tasks called api, each with its port 8080 called orders; the first ones run, the others have ended. */
function fleetOf(count: number, ended: number) {
  const world = createWorld();
  const cluster = world.addCluster('blue');
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const taskDefinition = world.addTaskDefinition({
    family: 'api',
    networkMode: 'awsvpc',
    containers: [
      {
        portMappings: [8080],
        environment: { SERVICE_8080_NAME: SERVICE },
        dockerLabels: { 'discovery.service.name': 'api' },
      },
    ],
  });
  const tasks = Array.from({ length: count }, (_, i) => {
    const address = `${NETWORK}.${i + 1}`;
    return world.addTask({ cluster, taskDefinition, address, ipv6Address: `fd00::${i + 1}` });
  });
  const gone = tasks.slice(count - ended);
  for (const task of gone) world.removeTask(task);
  const identifier = (task: Task) =>
    `ecs-dns:${clusterPart(clusterOf(cluster.arn, '', []))}/${taskIdOf(task.taskArn)}`;
  const put = (name: string, Type: string, SetIdentifier: string, values: readonly string[]): RecordSet => {
    const set = {
      Name: `${name}.${ZONE_NAME}.`,
      Type,
      SetIdentifier,
      Weight: 1,
      TTL: 0,
      ResourceRecords: values.map((Value) => ({ Value })),
    };
    zone.put(set);
    return set;
  };
  return { world, zone, tasks, gone, put, identifier };
}

type Fleet = ReturnType<typeof fleetOf>;

/** Of each task its two addresses under api, and under its own name, with the SRV set that points there. */
function register({ tasks, put, identifier }: Fleet): ReadonlyMap<Task, readonly RecordSet[]> {
  return new Map(
    tasks.map((task, i) => {
      const id = taskIdOf(task.taskArn);
      const own = identifier(task);
      const owner = `${id}.${ZONE_NAME}:${task.containers[0]?.runtimeId}`;
      return [
        task,
        [
          put('api', 'A', own, [`${NETWORK}.${i + 1}`]),
          put('api', 'AAAA', own, [`fd00::${i + 1}`]),
          put(id, 'A', own, [`${NETWORK}.${i + 1}`]),
          put(id, 'AAAA', own, [`fd00::${i + 1}`]),
          put(SERVICE, 'SRV', owner, [`1 1 8080 ${id}.${ZONE_NAME}.`]),
        ],
      ];
    }),
  );
}

function callsOf(server: TestServer, operation: string): number {
  return server.log.filter((call) => call.operation === operation).length;
}

function withoutTask(arn: string): FaultEffect {
  const transform = (output: Json) => {
    const { taskArns } = output;
    return { ...output, taskArns: Array.isArray(taskArns) ? taskArns.filter((one) => one !== arn) : [] };
  };
  return { kind: 'transform', transform };
}

describe('the records of tasks', () => {
  test('of those that have ended go, in one batch, and all others stay', async () => {
    const fleet = fleetOf(8, 3);
    const sets = register(fleet);
    const server = await serve(fleet.world);

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ live: 25, stale: 15, applied: 15, heldBack: 0, failed: 0 });
    const left = fleet.zone.list().map(({ SetIdentifier, Type, Name }) => [Name, Type, SetIdentifier]);
    const staying = fleet.tasks
      .filter((task) => !fleet.gone.includes(task))
      .flatMap((task) => sets.get(task) ?? []);
    for (const { Name, Type, SetIdentifier } of staying)
      expect(left).toContainEqual([Name, Type, SetIdentifier]);
    expect(left.filter(([, type]) => type !== 'NS' && type !== 'SOA')).toHaveLength(staying.length);
    expect(callsOf(server, 'ecs:DescribeTasks')).toBe(2);
    expect(callsOf(server, 'route53:ChangeResourceRecordSets')).toBe(1);
    // Checks are off, so EC2 is asked who has the addresses: once for those of IPv4, once for those of IPv6.
    expect(callsOf(server, 'ec2:DescribeNetworkInterfaces')).toBe(2);
    expect((await openWorker(server, WITHOUT_BUDGET).plan()).changes).toEqual([]);
  });

  test('of one that every listing leaves out stay: ECS is asked for that very task', async () => {
    const fleet = fleetOf(8, 2);
    const sets = register(fleet);
    const server = await serve(fleet.world);
    const [first] = fleet.tasks;
    server.addFault({ operation: 'ecs:ListTasks', effect: withoutTask(first?.taskArn ?? '') });

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ live: 30, applied: 10, heldBack: 0 });
    for (const set of sets.get(first as Task) ?? []) expect(fleet.zone.list()).toContainEqual(set);
  });

  test('stay, as long as ECS cannot be asked for their tasks again', async () => {
    const fleet = fleetOf(8, 2);
    register(fleet);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    let calls = 0;
    const when = () => {
      calls += 1;
      return calls > 1;
    };
    server.addFault({
      operation: 'ecs:DescribeTasks',
      when,
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });

    const { summary, heldBack, incomplete } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ stale: 10, applied: 0, heldBack: 10 });
    expect(new Set(heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['not-confirmed']));
    expect(incomplete).toMatchObject([{ scope: 'cluster/blue', operation: 'ecs:DescribeTasks' }]);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('of one that is being stopped go, though no listing of running tasks has it', async () => {
    const fleet = fleetOf(8, 0);
    register(fleet);
    const [first] = fleet.tasks;
    Object.assign(first as Task, { desiredStatus: 'STOPPED', lastStatus: 'DEACTIVATING' });
    const server = await serve(fleet.world);

    const { summary, entries } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ live: 35, applied: 5, heldBack: 0 });
    expect(entries.filter(({ verdict }) => verdict === 'stale').map(({ reason }) => reason)).toEqual(
      Array(5).fill('task-stopping'),
    );
  });

  test('whose address fails go, each type by itself, and the last of a name stays', async () => {
    const fleet = fleetOf(3, 0);
    const { tasks, put, identifier } = fleet;
    for (const [i, task] of tasks.entries()) put('api', 'A', identifier(task), [`${NETWORK}.${i + 1}`]);
    const [only] = tasks;
    put('api', 'AAAA', identifier(only as Task), ['fd00::1']);
    for (const n of [2, 3]) {
      await answerFor(
        { address: `${NETWORK}.${n}`, port: 8080 },
        createServer((_, answer) => answer.end()),
      );
    }
    const server = await serve(fleet.world);

    const { entries, summary } = await openWorker(server, PROBING).apply();

    const own = entries.filter(({ verdict }) => verdict !== 'foreign');
    expect(own.map(({ type, value, reason }) => `${type} ${value} ${reason}`).toSorted()).toEqual([
      `A ${NETWORK}.1 connection-refused`,
      `A ${NETWORK}.2 healthy`,
      `A ${NETWORK}.3 healthy`,
      'AAAA fd00::1 address-not-allowed',
    ]);
    expect(summary).toMatchObject({ applied: 1, unhealthy: 1, unverified: 1 });
  });
});

describe('many addresses in one set', () => {
  const values = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${NETWORK}.${from + i}`);

  test('lose those that nobody has, in one change, and keep the one that somebody unknown has', async () => {
    const fleet = fleetOf(8, 3);
    const set = fleet.put('api', 'A', 'ecs-dns:many', [...values(1, 8), '3.3.3.3', '10.50.0.1']);
    const six = fleet.put('api', 'AAAA', 'ecs-dns:many', ['fd00::1', 'fd00::7']);
    fleet.world.addMachine({ address: `${NETWORK}.8` });
    const server = await serve(fleet.world);

    const { heldBack, changes, summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ live: 6, stale: 4, unverified: 2, heldBack: 1 });
    expect(heldBack).toMatchObject([{ value: `${NETWORK}.8`, guardrail: 'not-confirmed' }]);
    expect(changes.map(({ status }) => status)).toEqual(changes.map(() => 'applied'));
    const now = (Type: string) =>
      fleet.zone.list().find((one) => one.Type === Type && one.SetIdentifier === 'ecs-dns:many');
    const kept = [...values(1, 5), `${NETWORK}.8`, '3.3.3.3', '10.50.0.1'];
    expect(now('A')).toEqual({ ...set, ResourceRecords: kept.map((Value) => ({ Value })) });
    expect(now('AAAA')).toEqual({ ...six, ResourceRecords: [{ Value: 'fd00::1' }] });
    expect(callsOf(server, 'ec2:DescribeNetworkInterfaces')).toBe(2);
  });

  test('keep all of them while EC2 cannot be asked', async () => {
    const fleet = fleetOf(8, 3);
    fleet.put('api', 'A', 'ecs-dns:many', values(1, 8));
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault({
      operation: 'ec2:DescribeNetworkInterfaces',
      effect: { kind: 'error', code: 'UnauthorizedOperation', message: 'no', status: 403 },
    });

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ stale: 3, heldBack: 3, applied: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('of SRV values, those of tasks that have ended go', async () => {
    const fleet = fleetOf(12, 2);
    const { tasks, put, identifier, gone } = fleet;
    for (const [i, task] of tasks.entries()) {
      put(taskIdOf(task.taskArn), 'A', identifier(task), [`${NETWORK}.${i + 1}`]);
    }
    const target = (task: Task) => `1 1 8080 ${taskIdOf(task.taskArn)}.${ZONE_NAME}.`;
    const set = put(SERVICE, 'SRV', 'ecs-dns:many', tasks.map(target));
    const server = await serve(fleet.world);

    const { summary } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ live: 20, stale: 4, heldBack: 0, failed: 0 });
    const left = tasks.filter((task) => !gone.includes(task)).map((task) => ({ Value: target(task) }));
    expect(fleet.zone.list()).toContainEqual({ ...set, ResourceRecords: left });
    expect(fleet.zone.list().filter(({ Type }) => Type === 'A')).toHaveLength(10);
  });
});
