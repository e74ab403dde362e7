import type { Task } from '../../src/sandbox/world/ecs-shapes.ts';

/**
 * Gives a task the fields that ECS describes and nobody here reads, so that an answer is as long as a
 * real one. Source: ECS API reference, the examples of DescribeTasks.
 */
export function describeFully(task: Task, index: number): void {
  const startedAt = task.startedAt ?? task.createdAt;
  Object.assign(task, {
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    capacityProviderName: 'on-demand',
    connectivity: 'CONNECTED',
    connectivityAt: startedAt - 3.218,
    cpu: '256',
    enableExecuteCommand: false,
    memory: '512',
    overrides: {
      containerOverrides: task.containers.map(({ name }) => ({ name })),
      inferenceAcceleratorOverrides: [],
    },
    pullStartedAt: startedAt - 2.871,
    pullStoppedAt: startedAt - 0.467,
    startedBy: `ecs-svc/${String(index).padStart(19, '0')}`,
    tags: [],
  });
  for (const container of task.containers)
    Object.assign(container, {
      cpu: '256',
      image: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${task.group.replace('service:', '')}:1.42.0`,
      imageDigest: `sha256:${(container.runtimeId ?? '').split('').toReversed().join('')}`,
      managedAgents: [],
      memory: '512',
    });
}
