/**
 * What a setting is to a comparison of two runs.
 *
 * | role     | the setting                                                                         |
 * |----------|-------------------------------------------------------------------------------------|
 * | compared | decides what is done with records: its two values are compared                      |
 * | shared   | says what is looked at, and how: that is done once, and a flag counts for both sides |
 * | apart    | changes no record                                                                   |
 * | silent   | says where something is, or how it is told                                          |
 */
export type ComparisonRole = 'compared' | 'shared' | 'apart' | 'silent';

/** A setting of which the alternative differs. */
export interface SettingDifference {
  /** Dotted, as the docs write it. */
  readonly name: string;
  readonly role: ComparisonRole;
  /** As a config file would hold them; `undefined` for nothing, and for what is secret. */
  readonly from: unknown;
  readonly to: unknown;
}
