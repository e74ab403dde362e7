import type { ECSClient } from '@aws-sdk/client-ecs';
import { ecsService } from '../../../src/sandbox/ecs/ecs-service.ts';
import type { Json } from '../../../src/sandbox/service.ts';
import { type EcsApi, ecsApi } from '../../../src/sources/ecs/ecs-api.ts';
import { createTaskStopper, stopTaskApi, type TaskStopper } from '../../../src/sources/ecs/task-stopper.ts';
import type { Operation } from '../history.ts';
import { createRandom, unit } from '../random.ts';
import { serviceName } from '../world/account.ts';
import type { SimTask } from '../world/entities.ts';
import { stop } from '../world/lifecycle.ts';
import type { World } from '../world/world.ts';
import { clusterAsOf } from './as-of.ts';
import { serviceError } from './errors.ts';
import { type Asked, sdkClient } from './sdk-client.ts';
import type { Session } from './session.ts';

/** ECS as one run meets it. Its lists may be minutes old; what it describes is current, or seconds old. */
export function ecsOf(session: Session): EcsApi {
  const client = sdkClient(session, ecsService, (asked) => answer(asked, session));
  const api = ecsApi(client as unknown as ECSClient);
  return {
    ...api,
    listClusters: (...asked) =>
      noting(session, undefined, async () => {
        const clusters = await api.listClusters(...asked);
        for (const arn of clusters.items) session.listedClusters.add(idOf(arn));
        return clusters;
      }),
    listTasks: (cluster, ...asked) => noting(session, cluster, () => api.listTasks(cluster, ...asked)),
    listContainerInstances: (cluster, ...asked) =>
      noting(session, cluster, () => api.listContainerInstances(cluster, ...asked)),
    // No service of the simulation has a load balancer, so there is nothing to ask.
    listServices: () => Promise.reject(new TypeError('a run without CNAMEs lists no services')),
    describeTasks: (cluster, ...asked) =>
      noting(session, cluster, () => api.describeTasks(cluster, ...asked)),
    describeContainerInstances: (cluster, ...asked) =>
      noting(session, cluster, () => api.describeContainerInstances(cluster, ...asked)),
  };
}

/** Remembers that a reading failed. */
async function noting<T>(session: Session, cluster: string | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (cluster !== undefined) session.markUnread(idOf(cluster));
    else session.clustersUnread = true;
    throw error;
  }
}

function answer(asked: Asked, session: Session): Json {
  const { operation, input, carryOut } = asked;
  refuseHidden(operation, clusterIn(input), session);
  if (operation === 'ecs:StopTask') return stopped(asked, session);
  if (LISTS.has(operation)) return listed(asked, session);
  const kind = DESCRIBED[operation];
  return kind === undefined ? carryOut(session.world.account) : described(asked, session, kind);
}

/** The worker's stopper, which asks once. */
export function stopperOf(session: Session): TaskStopper {
  const client = sdkClient(session, ecsService, (asked) => answer(asked, session));
  return createTaskStopper(
    ecsOf(session),
    stopTaskApi(() => client as unknown as ECSClient),
  );
}

function stopped({ input, call }: Asked, session: Session): Json {
  const { world } = session;
  const task = world.tasks.find(({ arn }) => arn === input['task']);
  if (task === undefined || task.stoppedAt !== undefined)
    throw serviceError('InvalidParameterException', 'The referenced task was not found.', 400);
  session.onStop(task);
  stop(task, world, createRandom(session.spec.salt, call));
  return { task: { taskArn: task.arn } };
}

/** What the policy of the role leaves out: whatever is asked of one cluster, but not its being listed. */
function refuseHidden(operation: Operation, cluster: string | undefined, { world }: Session): void {
  const { hiddenCluster } = world.history.setup;
  const isHidden = hiddenCluster !== undefined && cluster === world.clusters[hiddenCluster.cluster];
  if (!isHidden || hiddenCluster.how !== 'denied') return;
  throw serviceError(
    'AccessDeniedException',
    `User: arn:aws:sts::123456789012:assumed-role/ecs-dns/run is not authorized to perform: ${operation} on resource: ${cluster} because no identity-based policy allows it`,
    400,
  );
}

