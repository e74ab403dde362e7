import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { describe, expect, test } from 'vitest';
import { addService, answerFor, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

function http(listener: RequestListener): Server {
  return createHttpServer(listener);
}

/** What may stand at the place of an entry that no task of the fleet explains. */
const ANSWERING: readonly (readonly [string, () => Server])[] = [
  ['a healthy server', () => http((_, response) => response.end('ok'))],
  ['a server that knows another path', () => http((_, response) => response.writeHead(404).end())],
  ['a server that fails', () => http((_, response) => response.writeHead(503).end())],
  ['a server that speaks no HTTP', () => createTcpServer((socket) => void socket.end('-ERR\r\n'))],
  [
    'a server that hangs up on HTTP',
    () => createTcpServer((socket) => socket.on('data', () => socket.end())),
  ],
  ['a server that takes its time', () => createTcpServer((socket) => void socket.resume())],
];

/** A service with two containers in order, and an entry on the first machine of which ECS knows nothing. */
function fleetWithStranger() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const machine = fleet.machine(fleet.world.cluster('blue'), 0);
  const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
  const place = { address: machine.address, port: machine.takePorts() };
  fleet.plantSrv('_ledger._tcp', owner, [place.port], { expected: 'live', reason: 'healthy' });
  return { fleet, place, before: fleet.zone.list() };
}

/** An entry of a host in the other account of the zone: EC2 shows this role nothing of it. */
function fleetWithOtherAccount() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const place = { address: `127.${OWN_BLOCK}.200.7`, port: 32_768 };
  const host = fleet.world.privateDnsNameOf(place.address);
  const owner = { host, containerId: fleet.deadContainerId() };
  fleet.plantSrv('_ledger._tcp', owner, [place.port], { expected: 'live', reason: 'healthy' });
  fleet.plantHost(host, place.address, { expected: 'live', reason: 'host-present' });
  return { fleet, place, before: fleet.zone.list() };
}

const FLAGS = { ...PROBING, '--guardrails-removal-budget-percent': '100' };

describe.each([
  ['a container on a known host that ECS did not start', fleetWithStranger],
  ['a container of another account that shares the zone', fleetWithOtherAccount],
])('%s', (_, makeFleet) => {
  const cases = ANSWERING.flatMap(([what, makeServer]) =>
    ['true', 'false'].map((enabled) => ({ what, makeServer, enabled })),
  );
  test.each(cases)(
    'keeps its entry while there is $what, checks: $enabled',
    async ({ makeServer, enabled }) => {
      const { fleet, place, before } = makeFleet();
      const checks = { '--health-enabled': enabled };
      await answerFor(place, makeServer());

      const report = await openWorker(await serve(fleet.world), { ...FLAGS, ...checks }).apply();

      expect(fleet.zone.list()).toEqual(before);
      const [entry] = report.entries.filter(({ name }) => name.startsWith('_ledger.'));
      expect(entry).toMatchObject({ verdict: 'unverified' });
    },
  );
});

describe('a container that ECS did not start', () => {
  test('is told by what it was asked, and what it answered', async () => {
    const { fleet, place } = fleetWithStranger();
    await answerFor(
      place,
      http((_, response) => response.writeHead(404).end()),
    );

    const { entries } = await openWorker(await serve(fleet.world), FLAGS).plan();

    const [entry] = entries.filter(({ name }) => name.startsWith('_ledger.'));
    expect(entry).toMatchObject({
      verdict: 'unverified',
      reason: 'still-answers',
      evidence: { asked: `${place.address}:${place.port}`, answer: 'healthy' },
    });
  });

  test.each([
    ['refuses', {}],
    ['refuses, and checks are off', { '--health-enabled': 'false' }],
  ])('loses its entry when its place %s', async (_, flags) => {
    const { fleet, before } = fleetWithStranger();

    const { summary } = await openWorker(await serve(fleet.world), { ...FLAGS, ...flags }).apply();

    expect(summary).toMatchObject({ stale: 1, removals: 1 });
    expect(fleet.zone.list()).toHaveLength(before.length - 1);
  });

  test.each([
    ['ends', (server: Server) => server.on('connection', (socket) => socket.end())],
    ['resets', (server: Server) => server.on('connection', (socket) => socket.resetAndDestroy())],
  ])('loses its entry when a proxy at its place accepts and then %s the connection', async (_, behave) => {
    const { fleet, place } = fleetWithStranger();
    await answerFor(place, behave(createTcpServer()));

    const { entries } = await openWorker(await serve(fleet.world), FLAGS).apply();

    const [entry] = entries.filter(({ name }) => name.startsWith('_ledger.'));
    expect(entry).toMatchObject({ reason: 'task-gone', evidence: { answer: 'connection-reset' } });
  });
});

describe('a container over UDP that ECS did not start', () => {
  test('keeps the last entry of its name, because it cannot be asked', async () => {
    const { fleet } = fleetWithStranger();
    const machine = fleet.machine(fleet.world.cluster('blue'), 0);
    const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_stats._udp', owner, [machine.takePorts()], { expected: 'live', reason: 'running' });

    const { heldBack } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(fleet.zone.list().filter(({ Name }) => Name.startsWith('_stats.'))).toHaveLength(1);
    const [held] = heldBack.filter(({ name }) => name.startsWith('_stats.'));
    expect(held).toMatchObject({ reason: 'task-gone', guardrail: 'min-endpoints' });
  });
});

describe('TCP and UDP of one number', () => {
  test('… under names that tell no protocol', async () => {
    const { fleet, place } = fleetWithStranger();
    const cluster = fleet.world.cluster('blue');
    const machine = fleet.machine(cluster, 0);
    const mapping = { containerPort: place.port, hostPort: place.port, protocol: 'udp' } as const;
    fleet.run(fleet.addService({ name: 'metrics', mode: 'host', cluster, portMappings: [mapping] }), {
      machine,
    });
    const owner = { host: machine.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('orders', owner, [place.port], { expected: 'live', reason: 'healthy' });
    await answerFor(
      place,
      http((_, response) => response.end()),
    );

    const { entries } = await openWorker(await serve(fleet.world), FLAGS).apply();

    const [entry] = entries.filter(({ name }) => name.startsWith('orders.'));
    expect(entry).toMatchObject({ verdict: 'unverified', reason: 'still-answers' });
  });

  test('are two ports: what listens over UDP has taken nothing from an entry over TCP', async () => {
    const { fleet, place, before } = fleetWithStranger();
    const cluster = fleet.world.cluster('blue');
    const mapping = { containerPort: place.port, hostPort: place.port, protocol: 'udp' } as const;
    const dns = fleet.addService({ name: '_dns._udp', mode: 'host', cluster, portMappings: [mapping] });
    fleet.run(dns, { machine: fleet.machine(cluster, 0) });
    await answerFor(
      place,
      http((_, response) => response.end()),
    );

    await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(fleet.zone.list()).toEqual(before);
  });
});
