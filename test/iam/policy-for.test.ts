import { describe, expect, it, test } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { Scope } from '../../src/iam/actions.ts';
import type { AccountScope, PolicyNeeds } from '../../src/iam/policy-needs.ts';
import { actionsOf, NOWHERE, policyOf, SOMEWHERE, ZONE_ID } from './support.ts';

const GREEN = 'arn:aws:ecs:eu-west-1:210987654321:cluster/green';
const REGISTRIES: FlagValues = { '--names': 'metadata,registries' };
const CNAMES: FlagValues = { '--policy': 'sync', '--cname': 'web-*' };
const IPV6: FlagValues = { '--records-ipv6': true };
const STOPPING: FlagValues = { '--stop-unhealthy-tasks': true };
const TRUST: FlagValues = { '--health-trust-target-groups': 'web-*' };
const BUS: FlagValues = { '--event-bus': 'dns-changes' };
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:ecs-dns';
const TABLE: FlagValues = { '--state': 'dynamodb:ecs-dns/blue' };

function statement(sid: Scope, flags: FlagValues = {}, needs: Partial<PolicyNeeds> = {}) {
  return policyOf(flags, needs).Statement.find(({ Sid }) => Sid === sid);
}

type Case = [action: string, when: string, flags: FlagValues, readOnly: boolean, granted: boolean];

const CNAME_READS = [
  'ecs:ListServices',
  'elasticloadbalancing:DescribeLoadBalancers',
  'elasticloadbalancing:DescribeTargetGroups',
];

describe('when an action is granted', () => {
  test.each<Case>([
    [
      'route53:ListHostedZonesByName',
      'the zone is given by its name',
      { '--zone': 'a.internal' },
      false,
      true,
    ],
    ['route53:ListHostedZonesByName', 'the zone is given by its id', {}, false, false],
    ['route53:GetHostedZone', 'the zone is given by its name', { '--zone': 'a.internal' }, false, true],
    ['route53:ChangeResourceRecordSets', 'changes are applied', {}, false, true],
    ['route53:ChangeResourceRecordSets', 'changes are only planned', {}, true, false],
    ['ecs:ListClusters', 'all clusters are meant', {}, false, true],
    ['ecs:ListClusters', 'clusters are named', { '--clusters': 'blue' }, false, false],
    ['ecs:DescribeServices', 'health is checked', {}, false, true],
    ['ecs:DescribeServices', 'health is not checked', { '--health-enabled': 'false' }, false, false],
    [
      'ecs:DescribeServices',
      'a state is kept, and health is not checked',
      { '--health-enabled': 'false', '--state': 'a.json' },
      false,
      true,
    ],
    [
      'ecs:DescribeServices',
      'only ECS checks health',
      { '--health-enabled': 'false', '--health-trust-ecs': 'true' },
      false,
      true,
    ],
    [
      'ecs:DescribeServices',
      'nothing checks health, but services get CNAMEs',
      { ...CNAMES, '--health-enabled': 'false' },
      true,
      true,
    ],
    [
      'ecs:DescribeServices',
      'tasks are stopped that only ECS checks',
      { ...STOPPING, '--health-enabled': 'false', '--health-trust-ecs': 'true' },
      false,
      true,
    ],
    ...CNAME_READS.flatMap((action): Case[] => [
      [action, 'services get CNAMEs', CNAMES, true, true],
      [action, 'all of them do', { '--policy': 'sync', '--cname': true }, false, true],
      [action, 'no service gets one', { '--policy': 'sync' }, false, false],
      [action, 'nothing is registered', { ...CNAMES, '--policy': 'prune' }, false, false],
    ]),
    ...['servicediscovery:ListNamespaces', 'servicediscovery:ListServices', 'ecs:DescribeServices'].flatMap(
      (action): Case[] => [
        [action, 'registries name containers', { ...REGISTRIES, '--health-enabled': 'false' }, true, true],
        [action, 'metadata alone do', { '--names': 'metadata', '--health-enabled': 'false' }, false, false],
      ],
    ),
    ['elasticloadbalancing:DescribeTargetHealth', 'target groups are believed', TRUST, true, true],
    ['elasticloadbalancing:DescribeTargetHealth', 'no target group is', CNAMES, false, false],
    [
      'ecs:DescribeServices',
      'only target groups tell of health',
      { ...TRUST, '--health-enabled': 'false' },
      false,
      true,
    ],
    ['route53:GetChange', 'unhealthy tasks are stopped', STOPPING, false, true],
    ['route53:GetChange', 'those of some are', { '--stop-unhealthy-tasks': 'batch-*' }, false, true],
    ['route53:GetChange', 'changes are only planned', STOPPING, true, false],
    ['route53:GetChange', 'no task is stopped', { '--policy': 'sync' }, false, false],
    ['ecs:StopTask', 'unhealthy tasks are stopped', STOPPING, false, true],
    ['ecs:StopTask', 'those of some are', { '--stop-unhealthy-tasks': 'batch-*' }, false, true],
    ['ecs:StopTask', 'changes are only planned', STOPPING, true, false],
    ['ecs:StopTask', 'no task is stopped', { '--policy': 'sync' }, false, false],
    ['events:PutEvents', 'a bus is told', BUS, false, true],
    ['events:PutEvents', 'changes are only planned', BUS, true, false],
    ['events:PutEvents', 'no bus is told', { '--policy': 'sync' }, false, false],
    ['sns:Publish', 'a topic is told', { '--notices-topic': TOPIC }, false, true],
    ['sns:Publish', 'changes are only planned', { '--notices-topic': TOPIC }, true, false],
    ['sns:Publish', 'plans are told', { '--notices-topic': TOPIC, '--notices-on': 'drift' }, true, true],
    ['sns:Publish', 'no topic is told', { '--policy': 'sync' }, false, false],
    ['dynamodb:GetItem', 'a table remembers', TABLE, true, true],
    ['dynamodb:GetItem', 'a file remembers', { '--state': 'a.json' }, false, false],
    ['dynamodb:PutItem', 'a table remembers', TABLE, false, true],
    ['dynamodb:PutItem', 'a table is only read', TABLE, true, false],
  ])('%s, when %s', (action, _, flags, readOnly, granted) => {
    expect(actionsOf(policyOf(flags, { readOnly })).includes(action)).toBe(granted);
  });
});

