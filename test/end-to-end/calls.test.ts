import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { agentHostRecord, agentSrvRecord } from '../../src/sandbox/fleet/agent-records.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { addService, newFleet, openWorker, serve } from './support.ts';

const CLUSTERS = ['blue', 'green', 'grey'];
const MACHINES = 120;
const TASKS = 350;
const SERVICES = 7;
const WITHOUT_BUDGET = { '--guardrails-removal-budget-percent': '100' };

/** In each cluster 350 tasks on 120 machines, all registered, each machine with an A set of its own. */
function addTasksAndHosts(fleet: FleetBuilder): void {
  for (const cluster of CLUSTERS)
    for (let i = 0; i < SERVICES; i++)
      addService(fleet, `_${cluster}-${i}._tcp`, { cluster, live: TASKS / SERVICES });
  for (const { privateDnsName, address } of fleet.world.machines.values())
    fleet.zone.put(agentHostRecord(privateDnsName, address, fleet.zone.name));
}

/** Sets of dead containers, split over as many names as it takes. */
function putStale(fleet: FleetBuilder, count: number, nameOf: (privateDnsName: string) => string): void {
  const machines = [...fleet.world.machines.values()];
  for (let i = 0; i < count; i++) {
    const machine = machines[i % machines.length];
    if (machine === undefined) throw new TypeError('a fleet needs machines');
    const owner = { host: nameOf(machine.privateDnsName), containerId: fleet.deadContainerId() };
    const name = `_gone-${Math.floor(i / 90)}._tcp`;
    fleet.zone.put(
      agentSrvRecord({ name, zoneName: fleet.zone.name, ...owner, ports: [20_000 + (i % 9000)] }),
    );
  }
}

/** The fewest requests that can carry the removal of these sets, by Route 53's two limits. */
function leastBatches(sets: readonly RecordSet[]): {
  readonly byElements: number;
  readonly byCharacters: number;
} {
  const values = sets.flatMap(({ ResourceRecords = [] }) => ResourceRecords.map(({ Value }) => Value));
  const characters = values.reduce((sum, value) => sum + value.length, 0);
  return { byElements: Math.ceil(values.length / 1_000), byCharacters: Math.ceil(characters / 32_000) };
}

describe('three clusters with 350 tasks and 120 instances each, and 2,500 record sets', () => {
  test('take as few calls as page and batch sizes allow, and a second run no task definitions', async () => {
    const fleet = newFleet({ clusters: CLUSTERS, machines: MACHINES });
    addTasksAndHosts(fleet);
    const live = fleet.zone.list();
    putStale(fleet, 2_500 - live.length, (name) => name);
    const stale = fleet.zone.list().filter((set) => set.Name.startsWith('_gone-'));
    const { byElements, byCharacters } = leastBatches(stale);
    const server = await serve(fleet.world);
    const worker = openWorker(server, WITHOUT_BUDGET);

    const first = await worker.apply();

    expect(first.summary).toMatchObject({ applied: stale.length, conflicts: 0, failed: 0 });
    expect(stale.length).toBeGreaterThan(1_000);
    expect(fleet.zone.list()).toEqual(live);
    const inventory = {
      'ecs:ListClusters': 1,
      'ecs:ListTasks': 4 * CLUSTERS.length,
      'ecs:DescribeTasks': 4 * CLUSTERS.length,
      'ecs:ListContainerInstances': 2 * CLUSTERS.length,
      'ecs:DescribeContainerInstances': 2 * CLUSTERS.length,
      'ec2:DescribeInstances': 2,
    };
    // Every host of the clusters is looked at twice, by its name too, and the tasks of all: that run, and that stop.
    const confirmationReads = {
      'ecs:DescribeContainerInstances': 2 * CLUSTERS.length,
      'ecs:ListTasks': (4 + 1) * CLUSTERS.length,
      'ec2:DescribeInstances': 2,
    };
    expect(first.awsCalls).toEqual({
      ...inventory,
      'ecs:ListTasks': inventory['ecs:ListTasks'] + confirmationReads['ecs:ListTasks'],
      'ecs:DescribeContainerInstances':
        inventory['ecs:DescribeContainerInstances'] + confirmationReads['ecs:DescribeContainerInstances'],
      'ec2:DescribeInstances':
        inventory['ec2:DescribeInstances'] + confirmationReads['ec2:DescribeInstances'],
      'ecs:DescribeTaskDefinition': SERVICES * CLUSTERS.length,
      // Whether a network that is out of sight may have hosts of the same names.
      'ec2:DescribeVpcs': 1,
      'route53:GetHostedZone': 1,
      'route53:ListHostedZonesByName': 1,
      'route53:ListResourceRecordSets': Math.ceil(2_500 / 300),
      'route53:ListResourceRecordSetProtections': 1,
      'route53:ChangeResourceRecordSets': Math.max(byElements, byCharacters),
    });
    expect(server.counts()).toEqual(first.awsCalls);

    const second = await worker.plan();

    expect(second.awsCalls).toEqual({
      ...inventory,
      'route53:ListHostedZonesByName': 1,
      'route53:ListResourceRecordSets': Math.ceil(live.length / 300),
    });
  });
});

