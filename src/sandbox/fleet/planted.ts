import type { RecordSet } from '../../model/record-set.ts';

export type ExpectedVerdict = 'live' | 'stale' | 'unhealthy' | 'foreign' | 'unverified';

/** The guardrails that keep an entry although its verdict would remove it. */
export type ExpectedGuardrail = 'panic-threshold' | 'min-endpoints' | 'grace-period' | 'host-not-covered';

/**
 * One entry of the fleet's zone and what is to be made of it. `name` is the set's own, as Route 53
 * lists it; `heldBack` names the guardrails of which at least one has to keep it.
 */
export interface Planted {
  readonly name: string;
  readonly type: string;
  readonly setIdentifier?: string;
  readonly value: string;
  readonly expected: ExpectedVerdict;
  readonly reason: string;
  readonly heldBack?: readonly ExpectedGuardrail[];
}

/** What is expected of an entry, before it is known which. */
export type Expectation = Pick<Planted, 'expected' | 'reason' | 'heldBack'>;

/** One planted entry for each value of a set, with one expectation each or the same for all. */
export function plantedEntries(
  set: RecordSet,
  expectations: Expectation | readonly Expectation[],
): readonly Planted[] {
  return (set.ResourceRecords ?? []).map(({ Value }, i) => {
    const expectation = 'expected' in expectations ? expectations : expectations[i];
    if (expectation === undefined) throw new TypeError(`no expectation for value ${i} of ${set.Name}`);
    return {
      name: set.Name,
      type: set.Type,
      ...(set.SetIdentifier === undefined ? {} : { setIdentifier: set.SetIdentifier }),
      value: Value,
      ...expectation,
    };
  });
}
