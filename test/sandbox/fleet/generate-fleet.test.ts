import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { type Fleet, generateFleet } from '../../../src/sandbox/fleet/generate-fleet.ts';
import { worldEndpoints } from '../../../src/sandbox/fleet/world-endpoints.ts';

function valuesOfZone(fleet: Fleet): readonly string[] {
  const values = (set: RecordSet) =>
    (set.ResourceRecords ?? []).map(
      ({ Value }) => `${set.Name} ${set.Type} ${set.SetIdentifier ?? ''} ${Value}`,
    );
  return fleet.zone.list().flatMap(values).toSorted();
}

function plantedValues(fleet: Fleet): readonly string[] {
  const name = (one: Fleet['planted'][number]) =>
    `${one.name} ${one.type} ${one.setIdentifier ?? ''} ${one.value}`;
  return fleet.planted.map(name).toSorted();
}

function countBy(
  fleet: Fleet,
  key: (one: Fleet['planted'][number]) => string,
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const one of fleet.planted) counts[key(one)] = (counts[key(one)] ?? 0) + 1;
  return counts;
}

function snapshot(fleet: Fleet): string {
  const clusters = [...fleet.world.clusters.values()].map((cluster) => [...cluster.tasks.values()]);
  return JSON.stringify([clusters, fleet.zone.list(), fleet.planted, [...fleet.behaviours]]);
}

describe('the sample fleet', () => {
  const fleet = generateFleet({ now: 1_800_000_000_000 });

  test('runs tasks of every network mode and launch type in three clusters on nine machines', () => {
    const tasks = [...fleet.world.clusters.values()].flatMap((cluster) => [...cluster.tasks.values()]);
    const modes = new Set(
      tasks.map((task) => fleet.world.taskDefinitions.get(task.taskDefinitionArn)?.networkMode),
    );
    expect(modes).toEqual(new Set(['bridge', 'host', 'awsvpc']));
    expect(new Set(tasks.map((task) => task.launchType))).toEqual(new Set(['EC2', 'FARGATE']));
    expect(fleet.world.clusters.size).toBe(3);
    expect([...fleet.world.machines.values()].filter((one) => one.cluster !== undefined)).toHaveLength(9);
    expect(tasks.length).toBeGreaterThanOrEqual(48);
  });

  test('says of every entry of its zone what is to be made of it', () => {
    expect(plantedValues(fleet)).toEqual(valuesOfZone(fleet));
  });

  test('has every verdict for every reason', () => {
    expect(new Set(Object.keys(countBy(fleet, (one) => `${one.expected} ${one.reason}`)))).toEqual(
      new Set([
        'live healthy',
        'live running',
        'live host-present',
        'stale task-gone',
        'stale instance-gone',
        'stale port-reassigned',
        'stale superseded',
        'unhealthy http-status',
        'unhealthy connection-refused',
        'unhealthy connection-reset',
        'unhealthy timeout',
        'unverified port-not-bound',
        'unverified task-starting',
        'unverified malformed-value',
        'unverified grace-period',
        'unverified host-not-covered',
        'foreign apex',
        'foreign record-type',
        'foreign not-weighted',
        'foreign set-identifier',
      ]),
    );
  });

  test('keeps at most two of its containers hanging', () => {
    const hanging = [...fleet.behaviours.values()].filter((behaviour) => behaviour.kind === 'hang');
    expect(hanging.length).toBeGreaterThanOrEqual(1);
    expect(hanging.length).toBeLessThanOrEqual(2);
  });
});

describe.each([
  ['the sample', {}],
  ['another seed', { seed: 7 }],
  ['many tasks on few machines', { tasks: 700 }],
  ['ten thousand tasks', { tasks: 10_000 }],
])('%s', (_, options) => {
  const fleet = generateFleet(options);

  test('is the same whenever it is made', () => {
    expect(snapshot(generateFleet(options))).toBe(snapshot(fleet));
  });

  test('keeps the failing share of each name, and the stale share of all, below a half', () => {
    const managed = fleet.planted.filter((one) => one.expected !== 'foreign');
    const stale = managed.filter((one) => one.expected === 'stale');
    expect(stale.length).toBeLessThan(managed.length / 3);
    const failing = countBy(fleet, (one) => `${one.name} ${one.expected}`);
    const names = new Set(fleet.planted.filter((one) => !one.heldBack).map((one) => one.name));
    const alarming = [...names].filter(
      (name) => (failing[`${name} unhealthy`] ?? 0) >= Math.max(1, failing[`${name} live`] ?? 0),
    );
    expect(alarming).toEqual([]);
  });

  test('has no two containers at one address and port, and no name with more than 100 sets', () => {
    const tasks = new Set(worldEndpoints(fleet.world).map(({ task }) => task.taskArn));
    const running = [...fleet.world.clusters.values()].flatMap((cluster) =>
      [...cluster.tasks.values()].filter(
        (task) => task.lastStatus === 'RUNNING' && !task.group.includes('telemetry'),
      ),
    );
    expect(tasks.size).toBe(running.length);
    const sets = countBy(fleet, (one) => one.name);
    expect(Math.max(...Object.values(sets))).toBeLessThanOrEqual(100);
  });
});

test('without the special cases there is nothing that a guardrail would hold', () => {
  const fleet = generateFleet({ specialCases: false });
  expect(fleet.planted.filter((one) => one.heldBack !== undefined)).toEqual([]);
  expect(plantedValues(fleet)).toEqual(valuesOfZone(fleet));
});

test('a fleet that is too small for its tasks is refused', () => {
  expect(() => generateFleet({ tasks: 2_000, instances: 1, clusters: 1 })).not.toThrow();
  expect(() => generateFleet({ tasks: 50, clusters: 3, instances: 2 })).toThrow(
    'has no machine: give it more instances',
  );
});
