import { expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { examine, PROBING, twoClusters } from './support.ts';

const CHECKS = [
  'region',
  'credentials',
  'endpoint-route53',
  'endpoint-ecs',
  'endpoint-ec2',
  'zone',
  'route53:ListHostedZonesByName',
  'route53:GetHostedZone',
  'route53:ListResourceRecordSets',
  'route53:ListResourceRecordSetProtections',
  'route53:ChangeResourceRecordSets',
  'ecs:ListClusters',
  'ecs:DescribeTaskDefinition',
  'ec2:DescribeInstances',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeVpcs',
  'ecs:ListContainerInstances',
  'ecs:ListTasks',
  'ecs:DescribeContainerInstances',
  'ecs:DescribeServices',
  'ecs:DescribeTasks',
  'clusters',
  'state',
  'journal',
  'sample-endpoint',
];
const SKIPPED = ['route53:ChangeResourceRecordSets', 'state', 'journal'];

test('all is well: one finding a check, ok but for what cannot be tried or is not set', async () => {
  const fleet = await twoClusters({ kind: 'healthy' });
  const server = await serve(fleet.world);
  const before = fleet.zone.list();

  const { findings, of } = await examine(server);

  expect(findings.map(({ check }) => check)).toEqual(CHECKS);
  expect(findings.filter(({ status }) => status !== 'ok').map(({ check }) => check)).toEqual(SKIPPED);
  expect(of('region')).toBe('ok: us-east-1');
  expect(of('zone')).toBe(`ok: ${ZONE_NAME}. (${fleet.zone.id}), private`);
  expect(of('clusters')).toBe('ok: 2: blue (1 task, 1 instance), green (1 task, 1 instance)');
  expect(of('route53:ChangeResourceRecordSets')).toMatch(/^skip: it cannot be tried.*`ecs-dns iam`/);
  expect(of('sample-endpoint')).toMatch(
    new RegExp(`^ok: 127.${OWN_BLOCK}.0.1:\\d+ \\(_blue\\._tcp\\) answers$`),
  );
  expect(fleet.zone.list()).toEqual(before);
});

test('what would change something, or needs a change, is not tried, and said to be so', async () => {
  const fleet = await twoClusters({ kind: 'healthy' });
  const server = await serve(fleet.world);

  const topic = 'arn:aws:sns:us-east-1:123456789012:ecs-dns';
  const { of } = await examine(server, [
    '--stop-unhealthy-tasks',
    '--event-bus',
    'dns',
    '--notices-topic',
    topic,
  ]);

  expect(of('route53:GetChange')).toMatch(/^skip: it cannot be tried without a change to ask of/);
  expect(of('ecs:StopTask')).toMatch(/^skip: it cannot be tried without stopping a task/);
  expect(of('events:PutEvents')).toMatch(/^skip: it cannot be tried without sending an event/);
  expect(of('sns:Publish')).toMatch(/^skip: it cannot be tried without sending a notice/);
});

const BUS_ARN = 'arn:aws:events:eu-west-1:123456789012:event-bus/dns';

test.each([
  ['dns', '--name dns'],
  [BUS_ARN, `--name ${BUS_ARN} --region eu-west-1`],
])('how to see that there is a bus %s is said, in its own region', async (bus, named) => {
  const server = await serve((await twoClusters({ kind: 'healthy' })).world);
  const { of } = await examine(server, ['--event-bus', bus]);
  expect(of('events:PutEvents')).toContain(`see with \`aws events describe-event-bus ${named}\` that`);
});

test('with trustTargetGroups, the health of targets is asked of a target group that does not exist', async () => {
  const server = await serve((await twoClusters({ kind: 'healthy' })).world);

  const { failed, findings, of } = await examine(server, ['--health-trust-target-groups', 'web-*']);

  expect(failed).toEqual([]);
  const added = findings.map(({ check }) => check).filter((check) => !CHECKS.includes(check));
  expect(added).toEqual(['endpoint-elasticloadbalancing', 'elasticloadbalancing:DescribeTargetHealth']);
  expect(added.map((check) => of(check))).toEqual(['ok: answers', 'ok: permitted']);
  expect(server.counts()['elbv2:DescribeTargetHealth']).toBe(1);
});

test.each<[string, boolean]>([
  ['whether there are load balancers', true],
  ['or none', false],
])('with cname, what reads services and load balancers is tried, %s', async (_, hasBalancers) => {
  const fleet = await twoClusters({ kind: 'healthy' });
  const cluster = fleet.world.cluster('blue');
  if (hasBalancers) {
    for (const kind of ['application', 'classic'] as const)
      for (const number of [1, 2])
        fleet.addBalancedService({ serviceName: `${kind}-${number}`, cluster, kind });
  }
  const server = await serve(fleet.world);

  const { failed, findings, of } = await examine(server, ['--policy', 'sync', '--cname']);

  expect(failed).toEqual([]);
  const added = findings.map(({ check }) => check).filter((check) => !CHECKS.includes(check));
  expect(added).toEqual([
    'endpoint-elasticloadbalancing',
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeTargetGroups',
    'ecs:ListServices',
  ]);
  expect(added.map((check) => of(check))).toEqual(['ok: answers', ...Array(3).fill('ok: permitted')]);
  expect(server.counts()).toMatchObject({
    'ecs:ListServices': 2,
    'ecs:DescribeServices': 1,
    'elbv2:DescribeTargetGroups': 1,
    'elbv2:DescribeLoadBalancers': 1,
    'elb:DescribeLoadBalancers': 1,
  });
});

test('as text: a line for each, its status, its name, what was found, and behind what fails the remedy', async () => {
  const server = await serve((await twoClusters({ kind: 'healthy' })).world);
  server.addFault({ operation: 'ecs:ListTasks', effect: DENIED });

  const { code, stdout, stderr } = await runHere(['doctor', '--zone', ZONE_NAME, ...PROBING], server.url);

  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.slice(5).split(' ')[0])).toEqual(CHECKS);
  for (const line of lines) expect(line).toMatch(/^(?:ok {2}|fail|skip) \S+ {2,}\S/);
  const [denied] = lines.filter((line) => line.startsWith('fail'));
  expect(denied).toMatch(/^fail +ecs:ListTasks {2,}AccessDenied.* → grant ecs:ListTasks: `ecs-dns iam`/);
});

