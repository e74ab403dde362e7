import { durationText } from '../../model/duration.ts';
import { isScope, type Notice } from '../../model/inventory.ts';
import { recordSetKey } from '../../model/record-set.ts';
import type { Judgement, JudgementOf, RemovableVerdict } from '../../model/verdict.ts';
import { outsideOf } from '../judge/host-coverage.ts';
import { isForHealth, isRemovable, type Judged, type Removable } from '../judge/judge-entries.ts';
import { emptyInventory } from './empty-inventory.ts';
import type { GuardFacts, Guardrail, GuardrailName, GuardrailWords } from './guardrail.ts';
import { hostNotCovered } from './host-not-covered.ts';
import { inventoryIncomplete } from './inventory-incomplete.ts';
import { inventoryShrunk } from './inventory-shrunk.ts';
import { lastThatMayAnswer, minEndpoints } from './min-endpoints.ts';
import { networkPath } from './network-path.ts';
import { notConfirmed } from './not-confirmed.ts';
import { panicThreshold } from './panic-threshold.ts';
import { removalBudget, unhealthyBudget } from './removal-budget.ts';
import { stillReferenced } from './still-referenced.ts';

/** An entry whose removal was held back, by exactly one guardrail, with the numbers behind it. */
export interface HeldBack {
  readonly judgement: JudgementOf<RemovableVerdict | 'unverified'>;
  readonly guardrail: GuardrailName;
  readonly detail: string;
}

/** What may go and what is held back; both in the order of the entries. */
export interface Guarded {
  readonly removals: readonly Removable[];
  readonly heldBack: readonly HeldBack[];
  /** What went although it is a lot. */
  readonly notices: readonly Notice[];
}

/** The rounds of rules: each takes the candidates that the ones before it have left. */
export type Round = 'stale' | 'unhealthy' | 'confirmation' | 'references';

/** In this order; the first guardrail that objects is the one an entry is reported with. */
const RULES: Readonly<Record<Round, readonly Guardrail[]>> = {
  stale: [
    inventoryIncomplete,
    hostNotCovered,
    emptyInventory,
    inventoryShrunk,
    lastThatMayAnswer,
    removalBudget,
  ],
  unhealthy: [inventoryIncomplete, networkPath, panicThreshold, minEndpoints, unhealthyBudget],
  confirmation: [notConfirmed],
  references: [stillReferenced],
};

/** What a run of a scope removes was seen to end: no share of the zone, and nothing that is missing, speaks against it. */
const RULES_OF_SCOPE: typeof RULES = { ...RULES, stale: [lastThatMayAnswer] };

/** What holds back entries because it is too early, or too late, to tell or to act. */
const PREMATURE_WORDS = {
  'grace-period': {
    holdsBack: 'failing entries of containers that have only just started',
    byDefault: '1m, or what the ECS service grants if that is more',
    liftedBy: '`health.gracePeriod`',
    example: 'its container started 15s ago; the grace period is 1m',
  },
  deadline: {
    holdsBack: 'what was not probed, or not sent, when time ran out',
    byDefault: 'on where a run has an end: `health.budget`, and the time limit of a Lambda',
    liftedBy: 'more time',
    example: 'time ran out before it was probed',
  },
  'plan-too-old': {
    holdsBack: 'whatever is not sent when the reading is too old, or a run that began later has ended',
    byDefault: '10m; newer runs are known where there is a state store',
    liftedBy: '`guardrails.maxPlanAge`',
    example: 'what it was planned from was read 1h5m ago, and guardrails.maxPlanAge is 10m',
  },
} as const satisfies Partial<Record<GuardrailName, GuardrailWords>>;

/** Every guardrail in words, by its name. */
export const GUARDRAIL_WORDS: Readonly<Record<GuardrailName, GuardrailWords>> = {
  ...PREMATURE_WORDS,
  ...Object.fromEntries(
    Object.values(RULES).flatMap((rules) => rules.map(({ name, words }) => [name, words])),
  ),
} as Readonly<Record<GuardrailName, GuardrailWords>>;

/** A rule at work: whom it is asked about, and which removals were decided by then. */
export interface RuleEvaluation {
  readonly round: Round;
  readonly rule: Guardrail;
  readonly candidates: readonly Removable[];
  readonly decided: readonly Removable[];
}

