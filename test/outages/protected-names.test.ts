import { describe, expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve, without, ZONE_NAME } from '../end-to-end/support.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const LIST = 'route53:ListResourceRecordSetProtections';
const BUDGET = { '--guardrails-removal-budget-percent': '100' };

/** Two names with stale entries; the first is protected. */
async function fleetWithProtected() {
  const fleet = newFleet();
  const orders = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const users = addService(fleet, '_users._tcp', { live: 4, stale: 3 });
  const protect = () => fleet.zone.protect(`_orders._tcp.${ZONE_NAME}`, 'SRV', 'ask the shop');
  return { fleet, orders, users, protect, before: fleet.zone.list(), server: await serve(fleet.world) };
}

describe('a name that a record set protection covers', () => {
  test('keeps its stale entries with a verdict of their own, and the rest goes in one batch', async () => {
    const { fleet, users, protect, before, server } = await fleetWithProtected();
    protect();

    const { summary, entries, awsCalls } = await openWorker(server, BUDGET).apply();

    expect(summary).toMatchObject({
      stale: 3,
      protected: 2,
      removals: 3,
      applied: 3,
      conflicts: 0,
      failed: 0,
    });
    expect([awsCalls[LIST], awsCalls[CHANGE]]).toEqual([1, 1]);
    expect(fleet.zone.list()).toEqual(without(before, users.staleSets));
    const own = entries.filter(({ verdict }) => verdict === 'protected');
    expect(own.map(({ reason }) => reason)).toEqual(['name-protected', 'name-protected']);
    expect(own[0]?.evidence).toMatchObject({
      wouldBe: 'stale',
      protection: `Route 53 protects _orders._tcp.${ZONE_NAME}. SRV from changes: ask the shop`,
    });
  });

  test('gets no new record', async () => {
    const { fleet, orders, users, protect, server } = await fleetWithProtected();
    for (const set of [...orders.staleSets, ...users.staleSets, ...orders.liveSets.slice(2)])
      fleet.zone.delete(set);
    for (const set of users.liveSets.slice(3)) fleet.zone.delete(set);
    protect();

    const { withheld, summary, changes } = await openWorker(server, { '--policy': 'sync' }).apply();

    expect(withheld.map(({ name, reason }) => [name, reason])).toEqual([
      [`_orders._tcp.${ZONE_NAME}.`, 'name-protected'],
      [`_orders._tcp.${ZONE_NAME}.`, 'name-protected'],
    ]);
    expect(withheld[0]?.detail).toContain('ask the shop');
    expect(summary).toMatchObject({ conflicts: 0, failed: 0 });
    const created = changes.filter(({ recordSet }) => recordSet.Type === 'SRV');
    expect(created.map(({ recordSet, status }) => [recordSet.Name, status])).toEqual([
      [`_users._tcp.${ZONE_NAME}.`, 'applied'],
    ]);
  });

  test.each<[string, (given: Awaited<ReturnType<typeof fleetWithProtected>>) => () => Promise<boolean>]>([
    [
      'that the role may not read is found out by the batch',
      ({ server, protect }) => {
        protect();
        server.addFault({
          operation: LIST,
          effect: { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 },
        });
        return async () => true;
      },
    ],
    [
      'since the plan was made is found out by the batch',
      ({ protect }) =>
        async () => {
          protect();
          return true;
        },
    ],
  ])('%s, and the rest goes', async (what, prepare) => {
    const given = await fleetWithProtected();
    const { fleet, users, before, server } = given;

    const { summary, changes, notices } = await openWorker(server, BUDGET).apply({ approve: prepare(given) });

    expect(summary).toMatchObject({ applied: 3, conflicts: 2, failed: 0 });
    const refused = changes.filter(({ status }) => status === 'conflict');
    expect(refused.map(({ code }) => code)).toEqual(['name-protected', 'name-protected']);
    expect(refused[0]?.detail).toContain('ask the shop');
    expect(server.counts()[CHANGE]).toBe(2);
    expect(fleet.zone.list()).toEqual(without(before, users.staleSets));
    const told = notices.filter(({ subject }) => subject === LIST);
    expect(told).toHaveLength(what.includes('role') ? 1 : 0);
  });

  test('is not asked for by a run that changes nothing', async () => {
    const { fleet, orders, users, protect, server } = await fleetWithProtected();
    for (const set of [...orders.staleSets, ...users.staleSets]) fleet.zone.delete(set);
    protect();
    const { awsCalls } = await openWorker(server, BUDGET).apply();
    expect(awsCalls).not.toHaveProperty(LIST);
  });
});
