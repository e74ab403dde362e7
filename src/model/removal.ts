import type { RecordSet } from './record-set.ts';

/** One removal as a journal holds it: all that it takes to put the record set back. */
export interface Removal {
  /** `name` is not known of every removal that was written to a log. */
  readonly zone: { readonly id: string; readonly name: string | undefined };
  /** Exactly as it was before. */
  readonly recordSet: RecordSet;
  /** What was to stay of a set that lost only some of its values. */
  readonly replacedBy?: RecordSet | undefined;
  /** Reason codes; those of a later release may be among them. */
  readonly reasons: readonly string[];
  /** When it was written down, in epoch milliseconds. */
  readonly time: number;
}
