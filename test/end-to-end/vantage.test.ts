import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../src/report/report-schema.ts';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import { runHere } from '../cli/support.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve, without, ZONE_NAME } from './support.ts';

const REFUSE: Behaviour = { kind: 'refuse' };

/** Two names with a container each on every machine; those of the first `hosts` machines behave badly. */
async function fleetWithFailingHosts(hosts: number, behaviour: Behaviour = REFUSE, machines = 4) {
  const fleet = newFleet({ machines });
  const [orders, users] = ['_orders._tcp', '_users._tcp'].map((name) =>
    addService(fleet, name, { live: machines }),
  );
  const members = [...(orders?.live ?? []), ...(users?.live ?? [])];
  const sets = [...(orders?.liveSets ?? []), ...(users?.liveSets ?? [])];
  const bad = new Set(
    fleet
      .machinesOf(fleet.world.cluster('blue'))
      .slice(0, hosts)
      .map((one) => one.address),
  );
  for (const member of members) if (bad.has(member.address)) fleet.behave(member, behaviour);
  await listen(fleet);
  const server = await serve(fleet.world);
  const badSets = sets.filter((_, index) => bad.has(members[index]?.address ?? ''));
  return { fleet, server, badSets, before: fleet.zone.list() };
}

describe('most endpoints refusing on several hosts', () => {
  test('are the suspected fault of the checker: everything is held back, with that explanation', async () => {
    const { fleet, server, before } = await fleetWithFailingHosts(3);

    const report = await openWorker(server, PROBING).apply();

    expect(report.networkSelfTest).toMatchObject({
      reason: 'connection-refused',
      failing: 6,
      probed: 8,
      hosts: 3,
    });
    expect(report.summary).toMatchObject({ live: 2, unhealthy: 6, removals: 0, heldBack: 6 });
    for (const { guardrail, detail } of report.heldBack) {
      expect(guardrail).toBe('network-self-test');
      expect(detail).toBe(
        "6 of 8 probes (75 %) end with connection-refused, on 3 hosts: the checker's own network is the likelier cause",
      );
    }
    expect(fleet.zone.list()).toEqual(before);
  });

  test('are explained by the command, in words and as JSON', async () => {
    const { server } = await fleetWithFailingHosts(3);
    const args = ['plan', '--zone', ZONE_NAME, '--health-allow', '127.0.0.0/8', '--health-attempts', '1'];

    const text = await runHere(args, server.url);
    const json = await runHere([...args, '--output', 'json'], server.url);

    expect(text.stdout).toContain("the checker's own network is the likelier cause");
    expect(reportSchema.parse(JSON.parse(json.stdout)).networkSelfTest).toMatchObject({ hosts: 3 });
    expect([text.code, json.code]).toEqual([0, 0]);
  });

  test('go with --force, which leaves no name empty', async () => {
    const { fleet, server, badSets, before } = await fleetWithFailingHosts(3);

    const { summary, networkSelfTest } = await openWorker(server, PROBING).apply({ force: true });

    expect(summary).toMatchObject({ applied: 6, heldBack: 0 });
    expect(networkSelfTest).toBeDefined();
    expect(fleet.zone.list()).toEqual(without(before, badSets));
  });

  test('do not keep stale entries in the zone', async () => {
    const { fleet, server, before } = await fleetWithFailingHosts(3);
    const { staleSets } = addService(fleet, '_carts._tcp', { live: 0, stale: 1 });

    await openWorker(server, PROBING).apply();

    expect(staleSets).toHaveLength(1);
    expect(fleet.zone.list()).toEqual(before);
  });
});

describe('what says nothing of the checker', () => {
  test('two hosts that are down, even of three', async () => {
    const { server } = await fleetWithFailingHosts(2, REFUSE, 3);
    const report = await openWorker(server, PROBING).plan();
    expect(report).not.toHaveProperty('networkSelfTest');
    expect(report.summary).toMatchObject({ unhealthy: 4, removals: 0, heldBack: 4 });
  });

  test('answers that are bad, however many', async () => {
    const { server } = await fleetWithFailingHosts(4, { kind: 'status', status: 503 });
    const { networkSelfTest, summary } = await openWorker(server, PROBING).plan();
    expect(networkSelfTest).toBeUndefined();
    expect(summary).toMatchObject({ unhealthy: 8, removals: 0, heldBack: 8 });
  });
});
