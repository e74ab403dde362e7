import type { BalancedServices, ServiceConfirmation } from '../../model/balanced-service.ts';
import { normalizeName } from '../../model/dns-name.ts';
import type { Inventory } from '../../model/inventory.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import type { CnameStatus } from '../match/cname-status.ts';
import { type CnamePlan, planCnames } from './desired-cnames.ts';

/** What the CNAMEs of a run follow from; absent where none are made. */
export interface CnameObservation {
  readonly zoneName: string;
  readonly recordSets: readonly RecordSet[];
  readonly services: BalancedServices;
  readonly inventory: Inventory;
  readonly cname: boolean | readonly string[];
  readonly correct: boolean;
}

/** What is to become of the CNAMEs of a zone, and of each that is this worker's. */
export interface CnameFacts {
  readonly plan: CnamePlan;
  /** `undefined` for a set that is not this worker's CNAME. */
  readonly statusOf: (recordSet: RecordSet) => CnameStatus | undefined;
}

/** Plans the CNAMEs of a run; with what a confirmation has seen of those that are about to go, once it has been taken. */
export function cnameFacts(observation: CnameObservation, look?: ServiceConfirmation): CnameFacts {
  const plan = planCnames({ ...observation, reserved: reservedNames(observation), look });
  const statuses = new Map<string, CnameStatus>([
    ...plan.served.map((own) => [recordSetKey(own.recordSet), { kind: 'served', own }] as const),
    ...plan.removals.map((one) => [recordSetKey(one.own.recordSet), { kind: 'stale', ...one }] as const),
    ...plan.kept.map((one) => [recordSetKey(one.own.recordSet), { kind: 'kept', ...one }] as const),
  ]);
  return { plan, statusOf: (recordSet) => statuses.get(recordSetKey(recordSet)) };
}

/** The names under which anything else is to be found: a CNAME stands alone. */
function reservedNames({ inventory, zoneName }: CnameObservation): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { serviceNames, addressName } of inventory.containers) {
    const known = serviceNames === 'unknown' ? [] : serviceNames;
    for (const name of [...known, ...(addressName === undefined ? [] : [addressName])]) {
      names.add(normalizeName(`${name}.${zoneName}`));
    }
  }
  return names;
}
