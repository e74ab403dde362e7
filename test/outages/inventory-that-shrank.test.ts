import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/model/clock.ts';
import type { Report } from '../../src/report/report-schema.ts';
import type { Service } from '../../src/sandbox/world/ecs-shapes.ts';
import { addService, newFleet, openWorker, serve, UNWAITING_CLOCK } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const MINUTE = 60_000;
const CLUSTERS = ['blue', 'green', 'grey'];

/** Each cluster runs ten tasks of a service; later, one entry of another name is stale in each. */
async function fleetOfThree({ keepsState = true } = {}) {
  const fleet = newFleet({ clusters: CLUSTERS });
  const services = CLUSTERS.map((cluster) => addService(fleet, `_${cluster}._tcp`, { cluster, live: 10 }));
  for (const cluster of CLUSTERS) {
    for (const service of fleet.world.cluster(cluster).services.values()) service.desiredCount = 10;
  }
  const server = await serve(fleet.world);
  let later = 0;
  const clock: Clock = { ...UNWAITING_CLOCK, now: () => Date.now() + later };
  const state = join(await temporaryDirectory(), 'state.json');
  const worker = openWorker(server, keepsState ? { '--state': state } : {}, undefined, clock);
  const at = (minutes: number) => {
    later = minutes * MINUTE;
    return worker;
  };
  const hideLast = () =>
    server.addFault({
      operation: 'ecs:ListClusters',
      effect: {
        kind: 'transform',
        transform: (output) => ({ ...output, clusterArns: [output['clusterArns']].flat().slice(0, 2) }),
      },
    });
  return { fleet, services, server, at, hideLast };
}

const callsOf = ({ awsCalls }: Report) => awsCalls['ecs:DescribeServices'] ?? 0;
const held = ({ heldBack }: Report) =>
  heldBack.flatMap(({ guardrail, detail }) => (guardrail === 'inventory-shrunk' ? [detail] : []));

/** One task of the first service ends, and leaves its entry. */
function endOne({ fleet, services }: Awaited<ReturnType<typeof fleetOfThree>>): void {
  const [first] = services[0]?.live ?? [];
  if (first === undefined) throw new TypeError('no task');
  fleet.world.removeTask(first.task);
}

test('a cluster that is no longer listed holds every stale entry, until that is believed', async () => {
  const world = await fleetOfThree();
  expect(callsOf(await world.at(0).apply())).toBe(0);
  const show = world.hideLast();
  endOne(world);

  const shrunk = await world.at(5).apply();
  expect(held(shrunk)).toContain(
    '20 of 30 tasks that ran before are left (67 %), fewer than 85 %, and ECS tells no reason',
  );
  expect(shrunk.summary.applied).toBe(0);
  // One call for each cluster with a service that lacks tasks.
  expect(callsOf(shrunk)).toBe(2);
  for (const minutes of [20, 45]) await world.at(minutes).apply();
  expect(held(await world.at(60).plan())).not.toEqual([]);
  expect(held(await world.at(66).plan())).toEqual([]);

  show();
  const whole = await world.at(10).apply();
  expect(held(whole)).toEqual([]);
  expect(whole.summary.applied).toBe(1);
  expect(callsOf(whole)).toBe(0);
});

test('without a state nothing is known of it', async () => {
  const world = await fleetOfThree({ keepsState: false });
  await world.at(0).apply();
  world.hideLast();
  endOne(world);
  const report = await world.at(5).apply();
  expect(held(report)).toEqual([]);
  expect(callsOf(report)).toBe(0);
});

test('an operator who knows better forces it', async () => {
  const world = await fleetOfThree();
  await world.at(0).apply();
  world.hideLast();
  endOne(world);
  expect(held(await world.at(5).apply({ force: true }))).toEqual([]);
  expect(held(await world.at(10).apply())).toEqual([]);
});

test.each<[string, Partial<Service>]>([
  ['none is wanted any more', { desiredCount: 0 }],
  ['it counts no more itself', { desiredCount: 10 }],
])('what ECS explains holds nothing: %s', async (_, told) => {
  const world = await fleetOfThree();
  await world.at(0).apply();
  for (const service of world.fleet.world.cluster('blue').services.values()) Object.assign(service, told);
  for (const { task } of world.services[0]?.live ?? []) world.fleet.world.removeTask(task);

  const report = await world.at(5).apply();

  expect(held(report)).toEqual([]);
  expect(callsOf(report)).toBe(1);
});
