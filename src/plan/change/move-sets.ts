import { type ChangeGroup, nameKeyOf } from '../../model/change.ts';
import { type RecordSet, recordSetKey } from '../../model/record-set.ts';
import type { Judged } from '../judge/judge-entries.ts';

/**
 * The changes that give sets the identifiers of today's form, under names of which no group changes anything. Each is one
 * batch, so that the set is answered with throughout; where another tool has changed it meanwhile, Route 53 refuses.
 */
export function moves(
  judged: readonly Judged[],
  moved: ReadonlyMap<string, string>,
  groups: readonly ChangeGroup[],
): readonly ChangeGroup[] {
  if (moved.size === 0) return [];
  const busy = new Set(groups.map(nameKeyOf));
  const staying = judged.filter(
    ({ judgement: { verdict } }) => verdict === 'live' || verdict === 'unverified',
  );
  return staying.flatMap(({ judgement: { entry } }) => {
    const identifier = moved.get(recordSetKey(entry.recordSet));
    const group = identifier === undefined ? undefined : move(entry.recordSet, identifier);
    return group === undefined || busy.has(nameKeyOf(group)) ? [] : [group];
  });
}

function move(recordSet: RecordSet, SetIdentifier: string): ChangeGroup {
  return {
    key: recordSetKey(recordSet),
    changes: [
      { action: 'DELETE', recordSet },
      { action: 'CREATE', recordSet: { ...recordSet, SetIdentifier } },
    ],
    removed: [],
    reasons: ['moved'],
    after: [],
  };
}
