import type { ContainerInstance, Failure, Task } from '@aws-sdk/client-ecs';
import type { LimitFunction } from 'p-limit';
import { describeError, errorName } from '../aws/aws-error.ts';
import type { IncompleteScope } from '../model/inventory.ts';
import { type Described, ECS_PAGE_SIZE, type EcsApi } from './ecs-api.ts';
import { inBatches, type Page, readPages } from './read-pages.ts';

/** A cluster to read: by ARN where ECS listed it, by the configured name or ARN otherwise. */
export interface ClusterRef {
  readonly name: string;
  readonly id: string;
}

/** What ECS says of one cluster. It was read completely when nothing is incomplete. */
export interface ClusterReading {
  readonly cluster: ClusterRef;
  readonly tasks: readonly Task[];
  readonly instances: readonly ContainerInstance[];
  readonly incomplete: readonly IncompleteScope[];
  /** ECS has no such cluster. */
  readonly missing: boolean;
}

/** What reading a cluster needs; `limit` bounds the requests under way to ECS. */
export interface ReadContext {
  readonly ecs: EcsApi;
  readonly limit: LimitFunction;
  readonly signal: AbortSignal | undefined;
}

/** Reads all tasks and container instances of one cluster, in full pages and full batches. */
export async function readCluster(cluster: ClusterRef, context: ReadContext): Promise<ClusterReading> {
  const { ecs, signal } = context;
  const [tasks, instances] = await Promise.all([
    readAll(
      { list: 'ecs:ListTasks', describe: 'ecs:DescribeTasks' },
      (token) => ecs.listTasks(cluster.id, token, signal),
      (arns) => ecs.describeTasks(cluster.id, arns, signal),
      context,
    ),
    readAll(
      { list: 'ecs:ListContainerInstances', describe: 'ecs:DescribeContainerInstances' },
      (token) => ecs.listContainerInstances(cluster.id, token, signal),
      (arns) => ecs.describeContainerInstances(cluster.id, arns, signal),
      context,
    ),
  ]);
  const faults = [...tasks.faults, ...instances.faults, ...contradiction(tasks, instances.items)];
  return {
    cluster,
    tasks: tasks.items,
    instances: instances.items,
    missing: faults.some(({ error }) => errorName(error) === 'ClusterNotFoundException'),
    incomplete: faults.map(({ operation, error }) => ({
      scope: `cluster/${cluster.name}`,
      operation,
      error: describeError(error),
      hides: 'endpoints',
    })),
  };
}

interface Fault {
  readonly operation: string;
  readonly error: unknown;
}

async function readAll<T>(
  operations: { readonly list: string; readonly describe: string },
  list: (token: string | undefined) => Promise<Page<string>>,
  describe: (arns: readonly string[]) => Promise<Described<T>>,
  { limit, signal }: ReadContext,
): Promise<{ readonly items: readonly T[]; readonly listed: number; readonly faults: readonly Fault[] }> {
  const listed = await readPages((token) => limit(() => list(token)), signal);
  const arns = [...new Set(listed.items)];
  const { items, faults } = await describeAll(arns, describe, limit, signal);
  const listFaults = listed.error === undefined ? [] : [{ operation: operations.list, error: listed.error }];
  const describeFaults = faults.map((error) => ({ operation: operations.describe, error }));
  return { items, listed: arns.length, faults: [...listFaults, ...describeFaults] };
}

/** Describes what has the given ARNs, in full batches; every gap in the answers is a fault. */
export async function describeAll<T>(
  arns: readonly string[],
  describe: (arns: readonly string[]) => Promise<Described<T>>,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<{ readonly items: readonly T[]; readonly faults: readonly unknown[] }> {
  const parts = await Promise.all(
    inBatches(arns, ECS_PAGE_SIZE).map((batch) => limit(() => describeBatch(batch, describe, signal))),
  );
  return { items: parts.flatMap((part) => part.items), faults: parts.flatMap(({ errors }) => errors) };
}

async function describeBatch<T>(
  arns: readonly string[],
  describe: (arns: readonly string[]) => Promise<Described<T>>,
  signal: AbortSignal | undefined,
): Promise<{ readonly items: readonly T[]; readonly errors: readonly unknown[] }> {
  try {
    const { items, failures } = await describe(arns);
    return { items, errors: partialErrors(arns.length, items.length, failures) };
  } catch (error) {
    signal?.throwIfAborted();
    return { items: [], errors: [error] };
  }
}

/** `MISSING` is an id that is gone, which is an answer; every other gap is something left unread. */
function partialErrors(asked: number, found: number, failures: readonly Failure[]): readonly Error[] {
  const errors = failures
    .filter(({ reason }) => reason !== 'MISSING')
    .map(
      ({ arn, reason, detail }) =>
        new Error(`${reason ?? 'unknown failure'} for ${arn ?? '?'} ${detail ?? ''}`),
    );
  const silent = asked - found - failures.length;
  return silent > 0 ? [...errors, new Error(`${silent} of ${asked} were left out of the answer`)] : errors;
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
