import type { Container } from '../../model/inventory.ts';

/** What ECS still lists on a host that is no more runs no longer. */
export function runs({ phase, host }: Container): boolean {
  return phase === 'running' && host?.state !== 'gone' && host?.state !== 'unreachable';
}
