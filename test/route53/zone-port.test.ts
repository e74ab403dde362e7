import { describe, expect, it } from 'vitest';
import { recordSetKey } from '../../src/model/record-set.ts';
import { createZone } from '../../src/route53/zone-port.ts';
import { awsError, networkError } from '../aws/support.ts';
import {
  DENIED,
  groupOf,
  inMemoryRoute53,
  multiValueSets,
  namedSet,
  srvSet,
  type ZoneWorld,
} from './support.ts';
import { virtualClock } from './virtual-clock.ts';

const zone = { id: 'Z1', name: 'discovery.internal.' };

function portTo(world: ZoneWorld) {
  const zones = [{ Id: '/hostedzone/Z1', Name: 'discovery.internal.', CallerReference: 'x' }];
  return createZone({ kind: 'id', id: 'Z1' }, inMemoryRoute53({ zones, ...world }), virtualClock());
}

const APEX = ['NS', 'SOA'].map((Type) => ({
  Name: zone.name,
  Type,
  TTL: 900,
  ResourceRecords: [{ Value: 'x' }],
}));

describe('the zone port', () => {
  it('finds, reads and changes the zone', async () => {
    const port = portTo({ sets: [...APEX, ...multiValueSets(3)] });
    expect(await port.find(undefined)).toEqual(zone);
    expect(await port.read(zone, undefined)).toEqual([...APEX, ...multiValueSets(3)]);
    const outcomes = await port.apply(zone, [groupOf(srvSet(1))], {});
    expect([...outcomes]).toEqual([[recordSetKey(srvSet(1)), { status: 'applied' }]]);
    expect(await port.read(zone, undefined)).toEqual([...APEX, srvSet(0), srvSet(2)]);
  });

  it.each([
    { what: 'nothing', sets: [], seen: '0 record sets, without SOA and NS at the apex' },
    { what: 'no SOA', sets: APEX.slice(0, 1), seen: '1 record sets, without SOA at the apex' },
    {
      what: 'the apex of another zone',
      sets: APEX.map((set) => ({ ...set, Name: 'other.' })),
      seen: '2 record sets',
    },
  ])('takes a reading with $what for no zone', async ({ sets, seen }) => {
    await expect(portTo({ sets }).read(zone, undefined)).rejects.toMatchObject({
      code: 'zone-unreadable',
      message: expect.stringContaining(seen),
    });
  });

  it('does not read many more sets than Route 53 counts', async () => {
    const sets = [...APEX, ...multiValueSets(3_400)];
    const zones = [
      { Id: '/hostedzone/Z1', Name: zone.name, CallerReference: 'x', ResourceRecordSetCount: 5 },
    ];
    const port = portTo({ zones, sets });
    await port.find(undefined);
    await expect(port.read(zone, undefined)).rejects.toThrow('3300 record sets');
  });

  it('reads no more than the names of what another writer has done before, where the zone has more pages', async () => {
    const zones = [
      { Id: '/hostedzone/Z1', Name: zone.name, CallerReference: 'x', ResourceRecordSetCount: 6_000 },
    ];
    const api = inMemoryRoute53({ zones, sets: APEX });
    const port = createZone({ kind: 'id', id: 'Z1' }, api, virtualClock());
    await port.find(undefined);
    const gone = multiValueSets(12, namedSet);

    const outcomes = await port.apply(
      zone,
      gone.map((set) => groupOf(set)),
      {},
    );

    expect(new Set([...outcomes.values()].map(({ status }) => status))).toEqual(new Set(['already-done']));
    expect(api.readings).toHaveLength(12);
    expect(new Set(api.readings)).toEqual(new Set(gone.map(({ Name: name }) => ({ name }))));
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
