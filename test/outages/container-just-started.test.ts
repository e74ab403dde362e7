import { describe, expect, test } from 'vitest';
import type { MemberOptions } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, addStale, listen, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';

/** A name with four healthy containers and one that refuses connections. */
async function fleetWithSilentContainer(options: (nowSeconds: number) => MemberOptions) {
  const fleet = newFleet();
  const { service } = addService(fleet, '_orders._tcp', { live: 4 });
  const machine = fleet.machine(service.cluster, 0);
  const silent = fleet.runAndRegister(
    service,
    { machine, ...options(Date.now() / 1000) },
    { expected: 'unhealthy', reason: 'connection-refused' },
  );
  fleet.behave(silent, { kind: 'refuse' });
  await listen(fleet);
  return { fleet, server: await serve(fleet.world), before: fleet.zone.list() };
}

describe('a container whose port does not answer', () => {
  test.each([
    { when: 'started 5 s ago', age: 5, period: '60s', stays: true },
    { when: 'starts in the future, by its own clock', age: -30, period: '60s', stays: true },
    { when: 'started 50 s ago', age: 50, period: '60s', stays: true },
    { when: 'started 70 s ago', age: 70, period: '60s', stays: false },
    { when: 'started 5 s ago, without a grace period', age: 5, period: '0s', stays: false },
  ])('and that $when: stays $stays', async ({ age, period, stays }) => {
    const { fleet, server, before } = await fleetWithSilentContainer((now) => ({ startedAt: now - age }));

    const report = await openWorker(server, { ...PROBING, '--health-grace-period': period }).apply();

    const spared = report.entries.filter(({ reason }) => reason === 'grace-period');
    expect(spared).toHaveLength(stays ? 1 : 0);
    expect(report.summary).toMatchObject({ live: 4, applied: stays ? 0 : 1 });
    expect(fleet.zone.list()).toHaveLength(before.length - (stays ? 0 : 1));
  });

  test('is not even asked while its task is being activated', async () => {
    const { fleet, server, before } = await fleetWithSilentContainer(() => ({ lastStatus: 'ACTIVATING' }));

    const report = await openWorker(server, PROBING).apply();

    expect(report.summary).toMatchObject({ live: 4, unverified: 1, removals: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('an entry that ECS cannot account for yet', () => {
  test('stays while a container of its service is starting on its host', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 4 });
    fleet.run(service, { machine: fleet.machine(service.cluster, 0), lastStatus: 'PENDING' });
    const [early] = addStale(fleet, '_orders._tcp', 1);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { entries, changes } = await openWorker(server).apply();

    expect(entries.find(({ setIdentifier }) => setIdentifier === early?.SetIdentifier)).toMatchObject({
      verdict: 'unverified',
      reason: 'task-starting',
    });
    expect(changes).toEqual([]);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('stays when it is registered while the inventory is being taken', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
    const server = await serve(fleet.world);
    const registerAnother = () => {
      const machine = fleet.machine(service.cluster, 0);
      fleet.runAndRegister(service, { machine }, { expected: 'live', reason: 'running' });
    };
    server.addFault({
      operation: 'ec2:DescribeInstances',
      times: 1,
      effect: { kind: 'before', before: registerAnother },
    });
    const before = fleet.zone.list();

    const { summary } = await openWorker(server).apply();

    expect(summary).toMatchObject({ applied: 1, conflicts: 0 });
    expect(fleet.zone.list()).toHaveLength(before.length - 1 + 1);
  });
});
