import { REGISTRATION_REASONS } from '../model/registration.ts';
import type { ReportedChange } from './removed-entries.ts';

/**
 * What a change is part of: something new, something that stays what it leads to in another form, or a
 * removal. What stays of a set with several values is created anew, and is part of the removal.
 */
export type ChangeKind = 'registration' | 'rewrite' | 'removal';

/** Tells it by the reasons of the change. */
export function kindOf({
  action,
  reasons,
}: Pick<ReportedChange, 'action'> & { readonly reasons: readonly string[] }): ChangeKind {
  const known = reasons.filter((reason) => REGISTRATION_REASONS.some((one) => one === reason));
  if (known.some((reason) => reason !== 'missing')) return 'rewrite';
  return known.length > 0 && action === 'CREATE' ? 'registration' : 'removal';
}
