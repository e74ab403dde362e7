import type { ServiceConfirmation } from '../model/balanced-service.ts';
import { createdSets } from '../model/change.ts';
import type { ConfirmationReads } from '../model/confirmation.ts';
import { normalizeName } from '../model/dns-name.ts';
import { type Inventory, isScope, NO_GRACE } from '../model/inventory.ts';
import { nameSwitch } from '../model/name-pattern.ts';
import { hasAnswered, type ProbeTarget } from '../model/probe.ts';
import { targetKey } from '../model/srv-value.ts';
import type { Judgement } from '../model/verdict.ts';
import { type Decision, type DecisionFacts, decide, judgeInputOf, withFound } from './change/decide.ts';
import type { ChangePlan } from './change/plan-changes.ts';
import { placeOf, type Unapproved } from './change/register.ts';
import { confirmationQuery } from './confirm/confirmation-query.ts';
import { namesRelied } from './confirm/stale-locations.ts';
import { overridesResolver } from './desired/override-rules.ts';
import type { ConfirmedRemovals } from './guard/guardrail.ts';
import { candidateTargets, mayBeCandidate } from './judge/candidates.ts';
import { credibleAnswers } from './judge/credible-answers.ts';
import { judgeEntries, type Removable } from './judge/judge-entries.ts';
import { serviceConfirmationQuery } from './match/cname-status.ts';
import {
  cnamesOf,
  type Matching,
  matchingOf,
  matchZone,
  type Observation,
  type ProbeResults,
  ruleOf,
  type Unprobed,
} from './observation.ts';
import type { Policy } from './policy.ts';
import { planStops, type StopPlan } from './stop/plan-stops.ts';
import { taskReferencesIn } from './stop/task-references.ts';

export type { ChangePlan } from './change/plan-changes.ts';
export { UNVERIFIED_COUNTS } from './guard/endpoint-count.ts';
export type { HeldBack } from './guard/guard.ts';
export { GUARDRAIL_WORDS } from './guard/guard.ts';
export { GUARDRAIL_NAMES } from './guard/guardrail.ts';
export { EXEMPTIONS } from './judge/exemptions.ts';
export { dependsOnCoverage, hostsToCover, ownRule, seenHosts } from './judge/host-coverage.ts';
export { isForHealth, isRemovable, type Removable } from './judge/judge-entries.ts';
export type { Rule } from './judge/rule.ts';
export { MATCH_SPECS, specOf } from './judge/rules.ts';
export { SCOPE_EXEMPTIONS, SCOPE_RULES } from './judge/scope-rules.ts';

/** What a run found, what it would change, what it must not, and whom it would stop. */
export interface Plan extends ChangePlan, Omit<Decision, 'plan'> {
  readonly judgements: readonly Judgement[];
  /** The tasks that fail and may be stopped; none where none may. */
  readonly stops: readonly StopPlan[];
  /** With the tasks that a confirmation has found. */
  readonly inventory: Inventory;
  readonly matching: Matching;
}

/** A plan that was approved, and what was seen when all that it removes as stale was confirmed. */
export interface Confirmation extends ConfirmedRemovals {
  /** Nothing comes that is not in it, and nothing goes. */
  readonly plan: Plan;
  readonly look: ConfirmationReads;
  /** `undefined` where no CNAME was confirmed. */
  readonly services: ServiceConfirmation | undefined;
}

/**
 * Makes the plan of a run: pure, in the order of the zone. With a confirmation, what was seen again is judged and
 * guarded by the same rules, and only what was approved is left of the plan.
 */
export function makePlan(observation: Observation, policy: Policy, confirmation?: Confirmation): Plan {
  const inventory =
    confirmation === undefined ? observation.inventory : withFound(observation.inventory, confirmation.look);
  const matching =
    confirmation === undefined
      ? (observation.matchings.get(policy) ?? matchingOf(observation, policy))
      : confirmedMatching({ ...observation, inventory }, observation.inventory, policy, confirmation);
  const unapproved = confirmation && withheldBy(confirmation.plan);
  const facts = { ...factsOf({ ...observation, inventory }, matching, policy), unapproved };
  const { plan, ...decision } = decide(matching.matched, facts, confirmation);
  const stops = confirmation?.plan.stops ?? stopsOf({ plan, ...decision }, observation, policy);
  return { ...plan, ...decision, stops, inventory, matching };
}

/**
 * Where the entries that would go as stale are to be asked themselves, by `entryKey`: for the policies that the
 * observation is made for.
 */
