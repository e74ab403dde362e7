import { type ChangeGroup, createdSets, deletedSets } from '../model/change.ts';
import type { ConfirmationReads } from '../model/confirmation.ts';
import { isBelow, normalizeName } from '../model/dns-name.ts';
import { durationText } from '../model/duration.ts';
import type { Entry } from '../model/entry.ts';
import type { HealthCheck } from '../model/health-check.ts';
import { historyKey } from '../model/health-history.ts';
import { type Container, type Host, serviceKeyOf } from '../model/inventory.ts';
import { namePattern } from '../model/name-pattern.ts';
import type { ProbeOutcome, ProbeTarget } from '../model/probe.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { Withheld } from '../model/registration.ts';
import { type Finding, findingsRule } from './confirm/findings.ts';
import { guard, type RuleEvaluation } from './guard/guard.ts';
import type { GuardFacts, GuardrailName } from './guard/guardrail.ts';
import { type CheckOrigin, checkOrigins } from './judge/check-resolver.ts';
import { type GraceOf, graceRule } from './judge/grace-period.ts';
import { isRemovable, type Judged, type Removable } from './judge/judge-entries.ts';
import { outcomeOf as probeOutcomeOf, probeTargetOf } from './judge/probe-targets.ts';
import { tasksBehind } from './match/managed-addresses.ts';
import { containerOf, type Match, type Reachable, reachableOf } from './match/match-kinds.ts';
import { hostOf, type MatchedBy, matchedBy } from './match/matched-by.ts';
import { parseSrvRecord, type SrvRecord } from './match/srv-record.ts';
import { zoneAddresses } from './match/zone-addresses.ts';
import type { Observation } from './observation.ts';
import type { Confirmation, Plan } from './plan.ts';
import type { Policy } from './policy.ts';

export type { Reachable } from './match/match-kinds.ts';
export { MATCHED_BY_WORDS } from './match/matched-by.ts';

/** Whether an entry is one of those that a selector means. */
export type Selection = (entry: Pick<Entry, 'name' | 'setIdentifier'>) => boolean;

/**
 * The entries of a name, in any case, absolute or relative to the zone (its name normalised); or those of
 * a set identifier, which has to be exact. A `*` stands for any characters, but for one that is all of the first label:
 * that is a wildcard of DNS. Sets are selected whole: all of their values, or none.
 */
export function selectionOf(written: string, zoneName: string): Selection {
  const absolute = absoluteName(written, zoneName);
  const isNamed = isWildcardOf(written, zoneName) ? (own: string) => own === absolute : namePattern(absolute);
  return (entry) => isNamed(entry.name) || entry.setIdentifier === written;
}

/** Whether a selector means a wildcard of DNS: its one `*` is all of its first label. */
export function isWildcardOf(written: string, zoneName: string): boolean {
  const absolute = absoluteName(written, zoneName);
  return absolute.lastIndexOf('*') === 0 && absolute.startsWith('*.');
}

function absoluteName(written: string, zoneName: string): string {
  const name = normalizeName(written);
  return name === zoneName || isBelow(name, zoneName) ? name : `${name}.${zoneName}`;
}

/** What one guardrail says of one entry, whether it came to decide or not. */
export interface GuardrailResult {
  readonly guardrail: GuardrailName;
  readonly answer: 'passes' | 'holds';
  /** With the numbers behind it. */
  readonly detail: string;
}

/** What a run would do with an entry. */
export type EntryOutcome =
  | { readonly kind: 'removed'; readonly group: ChangeGroup }
  | { readonly kind: 'held-back'; readonly guardrail: GuardrailName; readonly detail: string }
  | { readonly kind: 'left' };

/** An entry with what the guardrails say of its verdict, and what a run would do with it. */
export interface ExplainedVerdict {
  readonly judged: Judged;
  /** In the order in which the guardrails are asked; none where there is nothing to hold back. */
  readonly results: readonly GuardrailResult[];
  readonly outcome: EntryOutcome;
}

