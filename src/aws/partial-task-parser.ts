import type { Container, NetworkBinding, Task } from '@aws-sdk/client-ecs';

/** The details of a task's network interface that are used; there are more of them. */
const INTERFACE_DETAIL = /^(?:subnetId|networkInterfaceId|privateIPv4Address|ipv6Address|privateDnsName)$/;
const METADATA = /^(?:SERVICE_|DISCOVERY_SERVICE_NAME$|discovery\.service\.name$)/;

const NULL = Buffer.from('null');

/** A task with its times as ECS writes them: seconds since the epoch. */
type RawTask = Omit<Task, Time> & { readonly [time in Time]?: unknown };
type Time = 'createdAt' | 'startedAt' | 'stoppingAt';

/**
 * Reads an answer of DescribeTasks, and keeps of each task what the inventory looks at: a third of it.
 * `undefined` for anything that is not of the usual form.
 */
export function partialTasks(body: Buffer): object | undefined {
  // The SDK leaves out what is null; ECS never writes it.
  if (body.includes(NULL)) return undefined;
  try {
    const { tasks, failures }: { tasks: RawTask[]; failures: unknown } = JSON.parse(body.toString('utf8'));
    return { tasks: tasks.map(keepTask), failures };
  } catch {
    return undefined;
  }
}

function keepTask(task: RawTask): Task {
  return {
    taskArn: task.taskArn,
    taskDefinitionArn: task.taskDefinitionArn,
    containerInstanceArn: task.containerInstanceArn,
    availabilityZone: task.availabilityZone,
    group: task.group,
    startedBy: task.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    // Once a task has started, it does not matter when it was created.
    createdAt: task.startedAt === undefined ? dateOf(task.createdAt) : undefined,
    startedAt: dateOf(task.startedAt),
    stoppingAt: dateOf(task.stoppingAt),
    attachments: task.attachments
      ?.filter(({ type }) => type === 'ElasticNetworkInterface')
      .map(({ type, details }) => ({
        type,
        details: details?.filter(({ name }) => INTERFACE_DETAIL.test(name ?? '')),
      })),
    overrides: keepOverrides(task),
    containers: task.containers?.map(keepContainer),
  };
}

/** Overrides that set no metadata change nothing; of files only that there are some is looked at. */
function keepOverrides({ overrides }: RawTask): Task['overrides'] {
  const kept = (overrides?.containerOverrides ?? []).flatMap(
    ({ name, environment, environmentFiles = [] }) => {
      const metadata = (environment ?? []).filter((variable) => METADATA.test(variable.name ?? ''));
      const files = environmentFiles.map(({ type }) => ({ type, value: undefined }));
      if (metadata.length + files.length === 0) return [];
      return [{ name, environment: metadata, ...(files.length === 0 ? {} : { environmentFiles: files }) }];
    },
  );
  return kept.length === 0 ? undefined : { containerOverrides: kept };
}

function keepContainer(container: Container): Container {
  return {
    name: container.name,
    runtimeId: container.runtimeId,
    lastStatus: container.lastStatus,
    healthStatus: container.healthStatus,
    networkBindings: container.networkBindings?.map(keepBinding),
    networkInterfaces: container.networkInterfaces,
  };
}

function keepBinding(binding: NetworkBinding): NetworkBinding {
  const { containerPort, hostPort, protocol, containerPortRange, hostPortRange } = binding;
  if (hostPort !== undefined) return { containerPort, hostPort, protocol };
  return { containerPort, hostPort, protocol, containerPortRange, hostPortRange };
}

function dateOf(seconds: unknown): Date | undefined {
  if (seconds === undefined) return undefined;
  if (typeof seconds !== 'number') throw new TypeError('a time that is no number');
  return new Date(Math.round(seconds * 1000));
}
