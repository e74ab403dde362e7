import type { DueStop } from '../plan/stops.ts';

/** Source: AWS CLI Reference, `ecs stop-task`; later editions name no limit any more. */
const MAX_LENGTH = 255;

/** What ECS is told, and shows with the stopped task. */
export function stopReason({
  reason,
  httpStatus,
  since,
}: Pick<DueStop, 'reason' | 'httpStatus' | 'since'>): string {
  const how = httpStatus === undefined ? reason : `${reason} ${httpStatus}`;
  const text = `ecs-dns: unhealthy (${how}) and out of DNS since ${new Date(since).toISOString()}`;
  return text.slice(0, MAX_LENGTH);
}
