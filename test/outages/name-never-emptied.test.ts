import { describe, expect, test } from 'vitest';
import { valuesOf, withValues } from '../../src/model/record-set.ts';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import {
  addService,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  without,
  ZONE_NAME,
} from '../end-to-end/support.ts';

const WITHOUT_PANIC = { ...PROBING, '--guardrails-panic-percent': '100' };
const FAILING: Behaviour = { kind: 'status', status: 503 };

/** Healthy containers under one name; under another as many healthy, failing and stale as told. */
async function fleetWith(counts: { healthy: number; failing: number; stale?: number }) {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 6 });
  const { live } = addService(fleet, '_orders._tcp', {
    live: counts.healthy + counts.failing,
    stale: counts.stale ?? 0,
  });
  for (const member of live.slice(counts.healthy)) fleet.behave(member, FAILING);
  await listen(fleet);
  const server = await serve(fleet.world);
  const entriesLeft = () => fleet.zone.list().filter(({ Name }) => Name.startsWith('_orders.')).length;
  return { server, entriesLeft };
}

describe('health never empties a name', () => {
  test.each([
    { healthy: 0, failing: 1, stale: 0, left: 1 },
    { healthy: 0, failing: 3, stale: 0, left: 1 },
    { healthy: 0, failing: 1, stale: 2, left: 1 },
    { healthy: 1, failing: 3, stale: 0, left: 1 },
    { healthy: 2, failing: 1, stale: 1, left: 2 },
  ])('$healthy healthy, $failing failing, $stale stale: $left left', async ({ left, ...counts }) => {
    const { server, entriesLeft } = await fleetWith(counts);
    const worker = openWorker(server, WITHOUT_PANIC);

    await worker.apply({ force: true });
    expect(entriesLeft()).toBe(left);

    await worker.apply({ force: true });
    expect(entriesLeft()).toBe(left);
  });

  test('the guardrail is named for what it holds back', async () => {
    const { server } = await fleetWith({ healthy: 0, failing: 2 });

    const { heldBack, summary } = await openWorker(server, WITHOUT_PANIC).plan();

    expect(summary).toMatchObject({ unhealthy: 2, removals: 1 });
    expect(heldBack).toMatchObject([{ guardrail: 'min-endpoints', verdict: 'unhealthy' }]);
  });

  test('a higher minimum is kept, too', async () => {
    const { server, entriesLeft } = await fleetWith({ healthy: 2, failing: 3 });

    await openWorker(server, { ...WITHOUT_PANIC, '--guardrails-min-endpoints': '4' }).apply();

    expect(entriesLeft()).toBe(4);
  });

  test('a minimum of none lets the last one go', async () => {
    const { server, entriesLeft } = await fleetWith({ healthy: 0, failing: 1 });

    await openWorker(server, { ...WITHOUT_PANIC, '--guardrails-min-endpoints': '0' }).apply();

    expect(entriesLeft()).toBe(0);
  });
});

describe('when most of what was probed fails, the prober is to be suspected', () => {
  test('nothing of the run goes as unhealthy, and --force lifts it', async () => {
    const fleet = newFleet();
    const names = ['_orders._tcp', '_users._tcp', '_carts._tcp'];
    for (const name of names) {
      const { live } = addService(fleet, name, { live: 3 });
      for (const member of live.slice(1)) fleet.behave(member, { kind: 'refuse' });
    }
    await listen(fleet);
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), PROBING);

    const held = await worker.apply();
    expect(held.summary).toMatchObject({ unhealthy: 6, heldBack: 6, removals: 0 });
    expect(new Set(held.heldBack.map(({ guardrail }) => guardrail))).toEqual(new Set(['panic-threshold']));
    expect(fleet.zone.list()).toEqual(before);

    const forced = await worker.apply({ force: true });
    expect(forced.summary).toMatchObject({ unhealthy: 6, applied: 6 });
    expect(fleet.zone.list()).toHaveLength(before.length - 6);
  });

  test('a name of which most fails keeps its entries, another loses what fails', async () => {
    const fleet = newFleet();
    addService(fleet, '_users._tcp', { live: 6 });
    const orders = addService(fleet, '_orders._tcp', { live: 3 });
    const carts = addService(fleet, '_carts._tcp', { live: 5 });
    const failing = [...orders.live.slice(1), ...carts.live.slice(4)];
    for (const member of failing) fleet.behave(member, FAILING);
    await listen(fleet);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { summary, heldBack } = await openWorker(server, PROBING).apply();

    expect(summary).toMatchObject({ unhealthy: 3, heldBack: 2, applied: 1 });
    const held = heldBack.map(({ name, guardrail }) => `${name} ${guardrail}`);
    expect(new Set(held)).toEqual(new Set([`_orders._tcp.${ZONE_NAME}. panic-threshold`]));
    expect(fleet.zone.list()).toEqual(without(before, carts.liveSets.slice(4)));
  });
});

describe('a set of several values', () => {
  test('loses only the value that fails, and keeps everything else as it was', async () => {
    const fleet = newFleet();
    const portMappings = [8080, 8081].map((containerPort) => ({ containerPort, hostPort: 0 }));
    const cluster = fleet.world.cluster('blue');
    const service = fleet.addService({
      name: '_gateway._tcp',
      mode: 'bridge',
      cluster,
      portMappings,
      namedPorts: [8080, 8081],
    });
    const machine = fleet.machine(cluster, 0);
    let failing = '';
    for (let i = 0; i < 2; i++) {
      const member = fleet.run(service, { machine });
      const ports = member.task.containers[0]?.networkBindings.map(({ hostPort = 0 }) => hostPort) ?? [];
      fleet.plantSrv(service.name, member, ports, { expected: 'live', reason: 'healthy' });
      if (i > 0) continue;
      fleet.behave(member, FAILING, ports[1] ?? 0);
      failing = ` ${ports[1]} `;
    }
    await listen(fleet);
    const before = fleet.zone.list().filter(({ Type }) => Type === 'SRV');
    const server = await serve(fleet.world);

    await openWorker(server, PROBING).apply();

    const after = fleet.zone.list().filter(({ Type }) => Type === 'SRV');
    const expected = before.map((set) =>
      withValues(
        set,
        valuesOf(set).filter((value) => !value.includes(failing)),
      ),
    );
    expect(failing).not.toBe('');
    expect(after).toEqual(expected);
    expect(before.flatMap(valuesOf)).toHaveLength(after.flatMap(valuesOf).length + 1);
  });
});
