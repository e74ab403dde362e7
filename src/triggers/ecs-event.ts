import { z } from 'zod';
import type { Area, Scope } from '../model/scope.ts';

/** Where an event says to look; or why it says nothing, with the kind of event it is. */
export type EventReading =
  | { readonly kind: 'scopes'; readonly event: string; readonly scopes: readonly Scope[] }
  | { readonly kind: 'ignored'; readonly event: string; readonly why: string };

const envelope = z.looseObject({
  source: z.string(),
  'detail-type': z.string(),
  account: z.string().optional(),
  region: z.string().optional(),
  resources: z.array(z.string()).optional(),
  detail: z.looseObject({}),
});
type Envelope = z.output<typeof envelope>;

const arn = z.string().startsWith('arn:');
/** One that is none would spoil the request for all tasks that are asked for together. */
const task = z.string().regex(/^arn:[a-z-]+:ecs:[a-z0-9-]+:\d+:task\/[A-Za-z0-9_/-]+$/);
/** It becomes a part of a filter. */
const instance = z.string().regex(/^i-[0-9a-z]+$/);
const taskDetail = z.looseObject({ clusterArn: arn, taskArn: task });
const instanceDetail = z.looseObject({ clusterArn: arn, containerInstanceArn: arn });
const ec2Detail = z.looseObject({ 'instance-id': instance });
const callDetail = z.looseObject({
  eventSource: z.literal('ecs.amazonaws.com'),
  eventName: z.string(),
  errorCode: z.string().optional(),
  requestParameters: z
    .looseObject({
      cluster: z.string().optional(),
      /** `UpdateService` and `DeleteService` name it so, `CreateService` by `serviceName`. */
      service: z.string().optional(),
      serviceName: z.string().optional(),
    })
    .nullish(),
});

type Reader = (event: Envelope) => readonly Scope[] | string;

/**
 * Where each kind of event says to look. What it says of the state of things is not read: it may be late, come twice,
 * or be overtaken by a later one.
 *
 * | source, detail-type                            | looks at                                        |
 * |------------------------------------------------|-------------------------------------------------|
 * | aws.ecs, ECS Task State Change                 | the task                                        |
 * | aws.ecs, ECS Container Instance State Change   | the container instance, with all of its tasks   |
 * | aws.ecs, ECS Deployment State Change           | the service                                     |
 * | aws.ecs, AWS API Call via CloudTrail           | the service that was created, updated or deleted |
 * | aws.ec2, EC2 Spot Instance Interruption Warning, EC2 Instance State-change Notification | the machine |
 */
const READERS: Readonly<Record<string, Reader>> = {
  'aws.ecs/ECS Task State Change': read(taskDetail, ({ clusterArn: cluster, taskArn }) => [
    { kind: 'task', cluster, taskArn },
  ]),
  'aws.ecs/ECS Container Instance State Change': read(
    instanceDetail,
    ({ clusterArn: cluster, containerInstanceArn }) => [
      { kind: 'container-instance', cluster, arn: containerInstanceArn },
    ],
  ),
  'aws.ecs/ECS Deployment State Change': ({ resources = [] }) => {
    const services = resources.flatMap(serviceOfArn);
    return services.length > 0 ? services : 'it names no service of a cluster';
  },
  'aws.ecs/AWS API Call via CloudTrail': read(callDetail, serviceOfCall),
  'aws.ec2/EC2 Spot Instance Interruption Warning': read(ec2Detail, machine),
  'aws.ec2/EC2 Instance State-change Notification': read(ec2Detail, machine),
};

/** The kinds of events that say where to look, as `source/detail-type`. */
export const EVENT_KINDS: readonly string[] = Object.keys(READERS);

/** Reads one event as EventBridge sends it; one of a kind that is not known, or that cannot be read, is ignored. */
export function readEcsEvent(event: unknown): EventReading {
  const parsed = envelope.safeParse(event);
  if (!parsed.success) return { kind: 'ignored', event: 'unknown', why: 'it is no event of EventBridge' };
  const kind = `${parsed.data.source}/${parsed.data['detail-type']}`;
  const reader = READERS[kind];
  if (reader === undefined) return { kind: 'ignored', event: kind, why: 'it is of no kind that is known' };
  const scopes = reader(parsed.data);
  return typeof scopes === 'string'
    ? { kind: 'ignored', event: kind, why: scopes }
    : { kind: 'scopes', event: kind, scopes };
}

function read<T extends z.ZodType>(
  schema: T,
  scopesOf: (detail: z.output<T>, area: Area) => readonly Scope[] | string,
): Reader {
  return ({ detail, account, region }) => {
    const parsed = schema.safeParse(detail);
    if (parsed.success) return scopesOf(parsed.data, { account, region });
    return `its detail cannot be read: ${parsed.error.issues[0]?.path.join('.')}`;
  };
}

function machine({ 'instance-id': instanceId }: z.output<typeof ec2Detail>, area: Area): readonly Scope[] {
  return [{ kind: 'instance', instanceId, ...area }];
}

const SERVICE_CALLS: ReadonlySet<string> = new Set(['CreateService', 'UpdateService', 'DeleteService']);
/** What a request means that names no cluster. */
const DEFAULT_CLUSTER = 'default';

function serviceOfCall(
  { eventName, errorCode, requestParameters }: z.output<typeof callDetail>,
  area: Area,
): readonly Scope[] | string {
  if (!SERVICE_CALLS.has(eventName)) return `it tells of ${eventName}`;
  if (errorCode !== undefined) return `its call failed with ${errorCode}`;
  const { cluster = DEFAULT_CLUSTER, service, serviceName } = requestParameters ?? {};
  const named = service ?? serviceName;
  if (named === undefined) return 'its call names no service';
  const [told] = serviceOfArn(named);
  return [told ?? { kind: 'service', cluster, service: lastPart(named), ...area }];
}

const SERVICE_ARN = /^(arn:[a-z-]+:ecs:[a-z0-9-]+:\d+:)service\/([^/]+)\/([^/]+)$/;

/** ARNs of the old form name no cluster. */
function serviceOfArn(text: string): readonly Extract<Scope, { kind: 'service' }>[] {
  const [, prefix, cluster, service] = SERVICE_ARN.exec(text) ?? [];
  if (service === undefined) return [];
  return [{ kind: 'service', cluster: `${prefix}cluster/${cluster}`, service }];
}

function lastPart(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);
}
