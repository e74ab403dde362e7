import type { BalancedServices } from '../model/balanced-service.ts';
import { normalizeName } from '../model/dns-name.ts';
import { entriesOf, sortEntries } from '../model/entry.ts';
import { type Inventory, NO_UNKNOWN_HOSTS, type UnknownHostLookup } from '../model/inventory.ts';
import { probeKey } from '../model/probe.ts';
import type { DecisionFacts } from '../plan/decide.ts';
import { type CnameFacts, type CnameObservation, cnameFacts } from '../plan/desired/cname-facts.ts';
import { type DesiredRecords, desiredRecordsOf } from '../plan/desired/desired-records.ts';
import { unregisteredPorts } from '../plan/desired/unregistered-ports.ts';
import { checkResolver } from '../plan/judge/check-resolver.ts';
import { type ProbeRule, probeTargetOf } from '../plan/judge/probe-targets.ts';
import { unknownHostsOf } from '../plan/judge/unknown-hosts-of.ts';
import { cnameInterest, managedCnames } from '../plan/match/managed-cnames.ts';
import { matchEntries } from '../plan/match/match-entries.ts';
import type { Matched } from '../plan/match/match-kinds.ts';
import type { ProbeOptions } from '../probe/prober.ts';
import type { Ports } from './ports.ts';
import { probeEndpoints } from './probe-endpoints.ts';
import type { Observation, Policy, Progress, RunOptions } from './run.ts';

type Reading = Pick<Observation, 'zone' | 'recordSets' | 'inventory' | 'services'>;

/**
 * Reads the zone, then the inventory; matches them; and asks whatever entries lead to how it is. What only
 * the policy `beside` leads to is asked too, for `observeFor`.
 */
export async function observe(ports: Ports, options: RunOptions, beside?: Policy): Promise<Observation> {
  const { signal } = options;
  const startedAt = ports.clock.now();
  const zone = await ports.zone.find(signal);
  const recordSets = await ports.zone.read(zone, signal);
  const readAt = ports.clock.now();
  const inventory = await ports.inventory.take(reportTo(options, 'inventory'), signal);

  const services = await readServices({ zone, recordSets, inventory }, ports, [options, beside], signal);
  const reading = { zone, recordSets, inventory, services };
  const view = viewOf(reading, options);
  const views = beside === undefined ? [view] : [view, viewOf(reading, beside)];
  const [unknownHosts, probeResults] = await Promise.all([
    lookUpUnknownHosts(
      views.flatMap(({ matched }) => matched),
      inventory,
      ports,
      signal,
    ),
    probeEndpoints(
      views.flatMap(probedIn),
      probeRule(options),
      ports,
      probeOptions(options, startedAt),
      signal,
    ),
  ]);
  const facts = factsOf(
    view,
    { inventory, unknownHosts, probeResults, now: ports.clock.now() },
    options,
    options,
  );
  const { matched, cnames } = view;
  return {
    ...reading,
    startedAt,
    readAt,
    unknownHosts,
    probeResults,
    cnames: cnames?.observation,
    matched,
    facts,
  };
}

/**
 * The same observation for another policy: nothing is read or asked again. Each goes by the probes of its own
 * entries, as if the other had not been there. The policy has to be one that the observation was taken for.
 */
export function observeFor(observation: Observation, policy: Policy, options: RunOptions): Observation {
  const { probeResults, facts } = observation;
  const view = viewOf(observation, policy);
  const outcomes = new Map(
    probedIn(view).flatMap(({ match }) => {
      const target = probeTargetOf(match, facts.rule);
      const key = target && probeKey(target);
      const outcome = key === undefined ? undefined : probeResults.outcomes.get(key);
      return key === undefined || outcome === undefined ? [] : [[key, outcome] as const];
    }),
  );
  const known = { ...observation, probeResults: { ...probeResults, outcomes }, now: facts.now };
  const { matched, cnames } = view;
  return {
    ...observation,
    cnames: cnames?.observation,
    matched,
    facts: factsOf(view, known, policy, options),
  };
}

/** What the zone leads to, and what is missing from it. */
interface View {
  readonly matched: readonly Matched[];
  /** `undefined` where nothing is ever registered. */
  readonly desiredRecords: DesiredRecords | undefined;
  /** `undefined` where nothing is ever stopped. */
  readonly unregistered: readonly Matched[] | undefined;
  /** `undefined` where no CNAMEs are made. */
  readonly cnames: { readonly observation: CnameObservation; readonly facts: CnameFacts } | undefined;
}

function viewOf(reading: Reading, policy: Policy): View {
  const observation = cnameObservationOf(reading, policy);
  const cnames = observation && { observation, facts: cnameFacts(observation) };
  const matched = matchZone(reading, policy, cnames?.facts);
  const desiredRecords = desireMissing({ ...reading, matched }, policy);
  const unregistered = findUnregistered(probedIn({ matched, desiredRecords }), reading, policy);
  return { matched, desiredRecords, unregistered, cnames };
}

