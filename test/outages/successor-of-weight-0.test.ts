import { expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve } from '../end-to-end/support.ts';

const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

/** A container that runs, with an entry of the given weight, and the entry of its predecessor at its host and port. */
function fleetWithSuccessor(weight: number) {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 1 });
  const [own] = live;
  const set = fleet.zone.list().find(({ Type }) => Type === 'SRV');
  if (own === undefined || set === undefined) throw new TypeError('a fleet needs a container with an entry');
  fleet.zone.put({ ...set, Weight: weight });
  const before = { host: own.host, containerId: fleet.deadContainerId() };
  fleet.plantSrv('_orders._tcp', before, [own.port], { expected: 'live', reason: 'healthy' });
  const target = `1 1 443 backup.${fleet.zone.name}`;
  fleet.zone.put({ ...set, SetIdentifier: 'backup', Weight: 1, ResourceRecords: [{ Value: target }] });
  return { fleet, before: `${before.host}:${before.containerId}` };
}

test('an entry by which clients reach a container stays while the container’s own is of weight 0', async () => {
  const { fleet, before } = fleetWithSuccessor(0);
  const all = fleet.zone.list();

  const { summary } = await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

  expect(summary.removals).toBe(0);
  expect(fleet.zone.list()).toEqual(all);
  expect(all.map(({ SetIdentifier }) => SetIdentifier)).toContain(before);
});

test('it goes once the container’s own has a weight', async () => {
  const { fleet, before } = fleetWithSuccessor(1);

  await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

  expect(fleet.zone.list().map(({ SetIdentifier }) => SetIdentifier)).not.toContain(before);
});
