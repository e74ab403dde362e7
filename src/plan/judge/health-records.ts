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
  for (const { match, judgement } of judged) {
    if (match.kind !== 'endpoint') continue;
    const key = historyKey(match.endpoint, match.address);
    const { verdict, reason } = judgement;
    const isFailing = verdict === 'unhealthy' || reason === 'below-threshold';
    const isPassing = reason === 'healthy' || reason === 'recovering' || verdict === 'draining';
    const record = isFailing || isPassing ? advance(history, key, isFailing) : history.get(key);
    if (record !== undefined) records.set(key, record);
  }
  return records;
}
