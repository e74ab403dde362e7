import type { Task } from '@aws-sdk/client-ecs';
import type { Phase } from '../../model/inventory.ts';

/**
 * | task lastStatus                     | task desiredStatus | container lastStatus | phase    |
 * |-------------------------------------|--------------------|----------------------|----------|
 * | DEPROVISIONING, STOPPED, DELETED    |                    |                      | stopped  |
 * |                                     |                    | STOPPED              | stopped  |
 * | DEACTIVATING, STOPPING              |                    |                      | stopping |
 * |                                     | STOPPED            |                      | stopping |
 * | PROVISIONING, PENDING, ACTIVATING   |                    |                      | starting |
 * |                                     |                    | PENDING              | starting |
 * | RUNNING, or a state unknown to us   |                    |                      | running  |
 *
 * The first row that fits decides. Source: ECS Developer Guide, "Task lifecycle".
 */
export function phaseOf(
  { lastStatus = '', desiredStatus }: Pick<Task, 'lastStatus' | 'desiredStatus'>,
  containerStatus: string | undefined,
): Phase {
  const isIn = (...states: readonly string[]) => states.includes(lastStatus);
  if (isIn('DEPROVISIONING', 'STOPPED', 'DELETED') || containerStatus === 'STOPPED') return 'stopped';
  if (isIn('DEACTIVATING', 'STOPPING') || desiredStatus === 'STOPPED') return 'stopping';
  if (isIn('PROVISIONING', 'PENDING', 'ACTIVATING') || containerStatus === 'PENDING') return 'starting';
  return 'running';
}
