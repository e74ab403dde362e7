import { type ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import { sendOptions } from '../../aws/send-options.ts';
import { required } from '../../aws/unreadable-answer.ts';
import { inBatches } from '../../model/in-batches.ts';
import type { ServiceState } from '../../model/task-stop.ts';
import { ECS_PAGE_SIZE, type EcsApi, SERVICE_BATCH_SIZE } from './ecs-api.ts';
import { serviceOf } from './self-description.ts';
import { stateOf } from './service-states.ts';
import { phaseOf } from './task-phase.ts';

/** Asks ECS to stop one task of a cluster, by ARN, once. */
type StopTask = (
  cluster: string,
  task: string,
  reason: string,
  signal: AbortSignal | undefined,
) => Promise<void>;

/** What it takes to stop tasks. Everything rejects when ECS cannot be asked. */
export interface TaskStopper {
  /** Services of a cluster as they are now, by name; one that ECS does not describe is absent. */
  readonly describeServices: (
    cluster: string,
    names: readonly string[],
    signal: AbortSignal | undefined,
  ) => Promise<ReadonlyMap<string, ServiceState>>;
  /** Those of the given tasks that run now, by ARN, with the service that started each. */
  readonly findRunning: (
    cluster: string,
    tasks: readonly string[],
    signal: AbortSignal | undefined,
  ) => Promise<ReadonlyMap<string, string | undefined>>;
  readonly stop: StopTask;
}

const refuse = () => Promise.reject(new TypeError('no task is to be stopped'));

/** For those who stop nothing: it refuses to. */
export const NO_STOPPER: TaskStopper = { describeServices: refuse, findRunning: refuse, stop: refuse };

/** Stops tasks of ECS. */
export function createTaskStopper(
  ecs: Pick<EcsApi, 'describeServices' | 'describeTasks'>,
  stop: StopTask,
): TaskStopper {
  return {
    async describeServices(cluster, names, signal) {
      const states = new Map<string, ServiceState>();
      for (const batch of inBatches(names, SERVICE_BATCH_SIZE)) {
        const { items } = await ecs.describeServices(cluster, batch, signal);
        for (const service of items) states.set(service.serviceName ?? '', stateOf(service));
      }
      return states;
    },
    async findRunning(cluster, tasks, signal) {
      const running = new Map<string, string | undefined>();
      for (const batch of inBatches(tasks, ECS_PAGE_SIZE)) {
        const { items } = await ecs.describeTasks(cluster, batch, signal);
        for (const task of items) {
          if (phaseOf(task, undefined) !== 'running') continue;
          running.set(task.taskArn ?? '', serviceOf(task.group ?? ''));
        }
      }
      return running;
    },
    stop,
  };
}

/** StopTask of the real ECS. The client, which must be one that does not retry, is built for the first task. */
export function stopTaskApi(client: () => ECSClient): StopTask {
  return async (cluster, task, reason, abortSignal) => {
    const answer = await client().send(
      new StopTaskCommand({ cluster, task, reason }),
      sendOptions(abortSignal),
    );
    required(answer.task, 'task');
  };
}
