import type { ServiceConfirmation } from '../model/balanced-service.ts';
import type { ConfirmationReads } from '../model/confirmation.ts';
import type { IncompleteScope, Inventory } from '../model/inventory.ts';
import { confirmationQuery } from '../plan/confirm/confirmation-query.ts';
import { withFound } from '../plan/decide.ts';
import { type CnameFacts, cnameFacts } from '../plan/desired/cname-facts.ts';
import type { Removable } from '../plan/judge/judge-entries.ts';
import { serviceConfirmationQuery } from '../plan/match/cname-status.ts';
import type { Matched } from '../plan/match/match-kinds.ts';
import { matchZone } from './observe.ts';
import type { Ports } from './ports.ts';
import type { Observation, RunOptions } from './run.ts';

/** A observation with what a confirmation has seen since. */
export interface Confirmed {
  readonly observation: Observation;
  readonly look: ConfirmationReads;
  /** With the tasks that the confirmation has found; the observation's own where there were none. */
  readonly inventory: Inventory;
  /** What became of the CNAMEs, with what was seen of them. */
  readonly cnames: CnameFacts | undefined;
  /** What could not be read of them. */
  readonly unseen: readonly IncompleteScope[];
  /** By that inventory. */
  readonly matched: readonly Matched[];
}

/** Looks once more at what the given entries lead to, as far as they are stale. */
export async function confirm(
  asked: readonly Removable[],
  observation: Observation,
  ports: Pick<Ports, 'inventory'>,
  options: Pick<RunOptions, 'manage' | 'signal'>,
): Promise<Confirmed> {
  const look = await ports.inventory.confirm(confirmationQuery(asked, observation.inventory), options.signal);
  const inventory = withFound(observation.inventory, look);
  const services = await confirmCnames(asked, ports, options.signal);
  const { facts } = observation;
  const cnames = observation.cnames && services ? cnameFacts(observation.cnames, services) : facts.cnames;
  const isAsBefore = inventory === observation.inventory && cnames === facts.cnames;
  const matched = isAsBefore
    ? observation.matched
    : matchZone({ ...observation, inventory }, options, cnames);
  return { observation, look, inventory, cnames, unseen: services?.incomplete ?? [], matched };
}

/** `undefined` where none of them is a CNAME. */
async function confirmCnames(
  asked: readonly Removable[],
  { inventory }: Pick<Ports, 'inventory'>,
  signal: AbortSignal | undefined,
): Promise<ServiceConfirmation | undefined> {
  const stale = asked.flatMap(({ match }) =>
    match.kind === 'service' && match.status.kind === 'stale' ? [match.status] : [],
  );
  return stale.length === 0 ? undefined : inventory.confirmServices(serviceConfirmationQuery(stale), signal);
}
