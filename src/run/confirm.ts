import type { ConfirmationReads } from '../model/confirmation.ts';
import { entryKey } from '../model/entry.ts';
import type { Observation } from '../plan/observation.ts';
import { type Confirmation, type Plan, queriesFor, type Removable } from '../plan/plan.ts';
import { coverageOf } from './look-up-hosts.ts';
import type { Ports } from './ports.ts';

/** What the plan was made from, as far as the confirmation needs it again. */
type Seen = Pick<Observation, 'zone' | 'unknownHosts'>;

/**
 * Looks again, directly and narrowly, at what the given entries of a plan lead to, as far as they are to go as stale, or
 * fail and are known by a name alone: all that the plan removes, unless others are named.
 */
export async function confirm(
  plan: Plan,
  seen: Seen,
  ports: Pick<Ports, 'zone' | 'inventory'>,
  signal: AbortSignal | undefined,
  asked: readonly Removable[] = plan.removing,
): Promise<Confirmation> {
  const { inventory } = ports;
  const queries = queriesFor(asked, plan.inventory);
  const looked = await inventory.confirm(queries.tasksAndHosts, signal);
  const look = queries.reliesOnNames ? await withNetworks(looked, plan, seen, ports, signal) : looked;
  const services =
    queries.services.length === 0 ? undefined : await inventory.confirmServices(queries.services, signal);
  const isAll = asked === plan.removing;
  const approved = new Set([...plan.removing, ...asked].map(({ judgement }) => entryKey(judgement.entry)));
  const only = isAll ? undefined : new Set(asked.map(({ judgement }) => entryKey(judgement.entry)));
  return { plan, approved, asked: only, look, services };
}

/** The same, with what is known of the networks of the zone, in which others may have the names of hosts. */
async function withNetworks(
  look: ConfirmationReads,
  { inventory }: Plan,
  { zone, unknownHosts: { containers = new Set(), coverage: known } }: Seen,
  ports: Pick<Ports, 'zone' | 'inventory'>,
  signal: AbortSignal | undefined,
): Promise<ConfirmationReads> {
  const coverage = known ?? (await coverageOf([], { zone, inventory }, ports, signal));
  const incomplete = known === undefined ? [...look.incomplete, ...coverage.incomplete] : look.incomplete;
  return { ...look, named: { ...look.named, containers, coverage }, incomplete };
}