/** ListClusters as a policy, or a filter on the way, has it: one cluster is not in it. */
function withoutHidden(page: Json, { world }: Session): Json {
  const { hiddenCluster } = world.history.setup;
  const arns = page['clusterArns'] as readonly string[] | undefined;
  if (hiddenCluster?.how !== 'unlisted' || arns === undefined) return page;
  const hidden = world.clusters[hiddenCluster.cluster];
  return { ...page, clusterArns: arns.filter((arn) => idOf(arn) !== hidden) };
}

const LISTS: ReadonlySet<Operation> = new Set([
  'ecs:ListClusters',
  'ecs:ListTasks',
  'ecs:ListContainerInstances',
]);

function listed({ operation, input, call, carryOut }: Asked, session: Session): Json {
  const { world } = session;
  const cluster = clusterIn(input);
  const lag = cluster === undefined ? 0 : lagOf(session, operation, cluster, call);
  if (session.meets('empty', operation, call)) return {};
  const at = world.now - lag;
  const isOfTasks = operation === 'ecs:ListTasks';
  const isForgotten = isOfTasks ? forgottenRule(session, call) : () => true;
  const isAsked = (task: SimTask) => !isForgotten(task);
  const look = { instances: isOfTasks ? world.now : at, tasks: at, states: at, isAsked };
  const account = cluster === undefined ? world.account : clusterAsOf(world, cluster, look);
  const answered = carryOut(account, { ...input, maxResults: world.history.setup.pageSize });
  const { nextToken, ...page } = withoutHidden(answered, session);
  if (nextToken === undefined || session.meets('truncate', operation, call)) return page;
  const token = input['nextToken'];
  if (token === undefined || !session.meets('same-token', operation, call)) return { ...page, nextToken };
  if (cluster === undefined) session.clustersUnread = true;
  else session.markUnread(cluster);
  return { ...page, nextToken: token };
}

/** What is described: in which field, by which id, and which tasks its answer is made of. */
interface Kind {
  readonly field: string;
  readonly id: string;
  readonly isAsked: (task: SimTask, ids: readonly string[]) => boolean;
}

const DESCRIBED: Readonly<Partial<Record<Operation, Kind>>> = {
  'ecs:DescribeTasks': {
    field: 'tasks',
    id: 'taskArn',
    // By their ARNs, or by their ids alone.
    isAsked: ({ arn }, ids) => ids.some((id) => idOf(id) === idOf(arn)),
  },
  'ecs:DescribeContainerInstances': {
    field: 'containerInstances',
    id: 'containerInstanceArn',
    isAsked: ({ host }, ids) => host !== undefined && ids.includes(host.instanceArn),
  },
  'ecs:DescribeServices': {
    field: 'services',
    id: 'serviceName',
    isAsked: ({ serviceIndex }, ids) => ids.includes(serviceName(serviceIndex)),
  },
};

function described({ operation, input, call, carryOut }: Asked, session: Session, kind: Kind): Json {
  const { world } = session;
  const cluster = clusterIn(input) ?? '';
  const states = world.now - lateness(session, operation, call);
  const ids = input[kind.field] as readonly string[];
  const isForgotten = kind.field === 'containerInstances' ? forgottenRule(session, call) : () => false;
  const isAsked = (task: SimTask) => kind.isAsked(task, ids) && !isForgotten(task);
  const look = { instances: world.now, tasks: world.now, states, isAsked };
  const output = carryOut(clusterAsOf(world, cluster, look));
  const failing = session.meets('failures', operation, call);
  const leaving = session.meets('left-out', operation, call);
  const hit = ids.filter((_, index) => (failing || leaving) && session.chance(call, 100 + index) < 0.4);
  const isHit = (one: unknown) => hit.some((id) => idOf(id) === idOf(String(one)));
  if (hit.length > 0) session.markUnread(cluster);
  const found = (output[kind.field] as readonly Json[]).filter((one) => !isHit(one[kind.id]));
  for (const one of found) session.noteDescribed(String(one[kind.id]));
  const missing = (output['failures'] as readonly Json[]).filter(({ arn }) => !isHit(arn));
  const failures = failing ? hit.map((arn) => ({ arn, reason: 'INTERNAL', detail: 'try again' })) : [];
  return {
    [kind.field]: found.map((one) => asTheSdkReads(wanting(withStopping(one, world), world))),
    failures: [...missing, ...failures],
  };
}