describe('one cluster with 350 tasks on 120 instances', () => {
  test.each([
    { stale: 1, listings: 1, describing: 1 },
    { stale: 3, listings: 3, describing: 1 },
    { stale: 4, listings: 4, describing: 1 },
    { stale: 5, listings: 4, describing: 1 },
    { stale: 120, listings: 4, describing: 2 },
  ])('lists what runs host by host, or all where that is less: $stale hosts', async (given) => {
    const { stale, listings, describing } = given;
    const fleet = newFleet({ machines: MACHINES });
    addService(fleet, '_orders._tcp', { live: TASKS });
    putStale(fleet, stale, (name) => name);
    const server = await serve(fleet.world);
    const worker = openWorker(server, WITHOUT_BUDGET);
    const { awsCalls: planned } = await worker.plan();

    const { summary, awsCalls } = await worker.apply();

    expect(summary).toMatchObject({ applied: stale, heldBack: 0 });
    const { 'ecs:DescribeTaskDefinition': _cached, ...inventory } = planned;
    expect(awsCalls).toEqual({
      ...inventory,
      'ecs:ListTasks': 4 + listings + 1,
      'ecs:DescribeContainerInstances': 2 + describing,
      'ec2:DescribeInstances': 2,
      'route53:ChangeResourceRecordSets': 1,
    });
  });
});

describe('removals travel in as few requests as', () => {
  test.each([
    { limit: '32,000 characters allow', binding: 'byCharacters', hostOf: (name: string) => name },
    {
      limit: '1,000 elements allow',
      binding: 'byElements',
      hostOf: (name: string) => name.split('.')[0] ?? '',
    },
  ] as const)('$limit', async ({ binding, hostOf }) => {
    const fleet = newFleet({ machines: 20 });
    addService(fleet, '_orders._tcp', { live: 2 });
    putStale(fleet, 1_990, hostOf);
    const stale = fleet.zone.list().filter((set) => set.Name.startsWith('_gone-'));
    const bounds = leastBatches(stale);
    const least = Math.max(bounds.byElements, bounds.byCharacters);
    const server = await serve(fleet.world);

    const { summary, awsCalls } = await openWorker(server, WITHOUT_BUDGET).apply();

    expect(bounds[binding]).toBe(least);
    expect(summary.applied).toBe(1_990);
    expect(awsCalls['route53:ChangeResourceRecordSets']).toBe(least);
  });
});

describe('names from registries, of 25 services in two clusters', () => {
  const REGISTRIES = { '--names': 'metadata,registries', '--policy': 'sync', '--health-enabled': 'false' };

  /** One task a service, each with a registry of its own in a namespace that has `others` more. */
  function withRegistries(others: number) {
    const fleet = newFleet({ clusters: ['blue', 'green'], machines: 4 });
    const { world } = fleet;
    const namespace = world.addNamespace('prod.internal');
    for (let i = 0; i < others; i++) world.addCloudMapService({ namespace, name: `other-${i}` });
    for (let i = 0; i < 25; i++) {
      const cluster = world.cluster(i < 12 ? 'blue' : 'green');
      const { service } = addService(fleet, `_s-${i}._tcp`, { cluster: cluster.name, live: 1 });
      const { family } = service.definition;
      const dnsRecords = { SRV: 10 };
      const { arn: registryArn } = world.addCloudMapService({ namespace, name: `_s-${i}._tcp`, dnsRecords });
      const found = cluster.services.get(cluster.arnOf('service', family));
      Object.assign(found ?? {}, {
        serviceRegistries: [{ registryArn, containerName: 'app', containerPort: 8080 }],
      });
    }
    return fleet;
  }

  const ofRegistries = (calls: Readonly<Record<string, number>>) =>
    Object.fromEntries(
      Object.entries(calls).filter(([one]) => /^servicediscovery:|DescribeServices/.test(one)),
    );

  test.each([
    { others: 0, listings: 1 },
    { others: 100, listings: 2 },
  ])('cost pages, however many services have one: $others others', async ({ others, listings }) => {
    const { world } = withRegistries(others);
    const { awsCalls } = await openWorker(await serve(world), REGISTRIES).plan();
    expect(ofRegistries(awsCalls)).toEqual({
      'ecs:DescribeServices': 2 + 2,
      'servicediscovery:ListNamespaces': 1,
      'servicediscovery:ListServices': listings,
    });
  });

  test('cost nothing where metadata alone name what runs', async () => {
    const { world } = withRegistries(0);
    const settings = { ...REGISTRIES, '--names': 'metadata' };
    const { awsCalls } = await openWorker(await serve(world), settings).plan();
    expect(ofRegistries(awsCalls)).toEqual({});
  });
});
