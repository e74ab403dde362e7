import { describe, expect, test } from 'vitest';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import type { PrivateDnsNameOptions } from '../../src/sandbox/world/machine.ts';
import { addService, newFleet, openWorker, serve } from '../end-to-end/support.ts';

const NAME = '_orders._tcp';
const ANY = { expected: 'live', reason: 'running' } as const;
const BY_ID: PrivateDnsNameOptions = { hostnameType: 'resource-name', enableResourceNameDnsARecord: true };

/** Two machines that EC2 calls by their ids, and one that it calls by its address. */
function fleetNamedById(options: PrivateDnsNameOptions = BY_ID) {
  const fleet = newFleet({ machines: 1 });
  const cluster = fleet.world.cluster('blue');
  const machines = [1, 2].map((n) =>
    fleet.world.addMachine({
      cluster,
      address: `10.97.1.${n}`,
      secondaryAddresses: [`10.97.1.${n + 100}`],
      privateDnsNameOptions: options,
    }),
  );
  fleet.machines.set(cluster, machines);
  const port = { containerPort: 8080, hostPort: 0 };
  const service = fleet.addService({ name: NAME, mode: 'bridge', cluster, portMappings: [port] });
  if (!machines.every((one) => one.privateDnsName.startsWith('i-'))) throw new TypeError('not named by id');
  return { fleet, service, machines };
}

/** The name that AWS answers for an address, whatever EC2 calls its host. */
function byAddress(fleet: FleetBuilder, address: string): string {
  return fleet.world.privateDnsNameOf(address);
}

describe('records that call a host by its address, which EC2 calls by its id', () => {
  /** On each machine a container that runs, and an entry of one that is gone; and an A set of the machine. */
  function played(addressOf: (machine: { readonly address: string }) => string) {
    const { fleet, service, machines } = fleetNamedById();
    for (const machine of machines) {
      const host = byAddress(fleet, addressOf(machine));
      const member = fleet.run(service, { machine });
      fleet.plantSrv(NAME, { host, containerId: member.containerId }, [member.port], ANY);
      fleet.plantSrv(NAME, { host, containerId: fleet.deadContainerId() }, [machine.takePorts()], ANY);
      fleet.plantHost(host, addressOf(machine), ANY);
    }
    return { fleet, machines };
  }

  test.each([
    ['its first one', (machine: { readonly address: string }) => machine.address],
    [
      'a further one',
      (machine: { readonly address: string }) =>
        `${machine.address.slice(0, -1)}10${machine.address.slice(-1)}`,
    ],
  ])('what runs is live, and what is gone goes: %s', async (_, addressOf) => {
    const { fleet } = played(addressOf);
    const server = await serve(fleet.world);

    const { summary, entries } = await openWorker(server).apply();

    const managed = entries.filter(({ verdict }) => verdict !== 'foreign');
    const found = managed.map(({ verdict, reason }) => `${verdict} ${reason}`).toSorted();
    expect(found).toEqual([
      'live host-present',
      'live host-present',
      'live running',
      'live running',
      'stale task-gone',
      'stale task-gone',
    ]);
    expect(summary).toMatchObject({ applied: 2, heldBack: 0 });
  });

  test('a host of no cluster is found in EC2 by whatever name its entry has', async () => {
    const { fleet } = fleetNamedById();
    addService(fleet, '_users._tcp', { live: 4 });
    const stranger = fleet.world.addMachine({
      address: '10.97.9.9',
      secondaryAddresses: ['10.97.9.10'],
      privateDnsNameOptions: BY_ID,
    });
    const hosts = [
      stranger.privateDnsName,
      stranger.instanceId,
      byAddress(fleet, '10.97.9.9'),
      byAddress(fleet, '10.97.9.10'),
      'ip-10-97-9-9',
    ];
    for (const host of hosts) {
      fleet.plantSrv(NAME, { host, containerId: fleet.deadContainerId() }, [8080], ANY);
    }
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary, heldBack } = await openWorker(server).apply();

    expect(heldBack.map(({ guardrail }) => guardrail)).toEqual(hosts.map(() => 'host-not-covered'));
    expect(summary).toMatchObject({ applied: 0 });
    expect(fleet.zone.list()).toEqual(before);
    // Once by id for the hosts of the clusters; of the stranger by id and by address.
    expect(server.counts()['ec2:DescribeInstances']).toBe(3);
  });
});

describe('under sync', () => {
  test.each([
    ['a host whose id AWS answers for is registered by its id', true],
    ['a host whose id AWS does not answer for is registered by its address', false],
  ])('%s, with its A set, and the next run changes nothing', async (_, enableResourceNameDnsARecord) => {
    const { fleet, service, machines } = fleetNamedById({
      hostnameType: 'resource-name',
      enableResourceNameDnsARecord,
    });
    const members = machines.map((machine) => fleet.run(service, { machine }));
    const server = await serve(fleet.world);
    const worker = openWorker(server, { '--policy': 'sync' });

    const first = await worker.apply();
    const sets = fleet.zone.list();
    const second = await worker.apply();

    expect(first.summary).toMatchObject({ conflicts: 0, failed: 0 });
    for (const [n, machine] of machines.entries()) {
      const host = enableResourceNameDnsARecord ? machine.privateDnsName : byAddress(fleet, machine.address);
      const SetIdentifier = `${host}:${members[n]?.containerId}`;
      expect(sets).toContainEqual(
        expect.objectContaining({
          SetIdentifier,
          ResourceRecords: [{ Value: `1 1 ${members[n]?.port} ${host}` }],
        }),
      );
      expect(sets).toContainEqual(
        expect.objectContaining({
          Name: `${host.split('.')[0]}.${fleet.zone.name}`,
          Type: 'A',
          SetIdentifier: host,
          ResourceRecords: [{ Value: machine.address }],
        }),
      );
    }
    expect(second.summary).toMatchObject({ applied: 0, removals: 0, heldBack: 0 });
    expect(fleet.zone.list()).toEqual(sets);
  });

  test('the A set of a host by its id goes once EC2 has terminated it', async () => {
    const { fleet, service, machines } = fleetNamedById();
    for (const machine of machines) fleet.run(service, { machine });
    const server = await serve(fleet.world);
    const worker = openWorker(server, { '--policy': 'sync' });
    await worker.apply();
    const [gone] = machines;
    if (gone === undefined) throw new TypeError('no machine');
    const { instanceId } = gone;
    fleet.world.terminateMachine(gone);

    await worker.apply();

    const left = fleet.zone.list().map(({ Name, SetIdentifier }) => `${Name} ${SetIdentifier}`);
    expect(left.filter((one) => one.includes(instanceId))).toEqual([]);
    expect(left.filter((one) => one.includes(machines[1]?.instanceId ?? '-'))).toHaveLength(2);
  });
});
