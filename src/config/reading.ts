import type { SettingLeaf } from './setting-paths.ts';
import type { Origin, SettingsProblem } from './settings-error.ts';

/** One value that one source gives to one setting, not yet checked. */
export interface Assignment {
  readonly leaf: SettingLeaf;
  readonly value: unknown;
  readonly origin: Origin;
}

/** What one source holds: its values, and what of it makes no sense. */
export interface Reading {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly SettingsProblem[];
}
