import { expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve } from '../end-to-end/support.ts';

const SYNC = { '--policy': 'sync', '--guardrails-unhealthy-budget-percent': '100' };

/** Two containers on a host that is drained, and a live one elsewhere, whose entry has the given weight. */
async function applyTwice(weight: number) {
  const fleet = newFleet();
  const { liveSets } = addService(fleet, '_orders._tcp', { live: 3 });
  const [, elsewhere] = liveSets;
  if (elsewhere === undefined) throw new TypeError('three run');
  fleet.zone.put({ ...elsewhere, Weight: weight });
  const { containerInstance } = fleet.machine(fleet.world.cluster('blue'), 0);
  Object.assign(containerInstance ?? {}, { status: 'DRAINING' });
  const worker = openWorker(await serve(fleet.world), SYNC);
  const first = await worker.apply();
  const second = await worker.apply();
  const left = fleet.zone.list().filter(({ Type }) => Type === 'SRV');
  return { first, second, left: left.length };
}

test('what is drained stays as long as Route 53 answers with nothing else, and no run undoes what another has done', async () => {
  const { first, second, left } = await applyTwice(0);

  expect([first, second].map(({ summary: { removals } }) => removals)).toEqual([0, 0]);
  expect(second.summary.registrations).toBe(0);
  expect(first.heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`)).toEqual(
    Array(2).fill(
      'min-endpoints: Route 53 answers _orders._tcp.servicediscovery.internal with nothing else that is live',
    ),
  );
  expect(left).toBe(3);
});

test('it goes where the entry elsewhere has a weight', async () => {
  const { first, second, left } = await applyTwice(1);
  expect([first, second].map(({ summary: { removals } }) => removals)).toEqual([2, 0]);
  expect([second.summary.registrations, left]).toEqual([0, 1]);
});

test('what is drained is not registered where dead entries that go are all that keeps a live one from being an answer', async () => {
  const fleet = newFleet();
  const { liveSets, staleSets } = addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
  const [drained, elsewhere] = liveSets;
  const [dead] = staleSets;
  if (drained === undefined || elsewhere === undefined || dead === undefined) throw new TypeError('two run');
  fleet.zone.put({ ...elsewhere, Weight: 0 });
  fleet.zone.delete(drained);
  const { containerInstance } = fleet.machine(fleet.world.cluster('blue'), 0);
  Object.assign(containerInstance ?? {}, { status: 'DRAINING' });
  const worker = openWorker(await serve(fleet.world), {
    ...SYNC,
    '--guardrails-removal-budget-percent': '100',
  });

  const { changes, withheld } = await worker.apply();

  const ofName = changes.filter(({ recordSet }) => recordSet.Type === 'SRV');
  expect(ofName.map(({ action, recordSet }) => [action, recordSet])).toEqual([['DELETE', dead]]);
  expect(withheld.map(({ reason }) => reason)).toEqual(['draining']);
});
