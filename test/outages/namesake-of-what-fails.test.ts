import { expect, test } from 'vitest';
import { addService, listen, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';

const OTHER_VPC = 'vpc-0f0e0d0c0b0a09080';

/** Four containers of which one fails, in a zone whose sets name no containers. */
async function fleetWithFailure() {
  const fleet = newFleet({ block: 83, machines: 4 });
  const { live } = addService(fleet, '_orders._tcp', { live: 4 });
  const [failing] = live;
  if (failing === undefined) throw new TypeError('there is no container');
  fleet.behave(failing, { kind: 'status', status: 500 });
  for (const set of fleet.zone.list()) {
    if (set.SetIdentifier === undefined || set.Type !== 'SRV') continue;
    fleet.zone.delete(set);
    fleet.zone.put({ ...set, SetIdentifier: `tool-${set.SetIdentifier.slice(-6)}` });
  }
  await listen(fleet);
  return { fleet, failing, before: fleet.zone.list() };
}

const FLAGS = { ...PROBING, '--manage': 'zone', '--health-grace-period': '0s' };

test('an entry that fails goes, where only one host bears the name that it points at', async () => {
  const { fleet, before } = await fleetWithFailure();

  const { summary } = await openWorker(await serve(fleet.world), FLAGS).apply();

  expect(summary).toMatchObject({ unhealthy: 1, removals: 1 });
  expect(fleet.zone.list()).toHaveLength(before.length - 1);
});

test('it stays where a host of the same name is in another VPC, and may run what it is about', async () => {
  const { fleet, failing, before } = await fleetWithFailure();
  fleet.world.addMachine({ address: failing.address, privateDnsName: failing.host, vpcId: OTHER_VPC });

  const { heldBack } = await openWorker(await serve(fleet.world), FLAGS).apply();

  expect(heldBack).toMatchObject([{ guardrail: 'not-confirmed', reason: 'http-status' }]);
  expect(fleet.zone.list()).toEqual(before);
});
