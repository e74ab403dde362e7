import { describe, expect, test } from 'vitest';
import type { FleetBuilder, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { Json } from '../../src/sandbox/service.ts';
import { addService, newFleet, openWorker, serve, srvSet } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';

/** The other guardrails on stale entries, out of the way. */
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };
const NAME = '_orders._tcp';
const TASKS = 140;

/** More than a page of tasks on two machines, all of them registered. */
function largeFleet() {
  const fleet = newFleet();
  const { live } = addService(fleet, NAME, { live: TASKS });
  return { fleet, live };
}

/** ECS is behind by one task on each machine: the first listing and the first counts lack them. */
function laggingAtFirst(server: TestServer, unlisted: readonly Member[]): void {
  const arns = new Set(unlisted.map(({ task }) => task.taskArn));
  server.addFault({
    operation: 'ecs:ListTasks',
    times: 2,
    effect: {
      kind: 'transform',
      transform: (output) => ({
        ...output,
        taskArns: [output['taskArns']].flat().filter((arn) => !arns.has(String(arn))),
      }),
    },
  });
  const perMachine = new Map<unknown, number>();
  for (const { task } of unlisted) {
    perMachine.set(task.containerInstanceArn, (perMachine.get(task.containerInstanceArn) ?? 0) + 1);
  }
  server.addFault({
    operation: 'ecs:DescribeContainerInstances',
    times: 1,
    effect: {
      kind: 'transform',
      transform: (output) => ({
        ...output,
        containerInstances: [output['containerInstances']].flat().map((one) => {
          const machine = one as Json;
          const lacking = perMachine.get(machine['containerInstanceArn']) ?? 0;
          return { ...machine, runningTasksCount: Number(machine['runningTasksCount']) - lacking };
        }),
      }),
    },
  });
}

function isThere(fleet: FleetBuilder, member: Member): boolean {
  return fleet.zone.records.get(srvSet(fleet, NAME, member)) !== undefined;
}

describe('one task ended and one started on each of two machines, so that their counts are the same', () => {
  async function played() {
    const { fleet, live } = largeFleet();
    const [started, ended] = [live.slice(0, 2), live.slice(2, 4)];
    const server = await serve(fleet.world);
    laggingAtFirst(server, started);
    return { fleet, live, started, ended, server };
  }

  test('the entries of those that run stay, and are live', async () => {
    const { fleet, live, started, ended, server } = await played();

    const { entries, summary } = await openWorker(server, WITHOUT_BUDGET).apply({
      approve: async () => {
        for (const { task } of ended) fleet.world.removeTask(task);
        return true;
      },
    });

    expect(live.every((member) => isThere(fleet, member))).toBe(true);
    expect(summary).toMatchObject({ removals: 0, applied: 0 });
    for (const { containerId } of started) {
      const entry = entries.find(({ setIdentifier }) => setIdentifier?.endsWith(containerId));
      expect(entry).toMatchObject({ verdict: 'live', reason: 'running' });
    }
  });

  test('where a machine’s tasks cannot be listed, what waits for it is not confirmed', async () => {
    const { fleet, live, started, ended, server } = await played();

    const { heldBack, incomplete, summary } = await openWorker(server, WITHOUT_BUDGET).apply({
      approve: async () => {
        for (const { task } of ended) fleet.world.removeTask(task);
        server.addFault({
          operation: 'ecs:ListTasks',
          effect: { kind: 'error', code: 'AccessDeniedException', status: 400, message: 'no' },
        });
        return true;
      },
    });

    expect(live.every((member) => isThere(fleet, member))).toBe(true);
    expect(summary).toMatchObject({ stale: started.length, applied: 0 });
    const machines = [0, 1].map((n) => fleet.machine(fleet.world.cluster('blue'), n).instanceId);
    expect(heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`).toSorted()).toEqual(
      machines
        .map(
          (id) =>
            `not-confirmed: the tasks of ${id} could not all be listed: ecs:ListTasks AccessDeniedException: no`,
        )
        .toSorted(),
    );
    expect(incomplete).toMatchObject([{ scope: 'cluster/blue', operation: 'ecs:ListTasks' }]);
  });

  test('where the second listing lags as well, the count tells that there is more', async () => {
    const { fleet, live, started, ended, server } = await played();
    const hidden = new Set(started.map(({ task }) => task.taskArn));

    const { heldBack } = await openWorker(server, WITHOUT_BUDGET).apply({
      approve: async () => {
        for (const { task } of ended) fleet.world.removeTask(task);
        server.addFault({
          operation: 'ecs:ListTasks',
          effect: {
            kind: 'transform',
            transform: (output) => ({
              ...output,
              taskArns: [output['taskArns']].flat().filter((arn) => !hidden.has(String(arn))),
            }),
          },
        });
        return true;
      },
    });

    expect(live.every((member) => isThere(fleet, member))).toBe(true);
    expect(heldBack).toHaveLength(started.length);
    for (const { guardrail, detail } of heldBack) {
      expect(guardrail).toBe('not-confirmed');
      expect(detail).toMatch(/^ECS counts 69 tasks on i-\w+, of which 68 could be read$/);
    }
  });
});

test('a stale entry of a machine whose tasks are all known goes, and costs one listing of each machine', async () => {
  const { fleet } = largeFleet();
  const machine = fleet.machine(fleet.world.cluster('blue'), 0);
  const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
  fleet.plantSrv(NAME, owner, [machine.takePorts()], { expected: 'stale', reason: 'task-gone' });
  const stale = srvSet(fleet, NAME, owner);
  const server = await serve(fleet.world);

  const { awsCalls, summary } = await openWorker(server).apply();

  expect(summary).toMatchObject({ stale: 1, applied: 1 });
  expect(fleet.zone.records.get(stale)).toBeUndefined();
  // Two pages at first; then what runs on the one machine, and what stops there.
  expect(awsCalls).toMatchObject({ 'ecs:ListTasks': 2 + 2, 'ecs:DescribeTasks': 2 });
});
