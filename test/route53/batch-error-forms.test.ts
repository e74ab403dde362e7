import { expect, it } from 'vitest';
import { recordSetKey } from '../../src/model/record-set.ts';
import { addService, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';
import type { TestServerOptions } from '../sandbox/test-server.ts';

const RENEWAL = { TTL: 60, ResourceRecords: [{ Value: '1 1 20999 ip-127-60-0-1.ec2.internal' }] };
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };
const FORMS = ['generic', 'modeled'] as const;

/** Stale entries of which some are taken, and some rewritten, while the plan waits to be approved. */
async function applyBesideAnother(options: TestServerOptions) {
  const fleet = newFleet({ machines: 3 });
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 10, stale: 6 });
  const [taken, renewed, ...others] = staleSets;
  if (taken === undefined || renewed === undefined) throw new TypeError('too few sets');
  const before = fleet.zone.list();
  const approve = async () => {
    fleet.zone.delete(taken);
    fleet.zone.put({ ...renewed, ...RENEWAL });
    return true;
  };
  const { summary, changes, awsCalls } = await openWorker(
    await serve(fleet.world, options),
    WITHOUT_BUDGET,
  ).apply({
    approve,
  });
  return { fleet, before, taken, renewed, others, summary, changes, awsCalls };
}

it.each(FORMS)('conflicts are named by a rejection in the %s form', async (batchErrorForm) => {
  const { fleet, before, taken, renewed, others, summary, changes, awsCalls } = await applyBesideAnother({
    batchErrorForm,
  });

  expect(summary).toMatchObject({ applied: others.length, alreadyDone: 1, conflicts: 1, failed: 0 });
  const details = new Map(changes.map(({ recordSet, detail }) => [recordSetKey(recordSet), detail]));
  expect(details.get(recordSetKey(taken))).toBe('another look, run or tool was first');
  expect(details.get(recordSetKey(renewed))).toMatch(/^Tried to delete .* do not match the current values$/);
  expect(awsCalls['route53:ChangeResourceRecordSets']).toBe(2);
  expect(fleet.zone.list()).toEqual(
    without(before, [taken, ...others]).map((set) =>
      recordSetKey(set) === recordSetKey(renewed) ? { ...renewed, ...RENEWAL } : set,
    ),
  );
});
