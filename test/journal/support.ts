import type { ChangeGroup } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey, withValues } from '../../src/model/record-set.ts';

export const ZONE = { id: 'Z1', name: 'zone.test.' };
export const TIME = Date.UTC(2030, 0, 2, 3, 4, 5, 678);
export const CLOCK = { now: () => TIME };

/** A weighted set with every field that an agent writes, and one that this release does not know. */
export function srv(id: string, values: readonly string[] = [`1 1 1 ${id}`]): RecordSet {
  const set = {
    Name: '_a._tcp.zone.test.',
    Type: 'SRV',
    SetIdentifier: `${id}:0123456789ab`,
    Weight: 1,
    TTL: 0,
    CidrRoutingConfig: { CollectionId: 'c', LocationName: 'l' },
  };
  return withValues(set, values);
}

/** The group that removes a set, or leaves `staying` of its values. */
export function groupOf(recordSet: RecordSet, staying: readonly string[] = []): ChangeGroup {
  return {
    key: recordSetKey(recordSet),
    changes: [
      { action: 'DELETE', recordSet },
      ...(staying.length === 0
        ? []
        : [{ action: 'CREATE', recordSet: withValues(recordSet, staying) } as const]),
    ],
    removed: [],
    reasons: ['task-gone'],
    after: [],
  };
}
