import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from '../iam/support.ts';
import { deployedResource } from './evaluate.ts';
import { type Packaged, packageClone } from './packaged.ts';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statements = z.array(
  z.object({
    Sid: z.string(),
    Effect: z.literal('Allow'),
    Action: texts,
    Resource: texts,
    Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
  }),
);

type Parameters = Readonly<Record<string, string>>;

/** The name that CloudFormation makes up. */
const TABLE = 'ecs-dns-prod-StateTable-1A2B';

const HERE: Parameters = {
  'AWS::Partition': 'aws',
  'AWS::Region': SOMEWHERE.region,
  'AWS::AccountId': SOMEWHERE.account,
  'AWS::StackName': 'ecs-dns-prod',
  StateTable: TABLE,
  ZoneId: ZONE_ID,
};

let packaged: Packaged;

beforeAll(async () => {
  packaged = await packageClone();
});

afterAll(() => packaged?.remove());

function deployed(resource: string, parameters: Parameters) {
  return deployedResource(packaged.template, resource, { ...HERE, ...parameters });
}

/** The policy of what a run does; what Lambda itself needs stands in others. */
function policyOfTemplate(parameters: Parameters): PolicyDocument {
  const policies = z
    .array(
      z.object({ PolicyName: z.string(), PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) }),
    )
    .parse(deployed('ReconcileRole', parameters)?.['Policies']);
  const ours = policies.filter(({ PolicyName }) => PolicyName === 'reconcile');
  const all = ours.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return { Version: '2012-10-17', Statement: statements.parse(all) } as PolicyDocument;
}

function environmentOf(resource: string, parameters: Parameters): Readonly<Record<string, unknown>> {
  return Object(deployed(resource, parameters)?.['Environment']).Variables;
}

/** What each action is granted on and under which conditions, however the statements are cut. */
function grantsOf({ Statement }: PolicyDocument) {
  const grants = Statement.flatMap(({ Action, Resource, Condition }) =>
    Action.map((action) => {
      const [service = '', operation = ''] = action.split(':');
      const kinds = KINDS[operation];
      const resources = Resource.filter((arn) => kinds?.some((kind) => arn.includes(`:${kind}/`)) ?? true);
      return [`${service}:${operation}`, { resources, condition: Condition ?? {} }] as const;
    }),
  );
  return Object.fromEntries(grants.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Of a statement for several kinds of resources, an action only ever meets its own. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  DescribeTasks: ['task'],
  DescribeServices: ['service'],
  DescribeContainerInstances: ['container-instance'],
};

/** what, parameters, the flags that are the same settings, the variables that make them so */
const DEPLOYMENTS: readonly (readonly [string, Parameters, FlagValues, Readonly<Record<string, string>>])[] =
  [
    ['prune, unless told otherwise', {}, {}, { ECS_DNS_POLICY: 'prune', ECS_DNS_STATE: `dynamodb:${TABLE}` }],
    ['no state', { State: 'none' }, {}, { ECS_DNS_POLICY: 'prune' }],
    ['sync', { Policy: 'sync' }, { '--policy': 'sync' }, { ECS_DNS_POLICY: 'sync' }],
    [
      'sync, and CNAMEs for some services',
      { Policy: 'sync', Cname: 'web-*,api-*' },
      { '--policy': 'sync', '--cname': 'web-*,api-*' },
      { ECS_DNS_POLICY: 'sync', ECS_DNS_CNAME: 'web-*,api-*' },
    ],
    [
      'sync with IPv6',
      { Policy: 'sync', Ipv6: 'true' },
      { '--policy': 'sync', '--records-ipv6': true },
      { ECS_DNS_RECORDS_IPV6: 'true' },
    ],
    ['prune after it', { Ipv6: 'true' }, { '--records-ipv6': true }, { ECS_DNS_RECORDS_IPV6: 'true' }],
    ['CNAMEs, which prune has no use for', { Cname: 'true' }, { '--cname': true }, { ECS_DNS_CNAME: 'true' }],
    [
      'stopping unhealthy tasks',
      { StopUnhealthyTasks: 'true' },
      { '--stop-unhealthy-tasks': true },
      { ECS_DNS_STOP_UNHEALTHY_TASKS: 'true' },
    ],
    [
      'target groups that are believed',
      { TrustTargetGroups: 'web-*' },
      { '--health-trust-target-groups': 'web-*' },
      { ECS_DNS_HEALTH_TRUST_TARGET_GROUPS: 'web-*' },
    ],
    ['events', { EventBus: 'dns' }, { '--event-bus': 'dns' }, { ECS_DNS_EVENT_BUS: 'dns' }],
    [
      'all of it',
      { Policy: 'sync', Cname: 'true', StopUnhealthyTasks: 'batch-*', EventBus: 'dns' },
      { '--policy': 'sync', '--cname': true, '--stop-unhealthy-tasks': 'batch-*', '--event-bus': 'dns' },
      {
        ECS_DNS_POLICY: 'sync',
        ECS_DNS_CNAME: 'true',
        ECS_DNS_STOP_UNHEALTHY_TASKS: 'batch-*',
        ECS_DNS_EVENT_BUS: 'dns',
      },
    ],
  ];

describe.each(DEPLOYMENTS)('the template, for %s', (_, parameters, flags, variables) => {
  const state: FlagValues = parameters['State'] === 'none' ? {} : { '--state': `dynamodb:${TABLE}` };

  describe.each(['plan', 'apply'])('in mode %s', (Mode) => {
    const given = { ...parameters, Mode };
    const expected = policyOf({ ...state, ...flags }, { scope: SOMEWHERE, readOnly: Mode === 'plan' });

    test('grants the functions what their runs on the zone need, and nothing else', () => {
      expect(actionsOf(policyOfTemplate(given))).toEqual(actionsOf(expected));
    });

    test('grants it on the same resources, under the same conditions', () => {
      expect(grantsOf(policyOfTemplate(given))).toEqual(grantsOf(expected));
    });

    test.each(['ReconcileLambdaFunction', 'EventsLambdaFunction'])(
      'tells %s so, and of no bus or table unless there is one',
      (name) => {
        const environment = environmentOf(name, given);
        expect(environment).toMatchObject({ ...variables, ECS_DNS_MODE: Mode });
        expect(Object.hasOwn(environment, 'ECS_DNS_EVENT_BUS')).toBe(parameters['EventBus'] !== undefined);
        expect(Object.hasOwn(environment, 'ECS_DNS_STATE')).toBe(parameters['State'] !== 'none');
      },
    );
  });
});

test('until it is told otherwise, the template plans', () => {
  expect(environmentOf('ReconcileLambdaFunction', {})['ECS_DNS_MODE']).toBe('plan');
  expect(actionsOf(policyOfTemplate({}))).not.toContain('route53:ChangeResourceRecordSets');
});
