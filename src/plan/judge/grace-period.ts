import { type Container, type GraceLookup, serviceKeyOf } from '../../model/inventory.ts';

/** How long after its start a container is left alone, in milliseconds. */
export type GraceOf = (container: Container) => number;

/** A grace period that could not be read may be any; longer ones than this are not met in practice. */
const UNREAD_GRACE_MS = 3_600_000;

/** The longer one of the general grace period and that of the ECS service that started the container. */
export function graceRule(generalMs: number, lookup: GraceLookup): GraceOf {
  const unread = lookup.incomplete.length === 0 ? 0 : UNREAD_GRACE_MS;
  return (container) => {
    const key = serviceKeyOf(container);
    if (key === undefined) return generalMs;
    return Math.max(generalMs, lookup.periods.get(key) ?? unread);
  };
}
