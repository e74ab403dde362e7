import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import {
  addService,
  answerFor,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  srvSet,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

const FLAGS = { ...PROBING, '--guardrails-removal-budget-percent': '100' };

/** An entry whose target has the label of one machine, while a record of the zone leads the target to another one. */
function played(recordOf: (label: string, other: { name: string; address: string }) => RecordSet) {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const [first, other] = fleet.machinesOf(fleet.world.cluster('blue'));
  if (first === undefined || other === undefined) throw new Error('the fleet has two machines');
  const label = `ip-${first.address.replaceAll('.', '-')}`;
  const place = { address: other.address, port: other.takePorts() };
  const target = { host: `${label}.${ZONE_NAME}`, containerId: fleet.deadContainerId() };
  const onward = recordOf(label, { name: other.privateDnsName, address: other.address });
  fleet.plant(onward, { expected: 'foreign', reason: 'record-type' });
  fleet.plantSrv('_ledger._tcp', target, [place.port], { expected: 'live', reason: 'healthy' });
  return { fleet, place, before: fleet.zone.list() };
}

const cname = (label: string, { name }: { readonly name: string }): RecordSet => ({
  Name: `${label}.${ZONE_NAME}.`,
  Type: 'CNAME',
  TTL: 60,
  ResourceRecords: [{ Value: name }],
});

const wildcard = (_: string, { address }: { readonly address: string }): RecordSet => ({
  Name: `*.${ZONE_NAME}.`,
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value: address }],
});

describe('an entry whose target bears the label of a host, and leads to another one', () => {
  test.each([
    ['a CNAME', cname, 'still-answers'],
    ['a wildcard', wildcard, 'target-unresolved'],
  ])('stays where %s leads to what answers', async (_what, recordOf, reason) => {
    const { fleet, place, before } = played(recordOf);
    await answerFor(
      place,
      createServer((_, response) => void response.end()),
    );

    const { entries } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(fleet.zone.list()).toEqual(before);
    expect(entries.filter(({ name }) => name.startsWith('_ledger.'))).toMatchObject([{ reason }]);
  });

  test('goes where nothing answers at the host to which a CNAME leads', async () => {
    const { fleet } = played(cname);

    const { changes } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(changes).toMatchObject([{ action: 'DELETE', reasons: ['task-gone'], status: 'applied' }]);
  });
});

describe('an entry whose target has several addresses', () => {
  const pool = (name: string, ...addresses: readonly string[]): RecordSet => ({
    Name: `${name}.${ZONE_NAME}.`,
    Type: 'A',
    TTL: 60,
    ResourceRecords: addresses.map((Value) => ({ Value })),
  });

  test('stays where nothing of it runs on the host that has one of them', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 2 });
    const [machine] = fleet.machinesOf(fleet.world.cluster('blue'));
    if (machine === undefined) throw new Error('the fleet has machines');
    const other = `127.${OWN_BLOCK}.200.1`;
    const port = machine.takePorts();
    fleet.plant(pool('pool', machine.address, other), [
      { expected: 'foreign', reason: 'record-type' },
      { expected: 'foreign', reason: 'record-type' },
    ]);
    const target = { host: `pool.${ZONE_NAME}`, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_ledger._tcp', target, [port], { expected: 'live', reason: 'healthy' });
    const before = fleet.zone.list();
    await answerFor(
      { address: other, port },
      createServer((_, response) => void response.end()),
    );

    const { entries } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(fleet.zone.list()).toEqual(before);
    expect(entries.filter(({ name }) => name.startsWith('_ledger.'))).toMatchObject([
      { reason: 'target-unresolved' },
    ]);
  });

  test('stays where the container at one of them fails, and the one at the other does not', async () => {
    const fleet = newFleet({ machines: 4 });
    const cluster = fleet.world.cluster('blue');
    const portMappings = [{ containerPort: 8080, hostPort: 8080 }];
    const service = fleet.addService({ name: '_orders._tcp', mode: 'bridge', cluster, portMappings });
    const machines = fleet.machinesOf(cluster);
    const [failing] = machines.map((machine) => fleet.run(service, { machine }));
    if (failing === undefined) throw new Error('the fleet has machines');
    fleet.behave(failing, { kind: 'status', status: 503 });
    await listen(fleet);
    const addresses = machines.map(({ address }) => address);
    for (const [i, name] of ['left', 'right'].entries()) {
      fleet.zone.put(pool(name, ...addresses.slice(2 * i, 2 * i + 2)));
      fleet.zone.put({
        Name: `_orders._tcp.${ZONE_NAME}.`,
        Type: 'SRV',
        SetIdentifier: name,
        Weight: 1,
        TTL: 60,
        ResourceRecords: [{ Value: `1 1 8080 ${name}.${ZONE_NAME}` }],
      });
    }
    const before = fleet.zone.list();

    await openWorker(await serve(fleet.world), { ...FLAGS, '--manage': 'zone' }).apply();

    expect(fleet.zone.list()).toEqual(before);
  });
});

