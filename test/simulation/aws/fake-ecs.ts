import type { Failure } from '@aws-sdk/client-ecs';
import type { Described, EcsApi } from '../../../src/sources/ecs/ecs-api.ts';
import type { Page } from '../../../src/sources/ecs/read-pages.ts';
import type { Operation } from '../history.ts';
import { unit } from '../random.ts';
import type { SimHost, SimTask } from '../world/entities.ts';
import { REGION, type World } from '../world/world.ts';
import { definitionArn, definitionShape, instanceShape, serviceShape, taskShape } from './ecs-shapes.ts';
import { serviceError } from './errors.ts';
import type { Session } from './session.ts';

const PAGE_TOKEN = 'after ';
const DESCRIBE_LIMIT = 100;
const SERVICE_LIMIT = 10;

/** ECS as one run meets it. Its lists may be minutes old; what it describes is current, or seconds old. */
export function fakeEcs(session: Session): EcsApi {
  const { world } = session;
  const list = (
    operation: Operation,
    cluster: string | undefined,
    rest: readonly unknown[],
    read: (at: number) => readonly string[],
  ) =>
    noting(session, cluster, () =>
      session.call(operation, signalIn(rest), (call) => {
        const lag = cluster === undefined ? 0 : lagOf(session, operation, cluster, call);
        return page(read(world.now - lag), tokenIn(rest), session, operation, call, cluster);
      }),
    );
  const describe = <T>(
    operation: Operation,
    cluster: string,
    ids: readonly string[],
    signal: AbortSignal | undefined,
    read: (id: string, at: number) => T | undefined,
    limit = DESCRIBE_LIMIT,
  ) =>
    noting(session, cluster, () =>
      session.call(operation, signal, (call) => {
        if (ids.length > limit || ids.length === 0)
          throw serviceError('InvalidParameterException', `${ids.length} ids`, 400);
        const at = world.now - lateness(session, operation, call);
        return described(ids, (id) => read(id, at), session, operation, call, cluster);
      }),
    );
  return {
    listClusters: (...rest: readonly unknown[]) =>
      list('ecs:ListClusters', undefined, rest, () => world.clusters.map(clusterArn)).then((clusters) => {
        for (const arn of clusters.items) session.listedClusters.add(nameOf(arn));
        return clusters;
      }),
    listTasks: (cluster: string, ...rest: readonly unknown[]) =>
      list('ecs:ListTasks', nameOf(cluster), rest, (at) =>
        tasksIn(world, nameOf(cluster), at, wantsStopped(rest), rest),
      ),
    listContainerInstances: (cluster: string, ...rest: readonly unknown[]) =>
      list('ecs:ListContainerInstances', nameOf(cluster), rest, (at) =>
        world.hosts
          .filter((host) => host.cluster === nameOf(cluster) && isRegistered(host, at))
          .map(({ instanceArn }) => instanceArn),
      ),
    // No service of the simulation has a load balancer, so nobody may ask.
    listServices: () => Promise.reject(new TypeError('a run without CNAMEs lists no services')),
    describeTasks: (cluster, arns, signal) =>
      describe('ecs:DescribeTasks', nameOf(cluster), arns, signal, (arn, at) => {
        const task = world.tasks.find((one) => one.arn === arn && one.cluster === nameOf(cluster));
        return task === undefined || isForgotten(task, world.now) ? undefined : taskShape(task, at);
      }),
    describeContainerInstances: (cluster, arns, signal) =>
      describe('ecs:DescribeContainerInstances', nameOf(cluster), arns, signal, (arn) => {
        const host = world.hosts.find((one) => one.instanceArn === arn && one.cluster === nameOf(cluster));
        return host === undefined || !isRegistered(host, world.now) ? undefined : instanceShape(host, world);
      }),
    describeServices: (cluster, names, signal) =>
      describe(
        'ecs:DescribeServices',
        nameOf(cluster),
        names,
        signal,
        (name) => serviceShape(world, name),
        SERVICE_LIMIT,
      ),
    describeTaskDefinition: (arn, signal) =>
      session.call('ecs:DescribeTaskDefinition', signal, () => {
        const service = world.history.setup.services.find((_, index) => definitionArn(index) === arn);
        if (service === undefined)
          throw serviceError('ClientException', 'Unable to describe task definition.', 400);
        return definitionShape(service);
      }),
  };
}

