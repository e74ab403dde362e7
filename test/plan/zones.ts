import * as fc from 'fast-check';
import type { Inventory } from '../../src/model/inventory.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import { PORTS, SIMPLE, SLOTS, tenant, WEIGHTED } from './fleets.ts';
import { agentSet, hostName, hostSet, simpleSet, srvValue, ZONE } from './support.ts';

/**
 * What an agent wrote: for the container that holds the place, for the one that holds the host's
 * other port, or for one that is no more; mostly under the service that is there today.
 */
interface AgentEntry {
  readonly n: number;
  readonly port: number;
  readonly owner: 'tenant' | 'neighbour' | 90 | 91;
  readonly service: 'current' | (typeof WEIGHTED)[number];
  readonly below: boolean;
}

const agentEntryArbitrary: fc.Arbitrary<AgentEntry> = fc
  .tuple(
    fc.constantFrom(...SLOTS, ...SLOTS, { n: 4, port: PORTS[0] }),
    fc.record({
      owner: fc.constantFrom<AgentEntry['owner'][]>('tenant', 'tenant', 'tenant', 'neighbour', 90, 91),
      service: fc.constantFrom<AgentEntry['service'][]>('current', 'current', 'current', ...WEIGHTED),
      below: fc.constantFrom(false, false, true),
    }),
  )
  .map(([slot, how]) => ({ ...slot, ...how }));

function writeEntry({ n, port, owner, service, below }: AgentEntry, inventory: Inventory): RecordSet {
  const target = below ? `ip-10-0-0-${n}.${ZONE}.` : `${hostName(n)}.`;
  const written = typeof owner === 'number' ? owner : tenant(n, owner === 'tenant' ? port : otherPort(port));
  return agentSet(
    {
      service: service === 'current' ? currentService(n, port, inventory) : service,
      target: n,
      owner: written,
    },
    { ResourceRecords: [{ Value: srvValue({ port, target }) }] },
  );
}

function otherPort(port: number): number {
  return PORTS.find((other) => other !== port) ?? port;
}

/** The service at a place, if it is one whose sets are weighted: a name cannot have both kinds. */
function currentService(n: number, port: number, { endpoints }: Inventory): string {
  const there = endpoints.find((item) => item.port === port && item.container.host?.instanceId === `i-${n}`);
  return WEIGHTED.find((name) => name === there?.serviceName) ?? WEIGHTED[0];
}

/** Hosts, an address, labels, names elsewhere, and names of the zone that tell no host. */
const TARGETS: readonly (number | string)[] = [
  1,
  2,
  3,
  4,
  '10.0.0.1',
  'ip-10-0-0-2',
  'ip-10-0-0-4',
  'db.example.com',
  `db.${ZONE}`,
  `www.${ZONE}`,
  `lb.${ZONE}`,
];

const simpleSetArbitrary: fc.Arbitrary<RecordSet> = fc
  .uniqueArray(
    fc.oneof(
      fc
        .record({
          port: fc.constantFrom(...PORTS),
          target: fc.constantFrom(...TARGETS),
        })
        .map(srvValue),
      fc.constantFrom(srvValue({ port: 8080, target: 50 }), srvValue({ port: 8080, target: 51 }), 'broken'),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((values) => simpleSet(values, SIMPLE));

const STRANGE_SETS: readonly RecordSet[] = [
  { Name: `${ZONE}.`, Type: 'SRV', TTL: 1, ResourceRecords: [{ Value: srvValue({ target: 4 }) }] },
  { Name: `www.${ZONE}.`, Type: 'CNAME', TTL: 1, ResourceRecords: [{ Value: hostName(4) }] },
  { Name: `db.${ZONE}.`, Type: 'A', TTL: 1, ResourceRecords: [{ Value: '10.9.9.9' }] },
  { Name: `lb.${ZONE}.`, Type: 'A', AliasTarget: { DNSName: 'lb.example.com.' } },
  agentSet({ service: '_old._tcp', target: 4, owner: 'primary' }),
  agentSet({ service: '\\052', target: 4, owner: 92 }),
];

/** Zones for a fleet; every set in it has a name, type and identifier of its own. */
export function zoneArbitrary(inventory: Inventory): fc.Arbitrary<readonly RecordSet[]> {
  return fc
    .tuple(
      fc
        .array(agentEntryArbitrary, { minLength: 2, maxLength: 20, size: 'max' })
        .map((entries) => entries.map((entry) => writeEntry(entry, inventory))),
      fc.array(simpleSetArbitrary, { maxLength: 1 }),
      fc.subarray([1, 2, 3, 4]).map((numbers) => numbers.map((n) => hostSet(n))),
      fc.subarray([...STRANGE_SETS]),
    )
    .map((sets) => [...new Map(sets.flat().map((set) => [recordSetKey(set), set])).values()]);
}
