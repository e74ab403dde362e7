import type { ApprovedPlan } from '../model/approved-plan.ts';
import type { ChangeOutcome } from '../model/change.ts';
import { type IncompleteScope, isUnreadable, type Notice } from '../model/inventory.ts';
import type { AttemptReport } from '../model/probe.ts';
import type { DeregisteredSince, TaskStop } from '../model/task-stop.ts';
import type { Zone } from '../model/zone.ts';
import type { Comparison } from '../plan/compare.ts';
import type { Explanation, MissingRecords } from '../plan/explain.ts';
import type { Observation } from '../plan/observation.ts';
import type { ChangePlan, Confirmation } from '../plan/plan.ts';
import type { Policy } from '../plan/policy.ts';
import type { RestorePlan } from '../plan/restore.ts';
import type { Ports } from './ports.ts';

/** What a run may do, and how far it may go. */
export interface RunOptions extends Policy {
  /** A dry run leaves no trace: nothing is applied, and no state is saved. */
  readonly dryRun: boolean;
  /** Asked once the plan is made, when it changes or stops something and the run is no dry one; only true lets it. */
  readonly approve: (preview: RunPreview) => Promise<boolean>;
  /**
   * Whether what is decided may be applied while slow endpoints are still asked: as a part of the plan that is approved by
   * itself. Not unless it says so.
   */
  readonly inParts?: boolean | undefined;
  /** A plan that was made before: nothing is done that is not in it, and nothing at all where the zone is not as it was. */
  readonly approvedPlan?: ApprovedPlan | undefined;
  /** Epoch milliseconds until which slow endpoints are waited for; later answers are the next run's of the process. */
  readonly waitUntil?: number | undefined;
  readonly progress?: (step: Progress) => void;
  /** Told in words what the run waits for, whenever that changes. */
  readonly onStep?: (step: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds by which the run has to be over: what is not done by then is left alone. */
  readonly deadline?: number | undefined;
}

/** What every step of a run after the first is given. */
export interface RunContext {
  /** Tells this run from all others. */
  readonly runId: string;
  readonly observation: Observation;
  readonly ports: Ports;
  readonly options: RunOptions;
  /** By `recordSetKey`: what its first part has tried to delete, and got no answer. */
  readonly inDoubt?: ReadonlySet<string> | undefined;
}

/** How far a step of the run has come: clusters read, or endpoints probed, of how many. */
export interface Progress {
  readonly step: 'inventory' | 'probe';
  readonly done: number;
  readonly total: number;
}

/** What is told of an observation. */
type Observed = Pick<
  Observation,
  'zone' | 'inventory' | 'unknownHosts' | 'probeResults' | 'services' | 'targetHealth'
>;

/** What is known before anything is changed. */
export interface RunPreview extends Observed {
  /** Tells this run from all others. */
  readonly runId: string;
  readonly plan: ChangePlan;
  /** The tasks that fail and may be stopped, and what is to become, or became, of them. */
  readonly stops: readonly TaskStop[];
}

/** How a run ended. */
export interface RunResult extends RunPreview {
  readonly startedAt: number;
  readonly finishedAt: number;
  /** How many milliseconds of it an operator took to answer. */
  readonly askedMs?: number;
  /** One outcome a change group, by its key; `undefined` when nothing was to be applied. */
  readonly outcomes: ReadonlyMap<string, ChangeOutcome> | undefined;
  /** What the confirmation, right before applying, could not read. */
  readonly unconfirmed: readonly IncompleteScope[];
  /** What the next run of the process is to know of the records of tasks that may be stopped. */
  readonly deregisteredSince: DeregisteredSince;
  /** What of a plan that was made before was not carried out, and why; empty where there was none, or the answer was no. */
  readonly left?: readonly Notice[];
  /** Digests of what people are to look into, after this run and the one before; that of before where a state tells it. */
  readonly concerns?: { readonly before: string | undefined; readonly now: string };
  /** Why it ended after a part of it was applied, in one line; `undefined` where it came to its end. */
  readonly cutShort?: string | undefined;
}

/** Why a run that came to its end counts as failed. */
export interface RunFailure {
  /**
   * `unreadable`: ECS could not be read at all; `changes-failed`: Route 53 did not carry out a change; `cut-short`: it
   * ended after a part of it was applied.
   */
  readonly code: 'unreadable' | 'changes-failed' | 'cut-short';
  /** One line, with the first thing that went wrong. */
  readonly detail: string;
}

/**
 * Tells whether a run failed, and why; `undefined` for one that did not. A conflict is no failure, and neither is
 * an entry that is held back: the zone is as its owner wants it, and the next run decides anew.
 *
 * @example
 * const { result } = await worker.run({ mode: 'apply', force: false, all: false, approve: async () => true });
 * const failure = runFailure(result);
 * if (failure !== undefined) throw new Error(`${failure.code}: ${failure.detail}`);
 */
export function runFailure(
  run: Pick<RunResult, 'inventory' | 'plan' | 'outcomes' | 'cutShort'>,
): RunFailure | undefined {
  const { inventory, plan, outcomes, cutShort } = run;
  if (cutShort !== undefined) return { code: 'cut-short', detail: cutShort };
  if (isUnreadable(inventory)) {
    const [first] = inventory.incomplete;
    const cause = `${first?.operation}: ${first?.error}`;
    const detail = `nothing could be read from ECS (${cause}): every removal is held back`;
    return { code: 'unreadable', detail };
  }
  const changes = plan.groups.flatMap((group) =>
    group.changes.map((change) => ({ change, outcome: outcomes?.get(group.key) })),
  );
  const failed = changes.flatMap(({ change: { recordSet }, outcome }) =>
    outcome?.status === 'failed' ? [`${recordSet.Name}: ${outcome.detail}`] : [],
  );
  if (failed.length === 0) return undefined;
  const detail = `changes that failed: ${failed.length} of ${changes.length} (${failed[0]})`;
  return { code: 'changes-failed', detail };
}

/** What is known before anything is put back. */
export interface RestorePreview {
  readonly zone: Zone;
  readonly plan: RestorePlan;
}

/** How the restoring ended. */
export interface RestoreResult extends RestorePreview {
  readonly startedAt: number;
  readonly finishedAt: number;
  /** How many milliseconds of it an operator took to answer. */
  readonly askedMs?: number;
  /** One outcome for each group, by its key; `undefined` when nothing was to be put back. */
  readonly outcomes: ReadonlyMap<string, ChangeOutcome> | undefined;
}

/** An attempt of a probe with the time at which it ended, in epoch milliseconds. */
export interface TimedAttempt extends AttemptReport {
  readonly endedAt: number;
}

/** Everything that led to the verdicts of the entries of a name or set identifier. */
export interface Explained {
  /** As it was written. */
  readonly selector: string;
  readonly observation: Observation;
  readonly health: Policy['health'];
  readonly finishedAt: number;
  readonly confirmation: Confirmation;
  readonly explanations: readonly Explanation[];
  /** What the name is to have, or would have, and has not; only under `sync`. */
  readonly missing: MissingRecords;
  /** By `probeKey`, in the order in which they ended. */
  readonly attempts: ReadonlyMap<string, readonly TimedAttempt[]>;
}

/** What another policy would change, with all that it was found out from. */
export interface Compared {
  readonly observation: Observed & Pick<Observation, 'startedAt'>;
  readonly finishedAt: number;
  /** What a run would do under that policy. */
  readonly plan: ChangePlan;
  readonly comparison: Comparison;
}
