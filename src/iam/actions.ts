import type { PolicyNeeds } from './policy-needs.ts';

/** An operation that a run may send, under the name that IAM and the SDK both have for it. */
export interface Grant {
  readonly action: string;
  /** The statement it stands in; `SCOPES` has its resources and its condition. */
  readonly scope: Scope;
  /** Whether the settings can make a run send it. */
  readonly isNeeded: (needs: Needs) => boolean;
}

/** Statements by their Sid. */
export type Scope =
  | 'FindZoneByName'
  | 'ReadZone'
  | 'ChangeZone'
  | 'ReadChanges'
  | 'ReadRegion'
  | 'ListInstancesOfClusters'
  | 'ListTasksOfClusters'
  | 'ListServicesOfClusters'
  | 'DescribeMembersOfClusters'
  | 'StopTasksOfClusters'
  | 'SendEvents'
  | 'SendNotices'
  | 'TakeEvents'
  | 'KeepState';

type Needs = Omit<PolicyNeeds, 'zoneId' | 'policy' | 'usesIpv6' | 'place'>;

const makesCnames = (needs: Needs) => needs.makesCnames;
const takesEvents = ({ events, readOnly }: Needs) => events !== undefined && !readOnly;
const hasTable = ({ stateTable }: Needs) => stateTable !== undefined;
const mayWrite = (isNeeded: Grant['isNeeded']) => (needs: Needs) => isNeeded(needs) && !needs.readOnly;

function grant(scope: Scope, action: string, isNeeded: Grant['isNeeded'] = () => true): Grant {
  return { scope, action, isNeeded };
}

/**
 * Every operation that the code can send to AWS, and when. All of them but ChangeResourceRecordSets, StopTask,
 * PutEvents, Publish, PutItem, DeleteMessage and SendMessage only read. DeleteMessage is DeleteMessageBatch's too. The two of load balancers are each an operation of both generations' APIs,
 * where both have it: IAM knows them by one name.
 */
export const ACTIONS: readonly Grant[] = [
  grant('FindZoneByName', 'route53:ListHostedZonesByName', ({ zoneBy }) => zoneBy === 'name'),
  grant('ReadZone', 'route53:GetHostedZone'),
  grant('ReadZone', 'route53:ListResourceRecordSets'),
  grant('ReadZone', 'route53:ListResourceRecordSetProtections'),
  grant('ChangeZone', 'route53:ChangeResourceRecordSets', ({ readOnly }) => !readOnly),
  grant(
    'ReadChanges',
    'route53:GetChange',
    mayWrite(({ stopsTasks }) => stopsTasks),
  ),
  grant('ReadRegion', 'ecs:ListClusters', ({ clusters }) => clusters.length === 0),
  grant('ReadRegion', 'ecs:DescribeTaskDefinition'),
  grant('ReadRegion', 'ec2:DescribeInstances'),
  grant('ReadRegion', 'ec2:DescribeNetworkInterfaces'),
  grant('ReadRegion', 'ec2:DescribeVpcs'),
  grant('ReadRegion', 'elasticloadbalancing:DescribeLoadBalancers', makesCnames),
  grant('ReadRegion', 'elasticloadbalancing:DescribeTargetGroups', makesCnames),
  grant('ReadRegion', 'elasticloadbalancing:DescribeTargetHealth', ({ asksTargets }) => asksTargets),
  grant('ReadRegion', 'servicediscovery:ListNamespaces', ({ readsRegistries }) => readsRegistries),
  grant('ReadRegion', 'servicediscovery:ListServices', ({ readsRegistries }) => readsRegistries),
  grant('ListInstancesOfClusters', 'ecs:ListContainerInstances'),
  grant('ListTasksOfClusters', 'ecs:ListTasks'),
  grant('ListServicesOfClusters', 'ecs:ListServices', makesCnames),
  grant('DescribeMembersOfClusters', 'ecs:DescribeContainerInstances'),
  grant(
    'DescribeMembersOfClusters',
    'ecs:DescribeServices',
    (needs) =>
      needs.checksHealth ||
      needs.makesCnames ||
      needs.readsRegistries ||
      needs.stopsTasks ||
      needs.keepsState,
  ),
  grant('DescribeMembersOfClusters', 'ecs:DescribeTasks'),
  grant(
    'StopTasksOfClusters',
    'ecs:StopTask',
    mayWrite(({ stopsTasks }) => stopsTasks),
  ),
  grant(
    'SendEvents',
    'events:PutEvents',
    mayWrite(({ eventBus }) => eventBus !== undefined),
  ),
  grant(
    'SendNotices',
    'sns:Publish',
    ({ topic, tellsDrift, readOnly }) => topic !== undefined && (!readOnly || tellsDrift),
  ),
  grant('TakeEvents', 'sqs:ReceiveMessage', takesEvents),
  grant('TakeEvents', 'sqs:DeleteMessage', takesEvents),
  grant('TakeEvents', 'sqs:SendMessage', takesEvents),
  grant('KeepState', 'dynamodb:GetItem', hasTable),
  grant('KeepState', 'dynamodb:PutItem', mayWrite(hasTable)),
];

/** The statements of what the agent of a host may send. */
const OF_AGENTS: ReadonlySet<Scope> = new Set(['FindZoneByName', 'ReadZone', 'ChangeZone', 'SendEvents']);

export function neededGrants(needs: Needs): readonly Grant[] {
  const isAsked = ({ scope }: Grant) => needs.isAgent !== true || OF_AGENTS.has(scope);
  return ACTIONS.filter((one) => isAsked(one) && one.isNeeded(needs));
}
