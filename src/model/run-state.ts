import type { HealthHistory } from './health-history.ts';

/**
 * What runs leave for the runs after them. It makes a run more careful, never less: a state that is lost is an empty
 * one, and whatever followed from it starts over. Times in epoch milliseconds.
 */
export interface RunState {
  readonly health: HealthHistory;
  /** Hosts that ECS had registered with a cluster that was read, by their normalised host name and by their address. */
  readonly hosts: ReadonlyMap<string, SeenHost>;
  /** Of the containers that entries of the zone name: in which area ECS had them in a cluster, by `containerKey`. */
  readonly containers: ReadonlyMap<string, string>;
  /** What runs of the last hour removed, one row for each, oldest first. */
  readonly removals: readonly PastRemovals[];
  /** By `entryKey`: since when an entry was stale, confirmed and silent in every run. */
  readonly staleSince: ReadonlyMap<string, number>;
  /** The tasks that ran when every cluster was read last; `undefined` as long as that never was so. */
  readonly running: RunningTasks | undefined;
  /** A digest of what people were to look into after that run; `undefined` where none tells. */
  readonly concerns?: string | undefined;
  /** The newest run that came to its end. */
  readonly lastRun: FinishedRun | undefined;
}

export interface SeenHost {
  readonly instanceId: string;
  readonly address: string | undefined;
  readonly vpcId: string | undefined;
  readonly clusterArn: string;
  readonly seenAt: number;
}

export interface PastRemovals {
  readonly at: number;
  readonly stale: number;
  readonly unhealthy: number;
}

export interface RunningTasks {
  /** How many, by `serviceKey`; those that no ECS service started do not count. */
  readonly tasks: ReadonlyMap<string, number>;
  /** Since when runs find far fewer, for which ECS has no explanation; `undefined` while they do not. */
  readonly shrunkSince: number | undefined;
}

export interface FinishedRun {
  readonly id: string;
  readonly startedAt: number;
  readonly finishedAt: number;
}

export const EMPTY_STATE: RunState = {
  health: new Map(),
  hosts: new Map(),
  containers: new Map(),
  removals: [],
  staleSince: new Map(),
  running: undefined,
  lastRun: undefined,
};

const HOUR_MS = 3_600_000;

/** What runs of the hour before `now` removed: so long it counts in a budget, and so long it is kept. */
export function recentRemovals(
  { removals }: Pick<RunState, 'removals'>,
  now: number,
): readonly PastRemovals[] {
  return removals.filter(({ at }) => at > now - HOUR_MS);
}