function probedIn({
  matched,
  desiredRecords,
  unregistered = [],
}: Pick<View, 'matched' | 'desiredRecords'> & Partial<Pick<View, 'unregistered'>>): readonly Matched[] {
  const desired = desiredRecords?.desired.map((one) => one.matched) ?? [];
  return desired.length + (unregistered?.length ?? 0) === 0
    ? matched
    : [...matched, ...desired, ...(unregistered ?? [])];
}

function probeRule({ health }: RunOptions): ProbeRule {
  return { ...health, checkOf: checkResolver(health, health.services) };
}

function factsOf(
  { desiredRecords, unregistered, cnames }: View,
  known: Pick<Observation, 'inventory' | 'unknownHosts' | 'probeResults'> & Pick<DecisionFacts, 'now'>,
  { limits }: Policy,
  options: RunOptions,
): DecisionFacts {
  const { inventory, unknownHosts, probeResults, now } = known;
  const { health } = options;
  const { gracePeriodMs } = health;
  const missing = { desiredRecords, unregistered, cnames: cnames?.facts };
  const decided = { rule: probeRule(options), thresholds: health, gracePeriodMs, limits, ...missing, now };
  return { ...probeResults, inventory, unknownHosts, ...decided };
}

/** Matches every entry of the zone, in the zone's own order. */
export function matchZone(
  { zone, recordSets, inventory }: Pick<Reading, 'zone' | 'recordSets' | 'inventory'>,
  { manage }: Pick<RunOptions, 'manage'>,
  cnames?: CnameFacts,
): readonly Matched[] {
  const zoneName = normalizeName(zone.name);
  const entries = sortEntries(entriesOf(recordSets));
  return matchEntries({ zoneName, manage, recordSets, entries, inventory, statusOf: cnames?.statusOf });
}

/** Reads the load-balanced services, where an policy is to give them CNAMEs. */
async function readServices(
  { zone, recordSets, inventory }: Pick<Reading, 'zone' | 'recordSets' | 'inventory'>,
  ports: Ports,
  policies: readonly (Policy | undefined)[],
  signal: AbortSignal | undefined,
): Promise<BalancedServices | undefined> {
  const wanted = policies.map((policy) => policy?.sync?.cname ?? false);
  const cnames = wanted.filter((cname) => cname !== false);
  if (cnames.length === 0) return undefined;
  const own = managedCnames(recordSets, normalizeName(zone.name));
  const interests = cnames.map((cname) => cnameInterest(cname, own));
  const isOfInterest = (label: string) => interests.some((isMeant) => isMeant(label));
  return ports.inventory.readBalancedServices({ clusters: inventory.clusters, isOfInterest }, signal);
}

function cnameObservationOf(
  { zone, recordSets, inventory, services }: Reading,
  { sync }: Policy,
): CnameObservation | undefined {
  if (services === undefined || sync === undefined || sync.cname === false) return undefined;
  const { cname, correct } = sync;
  return { zoneName: normalizeName(zone.name), recordSets, services, inventory, cname, correct };
}

/** What is missing, where the policy is to register it. */
function desireMissing(
  { zone, recordSets, inventory, matched }: Reading & Pick<Observation, 'matched'>,
  { manage, sync }: Policy,
): DesiredRecords | undefined {
  if (sync === undefined) return undefined;
  const zoneName = normalizeName(zone.name);
  const { overridesOf } = sync;
  return desiredRecordsOf({ zoneName, manage, recordSets, matched, inventory, options: sync, overridesOf });
}

/** What may be stopped and has neither an entry nor a desired, where anything may be stopped. */
function findUnregistered(
  listed: readonly Matched[],
  { zone, inventory }: Reading,
  { stopping }: Policy,
): readonly Matched[] | undefined {
  if (stopping === undefined) return undefined;
  return unregisteredPorts(listed, inventory, normalizeName(zone.name), stopping.mayStop);
}

/** Of the time that a run has, so much is kept for applying and reporting; at the most so many milliseconds. */
const APPLY_SHARE = 0.3;
const APPLY_MAX_MS = 15_000;

function probeOptions(options: RunOptions, startedAt: number): ProbeOptions {
  const { deadline } = options;
  const onProgress = reportTo(options, 'probe');
  if (deadline === undefined) return { onProgress };
  return { onProgress, deadline: deadline - Math.min(APPLY_MAX_MS, (deadline - startedAt) * APPLY_SHARE) };
}

function reportTo({ progress }: RunOptions, step: Progress['step']) {
  return (done: number, total: number) => progress?.({ step, done, total });
}

async function lookUpUnknownHosts(
  matched: readonly Matched[],
  inventory: Inventory,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<UnknownHostLookup> {
  const query = unknownHostsOf(matched, inventory.coverage);
  return query.hostNames.length === 0 ? NO_UNKNOWN_HOSTS : ports.inventory.lookUpUnknownHosts(query, signal);
}
