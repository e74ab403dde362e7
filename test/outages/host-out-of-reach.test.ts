import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { probeKey } from '../../src/model/probe.ts';
import type { Report } from '../../src/report/report-schema.ts';
import { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { answerFor, listen, openWorker, PROBING, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

/** Loopback loses no packet by itself: connections to what begins so, address and port, find no way. */
function loseWayTo(start: string): void {
  const connect = Reflect.get(Socket.prototype, 'connect') as (this: Socket, ...args: unknown[]) => Socket;
  const spy = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args) {
    const [[options = {}] = []] = args as unknown as [[{ host?: string; port?: number }?]?];
    if (!`${options.host} ${options.port}`.startsWith(start)) return connect.apply(this, args);
    return this.destroy(Object.assign(new Error('connect EHOSTUNREACH'), { code: 'EHOSTUNREACH' }));
  });
  onTestFinished(() => spy.mockRestore());
}

const LIVE = { expected: 'live', reason: 'healthy' } as const;
const FLAGS = { ...PROBING, '--guardrails-removal-budget-percent': '100' };

/**
 * Two availability zones, a host in each. On the first runs a service; on the second a container that `docker run`
 * started and an agent registered, and another of the kind has ended.
 */
async function fleetOfTwoZones() {
  const world = createWorld();
  const fleet = new FleetBuilder(world, world.addHostedZone({ name: ZONE_NAME, private: true }));
  const cluster = world.addCluster('blue');
  const machineIn = (zone: string, address: string) =>
    world.addMachine({
      cluster,
      address,
      availabilityZone: `us-east-1${zone}`,
      subnetId: `subnet-${zone}`,
    });
  const [first, second] = [machineIn('a', `127.${OWN_BLOCK}.1.1`), machineIn('b', `127.${OWN_BLOCK}.2.1`)];
  const portMappings = [{ containerPort: 8080, hostPort: 0 }];
  const orders = fleet.addService({ name: '_orders._tcp', mode: 'bridge', cluster, portMappings });
  fleet.runAndRegister(orders, { machine: first }, LIVE);
  const [runs, ended] = [second.takePorts(), second.takePorts()];
  for (const port of [runs, ended]) {
    const owner = { host: second.privateDnsName, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_ledger._tcp', owner, [port], LIVE);
  }
  await listen(fleet);
  await answerFor(
    { address: second.address, port: runs },
    createServer((_, response) => void response.end('ok')),
  );
  const worker = openWorker(await serve(world), FLAGS);
  return { fleet, second, ended, before: fleet.zone.list(), worker };
}

function ledgerIn({ entries }: Report) {
  return entries.filter(({ name }) => name.startsWith('_ledger.'));
}

describe('a host that is there, with containers that ECS did not start', () => {
  test('keeps all of its entries while nothing comes back from its subnet', async () => {
    const { fleet, second, before, worker } = await fleetOfTwoZones();
    loseWayTo(second.address);

    const report = await worker.apply();

    expect(fleet.zone.list()).toEqual(before);
    const spared = { verdict: 'unverified', reason: 'checker-error' };
    expect(ledgerIn(report)).toMatchObject([spared, spared]);
  });

  test('loses that of the container which has ended once it is reached', async () => {
    const { fleet, before, worker } = await fleetOfTwoZones();

    const report = await worker.apply();

    expect(
      ledgerIn(report)
        .map(({ reason }) => reason)
        .toSorted(),
    ).toEqual(['still-answers', 'task-gone']);
    expect(fleet.zone.list()).toHaveLength(before.length - 1);
  });

  test('loses it, too, where its firewall drops what nothing listens to, and another port answers', async () => {
    const { fleet, second, ended, before, worker } = await fleetOfTwoZones();
    loseWayTo(probeKey({ address: second.address, port: ended }));

    const report = await worker.apply();

    const [gone] = ledgerIn(report).filter(({ verdict }) => verdict === 'stale');
    expect(gone).toMatchObject({ reason: 'task-gone', evidence: { answer: 'unreachable' } });
    expect(fleet.zone.list()).toHaveLength(before.length - 1);
  });
});
