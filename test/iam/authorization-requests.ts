import type { PolicyDocument } from '../../src/iam/policy-for.ts';
import type { LoggedRequest } from '../../src/sandbox/answer.ts';
import type { World } from '../../src/sandbox/world/world.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { type AuthorizationRequest, isAllowed } from './evaluate-policy.ts';

type Part = Pick<AuthorizationRequest, 'resources' | 'keys'>;
type Input = LoggedRequest['input'];

/** The request of a log as the services put it to IAM. Source: the Service Authorization Reference. */
export function authorizationRequest(
  { operation, input }: LoggedRequest,
  world: World,
): AuthorizationRequest {
  const action = actionOf(operation);
  const part = PARTS[action];
  if (part === undefined) throw new TypeError(`nobody has said what ${action} is authorized on`);
  const { resources, keys } = part(input, world);
  return { action, resources, keys: { 'aws:RequestedRegion': [world.region], ...keys } };
}

/** The operation under the name that IAM has for it: it does not tell the two APIs of load balancers apart. */
function actionOf(operation: string): string {
  return operation.replace(/^elb(?:v2)?:/, 'elasticloadbalancing:');
}

/** The actions that a sandbox was asked for, sorted. */
export function sentActions(server: Pick<TestServer, 'counts'>): readonly string[] {
  return [...new Set(Object.keys(server.counts()).map(actionOf))].toSorted();
}

/** The requests that a policy would have stopped. */
export function deniedRequests(
  { log }: Pick<TestServer, 'log'>,
  world: World,
  policy: PolicyDocument,
): readonly LoggedRequest[] {
  return log.filter((request) => !isAllowed(policy, authorizationRequest(request, world)));
}

const ANYTHING: Part = { resources: ['*'], keys: {} };
const zone = (id: unknown): readonly string[] => [`arn:aws:route53:::hostedzone/${String(id)}`];

const PARTS: Readonly<Record<string, (input: Input, world: World) => Part>> = {
  'route53:ListHostedZonesByName': () => ANYTHING,
  'route53:GetHostedZone': ({ Id }) => ({ resources: zone(Id), keys: {} }),
  'route53:ListResourceRecordSets': ({ HostedZoneId }) => ({ resources: zone(HostedZoneId), keys: {} }),
  'route53:ListResourceRecordSetProtections': ({ HostedZoneId }) => ({
    resources: zone(HostedZoneId),
    keys: {},
  }),
  'route53:ChangeResourceRecordSets': ({ HostedZoneId, ChangeBatch }) => ({
    resources: zone(HostedZoneId),
    keys: changeKeys(ChangeBatch as ChangeBatch),
  }),
  'route53:GetChange': ({ Id }) => ({ resources: [`arn:aws:route53:::change/${String(Id)}`], keys: {} }),
  'ecs:ListClusters': () => ANYTHING,
  'ecs:DescribeTaskDefinition': () => ANYTHING,
  'ecs:ListContainerInstances': (input, world) => ({ resources: [clusterArn(input, world)], keys: {} }),
  // ECS has been seen to ask for either: the policy has to allow both.
  'ecs:ListTasks': (input, world) => ({
    resources: ['*', memberArn('container-instance', '*', input, world)],
    keys: clusterKey(input, world),
  }),
  // It knows no resources, only the key.
  'ecs:ListServices': (input, world) => ({ resources: ['*'], keys: clusterKey(input, world) }),
  'ecs:StopTask': (input, world) => ({
    resources: [memberArnOf('task', String(input['task']), input, world)],
    keys: clusterKey(input, world),
  }),
  'ecs:DescribeTasks': (input, world) => described('tasks', 'task', input, world),
  'ecs:DescribeContainerInstances': (input, world) =>
    described('containerInstances', 'container-instance', input, world),
  'ecs:DescribeServices': (input, world) => described('services', 'service', input, world),
  'ec2:DescribeInstances': () => ANYTHING,
  'ec2:DescribeNetworkInterfaces': () => ANYTHING,
  'ec2:DescribeVpcs': () => ANYTHING,
  'elasticloadbalancing:DescribeLoadBalancers': () => ANYTHING,
  'elasticloadbalancing:DescribeTargetGroups': () => ANYTHING,
  'elasticloadbalancing:DescribeTargetHealth': () => ANYTHING,
  'servicediscovery:ListNamespaces': () => ANYTHING,
  'servicediscovery:ListServices': () => ANYTHING,
  'events:PutEvents': ({ Entries }, world) => ({
    resources: (Entries as readonly EventEntry[]).map((entry) => busArn(entry, world)),
    keys: {},
  }),
};

interface EventEntry {
  readonly EventBusName: string;
}

function busArn({ EventBusName }: EventEntry, world: World): string {
  const bus = world.findEventBus(EventBusName);
  if (bus === undefined) throw new TypeError(`the world has no event bus ${EventBusName}`);
  return bus.arn;
}

interface ChangeBatch {
  readonly Changes: readonly {
    readonly Action: string;
    readonly ResourceRecordSet: { readonly Type: string };
  }[];
}

function changeKeys({ Changes }: ChangeBatch): Part['keys'] {
  return {
    'route53:ChangeResourceRecordSetsActions': Changes.map(({ Action }) => Action),
    'route53:ChangeResourceRecordSetsRecordTypes': Changes.map((change) => change.ResourceRecordSet.Type),
  };
}

function described(field: string, kind: Kind, input: Input, world: World): Part {
  const asked = input[field] as readonly string[];
  return {
    resources: asked.map((id) => memberArnOf(kind, id, input, world)),
    keys: clusterKey(input, world),
  };
}

type Kind = 'task' | 'container-instance' | 'service';

function memberArnOf(kind: Kind, id: string, input: Input, world: World): string {
  return id.startsWith('arn:') ? id : memberArn(kind, id, input, world);
}

function memberArn(kind: Kind, id: string, input: Input, world: World): string {
  return `${clusterArn(input, world).replace(':cluster/', `:${kind}/`)}/${id}`;
}

function clusterKey(input: Input, world: World): Part['keys'] {
  return { 'ecs:cluster': [clusterArn(input, world)] };
}

function clusterArn({ cluster }: Input, world: World): string {
  return world.cluster(String(cluster)).arn;
}
