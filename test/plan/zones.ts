import * as fc from 'fast-check';
import type { Inventory } from '../../src/model/inventory.ts';
import { taskIdOf } from '../../src/model/managed-identifier.ts';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import { addressSet, multiValueSet, taskId, taskName } from './addresses.ts';
import {
  ADDRESS_NAMES,
  ENDED_TASKS,
  PORTS,
  SIMPLE,
  SLOTS,
  TASK_PORT,
  TASKS,
  tenant,
  WEIGHTED,
} from './fleets.ts';
import { agentSet, dockerId, hostName, hostSet, simpleSet, srvValue, ZONE } from './support.ts';

/**
 * What an agent wrote: for the container that holds the location, for the one that holds the host's
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

/** The service at a location, if it is one whose sets are weighted: a name cannot have both kinds. */
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

const BLUE_KEY = 'eu-west-1/111122223333/blue';
const ALL_TASKS = [...TASKS, ...ENDED_TASKS];
const family = fc.constantFrom<('A' | 'AAAA')[]>('A', 'A', 'AAAA');

function addressOf(type: 'A' | 'AAAA', n: number): string {
  return type === 'A' ? `10.0.0.${n}` : `fd00::${n}`;
}

/** The cluster of a task, wherever it runs; or one that was not read. */
function keyOf(n: number, { containers }: Inventory, isFar: boolean): string {
  if (isFar) return 'us-west-2/111122223333/blue';
  const there = containers.find(({ taskArn }) => taskIdOf(taskArn) === taskId(n));
  return there === undefined ? BLUE_KEY : BLUE_KEY.replace(/blue$/, there.cluster.name);
}

/** The address of a task, mostly its own, under a name of many or under its own. */
function taskSetArbitrary(inventory: Inventory): fc.Arbitrary<RecordSet> {
  return fc
    .record({
      n: fc.constantFrom(...ALL_TASKS),
      type: family,
      name: fc.constantFrom<string[]>(...ADDRESS_NAMES, 'own', 'own'),
      at: fc.constantFrom('own', 'own', 'own', 'own', '3.3.3.3', 'other'),
      isFar: fc.constantFrom(false, false, false, false, false, true),
    })
    .map(({ n, type, name, at, isFar }) => {
      const value = at === '3.3.3.3' && type === 'A' ? at : addressOf(type, at === 'other' ? 61 : n);
      // A task's own name is one task's alone.
      const isOwn = name === 'own';
      return addressSet(n, {
        Name: `${isOwn ? taskId(n) : name}.${ZONE}.`,
        Type: type,
        SetIdentifier: `ecs-dns:${keyOf(n, inventory, isFar && !isOwn)}/${taskId(n)}`,
        ResourceRecords: [{ Value: value }],
      });
    });
}

/** One set for a name: of addresses near and far, or of SRV values at hosts and at tasks' own names. */
const manySetArbitrary: fc.Arbitrary<RecordSet> = fc.oneof(
  fc
    .record({
      type: family,
      name: fc.constantFrom(...ADDRESS_NAMES),
      numbers: fc.uniqueArray(fc.constantFrom(...ALL_TASKS, 1, 70), { minLength: 1, maxLength: 5 }),
      extra: fc.constantFrom(undefined, undefined, '10.9.9.9', '3.3.3.3'),
    })
    .map(({ type, name, numbers, extra }) =>
      multiValueSet(
        [
          ...numbers.map((n) => addressOf(type, n)),
          ...(extra === undefined || type === 'AAAA' ? [] : [extra]),
        ],
        { Name: `${name}.${ZONE}.`, Type: type },
      ),
    ),
  fc
    .record({
      service: fc.constantFrom(...WEIGHTED),
      values: fc.uniqueArray(
        fc.oneof(
          fc.constantFrom(...SLOTS).map(({ n, port }) => srvValue({ port, target: n })),
          fc.constantFrom(...ALL_TASKS).map((n) => srvValue({ port: TASK_PORT, target: taskName(n) })),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    })
    .map(({ service, values }) => multiValueSet(values, { Name: `${service}.${ZONE}.`, Type: 'SRV' })),
);

/** An entry that finds its task by the task's own name; of the task's container, or of one that is no more. */
const throughTaskArbitrary: fc.Arbitrary<RecordSet> = fc
  .record({
    n: fc.constantFrom(...ALL_TASKS),
    service: fc.constantFrom(...WEIGHTED),
    owner: fc.constantFrom('own', 'own', 'gone'),
  })
  .map(({ n, service, owner }) =>
    agentSet(
      { service },
      {
        SetIdentifier: `${taskName(n)}:${dockerId(owner === 'own' ? n : 95)}`,
        ResourceRecords: [{ Value: srvValue({ port: TASK_PORT, target: `${taskName(n)}.` }) }],
      },
    ),
  );

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
      fc.array(taskSetArbitrary(inventory), { maxLength: 8, size: 'max' }),
      fc.array(manySetArbitrary, { maxLength: 2 }),
      fc.array(throughTaskArbitrary, { maxLength: 4 }),
    )
    .map((sets) => [...new Map(sets.flat().map((set) => [recordSetKey(set), set])).values()]);
}
