import type { ContainerInstance, Service, Task } from './ecs-shapes.ts';
import { Sequence } from './sequence.ts';

/** One ECS cluster with everything in it, indexed the ways the API asks for it. */
export class Cluster {
  readonly name: string;
  readonly arn: string;
  status = 'ACTIVE';
  readonly tasks = new Sequence<Task>();
  readonly containerInstances = new Sequence<ContainerInstance>();
  readonly services = new Sequence<Service>();
  readonly #byInstance = new Map<string, Sequence<Task>>();

  constructor(name: string, arn: string) {
    this.name = name;
    this.arn = arn;
  }

  addTask(task: Task): void {
    this.tasks.add(task.taskArn, task);
    if (task.containerInstanceArn !== undefined)
      this.tasksOf(task.containerInstanceArn).add(task.taskArn, task);
  }

  removeTask(task: Task): void {
    this.tasks.delete(task.taskArn);
    if (task.containerInstanceArn !== undefined) this.tasksOf(task.containerInstanceArn).delete(task.taskArn);
  }

  /** The tasks that were placed on a container instance. */
  tasksOf(containerInstanceArn: string): Sequence<Task> {
    const known = this.#byInstance.get(containerInstanceArn);
    if (known !== undefined) return known;
    const tasks = new Sequence<Task>();
    this.#byInstance.set(containerInstanceArn, tasks);
    return tasks;
  }

  /** The ARN of something in this cluster, given its ARN or its id alone. */
  arnOf(kind: 'task' | 'container-instance' | 'service', reference: string): string {
    if (reference.startsWith('arn:')) return reference;
    return `${this.arn.replace(':cluster/', `:${kind}/`)}/${reference}`;
  }
}

const NOT_YET_RUNNING: ReadonlySet<string> = new Set(['PROVISIONING', 'PENDING', 'ACTIVATING']);

/** How many of the tasks that are to run do so already, or not yet; what was asked to stop is in neither. */
export function countTasks(tasks: Sequence<Task>, phase: 'running' | 'pending'): number {
  let count = 0;
  for (const { desiredStatus, lastStatus } of tasks.values()) {
    const isPending = NOT_YET_RUNNING.has(lastStatus);
    if (desiredStatus === 'RUNNING' && isPending === (phase === 'pending')) count += 1;
  }
  return count;
}
