import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { addService, addStale, newFleet, openWorker, serve, without } from './support.ts';

const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

const PAGE = 300;

describe('a zone of which a page border runs through', () => {
  test('sets of one name and type is read whole, each set once', async () => {
    const fleet = newFleet({ machines: 5 });
    const stale: RecordSet[] = [];
    for (let i = 0; i < 11; i++) {
      const name = `_service-${i}._tcp`;
      addService(fleet, name, { live: 50 });
      stale.push(...addStale(fleet, name, 43));
    }
    const before = fleet.zone.list();
    const borders = [PAGE, 2 * PAGE, 3 * PAGE].map((at) => [before[at - 1]?.Name, before[at]?.Name]);
    const server = await serve(fleet.world);

    const report = await openWorker(server, WITHOUT_BUDGET).apply();

    for (const [last, next] of borders) expect(last).toBe(next);
    const seen = report.entries.map(({ name, setIdentifier, value }) => `${name} ${setIdentifier} ${value}`);
    expect(new Set(seen).size).toBe(seen.length);
    expect(report.awsCalls['route53:ListResourceRecordSets']).toBe(Math.ceil(before.length / PAGE));
    expect(report.summary).toMatchObject({ stale: stale.length, applied: stale.length });
    expect(fleet.zone.list()).toEqual(without(before, stale));
  });

  test('names that differ in a label further left, or in an escape, is read whole', async () => {
    const fleet = newFleet();
    const { staleSets } = addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
    for (let i = 0; i < 310; i++) {
      const label = ['x', '\\052', 'x_y', 'x-y'][i % 4];
      fleet.zone.put({
        Name: `${label}.n${i % 3}.n${i}.${fleet.zone.name}`,
        Type: i % 2 === 0 ? 'TXT' : 'A',
        TTL: 60,
        ResourceRecords: [{ Value: i % 2 === 0 ? '"x"' : '192.0.2.1' }],
      });
    }
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const report = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(report.summary.entries).toBe(
      before.reduce((sum, set) => sum + (set.ResourceRecords ?? []).length, 0),
    );
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });
});

describe('listings in many pages', () => {
  test('more than a hundred clusters are all read', async () => {
    const clusters = Array.from({ length: 103 }, (_, i) => `cluster-${i}`);
    const fleet = newFleet({ clusters, machines: 1 });
    for (const cluster of clusters) addService(fleet, `_${cluster}._tcp`, { cluster });
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary, awsCalls } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary).toMatchObject({ live: clusters.length, removals: 0, heldBack: 0 });
    expect(awsCalls).toMatchObject({ 'ecs:ListClusters': 2, 'ec2:DescribeInstances': 1 });
    expect(fleet.zone.list()).toEqual(before);
  });
});
