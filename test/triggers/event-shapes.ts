/** Events as EventBridge sends them; shapes from the Amazon ECS Developer Guide, "Amazon ECS events", and its EC2 kin. */
const ACCOUNT = '123456789012';
const REGION = 'us-east-1';
export const CLUSTER_ARN = arnOfCluster('blue');

export function arnOfCluster(name: string): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/${name}`;
}

export function taskArn(id: string): string {
  return `arn:aws:ecs:${REGION}:${ACCOUNT}:task/blue/${id}`;
}

function event(source: string, kind: string, detail: object, resources: readonly string[] = []) {
  return {
    version: '0',
    id: '4d7d5c2a-0d3b-4d0e-8b5a-0123456789ab',
    'detail-type': kind,
    source,
    account: ACCOUNT,
    time: '2026-11-30T02:00:00Z',
    region: REGION,
    resources,
    detail,
  };
}

export function taskEvent(
  arn: string,
  { lastStatus = 'RUNNING', desiredStatus = 'RUNNING', clusterArn = CLUSTER_ARN } = {},
) {
  const detail = {
    attachments: [{ id: 'e', type: 'eni', status: 'ATTACHED', details: [] }],
    clusterArn,
    containers: [{ containerArn: 'arn:aws:ecs:c', lastStatus, name: 'app', runtimeId: 'a'.repeat(64) }],
    desiredStatus,
    lastStatus,
    group: 'service:orders',
    taskArn: arn,
    taskDefinitionArn: `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/orders:1`,
    updatedAt: '2026-11-30T02:00:00.000Z',
    version: 3,
  };
  return event('aws.ecs', 'ECS Task State Change', detail, [arn]);
}

export function containerInstanceEvent(
  arn: string,
  { status = 'DRAINING', agentConnected = true, clusterArn = CLUSTER_ARN } = {},
) {
  const detail = {
    agentConnected,
    clusterArn,
    containerInstanceArn: arn,
    ec2InstanceId: 'i-0123456789abcdef0',
    status,
    version: 14_801,
  };
  return event('aws.ecs', 'ECS Container Instance State Change', detail, [arn]);
}

export function deploymentEvent(service: string, cluster = 'blue') {
  const arn = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/${cluster}/${service}`;
  const detail = {
    eventType: 'INFO',
    eventName: 'SERVICE_DEPLOYMENT_COMPLETED',
    deploymentId: 'ecs-svc/1',
    updatedAt: '2026-11-30T02:00:00Z',
    reason: 'ECS deployment completed.',
  };
  return event('aws.ecs', 'ECS Deployment State Change', detail, [arn]);
}

export function callEvent(eventName: string, requestParameters: object | null, more: object = {}) {
  const detail = {
    eventVersion: '1.09',
    eventSource: 'ecs.amazonaws.com',
    eventName,
    requestParameters,
    ...more,
  };
  return event('aws.ecs', 'AWS API Call via CloudTrail', detail);
}

export function instanceEvent(
  instanceId: string,
  kind: 'spot' | 'state' = 'state',
  state: 'shutting-down' | 'terminated' = 'shutting-down',
) {
  return kind === 'spot'
    ? event('aws.ec2', 'EC2 Spot Instance Interruption Warning', {
        'instance-id': instanceId,
        'instance-action': 'terminate',
      })
    : event('aws.ec2', 'EC2 Instance State-change Notification', {
        'instance-id': instanceId,
        state,
      });
}

export function newerEvent() {
  return event('aws.ecs', 'ECS Service Hook State Change', { clusterArn: CLUSTER_ARN });
}