test('the A set of a host stays while a live entry is led there by a CNAME', async () => {
  const fleet = newFleet({ machines: 4 });
  const { live } = addService(fleet, '_orders._tcp', { live: 8 });
  const [quiet] = fleet.machinesOf(fleet.world.cluster('blue'));
  if (quiet?.containerInstance === undefined) throw new Error('the fleet has machines');
  const { privateDnsName, address, containerInstance } = quiet;
  fleet.plantHost(privateDnsName, address, { expected: 'live', reason: 'healthy' });
  fleet.plant(cname('web', { name: `${privateDnsName.split('.')[0]}.${ZONE_NAME}` }), {
    expected: 'foreign',
    reason: 'record-type',
  });
  for (const member of live.filter((one) => one.address === address)) {
    const set = srvSet(fleet, '_orders._tcp', member);
    fleet.zone.delete(set);
    const owner = { host: `web.${ZONE_NAME}`, containerId: member.containerId };
    fleet.plantSrv('_orders._tcp', owner, [member.port], { expected: 'live', reason: 'healthy' });
  }
  await listen(fleet);
  // EC2 does not know the host, and its agent is away; its containers answer.
  fleet.world.instances.delete(quiet.instanceId);
  containerInstance.agentConnected = false;
  const before = fleet.zone.list();

  const { heldBack } = await openWorker(await serve(fleet.world), FLAGS).apply();

  expect(heldBack).toMatchObject([{ type: 'A', guardrail: 'still-referenced' }]);
  expect(fleet.zone.list()).toEqual(before);
});

test.each([
  ['a CNAME', 'CNAME', ({ host }: Member) => host],
  ['an address', 'A', ({ address }: Member) => address],
] as const)(
  'an entry stays while %s leads it past its failing container to another one',
  async (_, Type, to) => {
    const fleet = newFleet({ machines: 4 });
    const cluster = fleet.world.cluster('blue');
    const portMappings = [{ containerPort: 8080, hostPort: 8080 }];
    const service = fleet.addService({ name: '_orders._tcp', mode: 'bridge', cluster, portMappings });
    const [failing, stands, ...others] = fleet
      .machinesOf(cluster)
      .map((machine) => fleet.run(service, { machine }));
    if (failing === undefined || stands === undefined) throw new Error('the fleet has machines');
    for (const member of others) fleet.register(service, member, { expected: 'live', reason: 'healthy' });
    fleet.zone.put({
      Name: `web.${ZONE_NAME}.`,
      Type,
      TTL: 60,
      ResourceRecords: [{ Value: to(stands) }],
    });
    const owner = { host: `web.${ZONE_NAME}`, containerId: failing.containerId };
    fleet.plantSrv('_orders._tcp', owner, [8080], { expected: 'unverified', reason: 'target-unresolved' });
    fleet.behave(failing, { kind: 'status', status: 503 });
    await listen(fleet);
    const before = fleet.zone.list();

    await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(fleet.zone.list()).toEqual(before);
  },
);
