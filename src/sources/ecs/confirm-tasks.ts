import { taskKey } from '../../model/cluster.ts';
import type { ConfirmationReads, TaskQuery } from '../../model/confirmation.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import { taskIdOf } from '../../model/managed-identifier.ts';
import type { ConfirmationSources } from './confirmation-sources.ts';
import { ECS_PAGE_SIZE } from './ecs-api.ts';
import { inBatches } from './read-pages.ts';
import { type ContainerEndpoints, taskEndpoints } from './task-endpoints.ts';
import { phaseOf } from './task-phase.ts';
import { unreadScope } from './unread.ts';

/** What was seen of tasks that were asked for by their ids. */
export interface TasksSeen {
  readonly states: ConfirmationReads['tasks'];
  /** By `taskKey`. */
  readonly unasked: ReadonlyMap<string, IncompleteScope>;
  /** Of those that have not ended. */
  readonly found: readonly ContainerEndpoints[];
}

/** Asks ECS for tasks by their ids, 100 a call. A task that the answer does not speak of was not asked for. */
export async function confirmTasks(
  looks: readonly TaskQuery[],
  sources: ConfirmationSources,
): Promise<TasksSeen> {
  const batches = looks.flatMap(({ cluster, taskIds }) =>
    inBatches(taskIds, ECS_PAGE_SIZE).map((batch) => ({ cluster, taskIds: batch })),
  );
  const seen = await Promise.all(batches.map((batch) => describeBatch(batch, sources)));
  return {
    states: new Map(seen.flatMap(({ states }) => [...states])),
    unasked: new Map(seen.flatMap(({ unasked }) => [...unasked])),
    found: seen.flatMap(({ found }) => found),
  };
}

async function describeBatch(look: TaskQuery, sources: ConfirmationSources): Promise<TasksSeen> {
  const { cluster, taskIds } = look;
  const { ecs, ecsLimit, signal } = sources;
  try {
    const { items, failures } = await ecsLimit(() => ecs.describeTasks(cluster.arn, taskIds, signal));
    const states = new Map<string, 'there' | 'ended'>();
    for (const { arn, reason } of failures) {
      if (reason === 'MISSING') states.set(taskKey(cluster, taskIdOf(arn ?? '')), 'ended');
    }
    const going = items.filter((task) => phaseOf(task, undefined) !== 'stopped');
    for (const task of items) {
      states.set(taskKey(cluster, taskIdOf(task.taskArn ?? '')), going.includes(task) ? 'there' : 'ended');
    }
    const found = going.flatMap((task) => taskEndpoints(task, cluster, new Map(), sources.definitions));
    return { states, unasked: unaskedOf(look, states, new Error('the answer does not speak of it')), found };
  } catch (error) {
    signal?.throwIfAborted();
    return { states: new Map(), unasked: unaskedOf(look, new Map(), error), found: [] };
  }
}

function unaskedOf(
  { cluster, taskIds }: TaskQuery,
  states: TasksSeen['states'],
  error: unknown,
): TasksSeen['unasked'] {
  const scope = unreadScope(`cluster/${cluster.name}`, 'ecs:DescribeTasks', error);
  const keys = taskIds.map((taskId) => taskKey(cluster, taskId)).filter((key) => !states.has(key));
  return new Map(keys.map((key) => [key, scope]));
}
