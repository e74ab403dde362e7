import type { Endpoint } from './inventory.ts';

/** How often in a row an endpoint has failed, and has passed again since. Counted in runs. */
export interface HealthRecord {
  readonly failing: number;
  readonly passing: number;
}

/** What is remembered from run to run, by `historyKey`. What is not in it has no failures. */
export type HealthHistory = ReadonlyMap<string, HealthRecord>;

/** How many runs in a row make an endpoint unhealthy, and healthy again. */
export interface HealthThresholds {
  readonly unhealthyThreshold: number;
  readonly healthyThreshold: number;
}

const NO_FAILURES: HealthRecord = { failing: 0, passing: 0 };

/**
 * The key of one port of one container: another container on the same port starts over. A port that is
 * asked at a second address, such as one of IPv6, has a record of its own there.
 */
export function historyKey({ container, port, protocol, address }: Endpoint, askedAt = address): string {
  const own = `${container.id ?? `${container.taskArn}/${container.name}`} ${port}/${protocol}`;
  return address === undefined || askedAt === address ? own : `${own} ${askedAt}`;
}

/** The record of an endpoint after one more run has found it failing, or passing. */
export function advance(history: HealthHistory, key: string, isFailing: boolean): HealthRecord {
  const { failing, passing } = history.get(key) ?? NO_FAILURES;
  if (isFailing) return { failing: failing + 1, passing: 0 };
  return { failing, passing: failing > 0 ? passing + 1 : 0 };
}

export function isFailedLongEnough({ failing }: HealthRecord, thresholds: HealthThresholds): boolean {
  return failing >= thresholds.unhealthyThreshold;
}

/** Whether an endpoint that was unhealthy has not yet passed enough runs in a row. */
export function isRecovering(record: HealthRecord, thresholds: HealthThresholds): boolean {
  return isFailedLongEnough(record, thresholds) && record.passing < thresholds.healthyThreshold;
}

/**
 * What to remember after a run: the records of the endpoints it has seen failing or recovering.
 * Everything else is forgotten, and starts over when it comes back.
 */
export function nextHistory(
  records: ReadonlyMap<string, HealthRecord>,
  thresholds: HealthThresholds,
): HealthHistory {
  const kept = [...records].filter(
    ([, record]) => (record.failing > 0 && record.passing === 0) || isRecovering(record, thresholds),
  );
  return new Map(kept.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
