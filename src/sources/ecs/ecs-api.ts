import {
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  ListClustersCommand,
  ListContainerInstancesCommand,
  ListServicesCommand,
  ListTasksCommand,
  type Service,
  type Task,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { sendOptions } from '../../aws/send-options.ts';
import type { Page } from './read-pages.ts';

/** The largest page of every List call, and the largest batch of every Describe call but one, of ECS. */
export const ECS_PAGE_SIZE = 100;
/** The largest batch of DescribeServices. */
export const SERVICE_BATCH_SIZE = 10;

/** What the inventory needs of ECS: one request a call, no paging and no batching of its own. */
export interface EcsApi {
  listClusters(token: string | undefined, signal: AbortSignal | undefined): Promise<Page<string>>;
  /** Those that are to run, of the whole cluster, unless the filter says otherwise. */
  listTasks(
    cluster: string,
    token: string | undefined,
    signal: AbortSignal | undefined,
    filter?: TaskFilter,
  ): Promise<Page<string>>;
  listContainerInstances(
    cluster: string,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Page<string>>;
  listServices(
    cluster: string,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Page<string>>;
  describeTasks(
    cluster: string,
    arns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Described<Task>>;
  describeContainerInstances(
    cluster: string,
    arns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Described<ContainerInstance>>;
  /** At most 10 services a call. */
  describeServices(
    cluster: string,
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Described<Service>>;
  describeTaskDefinition(arn: string, signal: AbortSignal | undefined): Promise<TaskDefinition>;
}

/** Which tasks to list. */
export interface TaskFilter {
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  /** By ARN; left out, it is all of the cluster. */
  readonly containerInstance?: string;
}

/** A Describe answer: what was found, and what was not, with ECS's reason. */
export interface Described<T> {
  readonly items: readonly T[];
  readonly failures: readonly Failure[];
}

/**
 * The real ECS. What it reads shares its strings for as long as it is kept.
 *
 * @example
 * const ecs = ecsApi(new ECSClient({}));
 */
export function ecsApi(client: ECSClient): EcsApi {
  const share = sharing();
  const paging = (token: string | undefined) => ({ maxResults: ECS_PAGE_SIZE, nextToken: token });
  return {
    async listClusters(token, abortSignal) {
      const answer = await client.send(new ListClustersCommand(paging(token)), sendOptions(abortSignal));
      return { items: answer.clusterArns ?? [], nextToken: answer.nextToken };
    },
    async listTasks(cluster, token, abortSignal, filter) {
      const answer = await client.send(
        new ListTasksCommand({ cluster, ...filter, ...paging(token) }),
        sendOptions(abortSignal),
      );
      return { items: answer.taskArns ?? [], nextToken: answer.nextToken };
    },
    async listContainerInstances(cluster, token, abortSignal) {
      const command = new ListContainerInstancesCommand({ cluster, ...paging(token) });
      const answer = await client.send(command, sendOptions(abortSignal));
      return { items: answer.containerInstanceArns ?? [], nextToken: answer.nextToken };
    },
    async listServices(cluster, token, abortSignal) {
      // Without a size it would give 10 a page.
      const command = new ListServicesCommand({ cluster, ...paging(token) });
      const answer = await client.send(command, sendOptions(abortSignal));
      return { items: answer.serviceArns ?? [], nextToken: answer.nextToken };
    },
    async describeTasks(cluster, arns, abortSignal) {
      const command = new DescribeTasksCommand({ cluster, tasks: [...arns] });
      const answer = await client.send(command, sendOptions(abortSignal));
      return { items: (answer.tasks ?? []).map(share), failures: answer.failures ?? [] };
    },
    async describeContainerInstances(cluster, arns, abortSignal) {
      const command = new DescribeContainerInstancesCommand({ cluster, containerInstances: [...arns] });
      const answer = await client.send(command, sendOptions(abortSignal));
      return { items: answer.containerInstances ?? [], failures: answer.failures ?? [] };
    },
    async describeServices(cluster, names, abortSignal) {
      const command = new DescribeServicesCommand({ cluster, services: [...names] });
      const answer = await client.send(command, sendOptions(abortSignal));
      return { items: answer.services ?? [], failures: answer.failures ?? [] };
    },
    async describeTaskDefinition(arn, abortSignal) {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: arn });
      const answer = await client.send(command, sendOptions(abortSignal));
      if (answer.taskDefinition === undefined) throw new Error(`no task definition in the answer for ${arn}`);
      return answer.taskDefinition;
    },
  };
}

/** Thousands of tasks have the same definition, the same host and the same service. */
function sharing(): (task: Task) => Task {
  const strings = new Map<string, string>();
  const shared = (text: string | undefined) => {
    if (text === undefined) return undefined;
    const known = strings.get(text);
    if (known === undefined) strings.set(text, text);
    return known ?? text;
  };
  return (task) => {
    // No other caller has the answer.
    task.taskDefinitionArn = shared(task.taskDefinitionArn);
    task.containerInstanceArn = shared(task.containerInstanceArn);
    task.group = shared(task.group);
    return task;
  };
}
