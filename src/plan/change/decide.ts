import type { ConfirmationReads } from '../../model/confirmation.ts';
import { type GraceLookup, type Inventory, isScope } from '../../model/inventory.ts';
import { NO_PROTECTIONS, type Protections } from '../../model/protection.ts';
import type { CnameFacts } from '../desired/desired-cnames.ts';
import type { DesiredRecords } from '../desired/desired-records.ts';
import type { ConfirmedRemovals, GuardFacts } from '../guard/guardrail.ts';
import { graceRule } from '../judge/grace-period.ts';
import { outsideOf } from '../judge/host-coverage.ts';
import { type Judged, judgeEntries } from '../judge/judge-entries.ts';
import type { JudgeInput } from '../judge/judge-input.ts';
import { networkSelfTests } from '../judge/network-self-test.ts';
import { needsProbe, outcomeOf, type ProbeRule } from '../judge/probe-targets.ts';
import type { Matched } from '../match/match-kinds.ts';
import { withoutHeirs } from './passed-on.ts';
import { type ChangePlan, planChanges } from './plan-changes.ts';
import type { JudgedRecord, Unapproved } from './register.ts';

/** Everything that the verdicts and the plan follow from, apart from what the entries lead to. */
export interface DecisionFacts
  extends Pick<
      GuardFacts,
      'inventory' | 'unknownHosts' | 'limits' | 'isProbing' | 'state' | 'missing' | 'created' | 'now'
    >,
    Pick<JudgeInput, 'outcomes' | 'answers' | 'thresholds'> {
  readonly grace: GraceLookup;
  readonly rule: ProbeRule;
  readonly gracePeriodMs: number;
  /** The record set protections of the zone, where they were read. */
  readonly protections?: Protections | undefined;
  /** What is missing; `undefined` where nothing is ever registered. */
  readonly desired?: DesiredRecords | undefined;
  /** What an approved plan withholds; `undefined` where none is approved yet. */
  readonly unapproved?: Unapproved | undefined;
  /** What becomes of CNAMEs; `undefined` where none are made. */
  readonly cnames?: CnameFacts | undefined;
  /** What runs without an entry and is judged all the same, as entries that lead to it. */
  readonly unregistered?: readonly Matched[] | undefined;
}

/** Every entry with its verdict, and what follows from all of them. */
export interface Decision {
  readonly judged: readonly Judged[];
  /** What is missing, with the verdicts that its records would get. */
  readonly desiredRecords: readonly JudgedRecord[];
  /** What has neither an entry nor a desired record. */
  readonly unregistered: readonly Judged[];
  readonly plan: ChangePlan;
}

/** Judges every entry, and makes the plan: pure, and in the order of the matched entries. */
export function decide(
  matched: readonly Matched[],
  facts: DecisionFacts,
  confirmation?: ConfirmedRemovals,
): Decision {
  const { inventory, unknownHosts, outcomes, state, missing, created, limits, isProbing, now } = facts;
  const input = judgeInputOf(facts);
  const desiredRecords = (facts.desired?.desired ?? []).flatMap(({ desired, matched: own }) =>
    judgeEntries([own], { ...input, isScope: false }).map((one): JudgedRecord => ({ ...one, desired })),
  );
  const judged = judgeEntries(withoutHeirs(matched, desiredRecords), input);
  const unregistered = judgeEntries(facts.unregistered ?? [], input);
  const selfTests = networkSelfTests({
    judged: [...judged, ...desiredRecords, ...unregistered],
    outcomes,
    outcomeOf: (match) => outcomeOf(match, facts.rule, outcomes),
    unaddressed: inventory.endpoints.filter(
      (one) => one.address === undefined && needsProbe(one, facts.rule),
    ),
    limitPercent: limits.panicPercent,
  });
  const plan = planChanges(
    {
      judged,
      inventory,
      unknownHosts,
      limits,
      networkSelfTests: selfTests,
      isProbing,
      state,
      missing,
      created,
      now,
      confirmation,
    },
    facts.desired && {
      ...facts.desired,
      desiredRecords,
      cnames: facts.cnames?.plan,
      protections: facts.protections ?? NO_PROTECTIONS,
      unapproved: facts.unapproved,
    },
  );
  return { judged, desiredRecords, unregistered, plan };
}

/** What entries are judged by. */
export function judgeInputOf(facts: DecisionFacts): JudgeInput {
  const { inventory, unknownHosts, outcomes, answers, state, thresholds, now } = facts;
  return {
    ...facts.rule,
    outcomes,
    answers,
    history: state.health,
    unknownHosts,
    thresholds,
    now,
    graceOf: graceRule(facts.gracePeriodMs, facts.grace),
    outside: outsideOf(inventory, unknownHosts),
    drains: facts.desired !== undefined,
    protections: facts.protections,
    isScope: isScope(inventory),
  };
}

/** The inventory with the tasks that a confirmation has found; itself where there were none. */
export function withFound(inventory: Inventory, { containers, endpoints }: ConfirmationReads): Inventory {
  if (containers.length === 0) return inventory;
  return {
    ...inventory,
    containers: [...inventory.containers, ...containers],
    endpoints: [...inventory.endpoints, ...endpoints],
  };
}
