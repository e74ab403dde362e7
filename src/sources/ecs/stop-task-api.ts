import { type ECSClient, StopTaskCommand } from '@aws-sdk/client-ecs';
import { sendOptions } from '../../aws/send-options.ts';

/** Asks ECS to stop one task of a cluster, by ARN, once. */
export type StopTask = (
  cluster: string,
  task: string,
  reason: string,
  signal: AbortSignal | undefined,
) => Promise<void>;

/** The real ECS. The client, which must be one that does not retry, is built for the first task. */
export function stopTaskApi(client: () => ECSClient): StopTask {
  return async (cluster, task, reason, abortSignal) => {
    await client().send(new StopTaskCommand({ cluster, task, reason }), sendOptions(abortSignal));
  };
}
