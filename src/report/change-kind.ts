import { addedSets, type Change, type ChangeGroup, deletedSets } from '../model/change.ts';
import { recordSetKey } from '../model/record-set.ts';
import { REGISTRATION_REASONS } from '../model/registration.ts';

/**
 * What a change is part of: something new, something that stays what it leads to in another form, or a
 * removal. What stays of a set with several values is created anew, and is part of the removal.
 */
export const CHANGE_KINDS = ['registration', 'rewrite', 'removal'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Tells it of the changes of a group, by its reasons and its sets. */
export function kindIn(group: Pick<ChangeGroup, 'changes' | 'reasons'>): (change: Change) => ChangeKind {
  const known = REGISTRATION_REASONS.filter((reason) => group.reasons.includes(reason));
  const added = new Set(addedSets(group).map(({ recordSet }) => recordSet));
  const deleted = new Set(deletedSets(group).map(recordSetKey));
  return ({ action, recordSet }) => {
    if (known.some((reason) => reason !== 'missing')) return 'rewrite';
    const isNew = added.has(recordSet) || !deleted.has(recordSetKey(recordSet));
    return known.length > 0 && action === 'CREATE' && isNew ? 'registration' : 'removal';
  };
}
