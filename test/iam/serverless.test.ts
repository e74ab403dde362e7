import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import { applyConditions } from '../serverless/conditions.ts';
import { actionsOf, policyOf, SOMEWHERE, ZONE_ID } from './support.ts';

const FILE = new URL('../../serverless.yml', import.meta.url);

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
const template = z.object({
  custom: z.record(z.string(), z.unknown()),
  functions: z.object({ reconcile: z.object({ environment: z.record(z.string(), z.unknown()) }) }),
  resources: z.object({
    Conditions: z.record(z.string(), z.unknown()),
    Resources: z.record(
      z.string(),
      z.object({
        Type: z.string(),
        Properties: z
          .object({
            Policies: z
              .array(z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) }))
              .optional(),
          })
          .loose(),
      }),
    ),
  }),
});

const VALUES: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': SOMEWHERE.region,
  'AWS::AccountId': SOMEWHERE.account,
  // The name that CloudFormation makes up.
  StateTable: 'ecs-dns-prod-StateTable-1A2B',
};

type Values = Readonly<Record<string, string>>;
type Params = Readonly<Record<string, string>>;

/** The values of `custom:`, each a parameter with or without a default, as far as policies need them. */
function customValues(custom: Readonly<Record<string, unknown>>, params: Params): Values {
  const values = Object.entries(custom).flatMap(([name, text]) => {
    const [, param = '', byDefault] = /^\$\{param:(\w+)(?:, '(.*)')?\}$/.exec(String(text)) ?? [];
    const value = params[param] ?? byDefault;
    return value === undefined ? [] : [[`self:custom.${name}`, value] as const];
  });
  return Object.fromEntries(values);
}

/** What CloudFormation and the Serverless Framework make of a value, as far as policies need it. */
function resolve(value: unknown, values: Values): unknown {
  if (typeof value === 'string')
    return value.replaceAll(/\$\{([^}]+)\}/g, (all, name) => values[name] ?? all);
  if (Array.isArray(value)) return value.map((item) => resolve(item, values));
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = []] = Object.entries(value);
  if (name === 'Ref') return values[String(argument)] ?? value;
  if (name === 'Fn::Sub') return resolve(argument, values);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, values)]));
}

/** A part of the template as it is deployed with these parameters. */
function deployed(part: (parsed: z.infer<typeof template>) => unknown, params: Params): unknown {
  const parsed = template.parse(parse(readFileSync(FILE, 'utf8')));
  const values = { ...VALUES, ...customValues(parsed.custom, { zoneId: ZONE_ID, ...params }) };
  const conditions = resolve(parsed.resources.Conditions, values);
  return applyConditions(resolve(part(parsed), values), z.record(z.string(), z.unknown()).parse(conditions));
}

/** The policy of the function that changes the zone; what Lambda itself needs stands in others. */
function policyOfTemplate(params: Params): PolicyDocument {
  const documents = deployed(
    ({ resources }) =>
      Object.values(resources.Resources)
        .flatMap(({ Properties }) => Properties.Policies ?? [])
        .map(({ PolicyDocument }) => PolicyDocument.Statement),
    params,
  ) as readonly unknown[];
  const ours = documents.filter((document) =>
    JSON.stringify(document).includes('"route53:ChangeResourceRecordSets"'),
  );
  return { Version: '2012-10-17', Statement: statements.parse(ours.flat()) } as PolicyDocument;
}

function environmentOfTemplate(params: Params): unknown {
  return deployed(({ functions }) => functions.reconcile.environment, params);
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
const DEPLOYMENTS: readonly (readonly [string, Params, FlagValues, Readonly<Record<string, string>>])[] = [
  [
    'prune, unless told otherwise',
    {},
    {},
    { ECS_DNS_POLICY: 'prune', ECS_DNS_STATE: 'dynamodb:ecs-dns-prod-StateTable-1A2B' },
  ],
  ['no state', { state: 'none' }, {}, { ECS_DNS_POLICY: 'prune' }],
  ['sync', { policy: 'sync' }, { '--policy': 'sync' }, { ECS_DNS_POLICY: 'sync' }],
  [
    'sync, and CNAMEs for some services',
    { policy: 'sync', cname: 'web-*,api-*' },
    { '--policy': 'sync', '--cname': 'web-*,api-*' },
    { ECS_DNS_POLICY: 'sync', ECS_DNS_CNAME: 'web-*,api-*' },
  ],
  [
    'sync with IPv6',
    { policy: 'sync', ipv6: 'true' },
    { '--policy': 'sync', '--records-ipv6': true },
    { ECS_DNS_RECORDS_IPV6: 'true' },
  ],
  ['prune after it', { ipv6: 'true' }, { '--records-ipv6': true }, { ECS_DNS_RECORDS_IPV6: 'true' }],
  ['CNAMEs, which prune has no use for', { cname: 'true' }, { '--cname': true }, { ECS_DNS_CNAME: 'true' }],
  [
    'stopping unhealthy tasks',
    { stopUnhealthyTasks: 'true' },
    { '--stop-unhealthy-tasks': true },
    { ECS_DNS_STOP_UNHEALTHY_TASKS: 'true' },
  ],
  ['events', { eventBus: 'dns' }, { '--event-bus': 'dns' }, { ECS_DNS_EVENT_BUS: 'dns' }],
  [
    'all of it',
    { policy: 'sync', cname: 'true', stopUnhealthyTasks: 'batch-*', eventBus: 'dns' },
    { '--policy': 'sync', '--cname': true, '--stop-unhealthy-tasks': 'batch-*', '--event-bus': 'dns' },
    {
      ECS_DNS_POLICY: 'sync',
      ECS_DNS_CNAME: 'true',
      ECS_DNS_STOP_UNHEALTHY_TASKS: 'batch-*',
      ECS_DNS_EVENT_BUS: 'dns',
    },
  ],
];

describe.skipIf(!existsSync(FILE)).each(DEPLOYMENTS)(
  'serverless.yml, for %s',
  (_, params, flags, variables) => {
    const state: FlagValues =
      params['state'] === 'none' ? {} : { '--state': `dynamodb:${VALUES['StateTable']}` };
    const expected = policyOf({ ...state, ...flags }, { scope: SOMEWHERE });

    test('grants the function what a run on the zone needs, and nothing else', () => {
      expect(actionsOf(policyOfTemplate(params))).toEqual(actionsOf(expected));
    });

    test('grants it on the same resources, under the same conditions', () => {
      expect(grantsOf(policyOfTemplate(params))).toEqual(grantsOf(expected));
    });

    test('tells the function so, and of no bus or table unless there is one', () => {
      const environment = environmentOfTemplate(params);
      expect(environment).toMatchObject(variables);
      expect(Object.hasOwn(Object(environment), 'ECS_DNS_EVENT_BUS')).toBe(params['eventBus'] !== undefined);
      expect(Object.hasOwn(Object(environment), 'ECS_DNS_STATE')).toBe(params['state'] !== 'none');
    });
  },
);
