import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type JudgedRecord, register } from '../../../src/plan/change/register.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import { lawsOf } from '../law.ts';
import { agentSet, FAILING, facts, GONE, HEALTHY, judged, leadsTo, STARTING, vacant } from '../support.ts';

const DRAINED = { verdict: 'draining', reason: 'draining' } as const;
const VERDICTS = [DRAINED, DRAINED, HEALTHY, FAILING, STARTING, GONE] as const;

interface Name {
  /** What the entries of one name are found to be, each with its weight. */
  readonly entries: readonly Judged[];
  readonly minEndpoints: number;
}

function entryOf(n: number, assessment: (typeof VERDICTS)[number], Weight: number): Judged {
  const set = agentSet({ owner: n, port: 1024 + n }, { Weight });
  return judged(assessment, set, assessment === GONE ? vacant() : leadsTo());
}

const nameArbitrary: fc.Arbitrary<Name> = fc.record({
  entries: fc
    .array(fc.tuple(fc.constantFrom(...VERDICTS), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 5 })
    .map((made) => made.map(([assessment, weight], i) => entryOf(i, assessment, weight))),
  minEndpoints: fc.constantFrom(0, 1, 2),
});

const law = lawsOf(nameArbitrary);

function leftOf({ entries, minEndpoints }: Name) {
  const { removals } = guard(facts(entries, { minEndpoints }));
  const going = new Set<Judged>(removals);
  return { removals, left: entries.filter((one) => !going.has(one)) };
}

function missing(one: Judged): JudgedRecord {
  const { recordSet } = one.judgement.entry;
  const desired = {
    recordSet,
    requires: [],
    after: [],
    isTrusted: false,
    role: 'entry',
    isNeeded: false,
  } as const;
  return { ...one, desired };
}

it('what is drained and goes is not registered by the next run', () => {
  law((name) => {
    const { removals, left } = leftOf(name);
    const drained = removals.filter(({ judgement: { verdict } }) => verdict === 'draining');
    expect(register(drained.map(missing), left).registrations).toEqual([]);
  });
});

it('what is drained and registered is not removed by the next run', () => {
  law((name) => {
    const drained = missing(entryOf(9, DRAINED, 1));
    const { registrations } = register([drained], name.entries);
    const next = leftOf({ ...name, entries: [...leftOf(name).left, ...registrations] });
    expect(next.removals.filter((one) => registrations.some((other) => other === one))).toEqual([]);
  });
});
