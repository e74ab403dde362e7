import type { BalancedServices } from '../model/balanced-service.ts';
import type { ChangeOutcome } from '../model/change.ts';
import type { ConfirmationReads } from '../model/confirmation.ts';
import type { HealthCheck, ServiceRule } from '../model/health-check.ts';
import type { HealthHistory, HealthThresholds } from '../model/health-history.ts';
import {
  type GraceLookup,
  type IncompleteScope,
  type Inventory,
  isUnreadable,
  type UnknownHostLookup,
} from '../model/inventory.ts';
import type { Manage } from '../model/manage.ts';
import type { AttemptReport, ProbeOutcome } from '../model/probe.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { SyncOptions, Withheld } from '../model/registration.ts';
import type { DeregisteredSince, TaskStop } from '../model/task-stop.ts';
import type { Zone } from '../model/zone.ts';
import type { Comparison } from '../plan/compare.ts';
import type { Decision, DecisionFacts } from '../plan/decide.ts';
import type { CnameObservation } from '../plan/desired/cname-facts.ts';
import type { OverridesOf } from '../plan/desired/override-rules.ts';
import type { Explanation } from '../plan/explain.ts';
import type { GuardrailLimits } from '../plan/guard/guardrail.ts';
import type { Matched } from '../plan/match/match-kinds.ts';
import type { Plan } from '../plan/plan.ts';
import type { RestorePlan } from '../plan/restore.ts';
import type { StopPolicy } from '../plan/stop/plan-stops.ts';

/** How the health of endpoints is found out. Durations in milliseconds. */
export interface HealthOptions extends HealthCheck, HealthThresholds {
  readonly enabled: boolean;
  readonly gracePeriodMs: number;
  readonly trustEcs: boolean;
  readonly services: readonly ServiceRule[];
}

/** How what is missing is registered. */
export interface SyncPolicy extends SyncOptions {
  /** What a service asks of its records. */
  readonly overridesOf: OverridesOf;
  /** Which load-balanced ECS services get a CNAME: all, none, or those whose name matches a pattern (`*`). */
  readonly cname: boolean | readonly string[];
}

/** Which tasks may be stopped, and what earlier runs of the process have seen of them. */
export interface StoppingPolicy extends StopPolicy {
  readonly deregisteredSince: DeregisteredSince;
}

/** What a run may do and how far it may go. */
export interface RunOptions {
  readonly manage: Manage;
  readonly health: HealthOptions;
  /** What is registered; `undefined` where the policy is to remove only. */
  readonly sync?: SyncPolicy | undefined;
  /** Which tasks may be stopped; `undefined` where none may. */
  readonly stopping?: StoppingPolicy | undefined;
  readonly limits: GuardrailLimits;
  /** A dry run leaves no trace: nothing is applied, and nothing is remembered. */
  readonly dryRun: boolean;
  /** Asked once the plan is made, when it changes or stops something and the run is no dry one; only true lets it. */
  readonly approve: (preview: RunPreview) => Promise<boolean>;
  readonly progress?: (step: Progress) => void;
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds by which the run has to be over: what is not done by then is left alone. */
  readonly deadline?: number | undefined;
}

/** How far a step of the run has come: clusters read, or endpoints probed, of how many. */
export interface Progress {
  readonly step: 'inventory' | 'probe';
  readonly done: number;
  readonly total: number;
}

/** What is known before anything is changed. */
export interface RunPreview
  extends Pick<Observation, 'zone' | 'inventory' | 'unknownHosts' | 'probeResults' | 'services'> {
  readonly plan: Plan;
  /** The tasks that fail and may be stopped, and what is to become, or became, of them. */
  readonly stops: readonly TaskStop[];
}

/** How a run ended. */
export interface RunResult extends RunPreview {
  readonly startedAt: number;
  readonly finishedAt: number;
  /** One outcome a change group, by its key; `undefined` when nothing was to be applied. */
  readonly outcomes: ReadonlyMap<string, ChangeOutcome> | undefined;
  /** What the confirmation, right before applying, could not read. */
  readonly unconfirmed: readonly IncompleteScope[];
  /** What the next run of the process is to know of the records of tasks that may be stopped. */
  readonly deregisteredSince: DeregisteredSince;
}

