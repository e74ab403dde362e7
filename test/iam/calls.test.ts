import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { FlagValues } from '../../src/config/read-flags.ts';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { SandboxServer } from '../../src/sandbox/server.ts';
import type { World } from '../../src/sandbox/world/world.ts';
import { accessTo } from '../aws/support.ts';
import { addService, newFleet, openWorker, serve } from '../end-to-end/support.ts';
import { authorizationRequest } from './authorization-requests.ts';
import { isAllowed } from './evaluate-policy.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from './support.ts';

const dynamoDb = mockClient(DynamoDBClient);

beforeEach(() => {
  dynamoDb.reset();
  dynamoDb.on(GetItemCommand).resolves({});
  dynamoDb.on(PutItemCommand).resolves({});
});
afterEach(() => dynamoDb.reset());

/**
 * Everything that makes a run ask: services whose containers answer nothing, entries to remove, one
 * value of several to take out, and hosts that nobody knows. No container listens.
 */
async function troubledFleet() {
  const fleet = newFleet({ block: 3, clusters: ['blue', 'green', 'grey'] });
  for (const cluster of ['blue', 'green', 'grey'])
    addService(fleet, `_${cluster}._tcp`, { cluster, live: 2, stale: 2 });
  const [machine] = fleet.machinesOf(fleet.world.cluster('blue'));
  if (machine === undefined) throw new TypeError('a fleet needs machines');
  const { service, live } = addService(fleet, '_many._tcp', { live: 1 });
  const [member] = live;
  if (member === undefined) throw new TypeError('a service needs a member');
  fleet.plantSrv(service.name, member, [member.port, 9], { expected: 'live', reason: 'running' });
  const gone = { expected: 'stale', reason: 'instance-gone' } as const;
  fleet.plantHost('ip-10-66-0-1.ec2.internal', '10.66.0.1', gone);
  fleet.world.hostedZones.delete(fleet.zone.id);
  Object.assign(fleet.zone, { id: ZONE_ID });
  fleet.world.hostedZones.set(ZONE_ID, fleet.zone);
  return { world: fleet.world, zone: fleet.zone, server: await serve(fleet.world) };
}

/** The operations sent so far, as the log of the services and the mocked table have them. */
function usedActions(server: SandboxServer): readonly string[] {
  const remembered = dynamoDb
    .calls()
    .map(({ args: [command] }) => `dynamodb:${command.constructor.name.replace(/Command$/, '')}`);
  return [...new Set([...Object.keys(server.counts()), ...remembered])].toSorted();
}

function deniedRequests(server: SandboxServer, world: World, policy: ReturnType<typeof policyOf>) {
  return server.log.filter((request) => !isAllowed(policy, authorizationRequest(request, world)));
}

const PROBING: FlagValues = {
  '--health-enabled': 'true',
  '--health-allow': '127.0.0.0/8',
  '--health-attempts': '1',
  '--guardrails-panic-percent': '100',
  '--guardrails-removal-budget-percent': '100',
};
const NOT_PROBING: FlagValues = { ...PROBING, '--health-enabled': 'false' };

const ZONES = [
  ['the zone by its id', { '--zone': ZONE_ID }],
  ['the zone by its name', { '--zone': 'servicediscovery.internal' }],
] as const;
const CLUSTERS = [
  ['all clusters', {}],
  ['clusters by their names', { '--clusters': ['blue', 'green'] }],
  ['a cluster by its ARN', { '--clusters': ['arn:aws:ecs:us-east-1:123456789012:cluster/blue'] }],
] as const;
const OTHERS = [
  ['health checks', PROBING],
  ['no health checks', NOT_PROBING],
  ["ECS's own health checks alone", { ...NOT_PROBING, '--health-trust-ecs': 'true' }],
  ['a memory in DynamoDB', { ...PROBING, '--health-memory': 'dynamodb:ecs-dns' }],
] as const;
const SETTINGS = ZONES.flatMap(([zone, a]) =>
  CLUSTERS.flatMap(([clusters, b]) =>
    OTHERS.map(([other, c]): [string, FlagValues] => [
      `${zone}, ${clusters}, ${other}`,
      { ...a, ...b, ...c },
    ]),
  ),
);

