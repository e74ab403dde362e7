import {
  type BalancedServices,
  isBalanced,
  labelOf,
  type ServiceConfirmation,
} from '../../model/balanced-service.ts';
import { normalizeName } from '../../model/dns-name.ts';
import type { Inventory } from '../../model/inventory.ts';
import { clusterPart } from '../../model/managed-identifier.ts';
import { groupBy } from '../../model/multimap.ts';
import { nameSwitch } from '../../model/name-pattern.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import {
  type CnameStatus,
  cnameObjection,
  cnameStatusRule,
  type KeptCname,
  type StaleCname,
} from '../match/cname-status.ts';
import { type ManagedCname, managedCnames } from '../match/managed-cnames.ts';
import { settleName } from './cname-at-name.ts';
import { type DesiredCname, type PlannedCname, type WithheldCname, withhold } from './cname-outcomes.ts';

/** What the CNAMEs of a zone are planned from. */
export interface CnameInput {
  /** Normalised. */
  readonly zoneName: string;
  /** All of the zone, as it was read before the services were. */
  readonly recordSets: readonly RecordSet[];
  readonly services: BalancedServices;
  readonly inventory: Pick<Inventory, 'containers'>;
  /** The setting: which services get a CNAME. */
  readonly cname: boolean | readonly string[];
  /** Whether what differs only in TTL, weight or owner is put right. */
  readonly correct: boolean;
  /** Names, normalised, that get records of another type in this run: a CNAME stands alone. */
  readonly reserved: ReadonlySet<string>;
  /** What was seen right before applying; without it, what is stale goes unconfirmed into the plan. */
  readonly look?: ServiceConfirmation | undefined;
}

/** What is to become of the CNAMEs of a zone. */
export interface CnamePlan {
  /** One for each service that is to have a CNAME, sorted by name and cluster. */
  readonly planned: readonly PlannedCname[];
  /** Those of them that get none, with the reason. */
  readonly withheld: readonly WithheldCname[];
  /** CNAMEs of this worker's that go, to be confirmed before. */
  readonly removals: readonly StaleCname[];
  /** CNAMEs of this worker's whose service is there, or is still being deleted. */
  readonly served: readonly ManagedCname[];
  /** CNAMEs of this worker's that stay although no cluster is known to have their service. */
  readonly kept: readonly KeptCname[];
}

/** Plans the CNAMEs of load-balanced services: what is there, what is missing, and what is no longer true. */
export function planCnames(input: CnameInput): CnamePlan {
  const { zoneName, recordSets, services, inventory } = input;
  const own = managedCnames(recordSets, zoneName);
  const ownByName = groupBy(own, ({ label }) => `${label}.${zoneName}`);
  const setsByName = groupBy(recordSets, (set) => normalizeName(set.Name));
  const { wanted, unnameable } = wantedOf(input);
  const wantedByName = groupBy(wanted, ({ name }) => name);
  const statusOf = cnameStatusRule(services.clusters, inventory);
  const names = [
    ...new Set([...wanted.map(({ name }) => name), ...own.map(({ label }) => `${label}.${zoneName}`)]),
  ];
  const settled = names.toSorted().map((name) =>
    settleName(name, {
      wanted: wantedByName.get(name),
      sets: setsByName.get(name),
      statuses: ownByName.get(name).map((one) => confirmed(statusOf(one), input.look)),
      correct: input.correct,
      isReserved: input.reserved.has(name),
    }),
  );
  const planned = [...unnameable, ...settled.flatMap((one) => one.planned)].toSorted((a, b) =>
    keyOf(a.desired) < keyOf(b.desired) ? -1 : 1,
  );
  return {
    planned,
    withheld: planned.filter((one) => one.kind === 'withheld'),
    removals: settled.flatMap((one) => one.removals),
    served: own.filter((one) => statusOf(one).kind === 'served'),
    kept: settled.flatMap((one) => one.kept),
  };
}

/** What is to become of the CNAMEs of a zone, and of each that is this worker's. */
export interface CnameFacts {
  readonly plan: CnamePlan;
  /** `undefined` for a set that is not this worker's CNAME. */
  readonly statusOf: (recordSet: RecordSet) => CnameStatus | undefined;
}

/** Plans the CNAMEs of a run; with what a confirmation has seen of those that are about to go, once it has been taken. */
export function cnameFacts(
  observation: Omit<CnameInput, 'reserved' | 'look'>,
  look?: ServiceConfirmation,
): CnameFacts {
  const plan = planCnames({ ...observation, reserved: reservedNames(observation), look });
  const statuses = new Map<string, CnameStatus>([
    ...plan.served.map((own) => [recordSetKey(own.recordSet), { kind: 'served', own }] as const),
    ...plan.removals.map((one) => [recordSetKey(one.own.recordSet), { kind: 'stale', ...one }] as const),
    ...plan.kept.map((one) => [recordSetKey(one.own.recordSet), { kind: 'kept', ...one }] as const),
  ]);
  return { plan, statusOf: (recordSet) => statuses.get(recordSetKey(recordSet)) };
}

/** The names under which anything else is to be found: a CNAME stands alone. */
function reservedNames({
  inventory,
  zoneName,
}: Pick<CnameInput, 'inventory' | 'zoneName'>): ReadonlySet<string> {
  const names = inventory.containers.flatMap(({ serviceNames, addressName }) => [
    ...(serviceNames === 'unknown' ? [] : serviceNames),
    ...(addressName === undefined ? [] : [addressName]),
  ]);
  return new Set(names.map((name) => normalizeName(`${name}.${zoneName}`)));
}

/** What the confirmation does not confirm is kept, in the words of the confirmation. */
function confirmed(status: CnameStatus, look: ServiceConfirmation | undefined): CnameStatus {
  if (status.kind !== 'stale' || look === undefined) return status;
  const objection = cnameObjection(status, look);
  return objection === undefined ? status : { kind: 'kept', ...objection };
}

/** Source: RFC 1123, 2.1; RFC 1035, 2.3.4. */
const DNS_LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_NAME_LENGTH = 253;

/** Every active service with a load balancer that the setting means; apart, those that DNS has no name for. */
function wantedOf({ services, cname, zoneName }: CnameInput): {
  readonly wanted: readonly DesiredCname[];
  readonly unnameable: readonly WithheldCname[];
} {
  const isWanted = nameSwitch(cname);
  const wanted = services.clusters.flatMap(({ cluster, services: described }) => {
    // The ARN of a cluster is known as soon as one service of it was described.
    const key = clusterPart(cluster);
    const fitting = described.filter(
      (one) => one.state === 'active' && isBalanced(one) && isWanted(labelOf(one.name)),
    );
    return key === undefined
      ? []
      : fitting.map((service) => ({ service, cluster, key, name: `${labelOf(service.name)}.${zoneName}` }));
  });
  const isNameable = ({ service, name }: DesiredCname) =>
    DNS_LABEL.test(labelOf(service.name)) && name.length <= MAX_NAME_LENGTH;
  return {
    wanted: wanted.filter(isNameable).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    unnameable: wanted.filter((desired) => !isNameable(desired)).map(notDnsName),
  };
}

function notDnsName(desired: DesiredCname): WithheldCname {
  const detail =
    desired.name.length > MAX_NAME_LENGTH
      ? `${desired.name} is longer than the ${MAX_NAME_LENGTH} characters that a DNS name may have`
      : `${desired.service.name} is no DNS label: letters, digits and inner hyphens, at most 63`;
  return withhold(desired, 'not-dns-name', detail);
}

function keyOf({ name, key, service }: DesiredCname): string {
  return `${name} ${key} ${service.name}`;
}
