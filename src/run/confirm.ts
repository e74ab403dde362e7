import { entryKey } from '../model/entry.ts';
import { type Confirmation, type Plan, queriesFor, type Removable } from '../plan/plan.ts';
import type { Ports } from './ports.ts';

/**
 * Looks again, directly and narrowly, at what the given entries of a plan lead to, as far as they are to go as stale:
 * all that the plan removes, unless others are named.
 */
export async function confirm(
  plan: Plan,
  { inventory }: Pick<Ports, 'inventory'>,
  signal: AbortSignal | undefined,
  asked: readonly Removable[] = plan.removing,
): Promise<Confirmation> {
  const queries = queriesFor(asked, plan.inventory);
  const look = await inventory.confirm(queries.tasksAndHosts, signal);
  const services =
    queries.services.length === 0 ? undefined : await inventory.confirmServices(queries.services, signal);
  const isAll = asked === plan.removing;
  const approved = new Set([...plan.removing, ...asked].map(({ judgement }) => entryKey(judgement.entry)));
  const only = isAll ? undefined : new Set(asked.map(({ judgement }) => entryKey(judgement.entry)));
  return { plan, approved, asked: only, look, services };
}