/** One entry with everything that led to its verdict, and what follows from it. */
export interface Explanation extends ExplainedVerdict {
  /** What its value says; `undefined` for what is no SRV entry, or cannot be read. */
  readonly srvRecord: SrvRecord | undefined;
  readonly by: MatchedBy;
  readonly host: Host | undefined;
  readonly container: Container | undefined;
  readonly reached: Reachable | undefined;
  /** How what it leads to is checked; `undefined` where nothing is asked for its sake. */
  readonly checked: CheckedEndpoint | undefined;
  /** What was asked again, and what was seen. */
  readonly seen: readonly Finding[];
}

/** The check of an endpoint, with whose word each part of it is, how it ended, and what it is held against. */
export interface CheckedEndpoint {
  readonly check: HealthCheck;
  readonly origins: readonly CheckOrigin[];
  readonly probe: { readonly target: ProbeTarget; readonly outcome: ProbeOutcome } | undefined;
  readonly failingRuns: number;
  readonly passingRuns: number;
  /** `undefined` where ECS does not say when the container has started. */
  readonly ageMs: number | undefined;
  readonly graceMs: number;
  readonly graceFrom: 'settings' | 'ecs-service' | 'unread';
}

/** Record sets that a run would create, and what it withholds. */
export interface MissingRecords {
  readonly registering: readonly RecordSet[];
  readonly withheld: readonly Withheld[];
}

/** What guarding knows, with the grace periods and the changes of the plan. Times in milliseconds. */
export interface ExplainFacts extends GuardFacts {
  readonly graceOf: GraceOf;
  readonly groups: readonly ChangeGroup[];
}

/** Explains the entries of a plan that are meant, in the order of the zone. */
export function explainPlan(
  plan: Plan,
  observation: Observation,
  policy: Policy,
  confirmation: Confirmation,
  isMeant: Selection,
): readonly Explanation[] {
  const { unknownHosts, now, probeResults, state, missing } = observation;
  const graceOf = graceRule(policy.health.gracePeriodMs, probeResults.grace);
  const { limits, health } = policy;
  const known = { ...plan, unknownHosts, limits, isProbing: health.enabled, state, missing, now };
  const facts = { ...known, confirmation, graceOf };
  const describe = describer(plan, observation, policy, confirmation.look, graceOf);
  const selected = plan.judged.filter(({ judgement }) => isMeant(judgement.entry));
  return explainEntries(selected, facts).map((one) => ({ ...one, ...describe(one.judged) }));
}

/** What a run would register under a name, or withholds. */
export function explainMissing({ groups, withheld }: Plan, isMeant: Selection): MissingRecords {
  return {
    registering: groups
      .filter(({ reasons }) => reasons.includes('missing'))
      .flatMap(createdSets)
      .filter(({ Name, SetIdentifier: setIdentifier }) =>
        isMeant({ name: normalizeName(Name), setIdentifier }),
      ),
    withheld: withheld.filter(({ name }) => isMeant({ name: normalizeName(name), setIdentifier: undefined })),
  };
}

/**
 * Explains the verdicts of some of the judged entries. A guardrail that another one left nothing to decide is
 * evaluated all the same: what it would have said, had the entry come as far.
 */
export function explainEntries(
  selected: readonly Judged[],
  facts: ExplainFacts,
): readonly ExplainedVerdict[] {
  const evaluations: RuleEvaluation[] = [];
  const { heldBack } = guard({ ...facts, confirmation: undefined }, (evaluation) =>
    evaluations.push(evaluation),
  );
  return selected.map((judged): ExplainedVerdict => {
    const premature = heldBack.filter(({ judgement }) => judgement === judged.judgement);
    const results = isRemovable(judged)
      ? [...graceResult(judged, facts), ...resultsOf(judged, evaluations, facts)]
      : premature.map(({ guardrail, detail }) => ({ guardrail, answer: 'holds' as const, detail }));
    return { judged, results, outcome: outcomeOf(judged, results, facts.groups) };
  });
}