/**
 * Holds the removals that the verdicts ask for against every guardrail. Stale entries are decided
 * first, so that what they take away counts when unhealthy ones are weighed; the A entries of hosts
 * come last, because they depend on which SRV entries stay. `observe` sees every rule at work.
 */
export function guard(facts: GuardFacts, observe: (seen: RuleEvaluation) => void = () => {}): Guarded {
  const found = asFound(facts);
  const removable = found.judged.filter(isRemovable);
  const apply = ruleApplier(found, observe);
  const groundless = removable.filter((one) => !isForHealth(one));
  const stale = apply('stale', groundless, []);
  const unhealthy = apply('unhealthy', removable.filter(isForHealth), stale.removals);
  // What the confirmation holds back still counts as gone when unhealthy entries are weighed: it may be.
  const confirmed = apply('confirmation', [...stale.removals, ...unhealthy.removals], []);
  // What points at an address keeps it, by whichever tool it was written.
  const final = ruleApplier(facts, observe)('references', confirmed.removals, confirmed.removals);
  const removals = new Set(final.removals);
  const held = [
    ...[stale, unhealthy, confirmed, final].flatMap(({ heldBack }) => heldBack),
    ...premature(found),
  ];
  const heldBack = new Map<Judgement, HeldBack>(held.map((item) => [item.judgement, item]));
  return {
    removals: removable.filter((one) => removals.has(one)),
    heldBack: facts.judged.flatMap(({ judgement }) => heldBack.get(judgement) ?? []),
    notices: [stale, unhealthy, confirmed, final].flatMap(({ notices }) => notices),
  };
}

/**
 * The facts without what this run itself has created before: its removals are held against the zone as it was found, so
 * that a run in two parts may remove as much as one that is carried out as a whole.
 */
export function asFound(facts: GuardFacts): GuardFacts {
  const { judged, created } = facts;
  if (created === undefined || created.size === 0) return facts;
  const isFound = ({ judgement }: Judged) => !created.has(recordSetKey(judgement.entry.recordSet));
  return { ...facts, judged: judged.filter(isFound) };
}

/** Entries that got no verdict because it is too early, too late, or too far away, to tell. */
function premature({ judged, inventory, unknownHosts }: GuardFacts): readonly HeldBack[] {
  const outside = outsideOf(inventory, unknownHosts);
  return judged.flatMap(({ match, judgement }): readonly HeldBack[] => {
    if (judgement.verdict !== 'unverified') return [];
    const { reason, evidence } = judgement;
    if (reason === 'host-not-covered') {
      const detail = outside(match, judgement.entry);
      return detail === undefined ? [] : [{ judgement, guardrail: reason, detail }];
    }
    if (reason === 'deadline')
      return [{ judgement, guardrail: reason, detail: PREMATURE_WORDS[reason].example }];
    if (reason !== 'grace-period') return [];
    const { ageSeconds, graceSeconds } = evidence;
    const detail = `its container started ${secondsText(ageSeconds)} ago; the grace period is ${secondsText(graceSeconds)}`;
    return [{ judgement, guardrail: reason, detail }];
  });
}

function secondsText(seconds: string | number | undefined): string {
  return durationText(Number(seconds) * 1000);
}

/** Takes candidates through the rules of a round in turn; each sees only what the ones before it let pass. */
function ruleApplier(facts: GuardFacts, observe: (evaluation: RuleEvaluation) => void) {
  return (round: Round, candidates: readonly Removable[], decided: readonly Removable[]): Guarded => {
    const heldBack: HeldBack[] = [];
    const notices: Notice[] = [];
    let removals = candidates;
    const rules = isScope(facts.inventory) ? RULES_OF_SCOPE : RULES;
    for (const rule of rules[round]) {
      observe({ round, rule, candidates: removals, decided });
      const { objection, notice } = rule.evaluate(removals, facts, decided);
      if (notice !== undefined) notices.push({ subject: rule.name, detail: notice });
      removals = removals.filter((candidate) => {
        const detail = objection(candidate);
        if (detail === undefined) return true;
        heldBack.push({ judgement: candidate.judgement, guardrail: rule.name, detail });
        return false;
      });
    }
    return { removals, heldBack, notices };
  };
}
