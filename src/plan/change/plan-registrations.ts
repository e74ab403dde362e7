import type { ChangeGroup } from '../../model/change.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import type { Withheld } from '../../model/registration.ts';
import type { CnamePlan } from '../desired/desired-cnames.ts';
import type { RecordForm } from '../desired/desired-context.ts';
import type { Judged, Removable } from '../judge/judge-entries.ts';
import { corrections } from './drift-correction.ts';
import { mergeSets } from './merge-sets.ts';
import { afterSuccessors } from './plan-removals.ts';
import { type JudgedDesired, register, registrationGroups, withholdForRoom } from './register.ts';
import { registerCnames } from './register-cnames.ts';

/** What is missing, and what is known of what is there. */
export interface Missing {
  readonly desiredRecords: readonly JudgedDesired[];
  /** What could not even be desired. */
  readonly withheld: readonly Withheld[];
  /** By `entryKey`: what a value of a merged set would be on its own. */
  readonly singleValueSets: ReadonlyMap<string, RecordSet>;
  /** By `entryKey`: what services ask of the records that are there already; only to correct them. */
  readonly overrides: ReadonlyMap<string, RecordForm>;
  /** Of load-balanced services; `undefined` where none are made. */
  readonly cnames?: CnamePlan | undefined;
}

/** The entries of the zone, and which of them go. */
export interface Removals {
  readonly judged: readonly Judged[];
  readonly removals: readonly Removable[];
  readonly removing: readonly ChangeGroup[];
}

/** What is registered, what is not, and all changes of the run, those that remove included. */
export interface Registrations {
  readonly registrations: readonly JudgedDesired[];
  /** How many record sets are new, CNAMEs included. */
  readonly registered: number;
  readonly withheld: readonly Withheld[];
  readonly groups: readonly ChangeGroup[];
}

/** Registers what is missing and may be there, within what Route 53 takes, and corrects what is there. */
export function planRegistrations(missing: Missing, removed: Removals): Registrations {
  const { judged } = removed;
  const sets = new Set(judged.map(({ judgement }) => recordSetKey(judgement.entry.recordSet)));
  const registered = register({
    desiredRecords: missing.desiredRecords,
    judged,
    hasSet: (key) => sets.has(key),
  });
  const created = registrationGroups(registered.registrations);
  const removing = inTheirOrder(removed, created);
  const { groups, overflow } = mergeSets({
    judged,
    created,
    removing,
    singleValueSets: missing.singleValueSets,
  });
  const unplaced = new Set(overflow.map(({ key }) => key));
  const isPlaced = ({ desired }: JudgedDesired) => !unplaced.has(recordSetKey(desired.recordSet));
  const left = registered.registrations.filter((one) => !isPlaced(one));
  const registrations = registered.registrations.filter(isPlaced);
  const cnames = registerCnames(missing.cnames, groups);
  return {
    registrations,
    registered: registrations.length + cnames.created,
    withheld: [...missing.withheld, ...registered.withheld, ...left.map(withholdForRoom), ...cnames.withheld],
    groups: [...cnames.groups, ...corrections({ judged, overrides: missing.overrides, groups })],
  };
}

/** What empties a name waits; by the entries that stay and lead somewhere, as far as is known. */
function inTheirOrder(
  { judged, removals, removing }: Removals,
  created: readonly ChangeGroup[],
): readonly ChangeGroup[] {
  const going = new Set<Judged>(removals);
  const staying = judged.filter(
    (one) => !going.has(one) && ['live', 'unverified'].includes(one.judgement.verdict),
  );
  const answered = new Set(staying.map(({ judgement: { entry } }) => `${entry.name} ${entry.type}`));
  return afterSuccessors(removing, created, (nameAndType) => answered.has(nameAndType));
}
