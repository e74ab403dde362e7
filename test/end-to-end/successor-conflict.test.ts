import { expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { addService, newFleet, serve, without, ZONE_NAME } from './support.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const ARGS = `apply --yes --policy sync --zone ${ZONE_NAME} --no-health-enabled --output json`.split(' ');

/** One container runs without an entry; the only entry of its name is that of one that is gone. */
async function fleetInSuccession() {
  const fleet = newFleet();
  addService(fleet, '_users._tcp', { live: 6 });
  const { liveSets, staleSets } = addService(fleet, '_orders._tcp', { live: 1, stale: 1 });
  const [[live], [stale]] = [liveSets, staleSets];
  if (live === undefined || stale === undefined) throw new TypeError('too few sets');
  fleet.zone.delete(live);
  return { fleet, live, stale, server: await serve(fleet.world) };
}

test('what empties a name goes with what takes its place', async () => {
  const { fleet, live, stale, server } = await fleetInSuccession();
  const before = fleet.zone.list();

  const { code } = await runHere(ARGS, server.url);

  expect(code).toBe(0);
  expect(fleet.zone.records.get(live)).toEqual(live);
  const entries = fleet.zone.list().filter(({ Type }) => Type !== 'A');
  expect(without(entries, [live])).toEqual(without(before, [stale]));
});

test('what empties a name is not taken at a second attempt either, where its successor was refused', async () => {
  const { fleet, live, stale, server } = await fleetInSuccession();
  // With another TTL there, the successor cannot be created, and the stale set is not what it was.
  const changed = { ...stale, TTL: 30 };
  const write = () => fleet.zone.put(changed);
  server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'before', before: write } });

  const { code } = await runHere(ARGS, server.url);

  expect(code).toBe(3);
  expect(fleet.zone.records.get(live)).toBeUndefined();
  expect(fleet.zone.records.get(stale)).toEqual(changed);
});

test('nor where another writer has taken its successor out again', async () => {
  const { fleet, live, stale, server } = await fleetInSuccession();
  const changed = { ...stale, Weight: 5 };
  const write = () => fleet.zone.put(changed);
  server.addFault({ operation: CHANGE, times: 1, effect: { kind: 'before', before: write } });
  const takeAway = <T>(output: T): T => {
    if (fleet.zone.records.get(live) !== undefined) fleet.zone.delete(live);
    return output;
  };
  server.addFault({ operation: CHANGE, times: 2, effect: { kind: 'transform', transform: takeAway } });

  const { code } = await runHere(ARGS, server.url);

  expect(code).toBe(3);
  expect(fleet.zone.records.get(live)).toBeUndefined();
  expect(fleet.zone.records.get(stale)).toEqual(changed);
});
