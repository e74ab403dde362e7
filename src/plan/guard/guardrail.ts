import type { ConfirmationReads } from '../../model/confirmation.ts';
import type { Inventory, UnknownHostLookup } from '../../model/inventory.ts';
import type { RunState } from '../../model/run-state.ts';
import type { MissingTasks } from '../../model/running-tasks.ts';
import type { Judged, Removable } from '../judge/judge-entries.ts';
import type { NetworkSelfTest } from '../judge/network-self-test.ts';

/** The rules that hold changes back whatever the verdicts say; stable codes. */
export const GUARDRAIL_NAMES = [
  'inventory-incomplete',
  'host-not-covered',
  'empty-inventory',
  'inventory-shrunk',
  'removal-budget',
  'not-confirmed',
  'grace-period',
  'network-self-test',
  'panic-threshold',
  'min-endpoints',
  'still-referenced',
  'deadline',
  'plan-too-old',
] as const;
export type GuardrailName = (typeof GUARDRAIL_NAMES)[number];

/** The settings of the guardrails. `force` lifts budgets, the panic threshold, the self-test and `inventory-shrunk`, no other. */
export interface GuardrailLimits {
  /** Of stale entries, in percent of the managed ones. */
  readonly removalBudgetPercent: number;
  /** Of unhealthy entries, in percent of the managed ones. */
  readonly unhealthyBudgetPercent: number;
  /** After how long in every run stale entries may go although their budget is exceeded. */
  readonly budgetDelayMs: number;
  readonly panicPercent: number;
  readonly minEndpoints: number;
  readonly allowEmpty: boolean;
  /** So long after the reading has begun, changes may be sent. */
  readonly maxPlanAgeMs: number;
  readonly force: boolean;
}

/** What every rule may look at. */
export interface GuardFacts {
  readonly judged: readonly Judged[];
  readonly inventory: Inventory;
  readonly unknownHosts: UnknownHostLookup;
  readonly limits: GuardrailLimits;
  readonly networkSelfTests: readonly NetworkSelfTest[];
  /** Whether endpoints are asked at all: with checks turned off, ECS and EC2 alone tell what is gone. */
  readonly isProbing: boolean;
  /** What earlier runs have left. */
  readonly state: RunState;
  /** Tasks that ran before, where too many are missing for which ECS tells no reason. */
  readonly missing?: MissingTasks | undefined;
  /** What this run itself has created before, by `recordSetKey`. */
  readonly created?: ReadonlySet<string> | undefined;
  /** In epoch milliseconds. */
  readonly now: number;
  /** There once a plan was approved, and its stale entries were confirmed. */
  readonly confirmation?: ConfirmedRemovals | undefined;
}

/** What was approved, by `entryKey`, and what the confirmation has seen. */
export interface ConfirmedRemovals {
  readonly approved: ReadonlySet<string>;
  readonly look: ConfirmationReads;
  /** What was confirmed, by `entryKey`; all that was approved unless this says less. */
  readonly asked?: ReadonlySet<string> | undefined;
  /** Why the names of what goes for its health could not be read again; `undefined` where they were. */
  readonly unread?: string | undefined;
}

/** What one guardrail makes of a run. */
export interface Evaluation {
  /** Says why one candidate must stay, with the numbers behind it; `undefined` lets it go. */
  readonly objection: (candidate: Removable) => string | undefined;
  /**
   * Says why the candidate that was let go just now may go, with the same numbers; `undefined` when the
   * rule is none of its business. Only for people who ask.
   */
  readonly passing: (candidate: Removable) => string | undefined;
  /** What the report says of what the rule lets pass although it is a lot; `undefined` for nothing. */
  readonly notice?: string | undefined;
}

/** What a guardrail is for, for people who ask and for the documentation. */
export interface GuardrailWords {
  readonly holdsBack: string;
  readonly byDefault: string;
  readonly liftedBy: string;
  /** A detail as a report has it. */
  readonly example: string;
}

export const ALWAYS_ON = 'always on';

/**
 * One guardrail. `evaluate` sees all candidates that the rules before it let pass, and the removals
 * already decided; it is then asked about each candidate once, in their order.
 */
export interface Guardrail {
  readonly name: GuardrailName;
  readonly words: GuardrailWords;
  readonly evaluate: (
    candidates: readonly Removable[],
    facts: GuardFacts,
    decided: readonly Removable[],
  ) => Evaluation;
}

/** The evaluation of a rule that says the same of every candidate. */
export function sameForAll(holds: boolean, why: () => string): Evaluation {
  const detail = holds ? why() : undefined;
  return { objection: () => detail, passing: why };
}

/** A number with its noun, as details have it. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
