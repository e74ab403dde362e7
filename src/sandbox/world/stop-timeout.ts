import type { ContainerDefinition, TaskDefinition } from './ecs-shapes.ts';

/** What ECS gives a container that says nothing of it. Source: ContainerDefinition in the API reference of ECS. */
const DEFAULT_SECONDS = 30;

/** How long a container may take to end after it was told to, until it is killed. */
export function stopTimeoutMs({ stopTimeout }: Pick<ContainerDefinition, 'stopTimeout'>): number {
  return (stopTimeout ?? DEFAULT_SECONDS) * 1000;
}

/** The same for all containers of a task, told at one time. */
export function longestStopMs(definition: TaskDefinition | undefined): number {
  return Math.max(0, ...(definition?.containerDefinitions ?? []).map((one) => stopTimeoutMs(one)));
}
