import { afterEach, describe, expect, test } from 'vitest';
import { PrebuiltAnswers } from '../../bench/fleet/prebuilt-answers.ts';
import { generateScaledFleet } from '../../bench/fleet/scaled-fleet.ts';
import { startSharedContainers } from '../../bench/fleet/shared-containers.ts';
import { recordSetKey } from '../../src/model/record-set.ts';
import { checkExpectations } from '../../src/sandbox/fleet/check-expectations.ts';
import type { Fleet } from '../../src/sandbox/fleet/generate-fleet.ts';
import { worldEndpoints } from '../../src/sandbox/fleet/world-endpoints.ts';
import { openWorker, PROBING, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

function reasons({ planted }: Fleet): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { reason } of planted) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

describe('a fleet of', () => {
  test.each([
    ['as little as possible', { endpoints: 1 }, { 'host-present': 1, healthy: 1 }],
    ['all running', { endpoints: 1_000 }, { 'host-present': 20, healthy: 1_000 }],
    [
      'a tenth stale',
      { endpoints: 900, stalePercent: 10 },
      { 'host-present': 18, healthy: 900, 'task-gone': 73, 'instance-gone': 27 },
    ],
    [
      'half stale',
      { endpoints: 1_000, stalePercent: 50 },
      { 'host-present': 20, healthy: 1_000, 'task-gone': 682, 'instance-gone': 318 },
    ],
    [
      'some hanging and some refusing',
      { endpoints: 855, hangingPercent: 2, refusingPercent: 4 },
      { 'host-present': 18, healthy: 804, timeout: 17, 'connection-refused': 34 },
    ],
    [
      'five values a set',
      { endpoints: 1_000, valuesPerSet: 5, stalePercent: 50 },
      { 'host-present': 4, healthy: 1_000, 'task-gone': 800, 'instance-gone': 200 },
    ],
  ])('%s', (_, options, expected) => {
    expect(reasons(generateScaledFleet(options))).toEqual(expected);
  });

  test('twenty clusters, all about the same size', () => {
    const { world } = generateScaledFleet({ endpoints: 10_000, clusters: 20 });
    const sizes = [...world.clusters.values()].map(({ tasks }) => tasks.size);
    expect(sizes).toHaveLength(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1.5 * Math.min(...sizes));
  });

  test('no endpoint twice, and no name with more sets than Route 53 takes', () => {
    const { world, zone } = generateScaledFleet({ endpoints: 5_000, clusters: 5, stalePercent: 50 });
    expect(worldEndpoints(world)).toHaveLength(5_000);
    const sets = zone.list();
    expect(new Set(sets.map(recordSetKey)).size).toBe(sets.length);
    const names = new Map<string, number>();
    for (const { Name } of sets) names.set(Name, (names.get(Name) ?? 0) + 1);
    expect(Math.max(...names.values())).toBeLessThanOrEqual(100);
  });
});

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

test.each([
  { endpoints: 400, clusters: 5, stalePercent: 10, hangingPercent: 1, refusingPercent: 1 },
  { endpoints: 600, clusters: 2, valuesPerSet: 3, stalePercent: 50, refusingPercent: 2 },
])('a run gives every entry of %o the verdict that was planted', async (options) => {
  const fleet = generateScaledFleet({ ...options, block: OWN_BLOCK });
  open.push(await startSharedContainers(fleet));
  const answers = new PrebuiltAnswers();
  const server = await serve(fleet.world, { intercept: (request) => answers.answer(request) });
  const worker = openWorker(server, {
    ...PROBING,
    '--health-timeout': '2s',
    '--health-attempts': '1',
    '--guardrails-removal-budget-percent': '60',
  });

  const report = await worker.plan();

  expect(checkExpectations(fleet.planted, report)).toEqual([]);
});
