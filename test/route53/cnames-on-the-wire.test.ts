import { expect, it } from 'vitest';
import { createAwsClients } from '../../src/aws/aws-clients.ts';
import { systemClock } from '../../src/aws/system-clock.ts';
import { normalizeName } from '../../src/model/dns-name.ts';
import { type CnameInput, planCnames } from '../../src/plan/desired/desired-cnames.ts';
import { serviceConfirmationQuery } from '../../src/plan/match/cname-status.ts';
import { cnameInterest, managedCnames } from '../../src/plan/match/managed-cnames.ts';
import { route53Api } from '../../src/route53/route53-api.ts';
import { createZone } from '../../src/route53/zone-port.ts';
import { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { ec2Api } from '../../src/sources/ecs/ec2-api.ts';
import { ecsApi } from '../../src/sources/ecs/ecs-api.ts';
import { loadBalancersApi } from '../../src/sources/ecs/resolve-balancers.ts';
import { createInventory } from '../../src/sources/ecs/take-inventory.ts';
import { accessTo } from '../aws/support.ts';
import { groupsOf } from '../plan/cname-worlds.ts';
import { startTestServer } from '../sandbox/test-server.ts';

const ZONE = 'sd.internal';

/** A fleet on the sandbox, and runs over its CNAMEs: read, planned, looked at again and applied. */
async function openFleet(onClose: (close: () => Promise<void>) => void) {
  const world = createWorld();
  const [blue, green] = [world.addCluster('blue'), world.addCluster('green')];
  const hostedZone = world.addHostedZone({ name: ZONE });
  const fleet = new FleetBuilder(world, hostedZone);
  const server = await startTestServer(world);
  const clients = createAwsClients({ ...accessTo(server.url), region: world.region }, { paced: false });
  onClose(async () => {
    clients.destroy();
    await server.close();
  });
  const zonePort = createZone(
    { kind: 'id', id: hostedZone.id },
    route53Api(clients.route53, clients.route53Changes),
    systemClock,
  );
  const inventoryPort = createInventory({
    ecs: ecsApi(clients.ecs),
    ec2: ec2Api(clients.ec2),
    region: world.region,
    clusters: [],
    definitions: new Map(),
    balancers: () => loadBalancersApi(clients),
  });
  const run = async (over: Partial<Pick<CnameInput, 'cname' | 'correct'>> = {}) => {
    const zone = await zonePort.find(undefined);
    const recordSets = await zonePort.read(zone, undefined);
    const inventory = await inventoryPort.take(() => {}, undefined);
    const zoneName = normalizeName(zone.name);
    const isOfInterest = cnameInterest(over.cname ?? true, managedCnames(recordSets, zoneName));
    const services = await inventoryPort.readBalancedServices({ ...inventory, isOfInterest }, undefined);
    const common = { zoneName, recordSets, services, inventory, reserved: new Set<string>() };
    const input = { ...common, cname: true, correct: false, ...over };
    const draft = planCnames(input);
    const look = await inventoryPort.confirmServices(serviceConfirmationQuery(draft.removals), undefined);
    const plan = planCnames({ ...input, look });
    const outcomes = await zonePort.apply(zone, groupsOf(plan), {});
    return { plan, statuses: [...outcomes.values()].map(({ status }) => status) };
  };
  const records = () =>
    hostedZone
      .list()
      .filter(({ Type }) => Type === 'CNAME')
      .map(({ Name, SetIdentifier, Weight, TTL, ResourceRecords }) => ({
        Name,
        SetIdentifier,
        Weight,
        TTL,
        Value: ResourceRecords?.[0]?.Value,
      }));
  const add = (
    serviceName: string,
    cluster = blue,
    kind: 'application' | 'network' | 'classic' = 'network',
  ) => fleet.addBalancedService({ serviceName, cluster, kind });
  return { world, fleet, blue, green, run, records, add, server, hostedZone };
}

/** A CNAME of this worker's, as the zone has it. */
function made(label: string, cluster: string, Value: string) {
  const SetIdentifier = `ecs-dns:us-east-1/123456789012/${cluster}`;
  return { Name: `${label}.${ZONE}.`, SetIdentifier, Weight: 1, TTL: 60, Value };
}

it('from an empty zone every service gets its CNAME, and a second run has nothing to do', async ({
  onTestFinished,
}) => {
  const { run, records, add, green } = await openFleet(onTestFinished);
  const [alb, nlb, old] = [
    add('alb', undefined, 'application'),
    add('nlb', green),
    add('old', undefined, 'classic'),
  ];
  add('no_name');

  const { plan, statuses } = await run();

  expect(statuses).toEqual(['applied', 'applied', 'applied']);
  expect(plan.withheld).toMatchObject([{ reason: 'not-dns-name' }]);
  const expected = [
    made('alb', 'blue', alb.balancer.dnsName),
    made('nlb', 'green', nlb.balancer.dnsName),
    made('old', 'blue', old.balancer.dnsName),
  ];
  expect(records()).toEqual(expected);
  expect(groupsOf((await run()).plan)).toEqual([]);
  expect(records()).toEqual(expected);
});

it('plain CNAMEs are adopted without a change, or rewritten in one', async ({ onTestFinished }) => {
  const { fleet, run, records, add } = await openFleet(onTestFinished);
  const { balancer } = add('web');
  const plain = { Name: `web.${ZONE}.`, Type: 'CNAME', TTL: 60 };
  fleet.zone.put({ ...plain, ResourceRecords: [{ Value: balancer.dnsName }] });

  const { plan } = await run();
  expect(plan.planned).toMatchObject([{ kind: 'present' }]);
  expect(groupsOf(plan)).toEqual([]);
  expect((await run({ correct: true })).statuses).toEqual(['applied']);
  expect(records()).toEqual([made('web', 'blue', balancer.dnsName)]);
  expect(groupsOf((await run({ correct: true })).plan)).toEqual([]);
});

it('a service that moves to another balancer, to another cluster and away takes its CNAME along', async ({
  onTestFinished,
}) => {
  const { world, run, records, add, green } = await openFleet(onTestFinished);
  const { service } = add('web');
  await run();

  const next = world.addLoadBalancer({ kind: 'application' });
  service.loadBalancers = [];
  world.balance(service, next);
  expect((await run()).statuses).toEqual(['applied']);
  expect(records()).toEqual([made('web', 'blue', next.dnsName)]);

  const there = add('web', green);
  expect((await run()).plan.withheld).toMatchObject([{ reason: 'service-ambiguous' }]);
  world.deleteService(service);
  expect((await run()).statuses).toEqual(['applied']);
  expect(records()).toEqual([made('web', 'green', there.balancer.dnsName)]);

  there.service.loadBalancers = [];
  expect((await run()).plan.removals).toMatchObject([{ reason: 'balancer-gone' }]);
  expect(records()).toEqual([]);
});

it('a listing that lacks a service takes nothing away', async ({ onTestFinished }) => {
  const { run, records, add, server } = await openFleet(onTestFinished);
  const { balancer } = add('web');
  await run();
  server.addFault({
    operation: 'ecs:ListServices',
    effect: { kind: 'transform', transform: () => ({ serviceArns: [] }) },
  });

  const { plan } = await run();

  expect(groupsOf(plan)).toEqual([]);
  expect(plan.kept).toMatchObject([{ reason: 'not-confirmed' }]);
  expect(records()).toEqual([made('web', 'blue', balancer.dnsName)]);
});

it('one that was changed meanwhile is left alone', async ({ onTestFinished }) => {
  const { run, records, add, server, hostedZone } = await openFleet(onTestFinished);
  const { service } = add('web');
  await run();
  service.status = 'INACTIVE';
  const theirs = { ...made('web', 'blue', 'www.example.com') };
  server.addFault({
    operation: 'route53:ChangeResourceRecordSets',
    times: 1,
    effect: {
      kind: 'before',
      before: () => {
        const { Value, ...fields } = theirs;
        hostedZone.put({ ...fields, Type: 'CNAME', ResourceRecords: [{ Value }] });
      },
    },
  });

  expect((await run()).statuses).toEqual(['conflict']);
  expect(records()).toEqual([theirs]);
});
