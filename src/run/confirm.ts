import type { ServiceLook } from '../model/balanced-service.ts';
import type { SecondLook } from '../model/confirmation.ts';
import type { IncompleteScope, Inventory } from '../model/inventory.ts';
import { secondLookQuery } from '../plan/confirm/confirmation-query.ts';
import { withFound } from '../plan/decide.ts';
import { type CnameFacts, cnameFacts } from '../plan/desired/cname-facts.ts';
import type { Removable } from '../plan/judge/judge-entries.ts';
import { serviceLookQuery } from '../plan/match/cname-status.ts';
import type { Matched } from '../plan/match/match-kinds.ts';
import { matchZone } from './observe.ts';
import type { Ports } from './ports.ts';
import type { RunOptions, Survey } from './run.ts';

/** A survey with what a second look has seen since. */
export interface Confirmed {
  readonly survey: Survey;
  readonly look: SecondLook;
  /** With the tasks that the second look has found; the survey's own where there were none. */
  readonly inventory: Inventory;
  /** What became of the CNAMEs, with what was seen of them. */
  readonly cnames: CnameFacts | undefined;
  /** What could not be read of them. */
  readonly unseen: readonly IncompleteScope[];
  /** By that inventory. */
  readonly matched: readonly Matched[];
}

/** Looks once more at what the given entries lead to, as far as they are stale. */
export async function lookAgain(
  asked: readonly Removable[],
  survey: Survey,
  ports: Pick<Ports, 'inventory'>,
  options: Pick<RunOptions, 'manage' | 'signal'>,
): Promise<Confirmed> {
  const look = await ports.inventory.lookAgain(secondLookQuery(asked, survey.inventory), options.signal);
  const inventory = withFound(survey.inventory, look);
  const services = await lookAtCnames(asked, ports, options.signal);
  const { facts } = survey;
  const cnames = survey.cnames && services ? cnameFacts(survey.cnames, services) : facts.cnames;
  const isAsBefore = inventory === survey.inventory && cnames === facts.cnames;
  const matched = isAsBefore ? survey.matched : matchZone({ ...survey, inventory }, options, cnames);
  return { survey, look, inventory, cnames, unseen: services?.incomplete ?? [], matched };
}

/** `undefined` where none of them is a CNAME. */
async function lookAtCnames(
  asked: readonly Removable[],
  { inventory }: Pick<Ports, 'inventory'>,
  signal: AbortSignal | undefined,
): Promise<ServiceLook | undefined> {
  const stale = asked.flatMap(({ match }) =>
    match.kind === 'service' && match.fate.kind === 'stale' ? [match.fate] : [],
  );
  return stale.length === 0 ? undefined : inventory.lookAtServices(serviceLookQuery(stale), signal);
}
