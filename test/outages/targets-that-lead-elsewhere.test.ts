import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import {
  addService,
  answerFor,
  newFleet,
  openWorker,
  PROBING,
  serve,
  ZONE_NAME,
} from '../end-to-end/support.ts';

const FLAGS = { ...PROBING, '--guardrails-removal-budget-percent': '100' };

/** An entry whose target has the label of one machine, while a record of the zone leads the target to another one. */
function played(recordOf: (label: string, other: { name: string; address: string }) => RecordSet) {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const [first, other] = fleet.machinesOf(fleet.world.cluster('blue'));
  if (first === undefined || other === undefined) throw new Error('the fleet has two machines');
  const label = `ip-${first.address.replaceAll('.', '-')}`;
  const place = { address: other.address, port: other.takePorts() };
  const target = { host: `${label}.${ZONE_NAME}`, containerId: fleet.deadContainerId() };
  const onward = recordOf(label, { name: other.privateDnsName, address: other.address });
  fleet.plant(onward, { expected: 'foreign', reason: 'record-type' });
  fleet.plantSrv('_ledger._tcp', target, [place.port], { expected: 'live', reason: 'healthy' });
  return { fleet, place, before: fleet.zone.list() };
}

const cname = (label: string, { name }: { readonly name: string }): RecordSet => ({
  Name: `${label}.${ZONE_NAME}.`,
  Type: 'CNAME',
  TTL: 60,
  ResourceRecords: [{ Value: name }],
});

const wildcard = (_: string, { address }: { readonly address: string }): RecordSet => ({
  Name: `*.${ZONE_NAME}.`,
  Type: 'A',
  TTL: 60,
  ResourceRecords: [{ Value: address }],
});

describe('an entry whose target bears the label of a host, and leads to another one', () => {
  test.each([
    ['a CNAME', cname, 'still-answers'],
    ['a wildcard', wildcard, 'target-unresolved'],
  ])('stays where %s leads to what answers', async (_what, recordOf, reason) => {
    const { fleet, place, before } = played(recordOf);
    await answerFor(
      place,
      createServer((_, response) => void response.end()),
    );

    const { entries } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(fleet.zone.list()).toEqual(before);
    expect(entries.filter(({ name }) => name.startsWith('_ledger.'))).toMatchObject([{ reason }]);
  });

  test('goes where nothing answers at the host to which a CNAME leads', async () => {
    const { fleet } = played(cname);

    const { changes } = await openWorker(await serve(fleet.world), FLAGS).apply();

    expect(changes).toMatchObject([{ action: 'DELETE', reasons: ['task-gone'], status: 'applied' }]);
  });
});
