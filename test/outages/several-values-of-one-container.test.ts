import { expect, test } from 'vitest';
import { addService, newFleet, openWorker, serve, srvSet } from '../end-to-end/support.ts';

const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

test.each([1, 2])(
  'a running container’s port that ECS does not know stays in a set of %i values',
  async (values) => {
    const fleet = newFleet();
    const { live } = addService(fleet, '_orders._tcp', { live: 2 });
    const [own] = live;
    if (own === undefined) throw new TypeError('a fleet needs a container');
    const set = srvSet(fleet, '_orders._tcp', own);
    const unknown = { Value: `1 1 9999 ${own.host}` };
    fleet.zone.put({
      ...set,
      ResourceRecords: values === 1 ? [unknown] : [...(set.ResourceRecords ?? []), unknown],
    });
    const all = fleet.zone.list();

    const { entries } = await openWorker(await serve(fleet.world), WITHOUT_BUDGET).apply();

    expect(fleet.zone.list()).toEqual(all);
    const verdicts = entries.filter(({ value }) => value === unknown.Value);
    expect(verdicts).toMatchObject([{ verdict: 'unverified', reason: 'port-not-bound' }]);
  },
);
