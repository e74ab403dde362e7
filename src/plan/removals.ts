import type { Removal } from '../model/removal.ts';
import type { Zone } from '../model/zone.ts';
import type { ChangeGroup } from './changes.ts';

/** What the groups take out of the zone, a removal for each that does; `time` in epoch milliseconds. */
export function removalsOf(
  { id, name }: Zone,
  groups: readonly ChangeGroup[],
  time: number,
): readonly Removal[] {
  return groups.flatMap(({ changes, reasons }): readonly Removal[] => {
    const recordSet = changes.find(({ action }) => action === 'DELETE')?.recordSet;
    const replacedBy = changes.find(({ action }) => action === 'CREATE')?.recordSet;
    if (recordSet === undefined) return [];
    const rest = replacedBy === undefined ? {} : { replacedBy };
    return [{ zone: { id, name }, recordSet, ...rest, reasons, time }];
  });
}