const DENIED = { kind: 'error', code: 'AccessDeniedException', message: 'not\u001b[2J authorized' } as const;

test('what others have written cannot move the cursor', async () => {
  const server = await serve((await twoClusters({ kind: 'healthy' })).world);
  server.addFault({ operation: 'ecs:ListTasks', effect: DENIED });
  const { stdout } = await runHere(['doctor', '--zone', ZONE_NAME, ...PROBING], server.url, {
    tty: ['stdout'],
  });
  expect(stdout).toContain('\\u001b[2J authorized');
  expect(stdout).toContain('\u001b[31mfail\u001b[39m');
});

test('a large cluster costs a page of each listing, and a look at a few of its tasks', async () => {
  const fleet = newFleet({ machines: 3 });
  const { definition, cluster } = fleet.addService({
    name: '_many._tcp',
    mode: 'bridge',
    cluster: fleet.world.cluster('blue'),
    portMappings: [8080],
  });
  for (let i = 0; i < 250; i++)
    fleet.world.addTask({ cluster, taskDefinition: definition, machine: fleet.machine(cluster, i) });
  const server = await serve(fleet.world);

  const { of } = await examine(server, ['--no-health-enabled']);

  expect(of('clusters')).toBe('ok: 1: blue (more than 100 tasks, 3 instances)');
  expect(server.counts()).toMatchObject({ 'ecs:ListTasks': 1, 'ecs:DescribeTasks': 1 });
  const described = server.log.find(({ operation }) => operation === 'ecs:DescribeTasks');
  expect(described?.input['tasks']).toHaveLength(10);
});

test('Ctrl-C ends it', async () => {
  const server = await serve((await twoClusters({ kind: 'healthy' })).world);
  const stop = new AbortController();
  const when = () => {
    stop.abort(new Error('stopped'));
    return true;
  };
  server.addFault({ operation: 'ecs:ListTasks', when, effect: { kind: 'hang' } });
  expect(await runHere(['doctor', '--zone', ZONE_NAME], server.url, { signal: stop.signal })).toEqual({
    code: 1,
    stdout: '',
    stderr: 'ecs-dns: stopped\n',
  });
});
