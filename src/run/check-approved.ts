import { type ApprovedPlan, type ZoneDifference, zoneDifferences } from '../model/approved-plan.ts';
import type { Cluster } from '../model/cluster.ts';
import type { RecordSet } from '../model/record-set.ts';
import { RunError } from '../model/run-error.ts';
import { withinApproved } from '../plan/approved.ts';
import type { Observation } from '../plan/observation.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunOptions } from './run.ts';

/** What of a plan a run may carry out: all of it, unless there is one that was made before. */
export function withinOptions(plan: Plan, { approvedPlan }: Pick<RunOptions, 'approvedPlan'>): Plan {
  return approvedPlan === undefined ? plan : withinApproved(plan, approvedPlan);
}

/** Where clusters are, as `account/region`, each once and in order; without those of which the account is not known. */
export function placesOf(clusters: readonly Cluster[]): readonly string[] {
  const places = clusters.flatMap(({ account, region }) =>
    account === undefined ? [] : `${account}/${region}`,
  );
  return [...new Set(places)].toSorted();
}

/**
 * Throws a `RunError` where a plan that was made before is not of what a run has read: of another zone, of clusters in
 * another account or region, or of a zone that has changed in what the plan relies on.
 */
export function checkApproved(approved: ApprovedPlan, observation: Observation): void {
  const { zone, recordSets, inventory } = observation;
  if (approved.zone.id !== zone.id) throw refusal(otherZone(approved.zone, `${zone.id} (${zone.name})`));
  const [then, now] = [approved.places, placesOf(inventory.clusters)].map((places) => places.join(', '));
  if (then !== '' && now !== '' && then !== now)
    throw refusal(
      `it was made from clusters in ${then}, and these credentials read ${now}: use those of the plan, or make a new one`,
    );
  const differences = zoneDifferences(approved, recordSets);
  if (differences.length > 0)
    throw refusal(`the zone has changed since: ${listed(differences)}: make a new plan`);
}

type NamedZone = ApprovedPlan['zone'];

/** Why a plan of one zone is not for another. */
export function otherZone(planned: NamedZone, given: string): string {
  return `it is of ${planned.id} (${planned.name}), and the settings name ${given}: correct the zone, or leave it out`;
}

/** A plan file is refused as a whole: nothing was changed. */
function refusal(why: string): RunError {
  return new RunError('plan-file', `plan file: ${why}`);
}

/** So many sets are named: one line is to be read. */
const MAX_NAMED = 3;

function listed(differences: readonly ZoneDifference[]): string {
  const named = differences
    .slice(0, MAX_NAMED)
    .map(({ recordSet, difference }) => `${nameOf(recordSet)} ${WORDS[difference]}`);
  const more = differences.length - named.length;
  return `${named.join(', ')}${more === 0 ? '' : `, and ${more} more`}`;
}

/** The id of a container in its short form. */
function nameOf({ Name, Type, SetIdentifier = '' }: RecordSet): string {
  return `${Name} ${Type} ${SetIdentifier.replace(/\b([0-9a-f]{12})[0-9a-f]{52}\b/, '$1…')}`.trimEnd();
}

const WORDS: Readonly<Record<ZoneDifference['difference'], string>> = {
  gone: 'is gone',
  changed: 'was changed',
  'there by now': 'is there by now',
};
