import type { Removal } from '../model/removal.ts';
import type { Zone } from '../model/zone.ts';
import { type ChangeGroup, takenSets } from './changes.ts';

/** What the groups take out of the zone, a removal for each that does; `time` in epoch milliseconds. */
export function removalsOf(
  { id, name }: Zone,
  groups: readonly ChangeGroup[],
  time: number,
): readonly Removal[] {
  return groups.flatMap((group): readonly Removal[] => {
    return takenSets(group).map(({ recordSet, replacedBy }) => {
      const rest = replacedBy === undefined ? {} : { replacedBy };
      return { zone: { id, name }, recordSet, ...rest, reasons: group.reasons, time };
    });
  });
}
