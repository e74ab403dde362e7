import type { Session } from '../aws/session.ts';
import type { SimTask } from '../world/entities.ts';
import { nameTask } from '../world/world.ts';
import { couldNotTellOf } from './cut-off.ts';
import type { Report } from './violation.ts';

/**
 * Holds the end that a run has asked ECS for against the truth: a task that was up all the time must go on, unless the
 * run found no way to it and had nothing to tell that by.
 */
export function checkStop(session: Session, task: SimTask, report: Report): void {
  if (session.world.isUpSince(task, session.startedAt) && !couldNotTellOf(task, session))
    report('stopped-healthy', `${nameTask(task)} is up, and was since run ${session.number} began`);
}