describe('the zone', () => {
  it.each<[AccountScope, string]>([
    [NOWHERE, 'aws'],
    [SOMEWHERE, 'aws'],
    [{ ...NOWHERE, region: 'cn-north-1' }, 'aws-cn'],
    [{ ...NOWHERE, region: 'us-gov-west-1' }, 'aws-us-gov'],
    [{ ...NOWHERE, region: 'us-iso-east-1' }, 'aws-iso'],
    [{ ...NOWHERE, region: 'us-isob-east-1' }, 'aws-iso-b'],
    [{ ...NOWHERE, region: 'eu-isoe-west-1' }, 'aws-iso-e'],
    [{ ...NOWHERE, region: 'us-isof-south-1' }, 'aws-iso-f'],
    [{ ...NOWHERE, region: 'us-isof-east-9' }, 'aws-iso-f'],
    [{ ...NOWHERE, region: 'xx-new-1' }, 'aws'],
    [{ ...NOWHERE, region: 'eusc-de-east-1' }, 'aws-eusc'],
  ])('at %j is in the partition %s', (scope, partition) => {
    const arn = `arn:${partition}:route53:::hostedzone/${ZONE_ID}`;
    expect(statement('ReadZone', {}, { scope })?.Resource).toEqual([arn]);
    expect(statement('ChangeZone', {}, { scope })?.Resource).toEqual([arn]);
  });

  it('is in the partition of a configured cluster where there is no region', () => {
    const flags = { '--clusters': 'arn:aws-cn:ecs:cn-north-1:123456789012:cluster/blue' };
    expect(statement('ReadZone', flags)?.Resource).toEqual([`arn:aws-cn:route53:::hostedzone/${ZONE_ID}`]);
  });

  it('is the one that was found, where the settings name it', () => {
    expect(statement('ReadZone', { '--zone': 'a.internal' }, { zoneId: 'ZFOUND' })?.Resource).toEqual([
      'arn:aws:route53:::hostedzone/ZFOUND',
    ]);
  });

  it.each<[what: string, flags: FlagValues, types: readonly string[]]>([
    ['prune', {}, ['SRV', 'A']],
    ['prune, whatever else is set', { ...CNAMES, '--policy': 'prune' }, ['SRV', 'A']],
    ['prune after sync with IPv6', { ...CNAMES, ...IPV6, '--policy': 'prune' }, ['SRV', 'A', 'AAAA']],
    ['sync, AAAA also once IPv6 is off again', { '--policy': 'sync' }, ['SRV', 'A', 'AAAA']],
    ['sync and IPv6', { ...IPV6, '--policy': 'sync' }, ['SRV', 'A', 'AAAA']],
    ['sync and CNAMEs', CNAMES, ['SRV', 'A', 'AAAA', 'CNAME']],
  ])('may be changed by DELETE and CREATE alone, of the types of %s', (_, flags, types) => {
    expect(statement('ChangeZone', flags)?.Condition).toEqual({
      'ForAllValues:StringEquals': {
        'route53:ChangeResourceRecordSetsActions': ['DELETE', 'CREATE'],
        'route53:ChangeResourceRecordSetsRecordTypes': types,
      },
    });
  });
});

const HERE = 'arn:aws:ecs:us-east-1:123456789012';

