import { type ChangeGroup, deletedSets } from '../../../src/model/change.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import type { Ports } from '../../../src/run/ports.ts';
import type { MutantContext } from './mutant.ts';

/** A worker that writes something else than it has planned. */
export function changing(
  change: (groups: readonly ChangeGroup[], context: MutantContext) => readonly ChangeGroup[],
): (ports: Ports, context: MutantContext) => Ports {
  return (ports, context) => ({
    ...ports,
    zone: {
      ...ports.zone,
      apply: (zone, groups, bounds) => ports.zone.apply(zone, change(groups, context), bounds),
    },
  });
}

/** Whether a group only creates. */
export function isCreation(group: ChangeGroup): boolean {
  return deletedSets(group).length === 0;
}

/** The group that creates a set. */
export function creation(recordSet: RecordSet): ChangeGroup {
  return {
    key: recordSetKey(recordSet),
    changes: [{ action: 'CREATE', recordSet }],
    removed: [],
    reasons: ['missing'],
    after: [],
  };
}
