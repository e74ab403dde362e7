import type { ContainerInstance, Service, Task, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ServiceSpec, Wishes } from '../history.ts';
import { isAlive, type SimHost, type SimTask } from '../world/entities.ts';
import { REGION, type World } from '../world/world.ts';

/** A task as ECS describes it, as it was at a time. */
export function taskShape(task: SimTask, at: number): Task {
  const isStopped = task.stoppedAt !== undefined && task.stoppedAt <= at;
  const isStopping = task.stopDesiredAt !== undefined && task.stopDesiredAt <= at;
  const isRunning = task.runningAt <= at;
  const isReported = task.reportedAt <= at;
  const lastStatus = isStopped ? 'STOPPED' : isRunning ? 'RUNNING' : 'PENDING';
  const { containerPorts, mode } = task.service;
  const bindings = task.ports.map((hostPort, index) => ({
    bindIP: '0.0.0.0',
    containerPort: containerPorts[index],
    hostPort,
    protocol: 'tcp' as const,
  }));
  return {
    taskArn: task.arn,
    taskDefinitionArn: definitionArn(task.serviceIndex),
    ...(task.host === undefined ? {} : { containerInstanceArn: task.host.instanceArn }),
    lastStatus,
    desiredStatus: isStopping || isStopped ? 'STOPPED' : 'RUNNING',
    createdAt: new Date(task.createdAt),
    ...(isRunning ? { startedAt: new Date(task.runningAt) } : {}),
    group: `service:${serviceId(task.serviceIndex)}`,
    attachments: task.interfaceName === undefined ? [] : [interfaceShape(task.interfaceName, task.address)],
    containers: [
      {
        name: 'app',
        lastStatus,
        ...(isReported ? { runtimeId: task.containerId } : {}),
        networkBindings: mode === 'bridge' && isReported ? bindings : [],
        healthStatus: 'UNKNOWN',
      },
    ],
  };
}

function interfaceShape(name: string, address: string) {
  return {
    type: 'ElasticNetworkInterface',
    details: [
      { name: 'privateIPv4Address', value: address },
      { name: 'privateDnsName', value: name },
    ],
  };
}

/** A container instance as ECS describes it now. */
export function instanceShape(host: SimHost, { tasks, now, history }: World): ContainerInstance {
  const own = tasks.filter(
    (task) => task.host === host && task.createdAt <= now && task.stoppedAt === undefined,
  );
  const counted = own.filter((task) => history.setup.countsStopping || task.stopDesiredAt === undefined);
  const isLost = host.lostAt !== undefined && host.lostAt <= now;
  return {
    containerInstanceArn: host.instanceArn,
    ec2InstanceId: host.instanceId,
    status: host.drainingAt !== undefined && host.drainingAt <= now ? 'DRAINING' : 'ACTIVE',
    agentConnected: !isLost && (isAlive(host) ? (host.flapsUntil ?? 0) <= now : true),
    runningTasksCount: counted.filter((task) => task.runningAt <= now).length,
    pendingTasksCount: counted.filter((task) => task.runningAt > now).length,
  };
}

/** A service by its name. */
export function serviceShape(world: World, name: string): Service | undefined {
  const service = world.history.setup.services.find((_, index) => serviceId(index) === name);
  return service && { serviceName: name, healthCheckGracePeriodSeconds: service.graceSeconds };
}

/** The task definition of a service. */
export function definitionShape({
  name,
  secondName,
  mode,
  containerPorts,
  overrides,
}: ServiceSpec): TaskDefinition {
  const names = [name, secondName ?? name];
  return {
    networkMode: mode === 'fargate' ? 'awsvpc' : mode,
    containerDefinitions: [
      {
        name: 'app',
        essential: true,
        portMappings: containerPorts.map((containerPort) => ({ containerPort, protocol: 'tcp' })),
        environment: [
          ...containerPorts.map((port, index) => ({ name: `SERVICE_${port}_NAME`, value: names[index] })),
          ...wishVariables(overrides),
        ],
      },
    ],
  };
}

function wishVariables({ ttl, weight, priority, passing }: Wishes = {}) {
  return [
    ...(ttl === undefined ? [] : [{ name: 'SERVICE_TTL', value: String(ttl) }]),
    ...(weight === undefined ? [] : [{ name: 'SERVICE_WEIGHT', value: String(weight) }]),
    ...(priority === undefined ? [] : [{ name: 'SERVICE_PRIORITY', value: String(priority) }]),
    ...(passing === true ? [{ name: 'SERVICE_CHECK_INITIAL_STATUS', value: 'passing' }] : []),
  ];
}

/** The ARN of a service's only revision. */
export function definitionArn(serviceIndex: number): string {
  return `arn:aws:ecs:${REGION}:123456789012:task-definition/${serviceId(serviceIndex)}:1`;
}

function serviceId(serviceIndex: number): string {
  return `service-${serviceIndex}`;
}
