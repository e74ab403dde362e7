import { targetKey } from '../../model/srv-value.ts';
import { endedIn, type Matched } from '../match/match-kinds.ts';
import { isSound, type JudgedRecord, placeOf } from './register.ts';

/**
 * The address of a task that has ended goes in the run that gives the task which has it now a record of its own. As long
 * as that one cannot come, because the worker could not ask the task for example, the old record is what leads there.
 */
export function withoutHeirs(
  matched: readonly Matched[],
  desiredRecords: readonly JudgedRecord[],
): readonly Matched[] {
  const coming = new Set(desiredRecords.filter(isSound).map(placeOf));
  if (coming.size === 0) return matched;
  return matched.map((one) => {
    const ended = endedIn(one.match);
    return ended !== undefined && coming.has(targetKey(one.entry.name, one.entry.type, one.entry.value))
      ? { entry: one.entry, match: ended }
      : one;
  });
}
