/**
 * The ECS shapes as they travel in AWS JSON: the API's own field names, times as epoch seconds.
 * They are mutable on purpose: a test changes the world by changing them.
 */
export interface Container {
  containerArn: string;
  taskArn: string;
  name: string;
  runtimeId?: string;
  lastStatus: string;
  healthStatus: string;
  exitCode?: number;
  networkBindings: NetworkBinding[];
  networkInterfaces: { attachmentId: string; privateIpv4Address?: string; ipv6Address?: string }[];
}

/** Either single ports, or ranges written as `8000-8010`. */
export interface NetworkBinding {
  bindIP: string;
  protocol: string;
  containerPort?: number;
  hostPort?: number;
  containerPortRange?: string;
  hostPortRange?: string;
}

export interface Attachment {
  id: string;
  type: string;
  status: string;
  details: { name: string; value: string }[];
}

export interface Task {
  taskArn: string;
  clusterArn: string;
  taskDefinitionArn: string;
  containerInstanceArn?: string;
  launchType: LaunchType;
  lastStatus: string;
  desiredStatus: string;
  healthStatus: string;
  group: string;
  /** The deployment that has started it, where a service has. */
  startedBy?: string;
  createdAt: number;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  stopCode?: string;
  stoppedReason?: string;
  version: number;
  availabilityZone: string;
  attachments: Attachment[];
  overrides: { containerOverrides: ContainerOverride[] };
  containers: Container[];
}

/** What a task was started with in place of what its definition says. */
export interface ContainerOverride {
  name: string;
  environment?: { name: string; value: string }[];
  environmentFiles?: EnvironmentFile[];
}

/** A file of variables in S3; ECS tells where it is, and not what is in it. */
export interface EnvironmentFile {
  type: 's3';
  value: string;
}

export type LaunchType = 'EC2' | 'FARGATE' | 'EXTERNAL' | 'MANAGED_INSTANCES';
export type NetworkMode = 'bridge' | 'host' | 'awsvpc' | 'none';

export interface PortMapping {
  containerPort?: number;
  hostPort?: number;
  containerPortRange?: string;
  protocol?: string;
  name?: string;
}

export interface ContainerDefinition {
  name: string;
  image: string;
  essential: boolean;
  environment: { name: string; value: string }[];
  environmentFiles: EnvironmentFile[];
  /** Variables whose values ECS does not tell. */
  secrets: { name: string; valueFrom: string }[];
  dockerLabels?: Record<string, string>;
  portMappings: PortMapping[];
  healthCheck?: { command: string[] };
  /** In seconds. */
  stopTimeout?: number;
}

export interface TaskDefinition {
  taskDefinitionArn: string;
  family: string;
  revision: number;
  status: string;
  networkMode: NetworkMode;
  containerDefinitions: ContainerDefinition[];
}

export interface ContainerInstance {
  containerInstanceArn: string;
  ec2InstanceId: string;
  status: string;
  agentConnected: boolean;
  version: number;
  registeredAt: number;
  /** Some say something by their name alone. */
  attributes: { name: string; value?: string }[];
}

/** What balances the load of a service: a target group, or a Classic Load Balancer by its name. */
export interface ServiceLoadBalancer {
  targetGroupArn?: string;
  loadBalancerName?: string;
  containerName: string;
  containerPort: number;
}

/** A service of Cloud Map in which ECS registers tasks, and what of them. */
export interface ServiceRegistry {
  registryArn: string;
  port?: number;
  containerName?: string;
  containerPort?: number;
}

/** One rollout of a service; its tasks bear its id. */
export interface Deployment {
  id?: string;
  status: string;
  rolloutState: string;
  taskDefinition?: string;
}

/** A set of tasks that another deployment controller than ECS's own has made. */
export interface TaskSet {
  id: string;
  status: string;
  loadBalancers: ServiceLoadBalancer[];
  serviceRegistries?: ServiceRegistry[];
}

export interface Service {
  serviceArn: string;
  serviceName: string;
  clusterArn: string;
  status: string;
  taskDefinition: string;
  launchType: LaunchType;
  desiredCount: number;
  healthCheckGracePeriodSeconds?: number;
  loadBalancers: ServiceLoadBalancer[];
  taskSets?: TaskSet[];
  serviceRegistries?: ServiceRegistry[];
  /** The last one first; the first of a service unless something else is said. */
  deployments?: Deployment[];
}
