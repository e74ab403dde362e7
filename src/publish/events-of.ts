import { createHash } from 'node:crypto';
import {
  addedSets,
  type ChangedSet,
  type ChangeGroup,
  type ChangeOutcome,
  takenSets,
} from '../model/change.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { Zone } from '../model/zone.ts';
import { DETAIL_TYPES, EVENT_SOURCE, type PublishedEvent } from './event-schema.ts';
import type { DescribeValue } from './source-metadata.ts';

export interface AppliedChanges {
  readonly zone: Zone;
  readonly groups: readonly PublishedGroup[];
  readonly outcomes: ReadonlyMap<string, ChangeOutcome>;
  readonly describe: DescribeValue;
  /** Epoch milliseconds. */
  readonly time: number;
  /** `undefined` where records are put back. */
  readonly runId?: string | undefined;
}

export type PublishedGroup = Pick<ChangeGroup, 'key' | 'changes'> & { readonly reasons: readonly string[] };

/**
 * The events of the groups that were applied, in their order.
 *
 * | the group deletes | and creates                 | events              |
 * |-------------------|-----------------------------|---------------------|
 * | a set             | nothing                     | removed             |
 * | a set             | it without some values      | removed             |
 * | nothing           | a set                       | registered          |
 * | a set             | it with more values         | registered          |
 * | a set             | it with some values swapped | removed, registered |
 * | sets              | others with the same values | none                |
 */
export function eventsOf({ groups, outcomes, ...facts }: AppliedChanges): readonly PublishedEvent[] {
  return groups
    .filter(({ key }) => outcomes.get(key)?.status === 'applied')
    .flatMap((group) => [
      ...takenSets(group).map((changed) => eventOf('removed', changed, group.reasons, facts)),
      ...addedSets(group).map((changed) => eventOf('registered', changed, group.reasons, facts)),
    ]);
}

function eventOf(
  kind: keyof typeof DETAIL_TYPES,
  { recordSet, values, other }: ChangedSet,
  reasons: readonly string[],
  { zone, describe, time, runId }: Pick<AppliedChanges, 'zone' | 'describe' | 'time' | 'runId'>,
): PublishedEvent {
  const source = EVENT_SOURCE;
  const detail = {
    version: 1 as const,
    id: idOf([kind, zone.id, recordSet, other, time]),
    time: new Date(time).toISOString(),
    ...(runId === undefined ? {} : { runId }),
    zone: { id: zone.id, name: zone.name },
    recordSet: plain(recordSet),
    reasons: [...reasons],
    values: values.map((value) => describe(recordSet, value)),
  };
  if (kind === 'removed') {
    const rest = other && { replacedBy: plain(other) };
    return { source, 'detail-type': DETAIL_TYPES.removed, detail: { ...detail, ...rest } };
  }
  const rest = other && { replaces: plain(other) };
  return { source, 'detail-type': DETAIL_TYPES.registered, detail: { ...detail, ...rest } };
}

const ID_LENGTH = 32;

/** Follows from the change and its time alone: the same change at another time is another event. */
function idOf(change: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(change)).digest('hex').slice(0, ID_LENGTH);
}

function plain(set: RecordSet): PublishedEvent['detail']['recordSet'] {
  const { ResourceRecords, ...rest } = set;
  return { ...rest, ...(ResourceRecords && { ResourceRecords: [...ResourceRecords] }) };
}