/** The world as a list sees it: a task counts from its creation until ECS wants it to stop. */
function tasksIn(
  world: World,
  cluster: string,
  at: number,
  stopped: boolean,
  rest: readonly unknown[],
): readonly string[] {
  const arn = rest.find(
    (one): one is string => typeof one === 'string' && one.includes(':container-instance/'),
  );
  return world.tasks
    .filter((task) => {
      const isThere = task.cluster === cluster && task.createdAt <= at && !isForgotten(task, at);
      const isStopped = (task.stopDesiredAt ?? Number.POSITIVE_INFINITY) <= at;
      return isThere && isStopped === stopped && (arn === undefined || task.host?.instanceArn === arn);
    })
    .map((task) => task.arn);
}

function page(
  arns: readonly string[],
  token: string | undefined,
  session: Session,
  operation: Operation,
  call: number,
  cluster: string | undefined,
): Page<string> {
  if (session.meets('empty', operation, call)) return { items: [], nextToken: undefined };
  const sorted = arns.toSorted();
  const rest = token === undefined ? sorted : sorted.filter((arn) => `${PAGE_TOKEN}${arn}` > token);
  const items = rest.slice(0, session.world.history.setup.pageSize);
  if (rest.length === items.length) return { items, nextToken: undefined };
  if (session.meets('truncate', operation, call)) return { items, nextToken: undefined };
  if (token !== undefined && session.meets('same-token', operation, call)) {
    if (cluster === undefined) session.clustersUnread = true;
    else session.markUnread(cluster);
    return { items, nextToken: token };
  }
  return { items, nextToken: `${PAGE_TOKEN}${items.at(-1)}` };
}

function described<T>(
  ids: readonly string[],
  read: (id: string) => T | undefined,
  session: Session,
  operation: Operation,
  call: number,
  cluster: string,
): Described<T> {
  const items: T[] = [];
  const failures: Failure[] = [];
  const failing = session.meets('failures', operation, call);
  const leaving = session.meets('left-out', operation, call);
  for (const [index, id] of ids.entries()) {
    const isHit = (failing || leaving) && session.chance(call, 100 + index) < 0.4;
    if (isHit) session.markUnread(cluster);
    if (isHit && failing) failures.push({ arn: id, reason: 'INTERNAL', detail: 'try again' });
    if (isHit) continue;
    const item = read(id);
    if (item !== undefined && session.preview !== undefined) session.confirmed.add(id);
    if (item === undefined) failures.push({ arn: id, reason: 'MISSING' });
    else items.push(item);
  }
  return { items, failures };
}

/** Remembers that a reading failed. */
async function noting<T>(session: Session, cluster: string | undefined, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (cluster !== undefined) session.markUnread(cluster);
    else session.clustersUnread = true;
    throw error;
  }
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

const MAX_LATENESS_MS = 5_000;

function lateness(session: Session, operation: Operation, call: number): number {
  return session.meets('late', operation, call) ? session.chance(call, 50) * MAX_LATENESS_MS : 0;
}

function isForgotten({ forgottenAt }: SimTask, at: number): boolean {
  return forgottenAt !== undefined && forgottenAt <= at;
}

function isRegistered(host: SimHost, at: number): boolean {
  return host.registeredAt <= at && (host.deregisteredAt === undefined || host.deregisteredAt > at);
}

function clusterArn(name: string): string {
  return `arn:aws:ecs:${REGION}:123456789012:cluster/${name}`;
}

function nameOf(cluster: string): string {
  return cluster.slice(cluster.lastIndexOf('/') + 1);
}

function tokenIn(rest: readonly unknown[]): string | undefined {
  return rest.find((one): one is string => typeof one === 'string' && one.startsWith(PAGE_TOKEN));
}

function signalIn(rest: readonly unknown[]): AbortSignal | undefined {
  return rest.find((one) => one instanceof AbortSignal);
}

function wantsStopped(rest: readonly unknown[]): boolean {
  return rest.some(
    (one) =>
      one === 'STOPPED' ||
      (typeof one === 'object' && one !== null && Reflect.get(one, 'desiredStatus') === 'STOPPED'),
  );
}
