import { describe, expect, it } from 'vitest';
import { recordSetKey } from '../../src/model/record-set.ts';
import { createZone } from '../../src/route53/zone-port.ts';
import { awsError, networkError } from '../aws/support.ts';
import { DENIED, groupOf, inMemoryRoute53, multiValueSets, srvSet, type ZoneWorld } from './support.ts';
import { virtualClock } from './virtual-clock.ts';

const zone = { id: 'Z1', name: 'discovery.internal.' };

function portTo(world: ZoneWorld) {
  const zones = [{ Id: '/hostedzone/Z1', Name: 'discovery.internal.', CallerReference: 'x' }];
  return createZone({ kind: 'id', id: 'Z1' }, inMemoryRoute53({ zones, ...world }), virtualClock());
}

describe('the zone port', () => {
  it('finds, reads and changes the zone', async () => {
    const port = portTo({ sets: multiValueSets(3) });
    expect(await port.find(undefined)).toEqual(zone);
    expect(await port.read(zone, undefined)).toEqual(multiValueSets(3));
    const outcomes = await port.apply(zone, [groupOf(srvSet(1))], {});
    expect([...outcomes]).toEqual([[recordSetKey(srvSet(1)), { status: 'applied' }]]);
    expect(await port.read(zone, undefined)).toEqual([srvSet(0), srvSet(2)]);
  });

  it.each([
    ['a forbidden reading', DENIED, 'access-denied'],
    ['an endpoint that is not there', networkError('ECONNREFUSED'), 'endpoint'],
    ['any other error', awsError('Odd'), 'aws'],
  ])('explains %s: half a zone is no zone', async (_, readError, code) => {
    await expect(portTo({ readError }).read(zone, undefined)).rejects.toMatchObject({
      name: 'RunError',
      code,
      message: expect.stringContaining('route53:ListResourceRecordSets'),
      cause: readError,
    });
  });

  it('rejects a reading that was stopped with the reason of the stop', async () => {
    const reason = new Error('the run was stopped');
    await expect(portTo({}).read(zone, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
