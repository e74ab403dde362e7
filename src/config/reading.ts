import type { LineOf } from './read-file.ts';
import type { Setting, SettingLeaf } from './setting-paths.ts';
import type { Origin, SettingsProblem } from './settings-error.ts';

/** One value as it was written for one setting, not yet checked. */
export interface WrittenValue {
  readonly leaf: Setting;
  readonly value: unknown;
  readonly origin: Origin;
}

/** One value that one source gives to one of the settings. */
export interface Assignment extends WrittenValue {
  readonly leaf: SettingLeaf;
  /** Where the parts of a value from a file stand in it. */
  readonly lineOf?: LineOf;
}

/** What one source holds: its values, and what of it makes no sense. */
export interface Reading {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly SettingsProblem[];
}
