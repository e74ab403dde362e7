import { advance, type HealthHistory, type HealthRecord, historyKey } from '../../model/health-history.ts';
import type { Reason } from '../../model/verdict.ts';
import type { Judged } from './judge-entries.ts';
import { networkDoubt } from './network-doubt.ts';
import type { NetworkSelfTest } from './network-self-test.ts';

/**
 * The records of all endpoints that this run has seen. What was found neither failing nor passing
 * keeps the record it had, and so does what fails where the worker suspects its own network.
 */
export function healthRecords(
  judged: readonly Judged[],
  history: HealthHistory,
  networkSelfTests: readonly NetworkSelfTest[],
): ReadonlyMap<string, HealthRecord> {
  const doubt = networkDoubt(networkSelfTests);
  const records = new Map<string, HealthRecord>();
  for (const one of judged) {
    const { match, judgement } = one;
    if (match.kind !== 'endpoint') continue;
    const key = historyKey(match.endpoint, match.address);
    const fails = isFailing(one);
    const isChecked = fails || isPassing(one) || judgement.verdict === 'draining';
    const isKnown = isChecked && !(fails && doubt(one) !== undefined);
    const record = isKnown ? advance(history, key, fails) : history.get(key);
    if (record !== undefined) records.set(key, record);
  }
  return records;
}

/** Whether what an entry leads to has failed its check, spared by a threshold or not. */
export function isFailing({ judgement: { verdict, reason, evidence } }: Judged): boolean {
  return verdict === 'unhealthy' || reason === 'below-threshold' || evidence['wouldBe'] === 'unhealthy';
}

/** Whether it has passed its check, in enough runs or not. */
export function isPassing({ judgement: { reason } }: Judged): boolean {
  return reason === 'healthy' || reason === 'recovered' || reason === 'recovering';
}

/** Time ran out before it was known whether it answers. */
const UNHEARD: ReadonlySet<Reason> = new Set<Reason>(['deadline', 'too-few-attempts']);

/** Whether it was not known in time whether it passes: it may as well fail. */
export function isUnheard({ judgement: { reason } }: Judged): boolean {
  return UNHEARD.has(reason);
}

const YOUNG: ReadonlySet<Reason> = new Set<Reason>(['task-starting', 'grace-period']);

/** Whether there is only hope that it answers: it is still starting, it fails, spared or not, or it was not heard in time. */
export function isOnlyHoped(one: Judged): boolean {
  return YOUNG.has(one.judgement.reason) || isFailing(one) || isUnheard(one);
}
