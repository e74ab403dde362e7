import { describe, expect, test } from 'vitest';
import { agentHostRecord } from '../../src/sandbox/fleet/agent-records.ts';
import { newFleet, openWorker, serve, ZONE_NAME } from '../end-to-end/support.ts';

const NAME = '_orders._tcp';
const ANY = { expected: 'live', reason: 'running' } as const;

/** What an agent calls its host, by the host's address. */
const NAMES: readonly (readonly [string, (address: string) => string])[] = [
  ['a domain of DHCP, with its dot', (address) => `ip-${address.replaceAll('.', '-')}.testapi.`],
  ['a domain of a company', (address) => `ip-${address.replaceAll('.', '-')}.corp.example.com`],
  ['-hostname node1', (address) => `node${address.split('.').at(-1)}`],
  ['-hostname with the zone', (address) => `ip-${address.replaceAll('.', '-')}.${ZONE_NAME}`],
];

/** Two machines whose agents call them so: on each a container that runs, one that is gone, and an A set. */
function played(nameOf: (address: string) => string, { registered = true } = {}) {
  const fleet = newFleet();
  const cluster = fleet.world.cluster('blue');
  const port = { containerPort: 8080, hostPort: 0 };
  const service = fleet.addService({ name: NAME, mode: 'bridge', cluster, portMappings: [port] });
  const members = fleet.machinesOf(cluster).map((machine) => {
    const host = nameOf(machine.address);
    const member = fleet.run(service, { machine });
    fleet.plant(agentHostRecord(host, machine.address, fleet.zone.name), ANY);
    if (registered) {
      fleet.plantSrv(NAME, { host, containerId: member.containerId }, [member.port], ANY);
      fleet.plantSrv(NAME, { host, containerId: fleet.deadContainerId() }, [machine.takePorts()], ANY);
    }
    return { ...member, host };
  });
  return { fleet, members };
}

function identifiers(sets: readonly { readonly SetIdentifier?: string | undefined }[]): readonly string[] {
  return sets.flatMap(({ SetIdentifier }) => SetIdentifier ?? []).toSorted();
}

describe.each(NAMES)('hosts under %s', (_, nameOf) => {
  test('lose the entries of what is gone, and keep those of what runs', async () => {
    const { fleet, members } = played(nameOf);
    const server = await serve(fleet.world);

    const { summary, heldBack, changes } = await openWorker(server).apply();

    expect(summary).toMatchObject({ stale: 2, applied: 2, heldBack: 0, failed: 0 });
    expect(heldBack).toEqual([]);
    expect(changes.flatMap(({ reasons }) => reasons)).toEqual(['task-gone', 'task-gone']);
    const left = identifiers(fleet.zone.list());
    for (const { host, containerId } of members) {
      expect(left).toContain(`${host}:${containerId}`);
      expect(left).toContain(host);
    }
    expect(left).toHaveLength(2 * members.length);
  });

  test('get what sync writes under the spelling that the zone has, where the settings say so', async () => {
    const { fleet, members } = played(nameOf, { registered: false });
    const before = identifiers(fleet.zone.list());
    const server = await serve(fleet.world);
    const worker = openWorker(server, { '--policy': 'sync', '--hosts-name': 'zone' });

    await worker.apply();

    const after = fleet.zone.list();
    expect(identifiers(after)).toEqual(
      [...before, ...members.map(({ host, containerId }) => `${host}:${containerId}`)].toSorted(),
    );
    for (const { host, port } of members) {
      expect(after).toContainEqual(
        expect.objectContaining({ Type: 'SRV', ResourceRecords: [{ Value: `1 1 ${port} ${host}` }] }),
      );
    }
    const again = await worker.apply();
    expect(again.summary).toMatchObject({ applied: 0, heldBack: 0 });
    expect(fleet.zone.list()).toEqual(after);
  });
});

describe('what does not follow from an A set', () => {
  test('where two hosts have the address, in two VPCs: nothing goes', async () => {
    const { fleet } = played((address) => `node${address.split('.').at(-1)}`);
    for (const { address } of fleet.machinesOf(fleet.world.cluster('blue'))) {
      fleet.world.addMachine({ cluster: 'blue', address, vpcId: 'vpc-ffffffffffffffff1' });
    }
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { entries, summary } = await openWorker(server).apply();

    expect(summary).toMatchObject({ applied: 0 });
    const reasons = entries.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'target-unresolved')).toHaveLength(2);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('where another name has the address, too, and one of the two is out of date: nothing goes', async () => {
    const { fleet, members } = played((address) => `node${address.split('.').at(-1)}`);
    for (const { address } of members) {
      fleet.plant(agentHostRecord(`other${address.split('.').at(-1)}`, address, fleet.zone.name), ANY);
    }
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary } = await openWorker(server).apply();

    expect(summary).toMatchObject({ applied: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('where the name is that of a host of another region with the same address: nothing goes', async () => {
    const { fleet } = played((address) => `ip-${address.replaceAll('.', '-')}.us-west-2.compute.internal`);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary } = await openWorker(server).apply();

    expect(summary).toMatchObject({ applied: 0 });
    expect(fleet.zone.list()).toEqual(before);
  });
});

test('hosts in a domain of the settings are known without any A set', async () => {
  const { fleet, members } = played((address) => `ip-${address.replaceAll('.', '-')}.corp.example.com`);
  for (const set of fleet.zone.list()) if (set.Type === 'A') fleet.zone.records.delete(set);
  const server = await serve(fleet.world);

  const unknown = await openWorker(server).plan();
  const { summary } = await openWorker(server, { '--hosts-domains': 'corp.example.com' }).apply();

  expect(unknown.summary).toMatchObject({ removals: 0 });
  expect(summary).toMatchObject({ stale: 2, applied: 2, heldBack: 0 });
  expect(identifiers(fleet.zone.list())).toEqual(
    members.map(({ host, containerId }) => `${host}:${containerId}`).toSorted(),
  );
});