/** What became known of the health of everything that entries lead to. */
export interface ProbeResults {
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>;
  readonly grace: GraceLookup;
  readonly history: HealthHistory;
}

/** Everything that a run finds out before it decides. */
export interface Observation {
  readonly startedAt: number;
  readonly zone: Zone;
  readonly recordSets: readonly RecordSet[];
  /** When all of them had been read, in epoch milliseconds. */
  readonly readAt: number;
  readonly inventory: Inventory;
  readonly unknownHosts: UnknownHostLookup;
  readonly probeResults: ProbeResults;
  /** `undefined` where no CNAMEs are made. */
  readonly services: BalancedServices | undefined;
  /** What the CNAMEs follow from; `undefined` where none are made. */
  readonly cnames: CnameObservation | undefined;
  readonly matched: readonly Matched[];
  readonly facts: DecisionFacts;
}

/** What the zone and the inventory are looked at for: whose entries, what is to be there, and how far to go. */
export type Policy = Pick<RunOptions, 'manage' | 'sync' | 'stopping' | 'limits'>;

/** Why a run that came to its end counts as failed. */
export interface RunFailure {
  /** `unreadable`: ECS could not be read at all; `changes-failed`: Route 53 did not carry out a change. */
  readonly code: 'unreadable' | 'changes-failed';
  /** One line, with the first thing that went wrong. */
  readonly detail: string;
}

/**
 * Tells whether a run failed, and why; `undefined` for one that did not. A conflict is no failure, and neither is
 * an entry that is held back: the zone is as its owner wants it, and the next run looks again.
 *
 * @example
 * const { result } = await worker.run({ mode: 'apply', force: false, all: false, approve: async () => true });
 * const failure = runFailure(result);
 * if (failure !== undefined) throw new Error(`${failure.code}: ${failure.detail}`);
 */
export function runFailure({
  inventory,
  plan: { groups },
  outcomes,
}: Pick<RunResult, 'inventory' | 'plan' | 'outcomes'>): RunFailure | undefined {
  if (isUnreadable(inventory)) {
    const [first] = inventory.incomplete;
    const cause = `${first?.operation}: ${first?.error}`;
    return {
      code: 'unreadable',
      detail: `nothing could be read from ECS (${cause}): every removal is held back`,
    };
  }
  const changes = groups.flatMap((group) =>
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
  /** One outcome for each group, by its key; `undefined` when nothing was to be put back. */
  readonly outcomes: ReadonlyMap<string, ChangeOutcome> | undefined;
}

/** An attempt of a probe with the time at which it ended, in epoch milliseconds. */
export interface TimedAttempt extends AttemptReport {
  readonly endedAt: number;
}

/** Record sets that a run would create, and what it withholds. */
export interface MissingRecords {
  readonly registering: readonly RecordSet[];
  readonly withheld: readonly Withheld[];
}

/** Everything that led to the verdicts of the entries that were asked about. */
export interface Explained {
  /** As it was written. */
  readonly selector: string;
  readonly observation: Observation;
  readonly health: RunOptions['health'];
  readonly finishedAt: number;
  /** With the tasks that the confirmation has found. */
  readonly inventory: Inventory;
  readonly look: ConfirmationReads;
  /** What the confirmation could not read. */
  readonly unconfirmed: readonly IncompleteScope[];
  readonly explanations: readonly Explanation[];
  /** What the name is to have, or would have, and has not; only under `sync`. */
  readonly missing: MissingRecords;
  /** By `probeKey`, in the order in which they ended. */
  readonly attempts: ReadonlyMap<string, readonly TimedAttempt[]>;
}

/** What a switch of settings would change, with all that it was found out from. */
export interface Compared {
  readonly observation: Observation;
  readonly finishedAt: number;
  /** What a run would do after the switch. */
  readonly decision: Decision;
  readonly comparison: Comparison;
}
