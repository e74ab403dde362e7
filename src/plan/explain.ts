import type { ChangeGroup } from '../model/change.ts';
import { hostKey } from '../model/cluster.ts';
import type { Entry } from '../model/entry.ts';
import type { Host, Inventory } from '../model/inventory.ts';
import { recordSetKey } from '../model/record-set.ts';
import type { Judgement } from '../model/verdict.ts';
import { planChanges } from './change/plan-removals.ts';
import { guard, type HeldBack, type RuleEvaluation } from './guard/guard.ts';
import type { GuardFacts, GuardrailName } from './guard/guardrail.ts';
import type { GraceOf } from './judge/grace-period.ts';
import type { Judged, Removable } from './judge/judge-entries.ts';
import { isRemovable } from './judge/judge-entries.ts';
import { addressOwner } from './match/managed-addresses.ts';
import { containerOf, type Match } from './match/match-kinds.ts';
import type { SrvRecord } from './match/srv-record.ts';

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

/** One entry with what follows from its verdict. */
export interface Explanation {
  readonly judged: Judged;
  /** In the order in which the guardrails are asked; none where there is nothing to hold back. */
  readonly results: readonly GuardrailResult[];
  readonly outcome: EntryOutcome;
}

/** What guarding knows, beside the grace periods. Times in milliseconds. */
export interface ExplainFacts extends GuardFacts {
  readonly graceOf: GraceOf;
  readonly now: number;
}

/**
 * Explains some of the judged entries. A guardrail that another one left nothing to decide is asked all
 * the same: what it would have said, had the entry come as far.
 */
export function explainEntries(selected: readonly Judged[], facts: ExplainFacts): readonly Explanation[] {
  const evaluations: RuleEvaluation[] = [];
  const { heldBack } = guard({ ...facts, confirmation: undefined }, (evaluation) =>
    evaluations.push(evaluation),
  );
  const premature = new Map<Judgement, HeldBack>(heldBack.map((held) => [held.judgement, held]));
  const heard = selected.map((judged) => {
    const results = isRemovable(judged)
      ? [...graceResult(judged, facts), ...resultsOf(judged, evaluations, facts)]
      : prematureResult(premature.get(judged.judgement));
    return { judged, results };
  });
  const going = heard.flatMap(({ judged, results }) =>
    isRemovable(judged) && !results.some(holds) ? [judged] : [],
  );
  const groups = new Map(planChanges(going).map((group) => [group.key, group]));
  return heard.map(({ judged, results }) => ({
    judged,
    results,
    outcome: outcomeOf(judged, results, groups),
  }));
}

function holds({ answer }: GuardrailResult): boolean {
  return answer === 'holds';
}

function prematureResult(held: HeldBack | undefined): readonly GuardrailResult[] {
  return held === undefined ? [] : [{ guardrail: held.guardrail, answer: 'holds', detail: held.detail }];
}

/** Whatever is called unhealthy was found too old for a grace period before. */
function graceResult({ match }: Removable, { graceOf, now }: ExplainFacts): readonly GuardrailResult[] {
  if (match.kind !== 'endpoint') return [];
  const { container } = match.endpoint;
  const started =
    container.startedAt === undefined
      ? 'nobody says when its container started'
      : `its container started ${Math.floor((now - container.startedAt) / 1000)} s ago`;
  const detail = `${started}; the grace period is ${Math.round(graceOf(container) / 1000)} s`;
  return [{ guardrail: 'grace-period', answer: 'passes', detail }];
}

function resultsOf(
  judged: Removable,
  evaluations: readonly RuleEvaluation[],
  facts: GuardFacts,
): readonly GuardrailResult[] {
  const other = judged.judgement.verdict === 'stale' ? 'unhealthy' : 'stale';
  return evaluations
    .filter(({ round }) => round !== other)
    .flatMap((evaluation) => resultOf(judged, evaluation, facts) ?? []);
}

/** Asks the rule again, with the entry among the candidates wherever it would have stood. */
function resultOf(
  judged: Removable,
  { rule, candidates, decided }: RuleEvaluation,
  facts: GuardFacts,
): GuardrailResult | undefined {
  const known = new Set(candidates);
  const all = facts.judged.filter(isRemovable).filter((one) => one === judged || known.has(one));
  const { objection, passing } = rule.evaluate(all, facts, decided);
  for (const before of all.slice(0, all.indexOf(judged))) objection(before);
  const held = objection(judged);
  if (held !== undefined) return { guardrail: rule.name, answer: 'holds', detail: held };
  const detail = passing(judged);
  return detail === undefined ? undefined : { guardrail: rule.name, answer: 'passes', detail };
}

function outcomeOf(
  { judgement }: Judged,
  results: readonly GuardrailResult[],
  groups: ReadonlyMap<string, ChangeGroup>,
): EntryOutcome {
  const held = results.find(holds);
  if (held !== undefined) return { kind: 'held-back', guardrail: held.guardrail, detail: held.detail };
  const group = groups.get(recordSetKey(judgement.entry.recordSet));
  return group?.removed.includes(judgement.entry.value) ? { kind: 'removed', group } : { kind: 'left' };
}

/** The machine that an entry leads to, as far as a cluster has registered it. */
export function hostOf(match: Match, { hosts }: Inventory): Host | undefined {
  if (!('location' in match)) return containerOf(match)?.host;
  const key = hostKey(match.location);
  return hosts.find((host) => hostKey(host) === key);
}

/**
 * By what an entry was matched.
 *
 * | by           | the entry …                                                                |
 * |--------------|----------------------------------------------------------------------------|
 * | container-id | names the container in its set identifier                                  |
 * | isSuccessor         | names another container, whose location and name this one has taken           |
 * | position     | has the service name, host and port of what it leads to                    |
 * | host         | leads to a host, and to nothing on it                                      |
 * | task         | names the task in its set identifier, or its target is the task's own name |
 * | address      | is the address of a task                                                   |
 * | nothing      | leads to nothing that is known                                             |
 */
export type MatchedBy = 'container-id' | 'successor' | 'position' | 'host' | 'task' | 'address' | 'nothing';

/** The same in words that follow those of the match. */
export const MATCHED_BY_WORDS: Readonly<Record<MatchedBy, string>> = {
  'container-id': 'by the container id of its set identifier',
  successor: 'as the successor of its container: same service, same host and port, and no entry of its own',
  position: 'by service name, host and port',
  host: 'by its host alone',
  task: 'by the task that it names',
  address: 'by its address',
  nothing: '',
};

export function matchedBy(
  { match, judgement: { entry } }: Judged,
  srvRecord: SrvRecord | undefined,
): MatchedBy {
  if (match.kind === 'endpoint' && match.isSuccessor) return 'successor';
  if (match.kind === 'task-gone') return 'task';
  if (addressOwner(entry.recordSet) !== undefined) return matchedByAddress(match, entry);
  const container = containerOf(match);
  if (container !== undefined) {
    const named = srvRecord?.containerId;
    return named !== undefined && container.id?.startsWith(named) ? 'container-id' : 'position';
  }
  return 'location' in match ? 'host' : 'nothing';
}

function matchedByAddress(match: Match, { recordSet }: Entry): MatchedBy {
  if (containerOf(match) === undefined) return 'nothing';
  return addressOwner(recordSet)?.kind === 'task' ? 'task' : 'address';
}
