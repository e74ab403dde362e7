import type { RecordSet } from '../../model/record-set.ts';
import type { FleetBuilder } from './fleet-builder.ts';
import { plantedEntries } from './planted.ts';

/** What other people keep in the same zone, each with the reason for which it is not ours. */
export function addForeignRecords(fleet: FleetBuilder): void {
  const zoneName = fleet.zone.name;
  for (const set of fleet.zone.list().filter((one) => one.Name === zoneName))
    fleet.planted.push(...plantedEntries(set, { expected: 'foreign', reason: 'apex' }));
  for (const [reason, set] of foreignSets(zoneName)) fleet.plant(set, { expected: 'foreign', reason });
}

function foreignSets(zone: string): readonly (readonly [string, RecordSet])[] {
  return [
    ['record-type', simple('notes', 'TXT', 300, ['"kept by hand"'])],
    ['record-type', simple('www', 'CNAME', 60, ['frontend.example.com'])],
    ['record-type', simple('\\052.preview', 'A', 60, ['192.0.2.7'])],
    [
      'not-weighted',
      simple('_ldap._tcp', 'SRV', 300, ['0 100 389 ldap-1.example.com', '0 100 389 ldap-2.example.com']),
    ],
    ['set-identifier', weighted('_shop._tcp', 'blue', '1 1 443 shop-blue.example.com')],
    ['set-identifier', weighted('_shop._tcp', 'green', '1 1 443 shop-green.example.com')],
  ];

  function simple(name: string, Type: string, TTL: number, values: readonly string[]): RecordSet {
    return { Name: `${name}.${zone}`, Type, TTL, ResourceRecords: values.map((Value) => ({ Value })) };
  }

  function weighted(name: string, SetIdentifier: string, Value: string): RecordSet {
    const Name = `${name}.${zone}`;
    return { Name, Type: 'SRV', SetIdentifier, Weight: 50, TTL: 60, ResourceRecords: [{ Value }] };
  }
}
