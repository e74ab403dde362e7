import * as fc from 'fast-check';

/** What all laws of this process are held to; another one each time. */
const CASES = { numRuns: 500, seed: Date.now() | 0 };

/**
 * A law is held to 500 cases, which are made once for all laws of their kind; where one breaks it, it is sought
 * again for the smallest such case.
 */
export function lawsOf<T>(arbitrary: fc.Arbitrary<T>): (check: (given: T) => void) => void {
  let cases: readonly T[] | undefined;
  return (check) => {
    cases ??= fc.sample(arbitrary, CASES);
    try {
      for (const one of cases) check(one);
    } catch (error) {
      fc.assert(fc.property(arbitrary, check), CASES);
      throw error;
    }
  };
}

/** What a pure function makes of an object, made once for each. */
export function memoized<T extends object, R>(make: (given: T) => R): (given: T) => R {
  const made = new WeakMap<T, R>();
  return (given) => {
    const known = made.get(given);
    if (known !== undefined) return known;
    const result = make(given);
    made.set(given, result);
    return result;
  };
}
