import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve, srvSet } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';

const NAME = '_search._tcp';
const LIVE = { expected: 'live', reason: 'healthy' } as const;
const FARGATE = { mode: 'awsvpc', launchType: 'FARGATE' } as const;

/** A task of Fargate has ended, and its address has gone to a task of another service without ports. */
function fleetWithReusedAddress() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 0 });
  const cluster = fleet.world.cluster('blue');
  const search = fleet.addService({ name: NAME, cluster, ...FARGATE, portMappings: [8080] });
  const ended = fleet.run(search, { launchType: 'FARGATE', address: `127.${OWN_BLOCK}.9.1` });
  fleet.runAndRegister(search, { launchType: 'FARGATE', address: `127.${OWN_BLOCK}.9.2` }, LIVE);
  fleet.register(search, ended, LIVE);
  fleet.world.removeTask(ended.task);
  const queue = { name: '_queue._tcp', cluster, ...FARGATE, portMappings: [], namedPorts: [] };
  const heir = fleet.run(fleet.addService(queue), { launchType: 'FARGATE', address: ended.address });
  return { fleet, ended, heir };
}

/** A container that ECS does not know of takes connections where a task was. */
async function answer({ address, port }: Member): Promise<void> {
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, address, done));
  onTestFinished(() => void other.close());
}

describe('the address of a dead task that a task without ports has by now', () => {
  test('does not hold the entry of the dead one', async () => {
    const { fleet, ended, heir } = fleetWithReusedAddress();
    const set = srvSet(fleet, NAME, ended);
    const before = fleet.zone.list();
    await listen(fleet);
    const server = await serve(fleet.world);

    const { entries } = await openWorker(server, PROBING).apply();

    expect(heir.host).toBe(ended.host);
    const told = entries.find(({ setIdentifier }) => setIdentifier === set.SetIdentifier);
    expect(told).toMatchObject({ verdict: 'stale', reason: 'task-gone' });
    expect(fleet.zone.list()).toEqual(before.filter((one) => one.SetIdentifier !== set.SetIdentifier));
  });

  test('holds it where something answers there', async () => {
    const { fleet, ended } = fleetWithReusedAddress();
    const set = srvSet(fleet, NAME, ended);
    await listen(fleet);
    await answer(ended);
    const server = await serve(fleet.world);

    const { entries } = await openWorker(server, PROBING).apply();

    const told = entries.find(({ setIdentifier }) => setIdentifier === set.SetIdentifier);
    expect(told).toMatchObject({ verdict: 'unverified', reason: 'still-answers' });
    expect(fleet.zone.list()).toContainEqual(set);
  });
});
