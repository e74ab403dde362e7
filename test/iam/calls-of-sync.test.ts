import { describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { accessTo } from '../aws/support.ts';
import { addService, listen, newFleet, openWorker, PROBING, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { stopsTasks } from '../stopped-tasks.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { deniedRequests, sentActions } from './authorization-requests.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from './support.ts';

const gone = { expected: 'stale', reason: 'instance-gone' } as const;

/**
 * Something of everything that these settings are about: an endpoint that fails among healthy ones, entries to
 * remove, endpoints of hosts and of tasks to register, services behind load balancers of both generations, and a bus.
 */
async function wholeFleet() {
  const fleet = newFleet({ clusters: ['blue', 'grey'] });
  const { world, zone } = fleet;
  const cluster = world.cluster('blue');
  const [failing] = addService(fleet, '_orders._tcp', { live: 5, stale: 2 }).live;
  if (failing === undefined) throw new TypeError('a service needs a member');
  fleet.behave(failing, { kind: 'status', status: 503 });
  addService(fleet, '_grey._tcp', { cluster: 'grey', live: 2, stale: 1 });
  fleet.plantHost('ip-10-66-0-1.ec2.internal', '10.66.0.1', gone);
  addUnregistered(fleet);
  for (const kind of ['application', 'classic'] as const)
    fleet.addBalancedService({ serviceName: `shop-${kind}`, cluster, kind });
  world.addEventBus('dns');
  world.hostedZones.delete(zone.id);
  Object.assign(zone, { id: ZONE_ID });
  world.hostedZones.set(ZONE_ID, zone);
  await listen(fleet);
  return { fleet, world, server: await serve(world) };
}

/** A container of a host, and a task with addresses of every kind. */
function addUnregistered(fleet: FleetBuilder): void {
  const cluster = fleet.world.cluster('blue');
  const portMappings = [{ containerPort: 8080, hostPort: 0 }];
  const fresh = fleet.addService({ name: '_fresh._tcp', mode: 'bridge', cluster, portMappings });
  fleet.run(fresh, { machine: fleet.machine(cluster, 0) });
  const namespace = fleet.world.addNamespace('prod.internal');
  const registry = fleet.world.addCloudMapService({ namespace, name: '_fresh._tcp', dnsRecords: { SRV: 5 } });
  const service = cluster.services.get(cluster.arnOf('service', 'fresh'));
  if (service === undefined) throw new TypeError('there is no service');
  service.serviceRegistries = [{ registryArn: registry.arn, containerName: 'app', containerPort: 8080 }];
  const taskDefinition = fleet.world.addTaskDefinition({
    family: 'web',
    networkMode: 'awsvpc',
    containers: [{ portMappings: [8080], dockerLabels: { 'discovery.service.name': 'web' } }],
  });
  fleet.world.addTask({
    cluster,
    taskDefinition,
    address: `127.${OWN_BLOCK}.9.1`,
    ipv6Address: 'fd00::1',
    publicAddress: '198.51.100.7',
  });
}

/** The IPv6 address of a task that has ended, as `sync` has registered it. */
function plantIpv6({ zone }: FleetBuilder): void {
  zone.put({
    Name: `web.${zone.name}`,
    Type: 'AAAA',
    SetIdentifier: `ecs-dns:us-east-1/123456789012/blue/${'0'.repeat(32)}`,
    Weight: 1,
    TTL: 0,
    ResourceRecords: [{ Value: 'fd00::9' }],
  });
}

interface Row {
  readonly what: string;
  readonly flags: FlagValues;
  /** One run takes an entry out, and the next one stops the task. */
  readonly stops?: boolean;
}

const BY_ID: FlagValues = {
  ...PROBING,
  '--zone': ZONE_ID,
  '--health-attempts': '1',
  '--guardrails-panic-percent': '100',
  '--guardrails-removal-budget-percent': '100',
};
const SYNC: FlagValues = { ...BY_ID, '--policy': 'sync' };
const STOPPING: FlagValues = { '--stop-unhealthy-tasks': 'true' };

const ROWS: readonly Row[] = [
  { what: 'sync', flags: SYNC },
  { what: 'sync and names of registries', flags: { ...SYNC, '--names': 'metadata,registries' } },
  { what: 'sync and CNAMEs', flags: { ...SYNC, '--cname': 'true' } },
  {
    what: 'sync and CNAMEs, without health checks',
    flags: { ...SYNC, '--health-enabled': 'false', '--cname': 'true', '--clusters': ['blue', 'grey'] },
  },
  {
    what: 'sync and IPv6 addresses',
    flags: { ...SYNC, '--health-enabled': 'false', '--records-ipv6': 'true' },
  },
  { what: 'sync and public addresses', flags: { ...SYNC, '--addresses': 'public' } },
  { what: 'sync and events', flags: { ...SYNC, '--event-bus': 'dns' } },
  {
    what: 'prune and events for a bus by its ARN',
    flags: { ...BY_ID, '--event-bus': 'arn:aws:events:us-east-1:123456789012:event-bus/dns' },
  },
  {
    what: 'prune after sync with IPv6',
    flags: { ...BY_ID, '--records-ipv6': 'true' },
  },
  { what: 'prune and stopping', flags: { ...BY_ID, ...STOPPING }, stops: true },
  {
    what: 'all of it, for one cluster by its ARN',
    flags: {
      ...SYNC,
      ...STOPPING,
      '--clusters': ['arn:aws:ecs:us-east-1:123456789012:cluster/blue'],
      '--cname': 'shop-*',
      '--records-ipv6': 'true',
      '--addresses': 'public',
      '--event-bus': 'dns',
    },
    stops: true,
  },
];

/** The types of the record sets in all changes that were sent. */
function changedTypes({ log }: TestServer): readonly string[] {
  const batches = log
    .filter(({ operation }) => operation === 'route53:ChangeResourceRecordSets')
    .map(({ input }) => JSON.stringify(input));
  const types = batches.flatMap((batch) =>
    [...batch.matchAll(/"Type":"(\w+)"/g)].map(([, type = '']) => type),
  );
  return [...new Set(types)].toSorted();
}

/** The types of the record sets that a policy lets be changed. */
function grantedTypes({ Statement }: PolicyDocument): readonly string[] {
  const { Condition } = Statement.find(({ Sid }) => Sid === 'ChangeZone') ?? {};
  const keys = Condition?.['ForAllValues:StringEquals'];
  return (keys?.['route53:ChangeResourceRecordSetsRecordTypes'] ?? []).toSorted();
}

describe.each(ROWS)('with $what', ({ flags, stops }) => {
  const all = policyOf(flags, { scope: SOMEWHERE });

  async function stage() {
    const { fleet, world, server } = await wholeFleet();
    // There are none where none was ever asked for.
    if (flags['--policy'] === 'sync' || flags['--records-ipv6'] === 'true') plantIpv6(fleet);
    return { world, server };
  }

  test('plan sends what is granted, all of it, and nothing else', async () => {
    const { world, server } = await stage();

    const { summary } = await openWorker(server, flags).plan();

    const policy = policyOf(flags, { readOnly: true, scope: SOMEWHERE });
    expect(sentActions(server)).toEqual(actionsOf(policy));
    expect(deniedRequests(server, world, policy)).toEqual([]);
    expect(summary.registrations > 0).toBe(flags['--policy'] === 'sync');
  });

  test('apply does, too, and changes records of every type that it may', async () => {
    if (stops === true) stopsTasks();
    const { world, server } = await stage();
    const worker = openWorker(server, flags);

    const report = await worker.apply();
    const last = stops === true ? await worker.apply() : report;

    expect(sentActions(server)).toEqual(actionsOf(all));
    expect(deniedRequests(server, world, all)).toEqual([]);
    expect(changedTypes(server)).toEqual(grantedTypes(all));
    expect(report.summary).toMatchObject({ conflicts: 0, failed: 0 });
    expect(report.summary.applied).toBeGreaterThan(0);
    expect(report.summary.registrations > 0).toBe(flags['--policy'] === 'sync');
    expect(last.stopped.map(({ status }) => status)).toEqual(stops === true ? ['stopped'] : []);
  });

  test('doctor tries all that reads, and nothing else', async () => {
    const { world, server } = await stage();
    const settings = parseSettings({ env: {}, flags });
    const access = { ...accessTo(server.url), region: 'us-east-1' };
    const env = { HOME: await temporaryDirectory() };

    const { findings } = await diagnose(settings, new AbortController().signal, { access, env });

    const policy = policyOf(flags, { readOnly: true, scope: SOMEWHERE });
    expect(sentActions(server)).toEqual(actionsOf(policy));
    expect(deniedRequests(server, world, policy)).toEqual([]);
    const reading = findings.filter(({ check }) => actionsOf(policy).includes(check));
    expect(new Set(reading.map(({ status }) => status))).toEqual(new Set(['ok']));
  });
});
