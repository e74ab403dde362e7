import { normalizeName } from '../../model/dns-name.ts';
import { type Entry, entriesOf } from '../../model/entry.ts';
import type { Inventory } from '../../model/inventory.ts';
import { canonicalAddress } from '../../model/ip-address.ts';
import type { Manage } from '../../model/manage.ts';
import { isEc2Name } from '../../model/private-dns-name.ts';
import type { RecordSet } from '../../model/record-set.ts';
import type { CnameStatus } from './cname-status.ts';
import { markDuplicates } from './duplicates.ts';
import {
  buildEndpointIndex,
  clustersOf,
  type EndpointIndex,
  firstPresent,
  isGone,
} from './endpoint-index.ts';
import { type ForeignRule, foreignRule, isOfContainers } from './managed.ts';
import { addressOwner, tasksBehind } from './managed-addresses.ts';
import { containerAddressOwner, type HostedContainer } from './managed-hosts.ts';
import { matchAddress } from './match-address.ts';
import type { Match, Matched } from './match-kinds.ts';
import { matchSrv, type SrvContext } from './match-srv.ts';
import { buildNameBearers, type NameBearers } from './name-bearers.ts';
import { parseSrvRecord } from './srv-record.ts';
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
  const targets = { addresses: zoneAddresses(input.recordSets), taskBehind: tasksBehind(input.recordSets) };
  const context: Context = {
    zoneName: input.zoneName,
    index: buildEndpointIndex(input.inventory),
    ...targets,
    tasks: lazyTaskIndex(input.inventory),
    bearers: lazyNameBearers(input, targets),
    statusOf: input.statusOf ?? (() => undefined),
  };
  const foreign = foreignRule(input.manage, input.zoneName, (set) => context.statusOf(set) !== undefined);
  const matched = input.entries.map((entry) => ({ entry, match: matchEntry(entry, foreign, context) }));
  return markDuplicates(followSuccessors(matched));
}

/** Built when it is first asked for: most runs meet no container whose name has to be found out. */
function lazyNameBearers(
  { zoneName, recordSets, inventory }: MatchInput,
  { addresses, taskBehind }: Pick<SrvContext, 'addresses' | 'taskBehind'>,
): () => NameBearers {
  let built: NameBearers | undefined;
  return () => {
    built ??= buildNameBearers(
      entriesOf(recordSets.filter(isOfContainers)).flatMap(
        (entry) => parseSrvRecord(entry, zoneName, addresses, taskBehind) ?? [],
      ),
      inventory.endpoints,
    );
    return built;
  };
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
  const container = containerAddressOwner(entry.recordSet);
  if (container !== undefined) return matchContainerAddress(entry, container, context.index);
  // An A entry without an identifier is foreign.
  if (entry.type === 'A') return matchHost(entry, normalizeName(String(entry.setIdentifier)), context.index);
  return matchSrv(entry, context);
}

/**
 * Only the engine of a host knows all that runs there; to others the address of a container is there as long as its
 * host is.
 */
function matchContainerAddress(
  entry: Entry,
  { host, containerId }: HostedContainer,
  index: EndpointIndex,
): Match {
  const container = index.containerById(containerId);
  if (container?.phase === 'running') return { kind: 'addressed', container };
  if (container !== undefined)
    return { kind: container.phase === 'starting' ? 'starting' : 'stopping', container };
  const engine = index.engineAt(host);
  return engine === undefined
    ? matchHost(entry, host, index)
    : { kind: 'container-gone', host: engine, containerId };
}

/** A name that EC2 does not give out says nothing of the host; the value says where it is. */
function matchHost(entry: Entry, hostName: string, index: EndpointIndex): Match {
  const address = canonicalAddress(entry.value);
  const named = index.locationsAt(hostName);
  const isNamed = named.length > 0 || address === undefined || isEc2Name(hostName);
  const locations = isNamed ? named : index.locationsAt(address);
  const location = firstPresent(locations);
  if (location === undefined) return { kind: 'host-unknown', hostName, containerId: undefined, address };
  return { kind: isGone(location) ? 'host-gone' : 'host-present', location, clusters: clustersOf(locations) };
}
