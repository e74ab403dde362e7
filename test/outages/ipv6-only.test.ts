import { describe, expect, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve, without } from '../end-to-end/support.ts';
import { OWN_PORTS } from '../own-block.ts';

const SYNC: FlagValues = { ...PROBING, '--policy': 'sync', '--health-allow': ['::1/128', '127.0.0.0/8'] };
const NAME = '_search._tcp';
const [PORT, ANOTHER_PORT] = [OWN_PORTS, OWN_PORTS + 1];

/** A task in `awsvpc` mode at ::1, which has no IPv4 address and no name that the VPC answers for. */
function fleetWithTask(environment: Readonly<Record<string, string>> = {}) {
  const fleet = newFleet();
  const cluster = fleet.world.cluster('blue');
  const portMappings = [{ containerPort: PORT, hostPort: PORT }];
  const service = fleet.addService({
    name: NAME,
    mode: 'awsvpc',
    cluster,
    launchType: 'FARGATE',
    portMappings,
    environment,
  });
  const member = fleet.run(service, { address: '::1' });
  const taskId = member.task.taskArn.split('/').at(-1) ?? '';
  return { fleet, member, taskId };
}

describe('a task with an IPv6 address alone', () => {
  test('is asked there, and registered by a name with an AAAA record, where those are wanted', async () => {
    const { fleet, taskId } = fleetWithTask({ DISCOVERY_SERVICE_NAME: 'search' });
    const containers = await listen(fleet);
    const server = await serve(fleet.world);
    const worker = openWorker(server, { ...SYNC, '--records-ipv6': 'true' });

    const { withheld } = await worker.apply();
    const again = await worker.apply();

    const { name: zoneName } = fleet.zone;
    const sets = fleet.zone.list().filter(({ Type }) => Type === 'AAAA' || Type === 'SRV');
    expect(sets.map(({ Name, Type, ResourceRecords }) => [Name, Type, ResourceRecords?.[0]?.Value])).toEqual(
      expect.arrayContaining([
        [`${taskId}.${zoneName}`, 'AAAA', '::1'],
        [`search.${zoneName}`, 'AAAA', '::1'],
        [`${NAME}.${zoneName}`, 'SRV', expect.stringContaining(`1 1 ${PORT} ${taskId}.`)],
      ]),
    );
    expect(withheld).toEqual([]);
    expect(again.summary).toMatchObject({ live: 3, removals: 0 });
    expect(again.changes).toEqual([]);
    expect(containers.connections('::1', PORT)).toBeGreaterThan(0);
  });

  test('is withheld with the true reason where they are not', async () => {
    const { fleet } = fleetWithTask({ DISCOVERY_SERVICE_NAME: 'search' });
    await listen(fleet);
    const server = await serve(fleet.world);

    const { withheld } = await openWorker(server, SYNC).apply();

    expect(withheld.map(({ type, reason }) => [type, reason])).toEqual([
      ['SRV', 'ipv6-only'],
      ['AAAA', 'ipv6-only'],
    ]);
    expect(fleet.zone.list().filter(({ Type }) => Type === 'AAAA' || Type === 'SRV')).toEqual([]);
  });

  test('loses its records once it does not answer, and others of its name do', async () => {
    const { fleet, member } = fleetWithTask();
    const extra = fleet.addService({
      name: NAME,
      mode: 'awsvpc',
      cluster: fleet.world.cluster('blue'),
      launchType: 'FARGATE',
      portMappings: [{ containerPort: ANOTHER_PORT, hostPort: ANOTHER_PORT }],
    });
    fleet.run(extra, { address: '::1' });
    const first = await listen(fleet);
    const server = await serve(fleet.world);
    const worker = openWorker(server, { ...SYNC, '--records-ipv6': 'true' });
    await worker.apply();
    await first.close();
    fleet.behave(member, { kind: 'refuse' });
    await listen(fleet);

    const { entries } = await worker.plan();

    const found = entries
      .filter(({ type }) => type === 'SRV')
      .map(({ reason, evidence }) => [reason, evidence['address']]);
    expect(found.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['connection-refused', `[::1]:${PORT}`],
      ['healthy', `[::1]:${ANOTHER_PORT}`],
    ]);
  });
});

describe('a host with an IPv6 address alone', () => {
  test('is asked there, keeps its records, and its containers are registered under its name', async () => {
    const fleet = newFleet();
    const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
    const cluster = fleet.world.cluster('blue');
    const machine = fleet.world.addMachine({ cluster, address: '::1' });
    const service = fleet.addService({
      name: NAME,
      mode: 'bridge',
      cluster,
      portMappings: [{ containerPort: 8080, hostPort: 0 }],
    });
    const hostPorts = { '8080': PORT };
    fleet.run(service, { machine, containers: { app: { hostPorts } } });
    const containers = await listen(fleet);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { withheld } = await openWorker(server, SYNC).apply();

    const set = fleet.zone.list().find(({ Name }) => Name.startsWith(NAME));
    expect(machine.privateDnsName).toBe(`${machine.instanceId}.ec2.internal`);
    expect(set?.ResourceRecords).toEqual([{ Value: `1 1 ${PORT} ${machine.privateDnsName}` }]);
    expect(withheld).toEqual([]);
    expect(containers.connections('::1', PORT)).toBe(1);
    expect(fleet.zone.list()).toEqual(expect.arrayContaining([...without(before, staleSets)]));
  });
});
