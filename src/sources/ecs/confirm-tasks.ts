import { taskKey } from '../../model/cluster.ts';
import type { TaskQuery } from '../../model/confirmation.ts';
import { taskIdOf } from '../../model/managed-identifier.ts';
import type { Access } from './access.ts';
import { describeAll } from './describe-batch.ts';
import { taskEndpoints } from './task-endpoints.ts';
import { phaseOf } from './task-phase.ts';
import { keepTask } from './task-summary.ts';
import { unreadScope } from './unread.ts';

/**
 * Asks ECS for tasks by their ids, 100 a call: their states by `taskKey`, and the containers of those that have not
 * ended. A task that the answer does not speak of was not asked for.
 */
export async function confirmTasks(
  { cluster, taskIds }: TaskQuery,
  { ecs, ecsLimit, definitions, namesOf, signal }: Access,
) {
  const describe = (batch: readonly string[]) => ecs.describeTasks(cluster.arn, batch, signal);
  const { items, missing, faults } = await describeAll(taskIds, describe, ecsLimit, signal);
  const keyOf = (arn = '') => taskKey(cluster, taskIdOf(arn));
  const sources = { hosts: new Map(), definitions, namesOf };
  const going = new Set(items.filter((task) => phaseOf(task, undefined) !== 'stopped'));
  const states = new Map<string, 'there' | 'ended'>([
    ...missing.map((arn) => [keyOf(arn), 'ended'] as const),
    ...items.map((task) => [keyOf(task.taskArn), going.has(task) ? 'there' : 'ended'] as const),
  ]);
  const [fault = new Error('the answer does not speak of it')] = faults;
  const scope = unreadScope(`cluster/${cluster.name}`, 'ecs:DescribeTasks', fault);
  const unanswered = taskIds.map(keyOf).filter((key) => !states.has(key));
  return {
    states,
    unasked: new Map(unanswered.map((key) => [key, scope])),
    found: [...going].flatMap((task) => taskEndpoints(keepTask(task), cluster, sources)),
  };
}
