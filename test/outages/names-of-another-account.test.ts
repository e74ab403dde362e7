import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { addService, newFleet, openWorker, serve, without, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const FOREIGN_VPC = 'vpc-0f0e0d0c0b0a09080';
const NETWORK_ACCOUNT = '999988887777';
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

type Fleet = ReturnType<typeof newFleet>;

/** The zone is answered in this account's VPC, and in one of another account that EC2 does not show. */
function shareZone({ zone, world }: Pick<Fleet, 'zone' | 'world'>, regions = [world.region]): void {
  const own = [...world.vpcs.keys()].map((VPCId) => ({ VPCId, VPCRegion: world.region }));
  zone.vpcs = [...own, ...regions.map((VPCRegion) => ({ VPCId: FOREIGN_VPC, VPCRegion }))];
}

async function stateFile(): Promise<Record<string, string>> {
  return { ...WITHOUT_BUDGET, '--state': path.join(await temporaryDirectory(), 'state.json') };
}

/** Two containers that run, and an entry of a third one, of which only its host's name tells whose it is. */
function fleetWithNamesake() {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 2 });
  const own = fleet.zone.list();
  addNamesake(fleet, 32_768);
  return { fleet, own, all: fleet.zone.list(), live };
}

function addNamesake(fleet: Fleet, port: number): void {
  const { privateDnsName } = fleet.machine(fleet.world.cluster('blue'), 0);
  const owner = { host: privateDnsName, containerId: fleet.deadContainerId() };
  fleet.plantSrv('_orders._tcp', owner, [port], { expected: 'live', reason: 'healthy' });
}

