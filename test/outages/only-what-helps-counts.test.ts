import { describe, expect, test } from 'vitest';
import type { FleetBuilder, Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import {
  addService,
  addStale,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  srvSet,
  without,
  ZONE_NAME,
} from '../end-to-end/support.ts';

const NAME = '_orders._tcp';
const WITHOUT_PANIC = {
  ...PROBING,
  '--manage': 'zone',
  '--guardrails-panic-percent': '100',
  '--health-attempts': '1',
};

/** Containers that are well under another name, and some of this one, of which the first is not. */
function fleetWith(live: number) {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 6 });
  const orders = addService(fleet, NAME, { live });
  const [failing] = orders.live;
  if (failing !== undefined) fleet.behave(failing, { kind: 'status', status: 503 });
  return { fleet, orders };
}

function weigh(fleet: FleetBuilder, member: Member, Weight: number): void {
  fleet.zone.put({ ...srvSet(fleet, NAME, member), Weight });
}

/** An entry that an operator has written, and that leads nowhere the worker knows. */
function putDangling(fleet: FleetBuilder, target: string): void {
  fleet.zone.put({
    Name: `${NAME}.${ZONE_NAME}.`,
    Type: 'SRV',
    SetIdentifier: `by hand: ${target}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: `1 1 8080 ${target}` }],
  });
}

function guardrails(heldBack: readonly { readonly guardrail: string; readonly verdict: string }[]) {
  return heldBack.map(({ guardrail, verdict }) => `${verdict} ${guardrail}`);
}

describe('what fails is not taken from a name that would keep only what helps no client', () => {
  test('a set of weight 0, with which Route 53 never answers next to others', async () => {
    const { fleet, orders } = fleetWith(2);
    for (const member of orders.live.slice(1)) weigh(fleet, member, 0);
    await listen(fleet);
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), WITHOUT_PANIC);

    const report = await worker.apply({ force: true });

    expect(guardrails(report.heldBack)).toEqual(['unhealthy min-endpoints']);
    expect(report.heldBack[0]?.detail).toContain('would be left with 0 entries, fewer than 1');
    expect(fleet.zone.list()).toEqual(before);
  });

  test('sets that are all of weight 0 are answered with, and count', async () => {
    const { fleet, orders } = fleetWith(2);
    for (const member of orders.live) weigh(fleet, member, 0);
    await listen(fleet);
    const worker = openWorker(await serve(fleet.world), WITHOUT_PANIC);

    expect((await worker.apply({ force: true })).summary).toMatchObject({ unhealthy: 1, applied: 1 });
  });

  test.each([
    ['a target that leads to no host', `nowhere.db.${ZONE_NAME}`, 'target-unresolved'],
    ['a host of another region', 'ip-10-0-0-9.eu-west-1.compute.internal', 'host-not-covered'],
  ])('%s', async (_, target, reason) => {
    const { fleet } = fleetWith(1);
    putDangling(fleet, target);
    await listen(fleet);
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), WITHOUT_PANIC);

    const report = await worker.apply({ force: true });

    expect(report.entries.map((one) => one.reason)).toContain(reason);
    expect(guardrails(report.heldBack)).toContain('unhealthy min-endpoints');
    expect(fleet.zone.list()).toEqual(before);
  });

  test('a set for clients elsewhere', async () => {
    const { fleet, orders } = fleetWith(4);
    for (const [i, member] of orders.live.entries()) {
      const { Weight, ...set } = srvSet(fleet, NAME, member);
      fleet.zone.put({ ...set, GeoLocation: { ContinentCode: ['EU', 'NA', 'AS', 'AF'][i] } });
    }
    await listen(fleet);
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), WITHOUT_PANIC);

    const report = await worker.apply({ force: true });

    expect(guardrails(report.heldBack)).toEqual(['unhealthy min-endpoints']);
    expect(report.heldBack[0]?.detail).toBe(
      `${NAME}.${ZONE_NAME} for EU would be left with 0 entries, fewer than 1`,
    );
    expect(fleet.zone.list()).toEqual(before);
  });

  test('while one that is well goes on answering, what fails goes', async () => {
    const { fleet, orders } = fleetWith(2);
    putDangling(fleet, `nowhere.db.${ZONE_NAME}`);
    await listen(fleet);
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), WITHOUT_PANIC);

    await worker.apply({ force: true });

    expect(fleet.zone.list()).toEqual(without(before, orders.liveSets.slice(0, 1)));
  });
});

describe('stale entries empty a name only where all of them are known to be gone', () => {
  const unasked = { ...WITHOUT_PANIC, '--health-allow': '10.0.0.0/8' };

  function staleFleet(stale: number) {
    const fleet = newFleet();
    addService(fleet, '_users._tcp', { live: 6 });
    return { fleet, staleSets: addStale(fleet, '_gone._tcp', stale) };
  }

  test('all are silent: the name goes', async () => {
    const { fleet, staleSets } = staleFleet(2);
    await listen(fleet);
    const before = fleet.zone.list();

    await openWorker(await serve(fleet.world), WITHOUT_PANIC).apply();

    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('none may be asked: the last one stays, with the reason, in every run', async () => {
    const { fleet, staleSets } = staleFleet(2);
    await listen(fleet);
    const before = fleet.zone.list();
    const worker = openWorker(await serve(fleet.world), unasked);

    const reports = [await worker.apply(), await worker.apply()];

    for (const { heldBack } of reports) {
      expect(guardrails(heldBack)).toEqual(['stale min-endpoints']);
      expect(heldBack[0]?.detail).toContain('what it leads to could not be asked');
    }
    expect(fleet.zone.list()).toHaveLength(before.length - staleSets.length + 1);
  });

  test('nothing is checked: ECS and EC2 alone tell, and the name goes', async () => {
    const { fleet, staleSets } = staleFleet(2);
    const before = fleet.zone.list();

    await openWorker(await serve(fleet.world)).apply();

    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });

  test('another of the name is well: those that could not be asked go', async () => {
    const { fleet, staleSets } = staleFleet(2);
    addService(fleet, '_gone._tcp', { live: 1 });
    await listen(fleet);
    const before = fleet.zone.list();

    await openWorker(await serve(fleet.world), unasked).apply();

    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });
});
