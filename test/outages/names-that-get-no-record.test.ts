import { expect, test } from 'vitest';
import type { ServiceOptions } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, newFleet, openWorker, serve, srvSet, ZONE_NAME } from '../end-to-end/support.ts';

const PORT = { containerPort: 8080, hostPort: 0 };
const ADMIN = { containerPort: 9090, hostPort: 0 };
const SYNC = { '--policy': 'sync' };
const NOTHING = { namedPorts: [] };

interface Given {
  readonly what: string;
  readonly options: Partial<ServiceOptions>;
  /** By name and reason; nothing is registered. */
  readonly withheld: readonly (readonly [name: string, reason: string])[];
}

const CASES: readonly Given[] = [
  {
    what: 'SERVICE_NAME with two ports',
    options: { ...NOTHING, portMappings: [PORT, ADMIN], environment: { SERVICE_NAME: '_orders._tcp' } },
    withheld: [
      [`?.${ZONE_NAME}.`, 'several-ports'],
      [`?.${ZONE_NAME}.`, 'several-ports'],
    ],
  },
  {
    what: 'a name that ends with the zone already',
    options: { ...NOTHING, environment: { SERVICE_NAME: `_orders._tcp.${ZONE_NAME}` } },
    withheld: [[`_orders._tcp.${ZONE_NAME}.${ZONE_NAME}.`, 'zone-in-name']],
  },
  {
    what: 'a name with characters that DNS does not take',
    options: { ...NOTHING, environment: { SERVICE_NAME: 'our orders!' } },
    withheld: [[`our orders!.${ZONE_NAME}.`, 'invalid-name']],
  },
  {
    what: 'a name that is too long',
    options: { ...NOTHING, environment: { SERVICE_8080_NAME: 'o'.repeat(64) } },
    withheld: [[`${'o'.repeat(64)}.${ZONE_NAME}.`, 'invalid-name']],
  },
  {
    what: 'an empty name',
    options: { ...NOTHING, environment: { SERVICE_8080_NAME: ' ' } },
    withheld: [[`?.${ZONE_NAME}.`, 'name-empty']],
  },
  {
    what: 'a name of a port that is not mapped',
    options: { ...NOTHING, environment: { SERVICE_8081_NAME: '_orders._tcp' } },
    withheld: [[`_orders._tcp.${ZONE_NAME}.`, 'port-not-bound']],
  },
  {
    what: 'a name for the address of a task in bridge mode',
    options: { ...NOTHING, dockerLabels: { 'discovery.service.name': 'orders' } },
    withheld: [[`orders.${ZONE_NAME}.`, 'no-interface']],
  },
  {
    what: 'a name that is a secret',
    options: { hidesName: 'secrets' },
    withheld: [[`?.${ZONE_NAME}.`, 'name-hidden']],
  },
  {
    what: 'a name that may stand in a file',
    options: { hidesName: 'environmentFiles' },
    withheld: [[`?.${ZONE_NAME}.`, 'name-hidden']],
  },
  { what: 'nothing at all', options: { hidesName: 'image' }, withheld: [] },
  {
    what: 'SERVICE_IGNORE and a secret',
    options: { hidesName: 'secrets', environment: { SERVICE_IGNORE: 'true' } },
    withheld: [],
  },
];

test.each(CASES)('a running container with $what: $withheld', async ({ options, withheld }) => {
  const fleet = newFleet();
  const cluster = fleet.world.cluster('blue');
  const service = fleet.addService({
    name: '_orders._tcp',
    mode: 'bridge',
    cluster,
    portMappings: [PORT],
    ...options,
  });
  fleet.run(service, { machine: fleet.machine(cluster, 0) });
  const server = await serve(fleet.world);

  const report = await openWorker(server, SYNC).apply();

  expect(report.withheld.map(({ name, reason }) => [name, reason])).toEqual(withheld);
  expect(report.changes).toEqual([]);
});

test('what an agent has registered is not told of, however hidden its name is', async () => {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 1 });
  const cluster = fleet.world.cluster('blue');
  const service = fleet.addService({
    name: '_orders._tcp',
    mode: 'bridge',
    cluster,
    portMappings: [PORT],
    hidesName: 'secrets',
  });
  const machine = fleet.machine(cluster, 0);
  const member = fleet.runAndRegister(service, { machine }, { expected: 'live', reason: 'running' });
  const server = await serve(fleet.world);

  const { withheld } = await openWorker(server, SYNC).apply();

  expect(withheld).toEqual([]);
  expect(srvSet(fleet, '_orders._tcp', member)).toBeDefined();
});
