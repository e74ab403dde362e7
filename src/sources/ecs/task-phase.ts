import type { Phase } from '../../model/inventory.ts';

/** The parts of a Task and a Container that tell where in its life a container is. */
interface TaskStatus {
  readonly lastStatus?: string | undefined;
  readonly desiredStatus?: string | undefined;
}

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
export function phaseOf(task: TaskStatus, containerStatus: string | undefined): Phase {
  const last = task.lastStatus ?? '';
  if (['DEPROVISIONING', 'STOPPED', 'DELETED'].includes(last) || containerStatus === 'STOPPED')
    return 'stopped';
  if (['DEACTIVATING', 'STOPPING'].includes(last) || task.desiredStatus === 'STOPPED') return 'stopping';
  if (['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(last) || containerStatus === 'PENDING')
    return 'starting';
  return 'running';
}
