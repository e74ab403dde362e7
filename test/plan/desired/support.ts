import type { ChangeGroup } from '../../../src/model/change.ts';
import type { Endpoint, Inventory } from '../../../src/model/inventory.ts';
import type { Manage } from '../../../src/model/manage.ts';
import { type ProbeOutcome, probeKey } from '../../../src/model/probe.ts';
import type { Protections } from '../../../src/model/protection.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import type { SyncOptions } from '../../../src/model/registration.ts';
import { type Decision, decide } from '../../../src/plan/change/decide.ts';
import { type DesiredRecords, findDesired } from '../../../src/plan/desired/desired-records.ts';
import { BLUE } from '../../clusters.ts';
import { CONVENTION, inventory, matchSets, quietFacts, SYNC, ZONE } from '../support.ts';

/** As task identifiers name cluster blue. */
export const CLUSTER_KEY = 'eu-west-1/111122223333/blue';

export interface SyncCase {
  readonly zone?: readonly RecordSet[];
  readonly endpoints?: readonly Endpoint[];
  readonly inventory?: Partial<Inventory>;
  readonly options?: Partial<SyncOptions>;
  readonly manage?: Manage;
  /** The endpoints that fail their check; all others pass. */
  readonly failing?: readonly Endpoint[];
  /** Those that were not asked. */
  readonly unasked?: readonly Endpoint[];
  readonly protections?: Protections;
}

/** What is desired where nothing is missing. */
export const NOTHING_DESIRED: DesiredRecords = {
  desired: [],
  withheld: [],
  singleValueSets: new Map(),
  moved: new Map(),
  overrides: new Map(),
};

const CHECKED_ONCE = { attempts: 1, durationMs: 1 };

/** What a run with these facts decides; nothing holds removals back. */
export function decideSync(given: SyncCase): Decision {
  const { zone = [], endpoints = [], manage = CONVENTION, failing = [], unasked = [] } = given;
  const known = inventory(endpoints, {
    clusters: [{ ...BLUE, complete: true }],
    ...given.inventory,
  });
  const matched = matchSets(zone, known, manage);
  const desired = findDesired({
    zoneName: ZONE,
    manage,
    recordSets: zone,
    matched,
    inventory: known,
    options: { ...SYNC, ...given.options },
    overridesOf: ({ overrides }) => overrides,
  });
  const outcomeOf = (endpoint: Endpoint): ProbeOutcome =>
    failing.includes(endpoint)
      ? { kind: 'unhealthy', reason: 'timeout', ...CHECKED_ONCE }
      : { kind: 'healthy', ...CHECKED_ONCE };
  const asked = known.endpoints.filter((endpoint) => !unasked.includes(endpoint));
  const outcomes = new Map(
    asked.flatMap((endpoint) =>
      [endpoint.address, endpoint.container.networkInterface?.ipv6].map(
        (address = '') => [probeKey({ address, port: endpoint.port }), outcomeOf(endpoint)] as const,
      ),
    ),
  );
  return decide(matched, { ...quietFacts(known), outcomes, desired, protections: given.protections });
}

/** The record sets that are created, in the order of the plan. */
export function created({ plan }: Decision): readonly RecordSet[] {
  return plan.groups.flatMap(({ changes }) =>
    changes.flatMap(({ action, recordSet }) => (action === 'CREATE' ? [recordSet] : [])),
  );
}

/** Why what is missing is not registered, by the value that it would have. */
export function withheld({ plan }: Decision): readonly (readonly [value: string, reason: string])[] {
  return plan.withheld.map(({ value, reason }) => [value, reason]);
}

/** The zone after all groups were carried out; throws where Route 53 would refuse one. */
export function carriedOut(zone: readonly RecordSet[], groups: readonly ChangeGroup[]): readonly RecordSet[] {
  const sets = new Map(zone.map((set) => [recordSetKey(set), set]));
  for (const { action, recordSet } of groups.flatMap(({ changes }) => changes)) {
    const key = recordSetKey(recordSet);
    if ((action === 'CREATE') === sets.has(key)) throw new TypeError(`${action} of ${key}`);
    if (action === 'CREATE') sets.set(key, recordSet);
    else sets.delete(key);
  }
  return [...sets.values()];
}
