import type { UnhealthyReason } from './probe.ts';

/**
 * How it ended with a task that fails.
 *
 * | status  | the task …                                                        |
 * |---------|-------------------------------------------------------------------|
 * | planned | is to be stopped, by a run that was not to, or not allowed to     |
 * | stopped | was asked to stop                                                 |
 * | failed  | was to be stopped, and ECS did not say that it will be            |
 * | waiting | runs on: something speaks against stopping it, now or altogether  |
 */
export const STOP_STATUSES = ['planned', 'stopped', 'failed', 'waiting'] as const;
export type StopStatus = (typeof STOP_STATUSES)[number];

/** A task that fails and may be stopped, and what became of it. */
export interface TaskStop {
  readonly cluster: string;
  readonly service: string;
  /** Its ARN. */
  readonly task: string;
  readonly reason: UnhealthyReason;
  readonly status: StopStatus;
  readonly detail: string;
}

/** What a process knows of a task's records from its runs so far. */
export interface Deregistration {
  /** From when on the TTL counts, in epoch milliseconds; `undefined` as long as there is a record. */
  readonly since: number | undefined;
  /** The largest of the last records, in seconds. */
  readonly ttl: number;
  /** The changes that took records out, as long as Route 53 has not said INSYNC of them. */
  readonly pending: readonly string[];
}

/** By the ARN of the task. */
export type DeregisteredSince = ReadonlyMap<string, Deregistration>;

/** An ECS service as ECS has it at this moment; a count that ECS does not tell is 0. */
export interface ServiceState {
  readonly status: string | undefined;
  readonly runningCount: number;
  readonly desiredCount: number;
  /** Whether ECS is replacing its tasks by those of another deployment. */
  readonly isDeploying: boolean;
}
