import { isUnreadable } from '../model/inventory.ts';
import type { Report } from '../report/report-schema.ts';
import type { RunResult } from '../run/run.ts';
import { InvocationError } from './invocation-error.ts';

/**
 * Why a run that came to its end is a failure all the same. Conflicts and held-back entries are none:
 * the zone is as somebody wanted it, and the next run looks again.
 */
export function failureOf(
  { inventory }: RunResult,
  { summary, changes }: Report,
): InvocationError | undefined {
  if (isUnreadable(inventory)) {
    const [first] = inventory.incomplete;
    return new InvocationError(
      'unreadable',
      `nothing could be read from ECS (${first?.operation}: ${first?.error}): every removal is held back`,
    );
  }
  if (summary.failed === 0) return undefined;
  const failed = changes.find(({ status }) => status === 'failed');
  return new InvocationError(
    'changes-failed',
    `${summary.failed} of ${changes.length} changes failed (${failed?.recordSet.Name}: ${failed?.detail})`,
  );
}
