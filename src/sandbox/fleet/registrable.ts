import { type RecordSet, valuesOf } from '../../model/record-set.ts';

/**
 * What is to become of one value where nothing of the fleet is registered yet. What is none of these has
 * neither a record nor a reason: it does not run yet, or no longer.
 *
 * | fate       | once everything that can be registered is                                    |
 * |------------|------------------------------------------------------------------------------|
 * | registered | it is in the zone, in exactly this set where the fleet knows it to the letter |
 * | withheld   | it is not, and the report says so for this reason                            |
 */
export type Fate =
  | { readonly fate: 'registered'; readonly recordSet?: RecordSet }
  | { readonly fate: 'withheld'; readonly reason: string };

/** One value with what is to become of it; `name` is as Route 53 lists it. */
export type Registrable = Fate & {
  readonly name: string;
  readonly type: string;
  readonly value: string;
};

/** One for each value of a set, and the set itself with those that are to be registered. */
export function registrableValues(recordSet: RecordSet, fate: Fate): readonly Registrable[] {
  const whole = fate.fate === 'registered' ? { ...fate, recordSet } : fate;
  return valuesOf(recordSet).map((value) => ({
    name: recordSet.Name,
    type: recordSet.Type,
    value,
    ...whole,
  }));
}
