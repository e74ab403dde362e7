import { type ChangeGroup, type ChangeOutcome, takenSets } from './change.ts';
import type { RecordSet } from './record-set.ts';
import type { Zone } from './zone.ts';

/** One removal as a journal holds it: all that it takes to put the record set back. */
export interface Removal {
  /** `name` is not known of every removal that was written to a log. */
  readonly zone: { readonly id: string; readonly name: string | undefined };
  /** Exactly as it was before. */
  readonly recordSet: RecordSet;
  /** What was to stay of a set that lost only some of its values. */
  readonly replacedBy?: RecordSet | undefined;
  /** Reason codes; those of a later release may be among them. */
  readonly reasons: readonly string[];
  /** When it was written down, in epoch milliseconds. */
  readonly time: number;
  /** Whether another writer had taken it out before the run that was to; only a journal tells that. */
  readonly isOfAnother?: boolean | undefined;
}

/** What the groups take out of the zone, a removal for each that does; `time` in epoch milliseconds. */
export function removalsOf(
  { id, name }: Zone,
  groups: readonly ChangeGroup[],
  time: number,
): readonly Removal[] {
  return groups.flatMap((group): readonly Removal[] => {
    return takenSets(group).map(({ recordSet, other: replacedBy }) => {
      const rest = replacedBy === undefined ? {} : { replacedBy };
      return { zone: { id, name }, recordSet, ...rest, reasons: group.reasons, time };
    });
  });
}

/** How the removal of a set ended, as the journal tells it. */
export type JournalOutcome = Pick<ChangeOutcome, 'status'> & { readonly detail?: string | undefined };

export interface ParsedJournal {
  readonly removals: readonly Removal[];
  /** The last outcome that is told of a set, by `outcomeKey`. */
  readonly outcomes: ReadonlyMap<string, JournalOutcome>;
  /** The number of the last line, when it was cut off. */
  readonly tornLine: number | undefined;
}

export function outcomeKey(zoneId: string, setKey: string): string {
  return `${zoneId} ${setKey}`;
}
