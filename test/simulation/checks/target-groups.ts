import type { RunResult } from '../../../src/run/run.ts';
import type { Session } from '../aws/session.ts';
import type { Report } from './violation.ts';

/** What target groups say decides nothing where the settings do not believe them, and is not asked for. */
export function checkTargetGroups(
  { world, targetsFailed }: Session,
  result: RunResult,
  report: Report,
): void {
  const { targetGroups } = world.history.setup;
  if (targetGroups === undefined || targetGroups.isBelieved) return;
  if (targetsFailed.size > 0) report('disbelieved', 'target groups were asked that are not believed');
  for (const { entry, reason, evidence } of result.plan.judgements) {
    if (reason === 'target-unhealthy' || evidence['failure'] === 'target-unhealthy')
      report('disbelieved', `${entry.name} → ${entry.value} as ${reason}`);
  }
}
