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
  | 'ReadRegion'
  | 'ListInstancesOfClusters'
  | 'ListTasksOfClusters'
  | 'ListServicesOfClusters'
  | 'DescribeMembersOfClusters'
  | 'StopTasksOfClusters'
  | 'SendEvents'
  | 'RememberFailures';

type Needs = Pick<
  PolicyNeeds,
  | 'zoneBy'
  | 'clusters'
  | 'checksHealth'
  | 'makesCnames'
  | 'stopsTasks'
  | 'eventBus'
  | 'memoryTable'
  | 'readOnly'
>;

const always = () => true;
const makesCnames = (needs: Needs) => needs.makesCnames;
const hasTable = ({ memoryTable }: Needs) => memoryTable !== undefined;

/**
 * Every operation that the code can send to AWS, and when. All of them but ChangeResourceRecordSets, StopTask,
 * PutEvents and PutItem only read. The two of load balancers are each an operation of both generations' APIs,
 * where both have it: IAM knows them by one name.
 */
export const ACTIONS: readonly Grant[] = [
  {
    action: 'route53:ListHostedZonesByName',
    scope: 'FindZoneByName',
    isNeeded: ({ zoneBy }) => zoneBy === 'name',
  },
  { action: 'route53:GetHostedZone', scope: 'ReadZone', isNeeded: ({ zoneBy }) => zoneBy === 'id' },
  { action: 'route53:ListResourceRecordSets', scope: 'ReadZone', isNeeded: always },
  {
    action: 'route53:ChangeResourceRecordSets',
    scope: 'ChangeZone',
    isNeeded: ({ readOnly }) => !readOnly,
  },
  {
    action: 'ecs:ListClusters',
    scope: 'ReadRegion',
    isNeeded: ({ clusters }) => clusters.length === 0,
  },
  { action: 'ecs:DescribeTaskDefinition', scope: 'ReadRegion', isNeeded: always },
  { action: 'ec2:DescribeInstances', scope: 'ReadRegion', isNeeded: always },
  { action: 'ec2:DescribeNetworkInterfaces', scope: 'ReadRegion', isNeeded: always },
  {
    action: 'elasticloadbalancing:DescribeLoadBalancers',
    scope: 'ReadRegion',
    isNeeded: makesCnames,
  },
  {
    action: 'elasticloadbalancing:DescribeTargetGroups',
    scope: 'ReadRegion',
    isNeeded: makesCnames,
  },
  { action: 'ecs:ListContainerInstances', scope: 'ListInstancesOfClusters', isNeeded: always },
  { action: 'ecs:ListTasks', scope: 'ListTasksOfClusters', isNeeded: always },
  { action: 'ecs:ListServices', scope: 'ListServicesOfClusters', isNeeded: makesCnames },
  { action: 'ecs:DescribeContainerInstances', scope: 'DescribeMembersOfClusters', isNeeded: always },
  {
    action: 'ecs:DescribeServices',
    scope: 'DescribeMembersOfClusters',
    isNeeded: (needs) => needs.checksHealth || needs.makesCnames || needs.stopsTasks,
  },
  { action: 'ecs:DescribeTasks', scope: 'DescribeMembersOfClusters', isNeeded: always },
  {
    action: 'ecs:StopTask',
    scope: 'StopTasksOfClusters',
    isNeeded: ({ stopsTasks, readOnly }) => stopsTasks && !readOnly,
  },
  {
    action: 'events:PutEvents',
    scope: 'SendEvents',
    isNeeded: ({ eventBus, readOnly }) => eventBus !== undefined && !readOnly,
  },
  { action: 'dynamodb:GetItem', scope: 'RememberFailures', isNeeded: hasTable },
  {
    action: 'dynamodb:PutItem',
    scope: 'RememberFailures',
    isNeeded: (needs) => hasTable(needs) && !needs.readOnly,
  },
];

/** The grants that the settings need, in the order of `ACTIONS`. */
export function neededGrants(needs: Needs): readonly Grant[] {
  return ACTIONS.filter(({ isNeeded }) => isNeeded(needs));
}
