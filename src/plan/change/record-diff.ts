import type { ChangeGroup, ChangeReason } from '../../model/change.ts';
import { normalizeName } from '../../model/dns-name.ts';
import { type Entry, entryKey } from '../../model/entry.ts';
import { groupBy } from '../../model/multimap.ts';
import { isSameRecordSet, recordSetKey, valuesOf, withValues } from '../../model/record-set.ts';
import { targetKey } from '../../model/srv-value.ts';
import type { ChangePlan } from './plan-changes.ts';

/** One value of one record set, as it stands in the zone or is to stand in it. */
export type RecordValue = Pick<Entry, 'recordSet' | 'value'>;

/**
 * What a plan does to one record.
 *
 * | kind       | the record …                                                                  |
 * |------------|-------------------------------------------------------------------------------|
 * | registered | is not in the zone, and will be                                               |
 * | removed    | is in the zone, and will not be                                               |
 * | rewritten  | stays what it leads to, in another set or with another TTL, weight or priority |
 */
export type RecordDiff = { readonly reasons: readonly ChangeReason[] } & (
  | { readonly kind: 'registered'; readonly to: RecordValue }
  | { readonly kind: 'removed'; readonly from: RecordValue }
  | { readonly kind: 'rewritten'; readonly from: RecordValue; readonly to: RecordValue }
);

/**
 * What the groups of a plan do to records, one by one and in their order: a group of several sets says how
 * something is done, and not what. A value that goes from one set to another is only rewritten, and one whose
 * set loses or gets others is not touched at all.
 */
export function recordDiffs({
  groups,
  removing,
}: Pick<ChangePlan, 'groups' | 'removing'>): readonly RecordDiff[] {
  const verdicts = new Map(removing.map(({ judgement }) => [entryKey(judgement.entry), judgement.reason]));
  return groups.flatMap((group) => diffsOfGroup(group, (from) => verdicts.get(entryKey(from))));
}

function diffsOfGroup(
  group: ChangeGroup,
  verdictOf: (from: RecordValue) => ChangeReason | undefined,
): readonly RecordDiff[] {
  const [gone, came] = [valuesBy(group, 'DELETE'), valuesBy(group, 'CREATE')];
  const free = groupBy(came, leadsTo);
  const taken = new Set<RecordValue>();
  const verdicts = new Set<ChangeReason>(gone.flatMap((from) => verdictOf(from) ?? []));
  const reasons = group.reasons.filter((reason) => !verdicts.has(reason));
  const left = gone.flatMap((from): readonly RecordDiff[] => {
    const verdict = verdictOf(from);
    if (verdict !== undefined) return [{ kind: 'removed', from, reasons: [verdict] }];
    const open = free.get(leadsTo(from)).filter((one) => !taken.has(one));
    const to = successor(from, open);
    if (to === undefined) return [{ kind: 'removed', from, reasons }];
    taken.add(to);
    return isUntouched(from, to) ? [] : [{ kind: 'rewritten', from, to, reasons }];
  });
  const anew = came.filter((to) => !taken.has(to));
  return [...left, ...anew.map((to) => ({ kind: 'registered', to, reasons }) as const)];
}

function valuesBy({ changes }: ChangeGroup, wanted: 'CREATE' | 'DELETE'): readonly RecordValue[] {
  return changes.flatMap(({ action, recordSet }) =>
    action === wanted ? valuesOf(recordSet).map((value) => ({ recordSet, value })) : [],
  );
}

/** The very same set before any other: weighted sets of one name may lead to one place. */
function successor({ recordSet }: RecordValue, candidates: readonly RecordValue[]): RecordValue | undefined {
  const key = recordSetKey(recordSet);
  return candidates.find((one) => recordSetKey(one.recordSet) === key) ?? candidates[0];
}

function isUntouched(from: RecordValue, to: RecordValue): boolean {
  const head = ({ recordSet }: RecordValue) => withValues(recordSet, []);
  return from.value === to.value && isSameRecordSet(head(from), head(to));
}

/** What a record is to those who ask for its name: where it leads. */
function leadsTo({ recordSet: { Name, Type }, value }: RecordValue): string {
  return targetKey(normalizeName(Name), Type, value);
}

/** What makes a diff the one and only of a plan. */
export function diffKey(diff: RecordDiff): string {
  return `${diff.kind} ${entryKey(diff.kind === 'registered' ? diff.to : diff.from)}`;
}

/** Whether two diffs with the same key leave the very same record in the zone. */
export function isSameDiff(left: RecordDiff, right: RecordDiff): boolean {
  if (left.kind === 'removed' || right.kind === 'removed') return left.kind === right.kind;
  return isUntouched(left.to, right.to);
}
