import type { ChangeOutcome } from '../model/change.ts';
import type { IncompleteScope } from '../model/inventory.ts';
import type { DeregisteredSince, TaskStop } from '../model/task-stop.ts';
import type { Observation } from '../plan/observation.ts';
import type { ChangePlan } from '../plan/plan.ts';
import type { Policy } from '../plan/policy.ts';

/** What a run may do, and how far it may go. */
export interface RunOptions extends Policy {
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
  readonly plan: ChangePlan;
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
