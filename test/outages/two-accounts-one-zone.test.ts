import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const FOREIGN_VPC = 'vpc-0f0e0d0c0b0a09080';
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

/** Two containers of this account, and the entries and the address of a host that EC2 does not show this role. */
function fleetWithUnknownHost(address = '10.81.0.9') {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const own = fleet.zone.list();
  const host = fleet.world.privateDnsNameOf(address);
  const owner = { host, containerId: fleet.deadContainerId() };
  fleet.plantSrv('_ledger._tcp', owner, [32_768], { expected: 'live', reason: 'healthy' });
  fleet.plantHost(host, address, { expected: 'live', reason: 'host-present' });
  return { fleet, own, all: fleet.zone.list(), host };
}

type Fleet = ReturnType<typeof fleetWithUnknownHost>['fleet'];

describe('the entries of a host that no cluster has registered stay', () => {
  test.each<[string, (fleet: Fleet) => void]>([
    [
      'where the zone is answered in a VPC of another account, too',
      ({ zone, world }) => {
        const own = [...world.vpcs.keys()];
        zone.vpcs = [...own, FOREIGN_VPC].map((VPCId) => ({ VPCId, VPCRegion: world.region }));
      },
    ],
    [
      'where the zone is answered in another region, too',
      ({ zone, world }) => {
        zone.vpcs = [...world.vpcs.keys(), FOREIGN_VPC].map((VPCId, index) => ({
          VPCId,
          VPCRegion: index === 0 ? world.region : 'eu-west-1',
        }));
      },
    ],
    [
      'where its subnet is one that another account shares',
      ({ world }) => {
        for (const vpc of world.vpcs.values()) world.addVpc({ ...vpc, ownerId: '999988887777' });
      },
    ],
    [
      'where its address is in no VPC of the zone',
      ({ world }) => {
        for (const vpc of world.vpcs.values()) world.addVpc({ ...vpc, cidrs: ['127.0.0.0/8'] });
      },
    ],
    [
      'where a network interface has its address',
      ({ world }) => void world.addMachine({ address: '10.81.0.9', privateDnsName: 'db-1.corp.test' }),
    ],
  ])('%s', async (_, arrange) => {
    const { fleet, all, host } = fleetWithUnknownHost();
    arrange(fleet);

    const { summary, heldBack } = await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(summary.removals).toBe(0);
    expect(fleet.zone.list()).toEqual(all);
    expect(heldBack.map(({ guardrail, detail }) => [guardrail, detail.includes(host)])).toEqual([
      ['host-not-covered', true],
      ['host-not-covered', true],
    ]);
  });

  test.each(['ec2:DescribeVpcs', 'route53:GetHostedZone'])('where %s is denied', async (operation) => {
    const { fleet, all } = fleetWithUnknownHost();
    const server = await serve(fleet.world);
    server.addFault({ operation, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });

    const { summary, incomplete } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(summary.removals).toBe(0);
    expect(fleet.zone.list()).toEqual(all);
    expect(incomplete).toMatchObject([{ operation }]);
  });

  test('where the zone is public', async () => {
    const { fleet, all } = fleetWithUnknownHost();
    Object.assign(fleet.zone, { isPrivate: false });

    const { summary } = await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(summary.removals).toBe(0);
    expect(fleet.zone.list()).toEqual(all);
  });
});

describe('the entries of a host that is gone go', () => {
  test('where all networks of the zone are this account’s, and nothing has its address', async () => {
    const { fleet, own } = fleetWithUnknownHost();

    const { awsCalls } = await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(own);
    expect(awsCalls).toMatchObject({ 'route53:GetHostedZone': 1, 'ec2:DescribeVpcs': 1 });
  });

  test('where an earlier run has seen it in a cluster, and nothing tells of networks out of sight', async () => {
    const { fleet, own, host } = fleetWithUnknownHost();
    Object.assign(fleet.zone, { isPrivate: false });
    const machine = fleet.world.addMachine({ address: '10.81.0.9', privateDnsName: host, cluster: 'blue' });
    const state = path.join(await temporaryDirectory(), 'state.json');
    const worker = openWorker(await serve(fleet.world), { ...WITHOUT_BUDGET, '--state': state });
    const planted = fleet.zone.list();
    await worker.apply({ approve: async () => false });
    expect(fleet.zone.list()).toEqual(planted);

    fleet.world
      .cluster('blue')
      .containerInstances.delete(machine.containerInstance?.containerInstanceArn ?? '');
    fleet.world.instances.delete(machine.instanceId);
    await worker.apply();

    expect(fleet.zone.list()).toEqual(own);
  });
});

describe('a second host of the same name, in a VPC whose cluster is hidden', () => {
  test('keeps its entries, though the known host of that name runs nothing of them', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
    const all = fleet.zone.list();
    const { privateDnsName, address } = fleet.machine(fleet.world.cluster('blue'), 0);
    fleet.world.addMachine({ privateDnsName, address, vpcId: FOREIGN_VPC });

    const { heldBack } = await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(all);
    expect(heldBack).toMatchObject([{ guardrail: 'not-confirmed' }]);
  });
});
