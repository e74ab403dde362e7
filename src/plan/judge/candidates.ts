import { relativeName } from '../../model/dns-name.ts';
import { type Entry, entryKey } from '../../model/entry.ts';
import type { HealthCheck } from '../../model/health-check.ts';
import type { Container, Inventory } from '../../model/inventory.ts';
import { groupBy } from '../../model/multimap.ts';
import { addressInEc2Name } from '../../model/private-dns-name.ts';
import { type ProbeTarget, probeKey } from '../../model/probe.ts';
import type { RecordSet } from '../../model/record-set.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import { isGone } from '../match/endpoint-index.ts';
import { addressOwner, isAddressType } from '../match/managed-addresses.ts';
import type { Match, Matched } from '../match/match-kinds.ts';
import { statedAddressOf, zoneAddresses } from '../match/zone-addresses.ts';
import { lowestPortOfEntries } from './entry-ports.ts';
import type { Judged } from './judge-entries.ts';
import { portByName } from './name-ports.ts';
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
 * address, or is served over UDP, cannot be asked. An address tells no port: `portByName` does.
 */
export function candidateTargets(
  judged: readonly Judged[],
  facts: CandidateFacts,
): ReadonlyMap<string, ProbeTarget> {
  const candidates = [
    ...judged.filter(isCandidate),
    ...judged.filter(hasStopped),
    ...siblingsOfStopping(judged),
  ];
  if (candidates.length === 0) return new Map();
  const targetOf = targetRule(facts);
  const targets = candidates.flatMap(({ judgement: { entry }, match }) => {
    const target = targetOf(entry, match);
    return target === undefined ? [] : [[entryKey(entry), target] as const];
  });
  const taken = takenOf(
    targets.map(([, target]) => target),
    facts.inventory,
  );
  return new Map(targets.filter(([, target]) => !taken.has(probeKey(target))));
}

/** The places at which a container runs that is known: what answers there is not the one of the entry. */
function takenOf(targets: readonly ProbeTarget[], { endpoints }: Inventory): ReadonlySet<string> {
  const asked = new Set(targets.map(probeKey));
  const taken = new Set<string>();
  for (const { address, port, protocol, container } of endpoints) {
    const { phase, host } = container;
    if (address === undefined || protocol !== 'tcp' || phase !== 'running') continue;
    const key = probeKey({ address, port });
    if (asked.has(key) && (host === undefined || !isGone(host))) taken.add(key);
  }
  return taken;
}

/** Whether an entry could be one, were it stale: most of a zone need not be judged to know that they are none. */
export function mayBeCandidate({ entry, match }: Matched): boolean {
  return isLostAddress(match) || (entry.type === 'SRV' && OUT_OF_SIGHT.has(match.kind));
}

/** Whether an entry is an address whose task is gone, or unknown: ECS may not list yet what has it by now. */
function isLostAddress(match: Match): boolean {
  return match.kind === 'address-unassigned' || (match.kind === 'task-gone' && match.address !== undefined);
}

/**
 * What has stopped in a run of a scope: another container may have its place by now, which only a run that looks at
 * everything would know.
 */
function hasStopped({ match, judgement: { verdict, entry } }: Judged): boolean {
  return (
    verdict === 'stale' &&
    (entry.type === 'SRV' || addressOwner(entry.recordSet)?.kind === 'task') &&
    match.kind === 'stopping' &&
    match.container.phase === 'stopped'
  );
}

/** So many are asked of one name: one that answers is enough for another one to go. */
const SIBLINGS_ASKED = 3;

/** Of names of which an entry is about to stop, others that this run does not look at. */
function siblingsOfStopping(judged: readonly Judged[]): readonly Judged[] {
  const names = new Set(
    judged.flatMap(({ match, judgement }) => (match.kind === 'stopping' ? [judgement.entry.name] : [])),
  );
  const siblings = judged.filter(
    ({ judgement: { reason, entry } }) =>
      reason === 'out-of-scope' && entry.type === 'SRV' && names.has(entry.name),
  );
  return [...groupBy(siblings, ({ judgement }) => judgement.entry.name)].flatMap(([, own]) =>
    own.slice(0, SIBLINGS_ASKED),
  );
}

function isCandidate({ match, judgement: { verdict, entry } }: Judged): boolean {
  return verdict === 'stale' && mayBeCandidate({ entry, match });
}

function targetRule({ zoneName, recordSets, inventory, rule }: CandidateFacts) {
  const addresses = zoneAddresses(recordSets);
  const check = connectionOnce(rule);
  const placeOf = (written: string, match?: Match): string | undefined => {
    const target = addresses.leadsTo(written);
    const known = match && knownAddressOf(match);
    return target === undefined
      ? known
      : (addressInEc2Name(target) ?? known ?? statedAddressOf(target, zoneName, addresses));
  };
  let portOf: ReturnType<typeof portByName> | undefined;
  const portAt = (name: string, address: string, match: Match): number | undefined => {
    if (match.kind === 'stopping') return lowestPort(match.container, inventory);
    portOf ??= portByName(inventory, zoneName, lowestPortOfEntries(recordSets, placeOf));
    return portOf(name, address);
  };
  return (entry: Entry, match: Match): ProbeTarget | undefined => {
    if (isAddressType(entry.type)) {
      const address = match.kind === 'address-unassigned' ? match.address : entry.value;
      const port = portAt(entry.name, address, match);
      return port === undefined ? undefined : { address, port, check, lingerMs: LINGER_MS };
    }
    const srv = parseSrvValue(entry.value);
    const serviceName = relativeName(entry.name, zoneName);
    if (srv === undefined || serviceName.includes('_udp')) return undefined;
    const address = placeOf(srv.target, match);
    return address === undefined ? undefined : { address, port: srv.port, check, lingerMs: LINGER_MS };
  };
}

/** At which a task is asked for its address. */
function lowestPort({ taskArn }: Container, { endpoints }: Inventory): number | undefined {
  const own = endpoints.filter((one) => one.container.taskArn === taskArn && one.protocol === 'tcp');
  return own.map(({ port }) => port).toSorted((a, b) => a - b)[0];
}

/** Of a host that EC2 calls by its id, no name tells the address. */
function knownAddressOf(match: Match): string | undefined {
  if ('location' in match) return match.location.address;
  if (match.kind !== 'stopping') return undefined;
  const { networkInterface, host } = match.container;
  return networkInterface === undefined ? host?.address : networkInterface.address;
}

/**
 * One connection. Whatever takes it is there, in whatever way it is to be asked: the check of a container out of sight is
 * out of sight as well.
 */
function connectionOnce({ checkOf }: ProbeRule): HealthCheck {
  const general = checkOf({ serviceName: undefined, protocol: 'tcp', check: {} });
  return { ...general, kind: 'tcp', attempts: 1 };
}
