import { advance, type HealthHistory, type HealthRecord, historyKey } from '../../model/health-history.ts';
import type { Judged } from './judge-entries.ts';

/**
 * The records of all endpoints that this run has seen. What was found neither failing nor passing
 * keeps the record it had.
 */
export function healthRecords(
  judged: readonly Judged[],
  history: HealthHistory,
): ReadonlyMap<string, HealthRecord> {
  const records = new Map<string, HealthRecord>();
  for (const one of judged) {
    const { match, judgement } = one;
    if (match.kind !== 'endpoint') continue;
    const key = historyKey(match.endpoint, match.address);
    const fails = isFailing(one);
    const isChecked = fails || isPassing(one) || judgement.verdict === 'draining';
    const record = isChecked ? advance(history, key, fails) : history.get(key);
    if (record !== undefined) records.set(key, record);
  }
  return records;
}

/** Whether what an entry leads to has failed its check, spared by a threshold or not. */
export function isFailing({ judgement: { verdict, reason } }: Judged): boolean {
  return verdict === 'unhealthy' || reason === 'below-threshold';
}

/** Whether it has passed its check, in enough runs or not. */
export function isPassing({ judgement: { reason } }: Judged): boolean {
  return reason === 'healthy' || reason === 'recovering';
}