describe('the entry of a container of another account, on a host of the very name of a living one,', () => {
  test('stays where the zone is answered in a VPC of that account', async () => {
    const { fleet, all } = fleetWithNamesake();
    shareZone(fleet);

    const { summary, heldBack } = await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(all);
    expect(summary.removals).toBe(0);
    expect(heldBack).toMatchObject([{ guardrail: 'host-not-covered' }]);
    expect(heldBack[0]?.detail).toContain(`${FOREIGN_VPC} of another account`);
  });

  test('stays at a port that a container of this account has, too', async () => {
    const { fleet, live } = fleetWithNamesake();
    addNamesake(fleet, live[0]?.port ?? 0);
    const all = fleet.zone.list();
    shareZone(fleet);

    await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(all);
  });

  test('stays where the host of this account has ended', async () => {
    const fleet = newFleet({ machines: 3 });
    addService(fleet, '_orders._tcp', { live: 1 });
    const cluster = fleet.world.cluster('blue');
    const { privateDnsName, address, instanceId } = fleet.machine(cluster, 2);
    const owner = { host: privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_orders._tcp', owner, [32_768], { expected: 'live', reason: 'healthy' });
    fleet.plantHost(privateDnsName, address, { expected: 'live', reason: 'host-present' });
    const ended = fleet.world.instances.get(instanceId);
    if (ended !== undefined) ended.state = 'terminated';
    const all = fleet.zone.list();
    shareZone(fleet);

    await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(all);
  });

  test('stays in a run of scopes, too, that an event of its end has begun', async () => {
    const fleet = newFleet({ machines: 3 });
    addService(fleet, '_orders._tcp', { live: 1 });
    const machine = fleet.machine(fleet.world.cluster('blue'), 0);
    const own = fleet.zone.list().find(({ Type }) => Type === 'SRV');
    addNamesake(fleet, 32_768);
    const others = without(fleet.zone.list(), own === undefined ? [] : [own]);
    if (machine.ec2 !== undefined) machine.ec2.state = 'shutting-down';
    const server = await serve(fleet.world);
    const end = [{ kind: 'instance', instanceId: machine.instanceId }] as const;
    const namesakes = () =>
      fleet.zone.list().filter(({ SetIdentifier = '' }) => SetIdentifier.startsWith(machine.privateDnsName));

    // What its own container had goes with the host.
    shareZone(fleet);
    await openWorker(server, { '--policy': 'sync' }).runScopes(end);
    expect(fleet.zone.list()).toEqual(others);

    fleet.zone.vpcs = fleet.zone.vpcs?.filter(({ VPCId }) => VPCId !== FOREIGN_VPC);
    await openWorker(server, { '--policy': 'sync' }).runScopes(end);
    expect(namesakes()).toEqual([]);
  });

  test('stays while the networks of the zone cannot be read for once', async () => {
    const { fleet, all } = fleetWithNamesake();
    const server = await serve(fleet.world);
    server.addFault({
      operation: 'route53:GetHostedZone',
      effect: { kind: 'error', code: 'InternalFailure', status: 500 },
    });

    const { incomplete } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(all);
    expect(incomplete).toMatchObject([{ operation: 'route53:GetHostedZone' }]);
  });
});

describe('the entry of a dead container on a living host goes', () => {
  test.each<[string, (fleet: Fleet) => void]>([
    ['where all networks of the zone are this account’s', () => {}],
    ['where the zone is public', ({ zone }) => void Object.assign(zone, { isPrivate: false })],
    [
      'where only VPCs of other regions are out of sight, and its name says that it is of this one',
      (fleet) => shareZone(fleet, ['eu-west-1']),
    ],
    [
      'where the VPC of its host is shared by another account: no other there has its address',
      ({ world }) => {
        for (const vpc of world.vpcs.values()) world.addVpc({ ...vpc, ownerId: NETWORK_ACCOUNT });
      },
    ],
  ])('%s', async (_, arrange) => {
    const { fleet, own } = fleetWithNamesake();
    arrange(fleet);

    await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(own);
  });

  test.each(['route53:GetHostedZone', 'ec2:DescribeVpcs'])(
    'where the role may not ask %s',
    async (operation) => {
      const { fleet, own } = fleetWithNamesake();
      shareZone(fleet);
      const server = await serve(fleet.world);
      server.addFault({ operation, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });

      const { incomplete } = await openWorker(server, WITHOUT_BUDGET).apply();

      expect(fleet.zone.list()).toEqual(own);
      expect(incomplete).toMatchObject([{ operation }]);
    },
  );

  test('where an earlier run has seen its container, whatever else the zone is answered in', async () => {
    const { fleet, all, live } = fleetWithNamesake();
    shareZone(fleet);
    const worker = openWorker(await serve(fleet.world), await stateFile());
    await worker.apply();
    const [ended] = live;
    if (ended !== undefined) fleet.world.removeTask(ended.task);

    await worker.apply();

    const left = fleet.zone.list().map(({ SetIdentifier }) => SetIdentifier);
    expect(left).toHaveLength(all.length - 1);
    expect(left).not.toContain(`${ended?.host}:${ended?.containerId}`);
  });
});

describe('the host of another account that now has the name and address of one of this account’s', () => {
  test.each<[string, (fleet: Fleet) => void, readonly boolean[]]>([
    ['keeps its entries in a VPC that is out of sight', shareZone, [true, true]],
    [
      'keeps its entries in a VPC that another account shares',
      ({ world }) => {
        for (const vpc of world.vpcs.values()) world.addVpc({ ...vpc, ownerId: NETWORK_ACCOUNT });
      },
      [true, true],
    ],
    [
      'keeps its entries in a subnet that this account shares: its network interface is there',
      ({ world }) => void world.addMachine({ address: '10.84.9.9', privateDnsName: 'db-1.corp.test' }),
      [true, true],
    ],
    ['has none where all networks are in sight, and nothing has the address', () => {}, [false, false]],
    [
      'is not thought of where the zone is public',
      ({ zone }) => void Object.assign(zone, { isPrivate: false }),
      [false, false],
    ],
  ])('%s', async (_, arrange, expected) => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 2 });
    const machine = fleet.world.addMachine({ cluster: 'blue', address: '10.84.9.9' });
    const worker = openWorker(await serve(fleet.world), await stateFile());
    await worker.apply();
    fleet.world.removeMachine(machine);
    const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_orders._tcp', owner, [32_768], { expected: 'live', reason: 'healthy' });
    fleet.plantHost(machine.privateDnsName, machine.address, { expected: 'live', reason: 'host-present' });
    arrange(fleet);

    await worker.apply();

    const left = fleet.zone.list().map(({ SetIdentifier }) => SetIdentifier);
    const planted = [`${owner.host}:${owner.containerId}`, owner.host];
    expect(planted.map((identifier) => left.includes(identifier))).toEqual(expected);
  });
});

describe('an address of a set of many', () => {
  test.each<[string, (fleet: Pick<Fleet, 'zone' | 'world'>) => void, boolean]>([
    ['stays where the zone is answered in a VPC of another account', shareZone, true],
    [
      'stays where another account shares the network',
      ({ world }) => {
        for (const vpc of world.vpcs.values()) world.addVpc({ ...vpc, ownerId: NETWORK_ACCOUNT });
      },
      true,
    ],
    ['goes where this account has all networks', () => {}, false],
  ])('%s', async (_, arrange, stays) => {
    const world = createWorld({ seed: 84 });
    const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
    const cluster = world.addCluster('blue');
    const labels = { 'discovery.service.name': 'api' };
    const taskDefinition = world.addTaskDefinition({
      family: 'api',
      networkMode: 'awsvpc',
      containers: [{ dockerLabels: labels }],
    });
    world.addTask({ cluster, taskDefinition, address: '10.84.0.1' });
    const many = {
      Name: `api.${ZONE_NAME}.`,
      Type: 'A',
      SetIdentifier: 'ecs-dns:many',
      Weight: 1,
      TTL: 0,
      ResourceRecords: [{ Value: '10.84.0.1' }, { Value: '10.84.0.2' }],
    };
    zone.put(many);
    arrange({ zone, world });

    await openWorker(await serve(world), WITHOUT_BUDGET).apply();

    const values = zone.list().find(({ SetIdentifier }) => SetIdentifier === 'ecs-dns:many')?.ResourceRecords;
    expect(values).toHaveLength(stays ? 2 : 1);
  });
});
