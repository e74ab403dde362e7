import { describe, expect, test } from 'vitest';
import { paceIn, quantileOf } from './compare-paces.ts';
import { generate } from './generate.ts';
import { MUTANTS } from './mutants/catalogue.ts';
import { firstCatch } from './mutants/catch.ts';
import { play } from './play.ts';
import { sizeOf } from './shrink.ts';
import { renderViolation, shrinkBroken, survey } from './survey.ts';

/** Broken workers that are found out soon; the others need `npm run simulate -- --mutants`. */
const SOON = [
  'first-cluster-only',
  'first-page-of-the-zone',
  'zone-read-once',
  'port-alone',
  'container-ids-ignored',
  'panic-ignored',
  'panic-at-more-than-the-share',
  'shrunk-inventory-believed',
  'empty-inventory-believed',
  'ttl-not-waited-for',
  'foreign-taken-for-own',
  'host-not-covered-lifted',
  'whole-name-deleted',
  'changes-sent-one-by-one',
  'journal-written-after-the-change',
  'journal-written-while-the-change-is-under-way',
  'journal-of-what-goes-alone',
  'unhealthy-registered',
  'stopped-registered',
  'entries-of-agents-ignored',
  'policy-ignored',
  'own-ttl-beside-others',
  'one-registration-a-run',
  'addresses-forgotten',
  'addresses-after-services',
  'still-answers-ignored',
  'coverage-ignored',
  'zone-cut-off-ignored',
  'other-names-of-hosts-ignored',
  'missing-in-a-scope-taken-for-gone',
  'failing-removed-in-a-scope',
  'unchecked-in-a-scope',
  'names-read-once',
] as const;
const ENOUGH_HISTORIES = 80;

describe('the simulation', () => {
  test('finds nothing that the worker breaks in 400 histories', async () => {
    const { broken, runs, changes } = await survey(1, 400);
    const shown = broken.slice(0, 2).map(({ seed }) => renderViolation(generate(seed)));
    expect((await Promise.all(shown)).join('\n')).toBe('');
    expect(runs).toBeGreaterThan(2_000);
    expect(changes).toBeGreaterThan(1_000);
  });

  test.each([[], ['events']] as const)('plays the same history the same way twice, %s', async (...always) => {
    const history = generate(7, { always });
    const [first, second] = [await play(history, undefined, true), await play(history, undefined, true)];
    expect(first.log.length).toBeGreaterThan(50);
    expect(second).toEqual(first);
  });

  test('with events the zone follows sooner', async () => {
    const choices = [{ without: ['events'] }, { always: ['events'] }] as const;
    const [off = NaN, on = NaN] = await Promise.all(
      choices.map(async (choice) => {
        const { stops } = await paceIn(1, 20, choice);
        return quantileOf(stops, 0.5);
      }),
    );
    expect(on).toBeLessThan(off / 4);
  });

  test.each(SOON)('finds out a worker with %s', async (name) => {
    const mutant = MUTANTS.find((one) => one.name === name);
    expect(mutant).toBeDefined();
    expect(mutant && (await firstCatch(mutant, 1, ENOUGH_HISTORIES))).toBeDefined();
  });

  test('shrinks a history to what it takes to break the same', async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'whole-name-deleted');
    const caught = mutant && (await firstCatch(mutant, 1, ENOUGH_HISTORIES));
    const history = generate(caught?.histories ?? 0);
    const small = await shrinkBroken(history, mutant);
    const invariants = async (one: typeof history) =>
      (await play(one, mutant)).violations.map(({ invariant }) => invariant);
    expect(sizeOf(small)).toBeLessThan(sizeOf(history));
    expect(await invariants(small)).toContain((await invariants(history))[0]);
    for (const [index] of small.events.entries()) {
      const without = { ...small, events: small.events.toSpliced(index, 1) };
      expect(await invariants(without)).not.toContain((await invariants(history))[0]);
    }
  });
});
