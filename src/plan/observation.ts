import type { BalancedServices, ServiceConfirmation } from '../model/balanced-service.ts';
import { normalizeName } from '../model/dns-name.ts';
import { type EcsHealthLookup, ecsHealthKey } from '../model/ecs-health.ts';
import { type Entry, entriesOf, sortEntries } from '../model/entry.ts';
import { historyKey } from '../model/health-history.ts';
import type { Container, Endpoint, GraceLookup, Inventory, UnknownHostLookup } from '../model/inventory.ts';
import { nameSwitch } from '../model/name-pattern.ts';
import { type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { Protections } from '../model/protection.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { RunState } from '../model/run-state.ts';
import type { MissingTasks } from '../model/running-tasks.ts';
import { NO_TARGET_HEALTH, type TargetHealthLookup } from '../model/target-health.ts';
import type { Zone } from '../model/zone.ts';
import { type CnameFacts, cnameFacts } from './desired/desired-cnames.ts';
import { type DesiredRecords, findDesired } from './desired/desired-records.ts';
import { overridesResolver } from './desired/override-rules.ts';
import { unregisteredPorts } from './desired/unregistered-ports.ts';
import type { CandidateAnswer } from './judge/candidate-answer.ts';
import { checkResolver } from './judge/check-resolver.ts';
import { failingContainers, type ProbeRule, probeTargetOf } from './judge/probe-targets.ts';
import { unknownHostsOf } from './judge/unknown-hosts-of.ts';
import { cnameInterest, managedCnames } from './match/managed-cnames.ts';
import { matchEntries } from './match/match-entries.ts';
import type { Matched } from './match/match-kinds.ts';
import type { Policy } from './policy.ts';

/** What was read of the zone, and of what runs. */
export interface Reading {
  readonly zone: Zone;
  readonly recordSets: readonly RecordSet[];
  readonly inventory: Inventory;
  /** `undefined` where no policy makes CNAMEs. */
  readonly services: BalancedServices | undefined;
  /** `undefined` where target groups were not asked. */
  readonly targetHealth?: TargetHealthLookup | undefined;
  /** What ECS says by now of containers that it called unhealthy; of all others it says what the inventory has. */
  readonly ecsHealth?: EcsHealthLookup | undefined;
}

/** What became known of the health of everything that entries lead to. */
export interface ProbeResults {
  /** By `probeKey`. */
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>;
  /** What stale entries answered when they were asked themselves, by `entryKey`. */
  readonly answers: ReadonlyMap<string, CandidateAnswer>;
  readonly grace: GraceLookup;
}

/** Everything that a run finds out before it plans. Times in epoch milliseconds. */
export interface Observation extends Reading {
  readonly startedAt: number;
  /** When all of the zone had been read. */
  readonly readAt: number;
  /** When all was known. */
  readonly now: number;
  /** The record set protections of the zone; only read where a plan would change anything. */
  readonly protections?: Protections | undefined;
  readonly unknownHosts: UnknownHostLookup;
  /** What earlier runs have left; empty where none is kept. */
  readonly state: RunState;
  /** Tasks that ran before, where too many are missing for which ECS tells no reason. */
  readonly missing?: MissingTasks | undefined;
  /** What the first part of the run has created, by `recordSetKey`. */
  readonly created?: ReadonlySet<string> | undefined;
  readonly probeResults: ProbeResults;
  /** The reading as it is matched for the policies that the observation was made for. */
  readonly matchings: ReadonlyMap<Policy, Matching>;
}

/** An observation before anything was probed. */
export type Unprobed = Omit<Observation, 'probeResults'>;

/** What the entries of a zone lead to, and what is missing from it, for one policy. */
export interface Matching {
  readonly recordSets: readonly RecordSet[];
  readonly matched: readonly Matched[];
  /** `undefined` where nothing is ever registered. */
  readonly desired: DesiredRecords | undefined;
  /** What may be stopped and has neither an entry nor a desired record; `undefined` where nothing may be. */
  readonly unregistered: readonly Matched[] | undefined;
  /** `undefined` where no CNAMEs are made. */
  readonly cnames: CnameFacts | undefined;
  readonly rule: ProbeRule;
  /** Where what it leads to is to be probed. */
  readonly probeTargets: readonly ProbeTarget[];
}

/** What has to be asked before a plan can be made. */
export interface Questions {
  readonly matchings: ReadonlyMap<Policy, Matching>;
  readonly probeTargets: readonly ProbeTarget[];
  readonly unknownHosts: ReturnType<typeof unknownHostsOf>;
}

/** Matches what was read, for each policy, and tells what is to be asked of endpoints and of EC2. */
export function questionsOf(reading: Reading, policies: readonly Policy[]): Questions {
  const matchings = new Map(policies.map((policy) => [policy, matchingOf(reading, policy)]));
  const matched = [...matchings.values()].flatMap((one) => one.matched);
  return {
    matchings,
    probeTargets: targetsIn(matchings),
    unknownHosts: unknownHostsOf(matched, reading.inventory.coverage),
  };
}

function targetsIn(matchings: Questions['matchings']): readonly ProbeTarget[] {
  return [...matchings.values()].flatMap(({ probeTargets }) => probeTargets);
}

/**
 * The endpoints of which target groups are to be asked: those whose ECS service a policy believes by them, and those of
 * the entries that are meant. Each once.
 */
export function endpointsToAskTargetsOf(
  { matchings }: Questions,
  isMeant: (entry: Entry) => boolean = () => false,
): readonly Endpoint[] {
  const asked = [...matchings.values()].flatMap((matching) =>
    probed(matching).flatMap(({ entry, match }) => {
      if (match.kind !== 'endpoint') return [];
      const { ecsService } = match.endpoint.container;
      const isAsked =
        ecsService !== undefined && (matching.rule.trustsTargetsOf(ecsService) || isMeant(entry));
      return isAsked ? [match.endpoint] : [];
    }),
  );
  return [...new Set(asked)];
}

/** The questions that are left once target groups were asked: what they are believed of is not probed. */
export function withTargetHealth(questions: Questions, targetHealth: TargetHealthLookup): Questions {
  if (targetHealth.states.size === 0) return questions;
  const matchings = new Map(
    [...questions.matchings].map(([policy, matching]) => [
      policy,
      asking(matching, ruleOf({ targetHealth }, policy)),
    ]),
  );
  return { ...questions, matchings, probeTargets: targetsIn(matchings) };
}

/** Which ECS services are to be read for CNAMEs, by their labels; `undefined` where no policy makes any. */
export function serviceInterest(
  { zone, recordSets }: Pick<Reading, 'zone' | 'recordSets'>,
  policies: readonly Policy[],
): ((label: string) => boolean) | undefined {
  const wanted = policies.map(({ sync }) => sync?.cname ?? false).filter((cname) => cname !== false);
  if (wanted.length === 0) return undefined;
  const own = managedCnames(recordSets, normalizeName(zone.name));
  const interests = wanted.map((cname) => cnameInterest(cname, own));
  return (label) => interests.some((isMeant) => isMeant(label));
}

/** The containers that fail, whose grace periods are to be read. */
export function failingIn(
  { matchings }: Questions,
  outcomes: ReadonlyMap<string, ProbeOutcome>,
): readonly Container[] {
  return [...matchings.values()].flatMap((matching) =>
    failingContainers(probed(matching), matching.rule, outcomes),
  );
}

/** The observation as it would be, had no other policy asked anything. */
export function narrowedTo(observation: Observation, policy: Policy): Observation {
  const { probeResults } = observation;
  const matching = observation.matchings.get(policy) ?? matchingOf(observation, policy);
  const outcomes = new Map(
    matching.probeTargets.flatMap((target) => {
      const outcome = probeResults.outcomes.get(probeKey(target));
      return outcome === undefined ? [] : [[probeKey(target), outcome] as const];
    }),
  );
  return { ...observation, probeResults: { ...probeResults, outcomes } };
}

/** Matches what was read, and what is missing from it, for one policy. */
export function matchingOf(reading: Reading, policy: Policy): Matching {
  const { zone, recordSets, inventory } = reading;
  const { manage, sync, stopping } = policy;
  const zoneName = normalizeName(zone.name);
  const cnames = cnamesOf(reading, policy);
  const matched = matchZone(reading, policy, cnames);
  const desired =
    sync &&
    findDesired({
      zoneName,
      manage,
      recordSets,
      matched,
      inventory,
      options: sync,
      overridesOf: overridesResolver(sync.services),
    });
  const listed = [...matched, ...(desired?.desired ?? []).map((one) => one.matched)];
  const unregistered =
    stopping && unregisteredPorts(listed, inventory, zoneName, nameSwitch(stopping.ecsServices));
  return asking({ recordSets, matched, desired, unregistered, cnames }, ruleOf(reading, policy));
}

/** How endpoints are probed by a policy, with what target groups and ECS have said of them. */
export function ruleOf(
  { targetHealth, ecsHealth }: Pick<Reading, 'targetHealth' | 'ecsHealth'>,
  { health }: Policy,
): ProbeRule {
  const { states } = targetHealth ?? NO_TARGET_HEALTH;
  return {
    checkOf: checkResolver(health, health.services),
    trustEcs: health.trustEcs,
    ecsHealthOf: (container) => ecsHealth?.get(ecsHealthKey(container)) ?? container.ecsHealth,
    trustsTargetsOf: nameSwitch(health.trustTargetGroups),
    targetsOf: (endpoint) => (states.size === 0 ? [] : (states.get(historyKey(endpoint)) ?? [])),
  };
}

/** A matching with where what it leads to is to be probed by a rule. */
function asking(matching: Omit<Matching, 'rule' | 'probeTargets'>, rule: ProbeRule): Matching {
  const probeTargets = probed(matching).flatMap(({ match }) => probeTargetOf(match, rule) ?? []);
  return { ...matching, rule, probeTargets };
}

/** Matches every entry of the zone, in the zone's own order. */
export function matchZone(
  { zone, recordSets, inventory }: Reading,
  { manage }: Policy,
  cnames: CnameFacts | undefined,
): readonly Matched[] {
  const entries = sortEntries(entriesOf(recordSets));
  const zoneName = normalizeName(zone.name);
  return matchEntries({ zoneName, manage, recordSets, entries, inventory, statusOf: cnames?.statusOf });
}

/** What is to become of the CNAMEs of a zone, with what was seen again of them, if anything was. */
export function cnamesOf(
  { zone, recordSets, inventory, services }: Reading,
  { sync }: Policy,
  seen?: ServiceConfirmation,
): CnameFacts | undefined {
  if (services === undefined || sync === undefined || sync.cname === false) return undefined;
  const { cname, correct } = sync;
  const zoneName = normalizeName(zone.name);
  return cnameFacts({ zoneName, recordSets, services, inventory, cname, correct }, seen);
}

function probed({
  matched,
  desired,
  unregistered = [],
}: Pick<Matching, 'matched' | 'desired' | 'unregistered'>): readonly Matched[] {
  const missing = desired?.desired.map((one) => one.matched) ?? [];
  return missing.length + unregistered.length === 0 ? matched : [...matched, ...missing, ...unregistered];
}
