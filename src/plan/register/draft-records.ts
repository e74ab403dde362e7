import { entriesOf } from '../../model/entry.ts';
import type { Manage } from '../../model/manage.ts';
import type { Draft, Withheld } from '../../model/registration.ts';
import { type Matched, matchEntries } from '../match.ts';
import { draftAddresses } from './draft-addresses.ts';
import type { DraftInput } from './draft-context.ts';
import { draftServices } from './draft-services.ts';
import { indexZone } from './zone-index.ts';

/** A draft beside what it would lead to, were it in the zone. */
export interface Drafted {
  readonly draft: Draft;
  readonly matched: Matched;
}

/** Everything that ought to be in the zone and is not. */
export interface DraftedRecords {
  readonly drafted: readonly Drafted[];
  /** What can never be, as things are, however healthy it is. */
  readonly withheld: readonly Withheld[];
}

/**
 * Drafts what is missing, and matches the drafts as if they stood in the zone: what is registered is judged
 * by the very rules by which the next run judges it, so that no run takes out what another has put in.
 */
export function draftRecords(input: DraftInput & { readonly manage: Manage }): DraftedRecords {
  const context = { ...input, zone: indexZone(input.recordSets) };
  const [services, addresses] = [draftServices(context), draftAddresses(context)];
  const drafts = [...services.drafts, ...addresses.drafts];
  const sets = drafts.map(({ recordSet }) => recordSet);
  const matched = matchEntries({
    ...input,
    recordSets: [...input.recordSets, ...sets],
    entries: entriesOf(sets),
  });
  const drafted = drafts.flatMap((draft, index): readonly Drafted[] => {
    const own = matched[index];
    return own === undefined ? [] : [{ draft, matched: own }];
  });
  return { drafted, withheld: [...services.withheld, ...addresses.withheld] };
}
