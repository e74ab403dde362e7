import { describe, expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve, without } from './support.ts';

async function fleetWithStale(count: number) {
  const fleet = newFleet({ machines: 3 });
  const { service, staleSets } = addService(fleet, '_orders._tcp', { live: 20, stale: count });
  return { fleet, service, stale: staleSets, before: fleet.zone.list(), server: await serve(fleet.world) };
}

describe('two workers on one zone', () => {
  test('that apply at the same time report no failure, and leave the zone as one would', async () => {
    const { fleet, stale, before, server } = await fleetWithStale(8);
    const [first, second] = [openWorker(server), openWorker(server)];
    const atTheDoor = barrier(2);
    const approve = async () => {
      await atTheDoor();
      return true;
    };

    const reports = await Promise.all([first.apply({ approve }), second.apply({ approve })]);

    for (const { summary } of reports) {
      expect([summary.failed, summary.conflicts]).toEqual([0, 0]);
      expect(summary.applied + summary.alreadyDone).toBe(stale.length);
    }
    expect(reports.reduce((sum, { summary }) => sum + summary.applied, 0)).toBe(stale.length);
    expect(fleet.zone.list()).toEqual(without(before, stale));
    expect((await first.plan()).summary).toMatchObject({ stale: 0, removals: 0 });
  });
});

/** Lets everybody through as soon as so many have come. */
function barrier(size: number): () => Promise<void> {
  let [waiting, open] = [0, () => {}];
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    waiting += 1;
    if (waiting === size) open();
    return gate;
  };
}

describe('a host agent that writes between plan and apply', () => {
  test('wins where it re-registers a set with another port', async () => {
    const { fleet, stale, before, server } = await fleetWithStale(3);
    const [reused, ...others] = stale;
    if (reused === undefined) throw new TypeError('too few sets');
    const renewed = { ...reused, ResourceRecords: [{ Value: '1 1 20999 ip-127-60-0-1.ec2.internal' }] };

    const { summary, changes } = await openWorker(server).apply({
      approve: async () => {
        fleet.zone.put(renewed);
        return true;
      },
    });

    expect(summary).toMatchObject({ applied: 2, conflicts: 1, failed: 0 });
    expect(changes.find(({ status }) => status === 'conflict')?.recordSet.SetIdentifier).toBe(
      reused.SetIdentifier,
    );
    expect(without(fleet.zone.list(), [renewed])).toEqual(without(before, [reused, ...others]));
    expect(fleet.zone.records.get(reused)).toEqual(renewed);
  });

  test('is not disturbed where it registers new containers', async () => {
    const { fleet, service, stale, before, server } = await fleetWithStale(3);

    const { summary } = await openWorker(server).apply({
      approve: async () => {
        const machine = fleet.machine(service.cluster, 0);
        fleet.runAndRegister(service, { machine }, { expected: 'live', reason: 'running' });
        return true;
      },
    });

    expect(summary).toMatchObject({ applied: 3, conflicts: 0, failed: 0 });
    expect(fleet.zone.list()).toHaveLength(before.length - stale.length + 1);
  });
});

describe('a plan that nobody approves', () => {
  test('changes nothing and sends no change', async () => {
    const { fleet, before, server } = await fleetWithStale(3);

    const { changes } = await openWorker(server).apply({ approve: async () => false });

    expect(changes.map(({ status }) => status)).toEqual(['planned', 'planned', 'planned']);
    expect(server.counts()).not.toHaveProperty('route53:ChangeResourceRecordSets');
    expect(fleet.zone.list()).toEqual(before);
  });

  test('is not asked for when there is nothing to change', async () => {
    const { server } = await fleetWithStale(0);
    let asked = 0;

    await openWorker(server).apply({
      approve: async () => {
        asked += 1;
        return true;
      },
    });

    expect(asked).toBe(0);
  });
});