/** Tells of each entry what it was matched by, and what is known of what it leads to. */
function describer(
  { inventory, matching: { rule } }: Plan,
  { zone, recordSets, probeResults, state, now }: Observation,
  { health }: Policy,
  look: ConfirmationReads,
  graceOf: GraceOf,
): (judged: Judged) => Omit<Explanation, keyof ExplainedVerdict> {
  const zoneName = normalizeName(zone.name);
  const [addresses, taskBehind] = [zoneAddresses(recordSets), tasksBehind(recordSets)];
  const seenOf = findingsRule(look, inventory);
  const checkedOf = (match: Match, { endpoint, address }: Reachable): CheckedEndpoint => {
    const { container } = endpoint;
    const target = probeTargetOf(match, rule);
    const outcome = probeOutcomeOf(match, rule, probeResults.outcomes);
    const record = state.health.get(historyKey(endpoint, address));
    const graceMs = graceOf(container);
    const isRead = probeResults.grace.periods.has(serviceKeyOf(container) ?? '');
    return {
      check: rule.checkOf(endpoint),
      origins: checkOrigins(endpoint, health.services),
      probe: target && outcome && { target, outcome },
      failingRuns: record?.failing ?? 0,
      passingRuns: record?.passing ?? 0,
      ageMs: container.startedAt === undefined ? undefined : Math.max(0, now - container.startedAt),
      graceMs,
      graceFrom: graceMs === health.gracePeriodMs ? 'settings' : isRead ? 'ecs-service' : 'unread',
    };
  };
  return (judged) => {
    const { match, judgement } = judged;
    const { entry } = judgement;
    const srvRecord =
      entry.type === 'SRV' ? parseSrvRecord(entry, zoneName, addresses, taskBehind) : undefined;
    const reached = reachableOf(match);
    return {
      srvRecord,
      by: matchedBy({ match, entry }, srvRecord),
      host: hostOf(match, inventory),
      container: containerOf(match),
      reached,
      // The container that holds the host and port of one that is gone is not asked how it is.
      checked: reached === undefined || match.kind === 'replaced' ? undefined : checkedOf(match, reached),
      seen: seenOf(judged),
    };
  };
}

/** What is called unhealthy was found too old for a grace period before. */
function graceResult({ match }: Removable, { graceOf, now }: ExplainFacts): readonly GuardrailResult[] {
  if (match.kind !== 'endpoint') return [];
  const { container } = match.endpoint;
  const started =
    container.startedAt === undefined
      ? 'when its container started is unknown'
      : `its container started ${durationText(now - container.startedAt)} ago`;
  const detail = `${started}; the grace period is ${durationText(graceOf(container))}`;
  return [{ guardrail: 'grace-period', answer: 'passes', detail }];
}

/** Asks the rules again, with the entry among the candidates wherever it would have stood. */
function resultsOf(
  judged: Removable,
  evaluations: readonly RuleEvaluation[],
  facts: GuardFacts,
): readonly GuardrailResult[] {
  const other = judged.judgement.verdict === 'stale' ? 'unhealthy' : 'stale';
  const asked = evaluations.filter(({ round }) => round !== other);
  return asked.flatMap(({ rule, candidates, decided }): readonly GuardrailResult[] => {
    const known = new Set<Judged>([...candidates, judged]);
    const all = facts.judged.filter(isRemovable).filter((one) => known.has(one));
    const { objection, passing } = rule.evaluate(all, facts, decided);
    for (const before of all.slice(0, all.indexOf(judged))) objection(before);
    const held = objection(judged);
    if (held !== undefined) return [{ guardrail: rule.name, answer: 'holds', detail: held }];
    const detail = passing(judged);
    return detail === undefined ? [] : [{ guardrail: rule.name, answer: 'passes', detail }];
  });
}

function outcomeOf(
  { match, judgement }: Judged,
  results: readonly GuardrailResult[],
  groups: readonly ChangeGroup[],
): EntryOutcome {
  const held = results.find(({ answer }) => answer === 'holds');
  if (held !== undefined) return { kind: 'held-back', guardrail: held.guardrail, detail: held.detail };
  if (!isRemovable({ match, judgement })) return { kind: 'left' };
  const { recordSet, value } = judgement.entry;
  const group = groups.find(
    (one) => one.removed.includes(value) && deletedSets(one).some((set) => set === recordSet),
  );
  return group === undefined ? { kind: 'left' } : { kind: 'removed', group };
}
