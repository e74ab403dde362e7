import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { addService, newFleet, openWorker, serve, without, ZONE_NAME } from '../end-to-end/support.ts';

/** The other guardrails on stale entries, out of the way. */
const WHOLE_ZONE = { '--manage': 'zone', '--guardrails-removal-budget-percent': '100' };

function set(Type: string, label: string, value: string, more: Partial<RecordSet> = {}): RecordSet {
  return { Name: `${label}.${ZONE_NAME}.`, Type, TTL: 60, ResourceRecords: [{ Value: value }], ...more };
}

const WEIGHTED = { SetIdentifier: 'by hand', Weight: 1 };

interface Kept {
  readonly what: string;
  readonly sets: readonly RecordSet[];
  readonly found: object;
}

const UNRESOLVED = { verdict: 'unverified', reason: 'target-unresolved' };

const KEPT: readonly Kept[] = [
  {
    what: 'a name that somebody keeps by hand, with an A record',
    sets: [set('A', 'db', '10.200.0.1'), set('SRV', '_db._tcp', `1 1 5432 db.${ZONE_NAME}`)],
    found: UNRESOLVED,
  },
  {
    what: 'a name that somebody keeps by hand, weighted',
    sets: [
      set('A', 'db', '10.200.0.1', WEIGHTED),
      set('SRV', '_db._tcp', `1 1 5432 db.${ZONE_NAME}`, WEIGHTED),
    ],
    found: UNRESOLVED,
  },
  {
    what: 'a name that somebody keeps by hand, deep in the zone',
    sets: [set('A', 'db.west', '10.200.0.1'), set('SRV', '_db._tcp', `1 1 5432 db.west.${ZONE_NAME}`)],
    found: UNRESOLVED,
  },
  {
    what: 'a name that is an alias of something else',
    sets: [set('CNAME', 'db', 'db.example.com'), set('SRV', '_db._tcp', `1 1 5432 db.${ZONE_NAME}`)],
    found: UNRESOLVED,
  },
  {
    what: 'a name of the zone that is nowhere to be found',
    sets: [set('SRV', '_db._tcp', `1 1 5432 nobody.${ZONE_NAME}`)],
    found: UNRESOLVED,
  },
  {
    what: 'a host of one label, which does not tell its region',
    sets: [set('SRV', '_db._tcp', '1 1 5432 db-primary')],
    found: { verdict: 'unverified', reason: 'host-not-covered' },
  },
  {
    what: 'a host of another domain',
    sets: [set('SRV', '_db._tcp', '1 1 5432 db.example.com')],
    found: { verdict: 'unverified', reason: 'host-not-covered' },
  },
];

describe('in a zone of which every SRV set is managed, an entry stays that leads to', () => {
  test.each(KEPT)('$what', async ({ sets, found }) => {
    const fleet = newFleet();
    const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
    for (const one of sets) fleet.zone.put(one);
    const before = fleet.zone.list();
    const server = await serve(fleet.world);

    const { entries, heldBack } = await openWorker(server, WHOLE_ZONE).apply();

    expect(entries.filter(({ name, type }) => type === 'SRV' && name.startsWith('_db.'))).toMatchObject([
      found,
    ]);
    expect(heldBack.every(({ guardrail }) => guardrail === 'host-not-covered')).toBe(true);
    expect(fleet.zone.list()).toEqual(without(before, staleSets));
  });
});

test('a host of one label that EC2 has under a full name is one that EC2 has', async () => {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4 });
  const stranger = fleet.world.addMachine({ address: '10.200.0.9' });
  const [label] = stranger.privateDnsName.split('.');
  fleet.zone.put(set('SRV', '_db._tcp', `1 1 5432 ${label}`));
  const before = fleet.zone.list();
  const server = await serve(fleet.world);

  const { heldBack } = await openWorker(server, WHOLE_ZONE).apply();

  expect(heldBack).toMatchObject([
    {
      guardrail: 'host-not-covered',
      detail: `EC2 has ${label}, but no cluster that was read has registered it`,
    },
  ]);
  expect(fleet.zone.list()).toEqual(before);
});
