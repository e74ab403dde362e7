import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { diagnose } from '../../src/doctor/diagnose.ts';
import type { World } from '../../src/sandbox/world/world.ts';
import { accessTo } from '../aws/support.ts';
import { addService, newFleet, openWorker, serve } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { authorizationRequest, deniedRequests, sentActions } from './authorization-requests.ts';
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
 * value of several to take out, and hosts that EC2 does not know. No container listens.
 */
async function troubledFleet() {
  const fleet = newFleet({ clusters: ['blue', 'green', 'grey'] });
  for (const cluster of ['blue', 'green', 'grey'])
    addService(fleet, `_${cluster}._tcp`, { cluster, live: 2, stale: 2 });
  const [machine] = fleet.machinesOf(fleet.world.cluster('blue'));
  if (machine === undefined) throw new TypeError('a fleet needs machines');
  const { service } = addService(fleet, '_many._tcp', { live: 0 });
  const [blue] = fleet.world.cluster('blue').services.values();
  if (blue !== undefined) fleet.world.balance(blue, fleet.world.addLoadBalancer({ kind: 'application' }));
  const member = fleet.run(service, { machine });
  const owner = { host: member.host, containerId: fleet.deadContainerId() };
  fleet.plantSrv(service.name, owner, [member.port, 9], { expected: 'live', reason: 'running' });
  const gone = { expected: 'stale', reason: 'instance-gone' } as const;
  fleet.plantHost('ip-10-66-0-1.ec2.internal', '10.66.0.1', gone);
  fleet.world.hostedZones.delete(fleet.zone.id);
  Object.assign(fleet.zone, { id: ZONE_ID });
  fleet.world.hostedZones.set(ZONE_ID, fleet.zone);
  return { world: fleet.world, zone: fleet.zone, server: await serve(fleet.world) };
}

/** The operations sent so far, as the log of the services and the mocked table have them. */
function usedActions(server: TestServer): readonly string[] {
  const remembered = dynamoDb
    .calls()
    .map(({ args: [command] }) => `dynamodb:${command.constructor.name.replace(/Command$/, '')}`);
  return [...new Set([...sentActions(server), ...remembered])].toSorted();
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
  ['target groups', { ...PROBING, '--health-trust-target-groups': 'true' }],
  ['a state in DynamoDB', { ...PROBING, '--state': 'dynamodb:ecs-dns' }],
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
    const policy = policyOf(flags, { readOnly, scope: SOMEWHERE });
    const worker = openWorker(server, flags);

    const { summary } = await (mode === 'plan' ? worker.plan() : worker.apply());

    expect(usedActions(server)).toEqual(actionsOf(policy));
    expect(deniedRequests(server, world, policy)).toEqual([]);
    expect(summary.removals).toBeGreaterThan(0);
    expect(summary).toMatchObject({ conflicts: 0, failed: 0 });
  });

  test('doctor tries all that reads, and nothing else', async () => {
    const { world, server } = await troubledFleet();
    const settings = parseSettings({ env: {}, flags });
    const access = { ...accessTo(server.url), region: 'us-east-1' };

    await diagnose(settings, new AbortController().signal, { access });

    const policy = policyOf(flags, { readOnly: true, scope: SOMEWHERE });
    expect(usedActions(server)).toEqual(actionsOf(policy));
    expect(deniedRequests(server, world, policy)).toEqual([]);
  });
});

test.each(ZONES)('restore sends nothing that is not granted for apply, with %s', async (_, flags) => {
  const { world, zone, server } = await troubledFleet();
  const journal = await temporaryDirectory();
  const before = zone.list();
  await openWorker(server, { ...NOT_PROBING, ...flags, '--manage': 'zone', '--journal': journal }).apply();
  const [file = ''] = await readdir(journal);
  const sent = server.log.length;

  const { summary } = await openWorker(server, flags).restore(await readFile(join(journal, file), 'utf8'));

  expect(summary).toMatchObject({ conflicts: 0, failed: 0 });
  expect(summary.reduced).toBeGreaterThan(0);
  expect(summary.restored).toBeGreaterThan(summary.reduced);
  expect(zone.list()).toEqual(before);
  const policy = policyOf(flags);
  expect(
    server.log.slice(sent).filter((request) => !isAllowed(policy, authorizationRequest(request, world))),
  ).toEqual([]);
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
  const prune = policyOf({ '--clusters': ['blue'] }, { scope: SOMEWHERE });
  const sync = policyOf({ '--clusters': ['blue'], '--policy': 'sync' }, { scope: SOMEWHERE });
  const everything = policyOf(
    {
      '--clusters': ['blue'],
      '--policy': 'sync',
      '--cname': true,
      '--stop-unhealthy-tasks': true,
      '--event-bus': 'dns',
    },
    { scope: SOMEWHERE },
  );
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

  const stop = (name: string) => ({ ...tasks(name), action: 'ecs:StopTask' });
  const services = (name: string) => ({
    action: 'ecs:ListServices',
    resources: ['*'],
    keys: { 'ecs:cluster': [cluster(name)] },
  });
  const balancers = (region: string) => ({
    action: 'elasticloadbalancing:DescribeLoadBalancers',
    resources: ['*'],
    keys: { 'aws:RequestedRegion': [region] },
  });
  const events = (bus: string) => ({
    action: 'events:PutEvents',
    resources: [`arn:aws:events:us-east-1:123456789012:event-bus/${bus}`],
    keys: {},
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
    expect(isAllowed(prune, request)).toBe(allowed);
  });

  test.each([
    ['a CREATE of AAAA', change('CREATE', 'AAAA'), false, true, true],
    ['a CREATE of a CNAME', change('CREATE', 'CNAME'), false, false, true],
    ['a CREATE of TXT', change('CREATE', 'TXT'), false, false, false],
    ['an UPSERT', change('UPSERT', 'SRV'), false, false, false],
    ['a list of services', services('blue'), false, false, true],
    ['a list of services of another cluster', services('green'), false, false, false],
    ['a look at balancers', balancers('us-east-1'), false, false, true],
    ['a look at balancers of another region', balancers('eu-west-1'), false, false, false],
    ['stopping a task', stop('blue'), false, false, true],
    ['stopping a task of another cluster', stop('green'), false, false, false],
    ['events for the bus', events('dns'), false, false, true],
    ['events for another bus', events('default'), false, false, false],
  ])('%s, with prune, sync and all that sync can do: %#', (_, request, byPrune, bySync, byEverything) => {
    expect([prune, sync, everything].map((policy) => isAllowed(policy, request))).toEqual([
      byPrune,
      bySync,
      byEverything,
    ]);
  });
});