export function candidateTargetsOf(unprobed: Unprobed): ReadonlyMap<string, ProbeTarget> {
  const { zone, recordSets, inventory } = unprobed;
  const observation = { ...unprobed, probeResults: NOTHING_PROBED };
  const zoneName = normalizeName(zone.name);
  const targets = [...observation.matchings].map(([policy, matching]) => {
    const possible = isScope(inventory) ? matching.matched : matching.matched.filter(mayBeCandidate);
    const judged = judgeEntries(possible, judgeInputOf(factsOf(observation, matching, policy)));
    return candidateTargets(judged, { zoneName, recordSets, inventory, rule: matching.rule });
  });
  return new Map(targets.flatMap((one) => [...one]));
}

const NOTHING_PROBED: ProbeResults = { outcomes: new Map(), answers: new Map(), grace: NO_GRACE };

function factsOf(observation: Observation, matching: Matching, { health, limits }: Policy): DecisionFacts {
  const { inventory, unknownHosts, probeResults, state, missing, created, now, protections } = observation;
  const heard = credibleAnswers(probeResults.answers, probeResults.outcomes, inventory);
  const answers = health.enabled ? heard : onlyAnswered(probeResults.answers);
  const known = {
    ...matching,
    ...probeResults,
    answers,
    state,
    missing,
    created,
    inventory,
    unknownHosts,
    now,
    protections,
  };
  const isProbing = health.enabled;
  return { ...known, limits, isProbing, thresholds: health, gracePeriodMs: health.gracePeriodMs };
}

/** Who has turned checks off may have no way to the endpoints: then only what answers tells anything. */
function onlyAnswered(answers: ProbeResults['answers']): ProbeResults['answers'] {
  return new Map([...answers].filter(([, { outcome }]) => hasAnswered(outcome)));
}

/** What a plan withholds, unless it registers another record of the same place. */
function withheldBy({ withheld, registrations }: ChangePlan): Unapproved {
  const registered = new Set(registrations.map(placeOf));
  const places = withheld.map(
    ({ name, type, value, reason }) => [targetKey(normalizeName(name), type, value), reason] as const,
  );
  return new Map(places.filter(([place]) => !registered.has(place)));
}

/** Tells what to look at again, directly and narrowly, before the given entries go. */
export function queriesFor(removing: readonly Removable[], inventory: Inventory) {
  const stale = removing.flatMap(({ match }) =>
    match.kind === 'service' && match.status.kind === 'stale' ? [match.status] : [],
  );
  return {
    tasksAndHosts: confirmationQuery(removing, inventory),
    services: serviceConfirmationQuery(stale),
    // Only the networks of the zone tell whether a name is that of one host alone.
    reliesOnNames: removing.some((one) => one.judgement.verdict !== 'stale' && namesRelied(one).length > 0),
  };
}

/** What was approved to come stays as it was; what is there is matched again where anything else was seen. */
function confirmedMatching(
  observation: Observation,
  before: Inventory,
  policy: Policy,
  { plan: { matching }, services }: Confirmation,
): Matching {
  const cnames = services === undefined ? matching.cnames : cnamesOf(observation, policy, services);
  const { recordSets, inventory } = observation;
  const isAsBefore = inventory === before && cnames === matching.cnames && recordSets === matching.recordSets;
  const asked = { ...matching, rule: ruleOf(observation, policy) };
  return isAsBefore
    ? asked
    : { ...asked, recordSets, cnames, matched: matchZone(observation, policy, cnames) };
}

function stopsOf(
  { judged, desiredRecords, unregistered, plan: { groups, networkSelfTests } }: Decision,
  observation: Observation,
  { stopping, limits: { panicPercent } }: Policy,
): readonly StopPlan[] {
  if (stopping === undefined) return [];
  const { zone, recordSets, inventory } = observation;
  const zoneName = normalizeName(zone.name);
  const { ecsServices, services, deregisteredSince, ...rest } = stopping;
  return planStops({
    ...observation,
    lastRunAt: observation.state.lastRun?.finishedAt,
    zoneName,
    references: taskReferencesIn([...recordSets, ...groups.flatMap(createdSets)], zoneName, inventory),
    judged: [...judged, ...desiredRecords, ...unregistered],
    networkSelfTests,
    panicPercent,
    policy: { ...rest, mayStop: nameSwitch(ecsServices), overridesOf: overridesResolver(services) },
    deregisteredSince,
  });
}
