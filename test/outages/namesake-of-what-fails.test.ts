import { describe, expect, test } from 'vitest';
import { addService, listen, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';

const OTHER_VPC = 'vpc-0f0e0d0c0b0a09080';

/** Four containers of which one fails, in a zone whose sets name no containers. */
async function fleetWithFailure() {
  const fleet = newFleet({ machines: 4 });
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

/** The zone is answered in a network of another account as well, whose hosts may have the same names. */
async function fleetInTwoNetworks() {
  const made = await fleetWithFailure();
  const { zone, world } = made.fleet;
  const networks = [...world.vpcs.keys(), OTHER_VPC];
  zone.vpcs = networks.map((VPCId) => ({ VPCId, VPCRegion: world.region }));
  return made;
}

describe('where the zone is answered in a network that is out of sight', () => {
  test('it stays, for the host that is meant may be there', async () => {
    const { fleet, before } = await fleetInTwoNetworks();

    const { heldBack, awsCalls } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(heldBack).toMatchObject([{ guardrail: 'not-confirmed', reason: 'http-status' }]);
    expect(heldBack[0]?.detail).toContain(`the zone is answered in ${OTHER_VPC} of another account, too`);
    expect(fleet.zone.list()).toEqual(before);
    expect(awsCalls).toMatchObject({ 'route53:GetHostedZone': 1, 'ec2:DescribeVpcs': 1 });
  });

  test('an entry that names the container goes, and nothing is asked', async () => {
    const { fleet, failing } = await fleetInTwoNetworks();
    for (const set of fleet.zone.list()) {
      const place = ` ${failing.port} ${failing.host}`;
      const isMeant = set.ResourceRecords?.some(({ Value }) => Value.includes(place)) === true;
      if (set.Type !== 'SRV' || !isMeant) continue;
      fleet.zone.delete(set);
      fleet.zone.put({ ...set, SetIdentifier: `${failing.host}:${failing.containerId}` });
    }

    const { summary, awsCalls } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(summary).toMatchObject({ unhealthy: 1, removals: 1 });
    expect(awsCalls).not.toHaveProperty('ec2:DescribeVpcs');
  });

  test('it stays while nobody can tell, and goes where the role may never ask', async () => {
    const { fleet, before } = await fleetInTwoNetworks();
    const server = await serve(fleet.world);
    const worker = openWorker(server, FLAGS);
    const failing = (code: string, status: number) =>
      server.addFault({ operation: 'ec2:DescribeVpcs', effect: { kind: 'error', code, status } });
    const lift = failing('UnsupportedOperation', 400);

    const { heldBack, incomplete } = await worker.apply();

    expect(heldBack).toMatchObject([{ guardrail: 'not-confirmed' }]);
    expect(incomplete).toMatchObject([{ operation: 'ec2:DescribeVpcs' }]);
    expect(fleet.zone.list()).toEqual(before);
    lift();
    failing('UnauthorizedOperation', 403);
    expect((await worker.apply()).summary.removals).toBe(1);
  });
});
