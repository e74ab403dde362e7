import { isLabelAgentSet } from '../../model/agent-form.ts';
import { groupBy } from '../../model/multimap.ts';
import { nameKey, type RecordSet, valuesOf } from '../../model/record-set.ts';
import { isBareContainerId, isOldPortIdentifier, isPortIdentifier } from '../../model/set-identifier.ts';
import { targetKey } from '../../model/srv-value.ts';
import { answeredRule } from './answered.ts';
import { isShared } from './managed-addresses.ts';
import type { Matched } from './match-kinds.ts';

/**
 * Marks what leads to a running container or task to which another set of the same name leads, too, that is its own:
 *
 * | the entry is                                | and its place has                                      | it is a    |
 * |---------------------------------------------|--------------------------------------------------------|------------|
 * | one value of several in a set               | a set of its own, which Route 53 answers with, too     | duplicate  |
 * | a set in the form of an older agent, or of  | the same, in today's form                              | duplicate  |
 * | the label agent, or in an old one of ours   |                                                        |            |
 * | the set of a second port of this worker's   | one as an agent writes it: it keeps one port of a      | duplicate  |
 * |                                             | container, and writes that anew when it starts         |            |
 * | anything else                               | anything                                               | left alone |
 *
 * Which sets Route 53 answers with follows from the weights of all of them, and from their health checks.
 */
export function markDuplicates(matched: readonly Matched[]): readonly Matched[] {
  const doubtful = matched.filter(mayBeDuplicate);
  if (doubtful.length === 0) return matched;
  const names = new Set(doubtful.map(nameOf));
  const own = groupBy(
    matched.filter((one) => names.has(nameOf(one)) && isOwn(one)),
    placeOf,
  );
  const isAnswered = answeredRule(matched);
  const duplicateOf = new Map(
    doubtful.flatMap((one) => {
      const others = own.get(placeOf(one)).filter((other) => !isOfPort(one) || !isOfPort(other));
      const better = others.find(({ entry }) => isAnswered(entry, one.entry));
      return better === undefined ? [] : [[one, better.entry.recordSet] as const];
    }),
  );
  return matched.map((one) => {
    const set = duplicateOf.get(one);
    return set === undefined ? one : { ...one, match: { ...one.match, duplicateOf: set } };
  });
}

function leadsSomewhere({ match }: Matched): boolean {
  return match.kind === 'addressed' || (match.kind === 'endpoint' && !match.isSuccessor);
}

function mayBeDuplicate(one: Matched): boolean {
  const { recordSet } = one.entry;
  const isDoubtful = valuesOf(recordSet).length > 1 || isOldForm(recordSet) || isOfPort(one);
  return isDoubtful && leadsSomewhere(one);
}

function isOfPort({ entry: { type, setIdentifier = '' } }: Matched): boolean {
  return type === 'SRV' && isPortIdentifier(setIdentifier);
}

/** A health check of Route 53 may take a set out of its answers. */
function isOwn(one: Matched): boolean {
  const { recordSet } = one.entry;
  const isSingle = valuesOf(recordSet).length === 1 && !isOldForm(recordSet);
  return isSingle && isShared(recordSet) && recordSet.HealthCheckId === undefined && leadsSomewhere(one);
}

/** Whether a set is in the form of an older agent, of the label agent, or in an old one of this worker's. */
export function isOldForm(set: RecordSet): boolean {
  const { Type, SetIdentifier = '' } = set;
  if (Type === 'SRV') return isBareContainerId(SetIdentifier) || isOldPortIdentifier(SetIdentifier);
  return isLabelAgentSet(set);
}

function nameOf({ entry }: Matched): string {
  return nameKey(entry.name, entry.type);
}

/** Two spellings of a target lead to one place; two tasks are never at one address and port. */
function placeOf({ entry: { name, type, value }, match }: Matched): string {
  const at = 'address' in match ? match.address : undefined;
  if (type !== 'SRV' || match.kind !== 'endpoint') return targetKey(name, type, value);
  const { container, port, protocol } = match.endpoint;
  return [nameKey(name, type), container.taskArn, container.name, container.id, at, port, protocol].join(' ');
}
