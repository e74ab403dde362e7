import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { addService, newFleet, openWorker, serve, without } from '../end-to-end/support.ts';
import type { FaultRule } from '../sandbox/faults.ts';

const NAMES = ['_orders._tcp', '_users._tcp', '_carts._tcp', '_stock._tcp', '_mailer._tcp'];
const BUDGET = { '--guardrails-removal-budget-percent': '100' };

/** Five names with a live entry and 100 stale ones each: 500 removals, which fit into one batch. */
function fiveHundredStale() {
  const fleet = newFleet({ machines: 10 });
  const services = NAMES.map((name) => addService(fleet, name, { live: 1, stale: 100 }));
  const stale = services.flatMap(({ staleSets }) => staleSets);
  const [culprit] = stale.slice(234);
  if (culprit === undefined) throw new TypeError('too few stale sets');
  return { fleet, stale, culprit, others: without(stale, [culprit]) };
}

/** Rejects every batch that holds the set, and says so in the given words. */
function rejecting(set: RecordSet, message: string): FaultRule {
  const identifier = set.SetIdentifier ?? '';
  return {
    operation: 'route53:ChangeResourceRecordSets',
    when: ({ input }) => JSON.stringify(input).includes(identifier),
    effect: { kind: 'error', code: 'InvalidChangeBatch', message },
  };
}

describe('one bad record among 500', () => {
  test('that was changed meanwhile is a conflict, and the other 499 go in one more batch', async () => {
    const { fleet, culprit, others } = fiveHundredStale();
    const server = await serve(fleet.world);
    const changed = { ...culprit, ResourceRecords: [{ Value: '1 1 20999 ip-127-60-0-1.ec2.internal' }] };

    const { summary, changes, awsCalls } = await openWorker(server, BUDGET).apply({
      approve: async () => {
        fleet.zone.put(changed);
        return true;
      },
    });

    expect(summary).toMatchObject({ applied: 499, conflicts: 1, failed: 0 });
    const conflict = changes.find(({ status }) => status === 'conflict');
    expect(conflict?.recordSet.SetIdentifier).toBe(culprit.SetIdentifier);
    expect(conflict?.detail).toContain('do not match the current values');
    expect(awsCalls['route53:ChangeResourceRecordSets']).toBe(2);
    expect(fleet.zone.records.get(culprit)).toEqual(changed);
    for (const set of others) expect(fleet.zone.records.get(set)).toBeUndefined();
  });

  test('that Route 53 rejects without naming it is found by halving, and the other 499 go', async () => {
    const { fleet, culprit, others } = fiveHundredStale();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    server.addFault(rejecting(culprit, 'The request was rejected.'));

    const { summary, changes, awsCalls } = await openWorker(server, BUDGET).apply();

    expect(summary).toMatchObject({ applied: 499, conflicts: 1, failed: 0 });
    expect(changes.find(({ status }) => status === 'conflict')).toMatchObject({
      recordSet: { SetIdentifier: culprit.SetIdentifier },
      detail: expect.stringContaining('The request was rejected.'),
    });
    const halvings = Math.ceil(Math.log2(500));
    expect(awsCalls['route53:ChangeResourceRecordSets']).toBeLessThanOrEqual(1 + 2 * halvings);
    expect(fleet.zone.list()).toEqual(without(before, others));
  });

  test('that a rejection names beside a name of somebody else is a conflict all the same', async () => {
    const { fleet, culprit, others } = fiveHundredStale();
    const before = fleet.zone.list();
    const server = await serve(fleet.world);
    const named = `[name='${culprit.Name}', type='SRV', set-identifier='${culprit.SetIdentifier}']`;
    const foreign = `[name='elsewhere.example.com.', type='SRV']`;
    const message = `[Tried to delete resource record set ${foreign} but it was not found, Tried to delete resource record set ${named} but it is protected]`;
    server.addFault(rejecting(culprit, message));

    const { summary, changes } = await openWorker(server, BUDGET).apply();

    expect(summary).toMatchObject({ applied: 499, conflicts: 1 });
    expect(changes.find(({ status }) => status === 'conflict')?.detail).toContain('it is protected');
    expect(fleet.zone.list()).toEqual(without(before, others));
  });
});

describe('the A set of a host whose SRV sets go with it', () => {
  test('stays when one of them could not be removed', async () => {
    const fleet = newFleet();
    addService(fleet, '_orders._tcp', { live: 6 });
    const host = fleet.world.privateDnsNameOf('10.66.0.1');
    const gone = { expected: 'stale', reason: 'instance-gone' } as const;
    fleet.plantHost(host, '10.66.0.1', gone);
    fleet.plantSrv('_orders._tcp', { host, containerId: 'a'.repeat(64) }, [32_768], gone);
    fleet.plantSrv('_orders._tcp', { host, containerId: 'b'.repeat(64) }, [32_769], gone);
    const before = fleet.zone.list();
    const [first, second] = before.filter(({ SetIdentifier }) => SetIdentifier?.startsWith(`${host}:`));
    if (first === undefined || second === undefined) throw new TypeError('too few sets');
    const server = await serve(fleet.world);
    server.addFault(rejecting(first, 'The request was rejected.'));

    const { changes } = await openWorker(server).apply();

    const statuses = changes.map(({ recordSet, status }) => [recordSet.Type, status]);
    expect(statuses).toEqual([
      ['SRV', 'conflict'],
      ['SRV', 'applied'],
      ['A', 'conflict'],
    ]);
    expect(fleet.zone.list()).toEqual(without(before, [second]));
  });
});
