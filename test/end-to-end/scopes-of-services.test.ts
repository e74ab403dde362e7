import { describe, expect, test } from 'vitest';
import type { Scope } from '../../src/model/scope.ts';
import { addService, newFleet, openWorker, serve, ZONE_NAME } from './support.ts';

const [FRONT, OTHER] = ['front-1.us-east-1.elb.amazonaws.com', 'front-2.us-east-1.elb.amazonaws.com'];
const CNAME = { '--policy': 'sync', '--cname': 'true' } as const;
const SCOPE: Scope = { kind: 'service', cluster: 'blue', service: 'Front' };

/** Clusters, of which the first has a service behind a load balancer; and a worker that makes CNAMEs. */
async function start(clusters: readonly string[] = ['blue', 'green']) {
  const fleet = newFleet({ clusters, machines: 1 });
  const { world, zone } = fleet;
  // Where nothing runs at all, nothing goes.
  addService(fleet, '_orders._tcp', { live: 1 });
  const taskDefinition = world.addTaskDefinition({ family: 'front', containers: [{}] });
  const addFront = (name: string) =>
    world.addService({ cluster: world.cluster(name), serviceName: 'Front', taskDefinition });
  const service = addFront('blue');
  const balancer = world.addLoadBalancer({ kind: 'application', dnsName: FRONT });
  world.balance(service, balancer);
  const server = await serve(world);
  const worker = openWorker(server, CNAME);
  const cnames = () =>
    zone
      .list()
      .filter(({ Type }) => Type === 'CNAME')
      .map(({ Name, ResourceRecords = [] }) => `${Name} ${ResourceRecords[0]?.Value}`);
  return { fleet, server, worker, service, balancer, addFront, cnames };
}

describe('the CNAME of a service that an event names', () => {
  test('is written at once, and follows its load balancer', async () => {
    const { fleet, worker, service, balancer, cnames, server } = await start();

    const { runs, failure } = await worker.runScopes([SCOPE]);

    expect(failure).toBeUndefined();
    expect(cnames()).toEqual([`front.${ZONE_NAME}. ${FRONT}`]);
    expect(runs.flatMap(({ report }) => report.changes)).toMatchObject([
      { action: 'CREATE', kind: 'registration', status: 'applied' },
    ]);
    expect(server.counts()).toMatchObject({
      'ecs:ListClusters': 1,
      'ecs:ListServices': 2,
      'ecs:DescribeServices': 1,
    });

    const again = await worker.runScopes([SCOPE]);
    expect(again.runs.flatMap(({ report }) => report.changes)).toEqual([]);

    fleet.world.removeLoadBalancer(balancer);
    service.loadBalancers.length = 0;
    fleet.world.balance(service, fleet.world.addLoadBalancer({ kind: 'application', dnsName: OTHER }));
    await worker.runScopes([SCOPE]);
    expect(cnames()).toEqual([`front.${ZONE_NAME}. ${OTHER}`]);
  });

  test('is not written where two clusters have a service of that name', async () => {
    const { fleet, worker, addFront, cnames } = await start();
    const twin = addFront('green');
    fleet.world.balance(twin, fleet.world.addLoadBalancer({ kind: 'application', dnsName: OTHER }));

    const { runs } = await worker.runScopes([SCOPE]);

    expect(cnames()).toEqual([]);
    expect(runs.flatMap(({ report }) => report.withheld.map(({ reason }) => reason))).toContain(
      'service-ambiguous',
    );
  });

  test('is left to the runs that look at everything when the service is gone', async () => {
    const { fleet, worker, service, cnames } = await start();
    await worker.runScopes([SCOPE]);
    fleet.world.removeService(service);

    const { runs, failure } = await worker.runScopes([SCOPE]);

    expect(failure).toBeUndefined();
    expect(cnames()).toEqual([`front.${ZONE_NAME}. ${FRONT}`]);
    expect(runs.flatMap(({ report }) => report.entries.map(({ reason }) => reason))).toContain(
      'out-of-scope',
    );
    await worker.apply();
    expect(cnames()).toEqual([]);
  });

  test.each(['ecs:ListClusters', 'ecs:ListServices', 'ecs:DescribeServices'])(
    'comes again where %s fails',
    async (operation) => {
      const { server, worker, cnames } = await start();
      server.addFault({ operation, effect: { kind: 'error', code: 'AccessDeniedException', status: 400 } });

      const { failure } = await worker.runScopes([SCOPE]);

      expect(cnames()).toEqual([]);
      expect(failure).toMatchObject({ code: 'unreadable', detail: expect.stringContaining(operation) });
    },
  );

  test.each([
    ['the setting does not mean', { ...CNAME, '--cname': 'shop-*' }],
    ['no policy makes any', { '--policy': 'prune' }],
  ])('is nothing where %s', async (_, flags) => {
    const { server, cnames } = await start();
    await openWorker(server, flags).runScopes([SCOPE]);
    expect(cnames()).toEqual([]);
    expect(server.counts()).not.toHaveProperty('ecs:ListServices');
  });
});
