import { z } from 'zod';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { PolicyDocument } from '../../src/iam/policy-for.ts';

/** Parameters of the CloudFormation template. */
export type Parameters = Readonly<Record<string, string>>;

const NOTICES = 'arn:aws:sns:us-east-1:123456789012:notices';

/** The name that CloudFormation makes up. */
export const TABLE = 'ecs-dns-prod-StateTable-1A2B';

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
/** The statements of a policy, each list of one written out. */
export const statements = z.array(
  z.object({
    Sid: z.string(),
    Effect: z.literal('Allow'),
    Action: texts,
    Resource: texts,
    Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
  }),
);

/** What each action is granted on and under which conditions, however the statements are cut. */
export function grantsOf({ Statement }: PolicyDocument) {
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
export const DEPLOYMENTS: readonly (readonly [
  string,
  Parameters,
  FlagValues,
  Readonly<Record<string, string>>,
])[] = [
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
    'names of registries, in one namespace',
    { Policy: 'sync', Names: 'metadata,registries', Namespace: 'prod.internal' },
    { '--policy': 'sync', '--names': 'metadata,registries' },
    { ECS_DNS_NAMES: 'metadata,registries', ECS_DNS_NAMESPACE: 'prod.internal' },
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
  [
    'notices',
    { NoticeTopicArn: NOTICES },
    { '--notices-topic': NOTICES },
    { ECS_DNS_NOTICES_TOPIC: NOTICES },
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

/** The flags of the settings that these parameters make, with the table of the stack where there is one. */
export function flagsOf(parameters: Parameters, flags: FlagValues): FlagValues {
  return parameters['State'] === 'none' ? flags : { '--state': `dynamodb:${TABLE}`, ...flags };
}
