import type { Instance } from '@aws-sdk/client-ec2';
import type { Ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import type { Page } from '../../../src/sources/ecs/read-pages.ts';
import type { Operation } from '../history.ts';
import type { SimHost } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { serviceError } from './errors.ts';
import type { Session } from './session.ts';

const FILTER_LIMIT = 199;

/** EC2 as one run meets it: what it describes is current, or some seconds old. */
export function fakeEc2(session: Session): Ec2Api {
  const { world } = session;
  const ask = <T>(
    operation: Operation,
    values: readonly string[],
    token: string | undefined,
    signal: AbortSignal | undefined,
    read: (at: number) => readonly T[],
  ) =>
    session.call(operation, signal, (call) => {
      if (values.length > FILTER_LIMIT || values.length === 0) {
        throw serviceError('FilterLimitExceeded', `${values.length} filter values`, 400);
      }
      const late = session.meets('late', operation, call) ? session.chance(call, 50) * 5_000 : 0;
      return page(read(world.now - late), token, session, operation, call);
    });
  return {
    describeInstances: (filter, values, token, signal) =>
      ask('ec2:DescribeInstances', values, token, signal, (at) =>
        world.hosts
          .filter((host) => isKnown(host, at))
          .map((host) => instanceShape(host, at))
          .filter((shape) =>
            filter === 'instance-id'
              ? values.includes(shape.InstanceId ?? '')
              : values.some((pattern) => fits(pattern, shape.PrivateDnsName ?? '')),
          ),
      ),
    // Nobody writes addresses of tasks here yet, so that nobody asks for one.
    interfacesBy: () => Promise.reject(new TypeError('no address is asked for')),
    interfaceNames: (names, token, signal) =>
      ask('ec2:DescribeNetworkInterfaces', names, token, signal, (at) =>
        interfaces(world, at).filter((name) => names.some((pattern) => fits(pattern, name))),
      ),
  };
}

function isKnown(host: SimHost, at: number): boolean {
  const isHere = host.spec.cluster !== 'other-region';
  return isHere && host.launchedAt <= at && (host.forgottenAt === undefined || host.forgottenAt > at);
}

function instanceShape(host: SimHost, at: number): Instance {
  const isDead = host.diedAt !== undefined && host.diedAt <= at;
  const isTerminated = host.terminatedAt !== undefined && host.terminatedAt <= at;
  return {
    InstanceId: host.instanceId,
    State: { Name: isTerminated ? 'terminated' : isDead ? 'shutting-down' : 'running' },
    // A terminated machine has given both back.
    PrivateDnsName: isTerminated ? '' : host.name,
    ...(isTerminated ? {} : { PrivateIpAddress: host.address }),
  };
}

function interfaces(world: World, at: number): readonly string[] {
  const own = world.tasks
    .filter((task) => task.createdAt <= at && (task.stoppedAt === undefined || task.stoppedAt > at))
    .flatMap(({ interfaceName }) => interfaceName ?? []);
  const machines = world.hosts
    .filter((host) => isKnown(host, at) && (host.terminatedAt === undefined || host.terminatedAt > at))
    .map(({ name }) => name);
  return [...own, ...machines];
}

function page<T>(
  all: readonly T[],
  token: string | undefined,
  session: Session,
  operation: Operation,
  call: number,
): Page<T> {
  if (session.meets('empty', operation, call)) return { items: [], nextToken: undefined };
  const start = token === undefined ? 0 : Number(token.slice('at '.length));
  const items = all.slice(start, start + session.world.history.setup.pageSize);
  if (start + items.length >= all.length) return { items, nextToken: undefined };
  if (session.meets('truncate', operation, call)) return { items, nextToken: undefined };
  if (token !== undefined && session.meets('same-token', operation, call)) return { items, nextToken: token };
  return { items, nextToken: `at ${start + items.length}` };
}

function fits(pattern: string, name: string): boolean {
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
