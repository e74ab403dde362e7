import type { Inventory } from './model/inventory.ts';
import type { SecondLook } from './model/second-look.ts';
import { withFound } from './plan/decide.ts';
import type { Removable } from './plan/judge.ts';
import type { Matched } from './plan/match.ts';
import { secondLookQuery } from './plan/second-look-query.ts';
import type { Ports } from './ports.ts';
import type { RunOptions } from './reconcile.ts';
import { matchZone, type Survey } from './survey.ts';

/** A survey with what a second look has seen since. */
export interface Confirmed {
  readonly survey: Survey;
  readonly look: SecondLook;
  /** With the tasks that the second look has found; the survey's own where there were none. */
  readonly inventory: Inventory;
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
  const matched =
    inventory === survey.inventory ? survey.matched : matchZone({ ...survey, inventory }, options);
  return { survey, look, inventory, matched };
}
