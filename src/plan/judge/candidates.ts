import { relativeName } from '../../model/dns-name.ts';
import { type Entry, entryKey } from '../../model/entry.ts';
import type { Endpoint, Inventory } from '../../model/inventory.ts';
import type { ProbeTarget } from '../../model/probe.ts';
import type { RecordSet } from '../../model/record-set.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import { buildEndpointIndex } from '../match/endpoint-index.ts';
import type { Match } from '../match/match-kinds.ts';
import { statedAddressOf, zoneAddresses } from '../match/zone-addresses.ts';
import type { Judged } from './judge-entries.ts';
import type { ProbeRule } from './probe-targets.ts';

/** What the places of entries are looked up in. `zoneName` is normalised. */
export interface CandidateFacts {
  readonly zoneName: string;
  readonly recordSets: readonly RecordSet[];
  readonly inventory: Inventory;
  readonly rule: ProbeRule;
}

/**
 * The kinds of match whose place is not known to be another container's, nor seen to end: what runs there may be out
 * of this role's sight.
 */
const OUT_OF_SIGHT: ReadonlySet<Match['kind']> = new Set([
  'no-task-on-host',
  'host-gone',
  'host-unknown',
  'task-gone',
]);

/** A proxy that has no container behind it accepts, and ends the connection within a few milliseconds. */
const LINGER_MS = 250;

/**
 * Where the stale ones of some entries are to be asked before they go, by `entryKey`: once, over TCP. What has no
 * address, or is served over UDP, cannot be asked.
 */
export function candidateTargets(
  judged: readonly Judged[],
  facts: CandidateFacts,
): ReadonlyMap<string, ProbeTarget> {
  const candidates = judged.filter(isCandidate);
  if (candidates.length === 0) return new Map();
  const targetOf = targetRule(facts);
  return new Map(
    candidates.flatMap(({ match, judgement: { entry } }) => {
      const target = targetOf(entry, match);
      return target === undefined ? [] : [[entryKey(entry), target] as const];
    }),
  );
}

function isCandidate({ match, judgement: { verdict, entry } }: Judged): boolean {
  return verdict === 'stale' && entry.type === 'SRV' && OUT_OF_SIGHT.has(match.kind);
}

function targetRule({ zoneName, recordSets, inventory, rule }: CandidateFacts) {
  const addresses = zoneAddresses(recordSets);
  const index = buildEndpointIndex(inventory);
  const byService = new Map(inventory.endpoints.map((endpoint) => [endpoint.serviceName, endpoint] as const));
  return (entry: Entry, match: Match): ProbeTarget | undefined => {
    const srv = parseSrvValue(entry.value);
    const serviceName = relativeName(entry.name, zoneName);
    if (srv === undefined || serviceName.includes('_udp')) return undefined;
    const { target, port } = srv;
    const known = 'location' in match ? match.location.address : undefined;
    const address = known ?? statedAddressOf(target, zoneName, addresses);
    if (address === undefined) return undefined;
    // What answers there is a container that is known, and not the one of the entry.
    const isTaken = index.endpointsAt(address, port).some(({ container }) => container.phase === 'running');
    if (isTaken) return undefined;
    const sibling = byService.get(serviceName) ?? { serviceName, protocol: 'tcp', check: {} };
    return { address, port, ...askedOnce(sibling, rule) };
  };
}

/** The check of a service, made once; where it has none, a connection that stands is an answer. */
function askedOnce(
  endpoint: Pick<Endpoint, 'protocol' | 'serviceName' | 'check'>,
  { checkOf }: ProbeRule,
): Pick<ProbeTarget, 'check' | 'lingerMs'> {
  const check = checkOf(endpoint);
  const kind = check.kind === 'none' ? 'tcp' : check.kind;
  return { check: { ...check, kind, attempts: 1 }, lingerMs: LINGER_MS };
}
