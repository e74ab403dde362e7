import { createHash } from 'node:crypto';
import type { ChangeOutcome } from '../model/change.ts';
import { addedSets, type ChangedSet, type ChangeGroup, takenSets } from '../model/change.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { Zone } from '../model/zone.ts';
import { DETAIL_TYPES, EVENT_SOURCE, type PublishedEvent } from './event-schema.ts';
import type { DescribeValue } from './source-metadata.ts';

/** What was changed in a zone. */
export interface AppliedChanges {
  readonly zone: Zone;
  readonly groups: readonly PublishedGroup[];
  readonly outcomes: ReadonlyMap<string, ChangeOutcome>;
  readonly describe: DescribeValue;
  /** Epoch milliseconds. */
  readonly time: number;
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
    .flatMap((group) => eventsOfGroup(group, facts));
}

type Facts = Pick<AppliedChanges, 'zone' | 'describe' | 'time'>;

function eventsOfGroup(group: PublishedGroup, facts: Facts): readonly PublishedEvent[] {
  return [
    ...takenSets(group).map((changed): PublishedEvent => {
      const detail = detailOf('removed', changed, group.reasons, facts);
      const rest = changed.other === undefined ? {} : { replacedBy: plain(changed.other) };
      return { source: EVENT_SOURCE, 'detail-type': DETAIL_TYPES.removed, detail: { ...detail, ...rest } };
    }),
    ...addedSets(group).map((changed): PublishedEvent => {
      const detail = detailOf('registered', changed, group.reasons, facts);
      const rest = changed.other === undefined ? {} : { replaces: plain(changed.other) };
      return { source: EVENT_SOURCE, 'detail-type': DETAIL_TYPES.registered, detail: { ...detail, ...rest } };
    }),
  ];
}

function detailOf(
  kind: keyof typeof DETAIL_TYPES,
  { recordSet, values, other }: ChangedSet,
  reasons: readonly string[],
  { zone, describe, time }: Facts,
) {
  return {
    version: 1 as const,
    id: idOf([kind, zone.id, recordSet, other, time]),
    time: new Date(time).toISOString(),
    zone: { id: zone.id, name: zone.name },
    recordSet: plain(recordSet),
    reasons: [...reasons],
    values: values.map((value) => describe(recordSet, value)),
  };
}

const ID_LENGTH = 32;

/** Follows from the change and its time alone: the same change at another time is another event. */
function idOf(change: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(change)).digest('hex').slice(0, ID_LENGTH);
}

function plain(set: RecordSet): PublishedEvent['detail']['recordSet'] {
  const { ResourceRecords, ...rest } = set;
  return { ...rest, ...(ResourceRecords === undefined ? {} : { ResourceRecords: [...ResourceRecords] }) };
}
