import { normalizeName } from '../../model/dns-name.ts';
import type { Entry } from '../../model/entry.ts';
import type { Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import type { Manage } from '../../model/manage.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { CnameStatus } from './cname-status.ts';
import {
  buildEndpointIndex,
  clustersOf,
  type EndpointIndex,
  firstPresent,
  isGone,
} from './endpoint-index.ts';
import { type ForeignRule, foreignRule } from './managed.ts';
import { addressOwner, tasksBehind } from './managed-addresses.ts';
import { matchAddress } from './match-address.ts';
import type { Match, Matched } from './match-kinds.ts';
import { matchSrv, type SrvContext } from './match-srv.ts';
import { followSuccessors } from './successors.ts';
import { lazyTaskIndex } from './task-index.ts';
import { zoneAddresses } from './zone-addresses.ts';

/** Everything that matching looks at. `zoneName` is normalised; `recordSets` is the whole zone. */
export interface MatchInput {
  readonly zoneName: string;
  readonly manage: Manage;
  readonly recordSets: readonly RecordSet[];
  readonly entries: readonly Entry[];
  readonly inventory: Inventory;
  /** What becomes of the CNAMEs of this worker's; without it, all CNAMEs are foreign. */
  readonly statusOf?: ((recordSet: RecordSet) => CnameStatus | undefined) | undefined;
}

/** Matches every entry with what it leads to, in the order of the entries. */
export function matchEntries(input: MatchInput): readonly Matched[] {
  const context: Context = {
    zoneName: input.zoneName,
    index: buildEndpointIndex(input.inventory),
    addresses: zoneAddresses(input.recordSets),
    tasks: lazyTaskIndex(input.inventory),
    taskBehind: tasksBehind(input.recordSets),
    statusOf: input.statusOf ?? (() => undefined),
  };
  const foreign = foreignRule(input.manage, input.zoneName, (set) => context.statusOf(set) !== undefined);
  return followSuccessors(
    input.entries.map((entry) => ({ entry, match: matchEntry(entry, foreign, context) })),
  );
}

interface Context extends SrvContext {
  readonly statusOf: (recordSet: RecordSet) => CnameStatus | undefined;
}

function matchEntry(entry: Entry, foreign: ForeignRule, context: Context): Match {
  const reason = foreign(entry);
  if (reason !== undefined) return { kind: 'foreign', reason };
  const status = context.statusOf(entry.recordSet);
  if (status !== undefined) {
    return { kind: 'service', status, clusters: status.kind === 'stale' ? [status.cluster] : [] };
  }
  const owner = addressOwner(entry.recordSet);
  if (owner !== undefined) return matchAddress(entry, owner, context);
  if (entry.type === 'A') return matchHost(entry, context.index);
  return matchSrv(entry, context);
}

function matchHost(entry: Entry, index: EndpointIndex): Match {
  // An A entry without an identifier is foreign.
  const hostName = normalizeName(String(entry.setIdentifier));
  const locations = index.locationsAt(hostName);
  const location = firstPresent(locations);
  if (location === undefined) {
    return { kind: 'host-unknown', hostName, containerId: undefined, address: canonicalAddress(entry.value) };
  }
  return { kind: isGone(location) ? 'host-gone' : 'host-present', location, clusters: clustersOf(locations) };
}
