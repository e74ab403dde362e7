import type { RecordOverrides } from './inventory.ts';

/** An operator's word on the records of the services whose name, relative to the zone, matches the pattern (`*`). */
export interface RecordRule {
  readonly pattern: string;
  readonly overrides: RecordOverrides;
}
