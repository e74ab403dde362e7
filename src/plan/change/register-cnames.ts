import type { ChangeGroup } from '../../model/change.ts';
import { recordSetKey } from '../../model/record-set.ts';
import type { Withheld } from '../../model/registration.ts';
import type { WithheldCname } from '../desired/cname-outcomes.ts';
import type { CnamePlan } from '../desired/desired-cnames.ts';

/** What the CNAMEs add to a plan. */
export interface RegisteredCnames {
  /** All groups of the run. */
  readonly groups: readonly ChangeGroup[];
  readonly withheld: readonly Withheld[];
  /** How many names get one that had none. */
  readonly created: number;
}

/**
 * Adds the CNAMEs that are created or written anew to the groups of a run. What is stale goes like any other
 * entry; where its name is handed over to another service, both is one change, if it may go at all.
 */
export function registerCnames(
  plan: CnamePlan | undefined,
  groups: readonly ChangeGroup[],
): RegisteredCnames {
  if (plan === undefined) return { groups, withheld: [], created: 0 };
  const going = new Set(groups.map(({ key }) => key));
  const stale = new Set(plan.removals.map(({ own }) => recordSetKey(own.recordSet)));
  const written = plan.planned
    .flatMap((one) => ('group' in one ? [one] : []))
    .filter(({ group }) => !stale.has(group.key) || going.has(group.key));
  const replaced = new Set(written.map(({ group }) => group.key));
  return {
    groups: [...written.map(({ group }) => group), ...groups.filter(({ key }) => !replaced.has(key))],
    withheld: plan.withheld.map(withheldOf),
    created: written.filter(({ kind }) => kind === 'create').length,
  };
}

function withheldOf({ desired: { name, service }, reason, detail }: WithheldCname): Withheld {
  return {
    name: `${name}.`,
    type: 'CNAME',
    value: service.balancers.join(', '),
    reason,
    detail,
    evidence: { service: service.name },
  };
}