describe.each(SETTINGS)('with %s', (_, flags) => {
  test.each([
    ['plan', true],
    ['apply', false],
  ] as const)('%s sends what is granted, all of it, and nothing else', async (mode, readOnly) => {
    const { world, server } = await troubledFleet();
    if (flags['--health-trust-ecs'] === 'true') callUnhealthy(world);
    const policy = policyOf(flags, { readOnly, place: SOMEWHERE });
    const worker = openWorker(server, flags);

    const { summary } = await (mode === 'plan' ? worker.plan() : worker.apply());

    expect(usedActions(server)).toEqual(actionsOf(policy));
    expect(deniedRequests(server, world, policy)).toEqual([]);
    expect(summary.removals).toBeGreaterThan(0);
    expect(summary).toMatchObject({ conflicts: 0, failed: 0 });
  });

  test('doctor tries all that reads, and nothing else', async () => {
    const { world, server } = await troubledFleet();
    const settings = loadSettings({ env: {}, flags });
    const access = { ...accessTo(server.url), region: 'us-east-1' };

    await diagnose(settings, new AbortController().signal, { access });

    const policy = policyOf(flags, { readOnly: true, place: SOMEWHERE });
    expect(usedActions(server)).toEqual(actionsOf(policy));
    expect(deniedRequests(server, world, policy)).toEqual([]);
  });
});

function callUnhealthy(world: World): void {
  for (const cluster of world.clusters.values())
    for (const task of cluster.tasks.values())
      for (const container of task.containers) container.healthStatus = 'UNHEALTHY';
}

test('a value taken out of a set is a CREATE, and is allowed', async () => {
  const { world, zone, server } = await troubledFleet();
  const sets = zone.list().filter(({ ResourceRecords }) => (ResourceRecords?.length ?? 0) > 1);
  expect(sets.length).toBeGreaterThan(0);

  await openWorker(server, { ...NOT_PROBING, '--manage': 'zone' }).apply();

  const changes = server.log.filter(({ operation }) => operation === 'route53:ChangeResourceRecordSets');
  expect(JSON.stringify(changes)).toContain('"Action":"CREATE"');
  expect(deniedRequests(server, world, policyOf({ '--zone': 'servicediscovery.internal' }))).toEqual([]);
});

describe('what no run does is denied', () => {
  const policy = policyOf({ '--clusters': ['blue'] }, { place: SOMEWHERE });
  const zone = `arn:aws:route53:::hostedzone/${ZONE_ID}`;
  const cluster = (name: string) => `arn:aws:ecs:us-east-1:123456789012:cluster/${name}`;
  const change = (action: string, type: string, resource = zone) => ({
    action: 'route53:ChangeResourceRecordSets',
    resources: [resource],
    keys: {
      'route53:ChangeResourceRecordSetsActions': ['DELETE', action],
      'route53:ChangeResourceRecordSetsRecordTypes': ['SRV', type],
    },
  });
  const tasks = (name: string, region = 'us-east-1') => ({
    action: 'ecs:DescribeTasks',
    resources: [`arn:aws:ecs:${region}:123456789012:task/${name}/0123`],
    keys: { 'ecs:cluster': [cluster(name)] },
  });

  test.each([
    ['a DELETE and a CREATE', change('CREATE', 'A'), true],
    ['an UPSERT among others', change('UPSERT', 'SRV'), false],
    ['a CNAME among others', change('DELETE', 'CNAME'), false],
    ['a change of another zone', change('DELETE', 'SRV', `${zone}X`), false],
    ['a look at tasks', tasks('blue'), true],
    ['a look at tasks of another cluster', tasks('green'), false],
    ['a look at tasks of another region', tasks('blue', 'eu-west-1'), false],
    ['stopping a task', { ...tasks('blue'), action: 'ecs:StopTask' }, false],
    [
      'instances of another region',
      {
        action: 'ec2:DescribeInstances',
        resources: ['*'],
        keys: { 'aws:RequestedRegion': ['eu-west-1'] },
      },
      false,
    ],
  ])('%s: %#', (_, request, allowed) => {
    expect(isAllowed(policy, request)).toBe(allowed);
  });
});
