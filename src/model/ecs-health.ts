import type { Container } from './inventory.ts';

/** What ECS's own health check says of containers, by `ecsHealthKey`; of one that is absent ECS was not asked. */
export type EcsHealthLookup = ReadonlyMap<string, Container['ecsHealth']>;

/** Of all containers of a task each has another name. */
export function ecsHealthKey({ taskArn, name }: Pick<Container, 'taskArn' | 'name'>): string {
  return `${taskArn} ${name}`;
}
