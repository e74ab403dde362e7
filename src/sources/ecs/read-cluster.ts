import type { ContainerInstance } from '@aws-sdk/client-ecs';
import { errorName } from '../../aws/aws-error.ts';
import { type Cluster, clusterOf } from '../../model/cluster.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import { describeBatch } from './describe-batch.ts';
import { type Described, ECS_PAGE_SIZE, type EcsApi } from './ecs-api.ts';
import type { Limit } from './fair-share-limiter.ts';
import { type Page, readPages } from './read-pages.ts';
import { keepTask, type TaskSummary } from './task-summary.ts';
import { unreadScope } from './unread.ts';

/** What ECS says of one cluster. It was read completely when nothing is incomplete. */
export interface ClusterReading {
  /** The name or ARN by which it was read. */
  readonly id: string;
  readonly cluster: Cluster;
  /** All its tasks, to be gone over once: what was passed is let go of, because a large cluster has many. */
  readonly tasks: Iterable<TaskSummary>;
  readonly instances: readonly ContainerInstance[];
  readonly incomplete: readonly IncompleteScope[];
  /** ECS has no such cluster. */
  readonly missing: boolean;
}

/** What reading a cluster needs. */
export interface ReadContext {
  readonly ecs: EcsApi;
  readonly region: string;
  /** Bounds the requests under way to ECS, fairly between its operations. */
  readonly limitOf: (operation: string) => Limit;
  readonly onTasks: (tasks: readonly TaskSummary[]) => void;
  readonly signal: AbortSignal | undefined;
}

/** Reads all tasks and container instances of one cluster, in full pages and full batches. */
export async function readCluster(id: string, context: ReadContext): Promise<ClusterReading> {
  const { ecs, onTasks, signal } = context;
  const instances = readAll(
    { list: 'ecs:ListContainerInstances', describe: 'ecs:DescribeContainerInstances' },
    (token) => ecs.listContainerInstances(id, token, signal),
    (arns) => ecs.describeContainerInstances(id, arns, signal),
    context,
  );
  const tasks = readAll(
    { list: 'ecs:ListTasks', describe: 'ecs:DescribeTasks' },
    (token) => ecs.listTasks(id, token, signal),
    async (arns) => {
      const { items, failures } = await ecs.describeTasks(id, arns, signal);
      const kept = items.map(keepTask);
      onTasks(kept);
      return { items: kept, failures };
    },
    context,
    // Whatever is found running then was among the tasks that ECS had counted: a task that ends in between
    // can never make up for one that the listing lacks.
    instances.catch(() => {}),
  );
  return readingOf(id, context.region, ...(await Promise.all([tasks, instances])));
}

function readingOf(
  id: string,
  region: string,
  tasks: Listed<TaskSummary>,
  instances: Listed<ContainerInstance>,
): ClusterReading {
  const registered = instances.parts.flat();
  const faults = [...tasks.faults, ...instances.faults, ...contradiction(tasks, registered)];
  const [firstTask] = tasks.parts.find((part) => part.length > 0) ?? [];
  const samples = [registered[0]?.containerInstanceArn, firstTask?.arn].flatMap((arn) => arn ?? []);
  const cluster = clusterOf(id, region, samples);
  return {
    id,
    cluster,
    tasks: drain(tasks.parts),
    instances: registered,
    missing: faults.some(({ error }) => errorName(error) === 'ClusterNotFoundException'),
    incomplete: faults.map(({ operation, error }) =>
      unreadScope(`cluster/${cluster.name}`, operation, error),
    ),
  };
}

function* drain<T>(parts: (readonly T[])[]): Iterable<T> {
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield* part;
}

interface Fault {
  readonly operation: string;
  readonly error: unknown;
}

/** What was listed, and the descriptions of it by batch. */
interface Listed<T> {
  readonly parts: (readonly T[])[];
  readonly listed: number;
  readonly faults: readonly Fault[];
}

/** Describes what is listed while the rest is still being listed, but nothing before all is `ready` for it. */
async function readAll<T>(
  operations: { readonly list: string; readonly describe: string },
  list: (token: string | undefined) => Promise<Page<string>>,
  describe: (arns: readonly string[]) => Promise<Described<T>>,
  { limitOf, signal }: ReadContext,
  ready: Promise<unknown> = Promise.resolve(),
): Promise<Listed<T>> {
  const [listLimit, describeLimit] = [limitOf(operations.list), limitOf(operations.describe)];
  const batches = fullBatches(async (arns) => {
    await ready;
    return describeLimit(() => describeBatch(arns, describe, signal));
  });
  const listed = await readPages((token) => listLimit(() => list(token)), signal, batches.add);
  const parts = await batches.finish();
  const listFaults = listed.error === undefined ? [] : [{ operation: operations.list, error: listed.error }];
  const describeFaults = parts.flatMap(({ faults }) =>
    faults.map((error) => ({ operation: operations.describe, error })),
  );
  const listing = { listed: batches.size(), faults: [...listFaults, ...describeFaults] };
  return { parts: parts.map(({ items }) => items), ...listing };
}

/** Cuts ARNs into full batches as they come, each ARN once; only the last one may be smaller. */
function fullBatches<R>(send: (arns: readonly string[]) => Promise<R>) {
  const seen = new Set<string>();
  const sent: Promise<R>[] = [];
  let next: string[] = [];
  const flush = () => {
    const batch = send(next);
    // An abort is thrown where it is waited for.
    batch.catch(() => {});
    sent.push(batch);
    next = [];
  };
  return {
    add: (arns: readonly string[]) => {
      for (const arn of arns) {
        if (seen.has(arn)) continue;
        seen.add(arn);
        if (next.push(arn) === ECS_PAGE_SIZE) flush();
      }
    },
    size: () => seen.size,
    finish: () => {
      if (next.length > 0) flush();
      return Promise.all(sent);
    },
  };
}

/**
 * A listing that ends with nothing, or just at the end of a full page, while the instances report more
 * running tasks than it has: an answer was lost on the way, and what it lacks may well run. In between,
 * fewer tasks than reported are normal: tasks that are being stopped are no longer listed.
 */
function contradiction(
  { listed, faults }: { readonly listed: number; readonly faults: readonly Fault[] },
  instances: readonly ContainerInstance[],
): readonly Fault[] {
  const endsAtPage = listed % ECS_PAGE_SIZE === 0;
  const running = instances.reduce((sum, { runningTasksCount }) => sum + (runningTasksCount ?? 0), 0);
  if (faults.length > 0 || !endsAtPage || running <= listed) return [];
  const error = new Error(
    `${listed} tasks were listed, but the container instances report ${running} running`,
  );
  return [{ operation: 'ecs:ListTasks', error }];
}