describe('clusters', () => {
  it.each<[what: string, clusters: string[], scope: AccountScope, arns: string[]]>([
    ['all, anywhere', [], NOWHERE, ['arn:aws:ecs:*:*:cluster/*']],
    ['all of a region', [], { ...NOWHERE, region: 'eu-west-1' }, ['arn:aws:ecs:eu-west-1:*:cluster/*']],
    ['all of an account in a region', [], SOMEWHERE, [`${HERE}:cluster/*`]],
    ['two by name', ['green', 'blue'], SOMEWHERE, [`${HERE}:cluster/blue`, `${HERE}:cluster/green`]],
    ['one by name, anywhere', ['blue'], NOWHERE, ['arn:aws:ecs:*:*:cluster/blue']],
    ['one by its ARN, which wins', [GREEN], SOMEWHERE, [GREEN]],
    ['one twice', ['blue', `${HERE}:cluster/blue`], SOMEWHERE, [`${HERE}:cluster/blue`]],
  ])('%s', (_, clusters, scope, arns) => {
    const flags = { '--clusters': clusters };
    expect(statement('ListInstancesOfClusters', flags, { scope })?.Resource).toEqual(arns);
    const isNarrow = clusters.length > 0 || scope !== NOWHERE;
    const condition = isNarrow ? { ArnLike: { 'ecs:cluster': arns } } : undefined;
    expect(statement('ListTasksOfClusters', flags, { scope })?.Condition).toEqual(condition);
    expect(statement('DescribeMembersOfClusters', flags, { scope })?.Condition).toEqual(condition);
    expect(statement('ListServicesOfClusters', { ...CNAMES, ...flags }, { scope })).toEqual({
      Sid: 'ListServicesOfClusters',
      Effect: 'Allow',
      Action: ['ecs:ListServices'],
      Resource: ['*'],
      ...(condition === undefined ? {} : { Condition: condition }),
    });
    expect(statement('StopTasksOfClusters', { ...STOPPING, ...flags }, { scope })?.Condition).toEqual(
      condition,
    );
  });

  it('of two places are described in both', () => {
    const flags = { '--clusters': [GREEN, 'blue'] };
    expect(statement('DescribeMembersOfClusters', flags, { scope: SOMEWHERE })?.Resource).toEqual([
      'arn:aws:ecs:eu-west-1:210987654321:container-instance/*',
      'arn:aws:ecs:eu-west-1:210987654321:service/*',
      'arn:aws:ecs:eu-west-1:210987654321:task/*',
      `${HERE}:container-instance/*`,
      `${HERE}:service/*`,
      `${HERE}:task/*`,
    ]);
  });
});

test('only tasks can be stopped, in the regions and accounts of the clusters', () => {
  const flags = { ...STOPPING, '--clusters': [GREEN, 'blue'] };
  expect(statement('StopTasksOfClusters', flags, { scope: SOMEWHERE })?.Resource).toEqual([
    'arn:aws:ecs:eu-west-1:210987654321:task/*',
    `${HERE}:task/*`,
  ]);
});

test.each<[bus: string, scope: AccountScope, arn: string]>([
  ['dns-changes', SOMEWHERE, 'arn:aws:events:us-east-1:123456789012:event-bus/dns-changes'],
  ['default', NOWHERE, 'arn:aws:events:*:*:event-bus/default'],
  [
    'arn:aws:events:eu-west-1:210987654321:event-bus/dns',
    SOMEWHERE,
    'arn:aws:events:eu-west-1:210987654321:event-bus/dns',
  ],
])('the event bus is the one of the settings: %s', (bus, scope, arn) => {
  expect(statement('SendEvents', { '--event-bus': bus }, { scope })).toEqual({
    Sid: 'SendEvents',
    Effect: 'Allow',
    Action: ['events:PutEvents'],
    Resource: [arn],
  });
});

test('what knows no resources is kept to the region, where that is known', () => {
  expect(statement('ReadRegion', {}, { scope: SOMEWHERE })).toMatchObject({
    Resource: ['*'],
    Condition: { StringEquals: { 'aws:RequestedRegion': ['us-east-1'] } },
  });
  expect(statement('ReadRegion')?.Condition).toBeUndefined();
});

test('the table that remembers is the one of the settings', () => {
  expect(statement('KeepState', TABLE, { scope: SOMEWHERE })?.Resource).toEqual([
    'arn:aws:dynamodb:us-east-1:123456789012:table/ecs-dns',
  ]);
});

test('the same settings give the same bytes, in whatever order they name clusters', () => {
  const bytes = (clusters: readonly string[]) => JSON.stringify(policyOf({ '--clusters': clusters }));
  expect(bytes(['blue', 'green'])).toBe(bytes(['green', 'blue']));
});

test('Sids are what IAM takes, each once', () => {
  const sids = policyOf({ '--zone': 'a.internal', ...CNAMES, ...STOPPING, ...BUS, ...TABLE }).Statement.map(
    ({ Sid }) => Sid,
  );
  expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
  expect(new Set(sids).size).toBe(sids.length);
});
