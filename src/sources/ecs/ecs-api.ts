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
import { required, requiredList } from '../../aws/unreadable-answer.ts';
import type { Page } from './read-pages.ts';

/** The largest page of every List call, and the largest batch of every Describe call but one, of ECS. */
export const ECS_PAGE_SIZE = 100;
/** The largest batch of DescribeServices. */
export const SERVICE_BATCH_SIZE = 10;

/** One page of a listing of what a cluster has, by ARN. */
type ListOfCluster = (
  cluster: string,
  token: string | undefined,
  signal: AbortSignal | undefined,
) => Promise<Page<string>>;

/** What of a cluster has the given ids. */
type DescribeOfCluster<T> = (
  cluster: string,
  ids: readonly string[],
  signal: AbortSignal | undefined,
) => Promise<Described<T>>;

/** What the inventory needs of ECS: one request a call, no paging and no batching of its own. */
export interface EcsApi {
  listClusters(token: string | undefined, signal: AbortSignal | undefined): Promise<Page<string>>;
  /** Those that are to run, of the whole cluster, unless the filter says otherwise. */
  listTasks(...of: [...Parameters<ListOfCluster>, filter?: TaskFilter]): Promise<Page<string>>;
  /** `filter` in the cluster query language of ECS. */
  listContainerInstances(...of: [...Parameters<ListOfCluster>, filter?: string]): Promise<Page<string>>;
  readonly listServices: ListOfCluster;
  readonly describeTasks: DescribeOfCluster<Task>;
  readonly describeContainerInstances: DescribeOfCluster<ContainerInstance>;
  /** At most 10 services a call. */
  readonly describeServices: DescribeOfCluster<Service>;
  describeTaskDefinition(arn: string, signal: AbortSignal | undefined): Promise<TaskDefinition>;
}

/** Which tasks to list. */
export interface TaskFilter {
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  /** By ARN. Without it, and without a service, it is all of the cluster. */
  readonly containerInstance?: string;
  readonly serviceName?: string;
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
    async listClusters(token, signal) {
      const answer = await client.send(new ListClustersCommand(paging(token)), sendOptions(signal));
      return { items: requiredList(answer.clusterArns, 'clusterArns'), nextToken: answer.nextToken };
    },
    async listTasks(cluster, token, signal, filter) {
      const command = new ListTasksCommand({ cluster, ...filter, ...paging(token) });
      const { taskArns, nextToken } = await client.send(command, sendOptions(signal));
      return { items: requiredList(taskArns, 'taskArns'), nextToken };
    },
    async listContainerInstances(cluster, token, signal, filter) {
      const command = new ListContainerInstancesCommand({ cluster, filter, ...paging(token) });
      const answer = await client.send(command, sendOptions(signal));
      const items = requiredList(answer.containerInstanceArns, 'containerInstanceArns');
      return { items, nextToken: answer.nextToken };
    },
    async listServices(cluster, token, signal) {
      // Without a size it would give 10 a page.
      const command = new ListServicesCommand({ cluster, ...paging(token) });
      const { serviceArns, nextToken } = await client.send(command, sendOptions(signal));
      return { items: requiredList(serviceArns, 'serviceArns'), nextToken };
    },
    async describeTasks(cluster, tasks, signal) {
      const command = new DescribeTasksCommand({ cluster, tasks: [...tasks] });
      const answer = await client.send(command, sendOptions(signal));
      return { items: requiredList(answer.tasks, 'tasks').map(share), failures: answer.failures ?? [] };
    },
    async describeContainerInstances(cluster, arns, signal) {
      const command = new DescribeContainerInstancesCommand({ cluster, containerInstances: [...arns] });
      const answer = await client.send(command, sendOptions(signal));
      const items = requiredList(answer.containerInstances, 'containerInstances');
      return { items, failures: answer.failures ?? [] };
    },
    async describeServices(cluster, services, signal) {
      const command = new DescribeServicesCommand({ cluster, services: [...services] });
      const answer = await client.send(command, sendOptions(signal));
      return { items: requiredList(answer.services, 'services'), failures: answer.failures ?? [] };
    },
    async describeTaskDefinition(arn, abortSignal) {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: arn });
      const answer = await client.send(command, sendOptions(abortSignal));
      return required(answer.taskDefinition, 'taskDefinition');
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
    task.startedBy = shared(task.startedBy);
    return task;
  };
}
