import type { ChangeGroup, ChangeOutcome } from '../model/change.ts';
import type { Zone } from '../model/zone.ts';

/** Where a run writes down what it removes, so that all of it can be put back. A run has one of its own. */
export interface Journal {
  /**
   * Writes down, durably, what is about to be changed, before it is. Throws a `RunError` when it cannot:
   * then nothing may be changed. May be called more than once a run, whose id goes with it.
   */
  write(zone: Zone, groups: readonly ChangeGroup[], runId?: string): Promise<void>;
  /** How it ended, by the keys of the groups that were written last; never throws. */
  settle(outcomes: ReadonlyMap<string, ChangeOutcome>): Promise<void>;
}

/** Keeps nothing: only for those who have said that they want none, or who change nothing. */
export const NO_JOURNAL: Journal = { write: async () => {}, settle: async () => {} };