/** In half of the histories ECS counts what is stopping among what a machine runs. */
function withStopping(one: Json, { history, tasks, now }: World): Json {
  if (!history.setup.countsStopping || one['runningTasksCount'] === undefined) return one;
  const stopping = tasks.filter(
    ({ host, stopDesiredAt, stoppedAt }) =>
      host?.instanceArn === one['containerInstanceArn'] &&
      stopDesiredAt !== undefined &&
      stoppedAt === undefined,
  );
  const running = stopping.filter(({ runningAt }) => runningAt <= now).length;
  return {
    ...one,
    runningTasksCount: Number(one['runningTasksCount']) + running,
    pendingTasksCount: Number(one['pendingTasksCount']) + stopping.length - running,
  };
}

/** A service wants as many tasks as it was not told to end, and has not told to. */
function wanting(one: Json, { tasks }: World): Json {
  if (one['serviceArn'] === undefined) return one;
  const wanted = tasks.filter(
    (task) => serviceName(task.serviceIndex) === one['serviceName'] && task.stopDesiredAt === undefined,
  );
  return { ...one, desiredCount: wanted.length };
}

const TIMES = ['createdAt', 'startedAt', 'registeredAt'];

/** Times are seconds on the wire. */
function asTheSdkReads(one: Json): Json {
  const times = TIMES.filter((name) => typeof one[name] === 'number');
  const dates = times.map((name) => [name, new Date(Math.round(Number(one[name]) * 1_000))]);
  return { ...one, ...Object.fromEntries(dates) };
}
const MIN_LAG_MS = 20_000;
const MAX_LAG_MS = 300_000;

/** How old a list of one cluster is now: some clusters lag, others do not. */
function lagOf(session: Session, operation: Operation, cluster: string, call: number): number {
  const index = session.world.clusters.indexOf(cluster);
  const lags = session
    .faults('lag', operation, call)
    .filter(({ salt }) => unit(salt, index) < 0.7)
    .map(({ salt }) => MIN_LAG_MS + unit(salt, 1) * (MAX_LAG_MS - MIN_LAG_MS));
  if (lags.length > 0) session.meets('lag', operation, call);
  return Math.max(0, ...lags);
}

/** What ECS has forgotten for now: always the same tasks, a part of those that there were when it began. */
function forgottenRule(session: Session, call: number): (task: SimTask) => boolean {
  const [fault] = session.faults('forgotten', 'ecs:ListTasks', call);
  if (fault === undefined || !session.meets('forgotten', 'ecs:ListTasks', call)) return () => false;
  const share = 0.3 + 0.4 * unit(fault.salt, 1);
  return (task) =>
    task.createdAt < fault.from && unit(fault.salt, 2, session.world.tasks.indexOf(task)) < share;
}

const MAX_LATENESS_MS = 5_000;

function lateness(session: Session, operation: Operation, call: number): number {
  return session.meets('late', operation, call) ? session.chance(call, 50) * MAX_LATENESS_MS : 0;
}

function clusterIn(input: Json): string | undefined {
  const { cluster } = input;
  return typeof cluster === 'string' ? idOf(cluster) : undefined;
}

/** The last part of an ARN, or a name as it is. */
function idOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
