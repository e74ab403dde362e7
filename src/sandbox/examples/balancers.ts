import { connect, createServer, type Server, type Socket } from 'node:net';
import { endpointsOf, type WorldEndpoint } from '../fleet/world-endpoints.ts';
import type { Service } from '../world/ecs-shapes.ts';
import type { LoadBalancer } from '../world/load-balancer.ts';
import type { World } from '../world/world.ts';

/** Load balancers that pass connections on. */
export interface Balancers {
  /** Where the balancer of a service is reached; `undefined` for a service without one. */
  urlOf(serviceName: string): string | undefined;
  close(): Promise<void>;
}

const NO_TARGET =
  'HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nno target answers\n';

/**
 * Opens every load balancer of the world that has an address: each connection goes to a task of its service that is to
 * run, the next one in turn, and to another one where that does not take it. Rejects when an address is taken.
 */
export async function openBalancers(world: World, port: number): Promise<Balancers> {
  const open: (() => Promise<void>)[] = [];
  const urls = new Map<string, string>();
  const close = async () => {
    await Promise.all(open.map((one) => one()));
  };
  try {
    for (const { service, balancer } of balancedServices(world))
      for (const address of balancer.addresses) {
        open.push(await listen(address, port, () => targetsOf(world, service)));
        urls.set(service.serviceName, `http://${address}:${port}`);
      }
  } catch (error) {
    await close();
    throw error;
  }
  return { urlOf: (serviceName) => urls.get(serviceName), close };
}

function balancedServices(world: World) {
  const services = [...world.clusters.values()].flatMap((cluster) => [...cluster.services.values()]);
  return services.flatMap((service) =>
    service.loadBalancers.flatMap(({ targetGroupArn }) => {
      const group = world.targetGroups.get(targetGroupArn ?? '');
      return (group?.loadBalancerArns ?? []).flatMap(
        (arn): { service: Service; balancer: LoadBalancer }[] => {
          const balancer = world.loadBalancers.get(arn);
          return balancer === undefined ? [] : [{ service, balancer }];
        },
      );
    }),
  );
}

/** A task that was told to stop is deregistered. */
function targetsOf(world: World, { clusterArn, serviceName }: Service): readonly WorldEndpoint[] {
  const tasks = [...world.cluster(clusterArn).tasks.values()].filter(
    ({ group, desiredStatus, lastStatus }) =>
      group === `service:${serviceName}` && desiredStatus === 'RUNNING' && lastStatus === 'RUNNING',
  );
  return endpointsOf(world, tasks);
}

async function listen(address: string, port: number, targets: () => readonly WorldEndpoint[]) {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  let turn = 0;
  const server = createServer((client) => {
    keep(client);
    client.on('error', () => client.destroy());
    const all = targets();
    const first = turn++ % Math.max(1, all.length);
    pass(client, [...all.slice(first), ...all.slice(0, first)], keep);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
  return () => closeAll(server, sockets);
}

function pass(
  client: Socket,
  [target, ...others]: readonly WorldEndpoint[],
  keep: (socket: Socket) => void,
): void {
  if (target === undefined) {
    client.end(NO_TARGET);
    return;
  }
  let isTaken = false;
  const server = connect(target.port, target.address, () => {
    isTaken = true;
    client.pipe(server).pipe(client);
  });
  keep(server);
  server.on('error', () => {
    server.destroy();
    if (isTaken) client.destroy();
    else pass(client, others, keep);
  });
  client.once('close', () => server.destroy());
  server.once('close', () => {
    if (isTaken) client.destroy();
  });
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.destroy();
  await closed;
}
