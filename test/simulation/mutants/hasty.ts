import type { ChangeGroup } from '../../../src/model/change.ts';
import { NO_GRACE } from '../../../src/model/inventory.ts';
import type { ProbeOutcome } from '../../../src/model/probe.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import type { Judgement, JudgementOf } from '../../../src/model/verdict.ts';
import { removalGroups } from '../../../src/plan/change/plan-removals.ts';
import type { GuardrailName } from '../../../src/plan/guard/guardrail.ts';
import type { Ports } from '../../../src/run/ports.ts';
import type { RunOptions } from '../../../src/run/run.ts';
import { mishearingEach } from './asking.ts';
import { type Mutant, type MutantContext, mutant } from './mutant.ts';

/** Workers that remove what a guardrail, or doubt, should have kept. */
export const hastyMutants: readonly Mutant[] = [
  mutant('panic-ignored', { options: limits({ panicPercent: 100 }) }),
  mutant('panic-at-more-than-the-share', {
    worlds: ['half-fails'],
    options: ({ limits: own, ...options }) => ({
      ...options,
      limits: { ...own, panicPercent: own.panicPercent + 0.01 },
    }),
  }),
  mutant('min-endpoints-ignored', { options: limits({ minEndpoints: 0 }) }),
  // Its own account has the sets as it took them to be.
  mutant('weight-zero-counted', { goesBeyondPlan: true, worlds: ['light-sets'], ports: weighed }),
  mutant('empty-inventory-believed', { options: limits({ allowEmpty: true }) }),
  mutant('budget-on-twice-the-entries', {
    options: (options) => {
      const percent = Math.min(100, options.limits.removalBudgetPercent * 2);
      return { ...options, limits: { ...options.limits, removalBudgetPercent: percent } };
    },
  }),
  mutant('unhealthy-budget-ignored', { options: limits({ unhealthyBudgetPercent: 100 }) }),
  mutant('grace-ignored', {
    options: (options) => ({ ...options, health: { ...options.health, gracePeriodMs: 0 } }),
    ports: (ports) => ({
      ...ports,
      inventory: { ...ports.inventory, lookUpGracePeriods: async () => NO_GRACE },
    }),
  }),
  mutant('ttl-not-waited-for', { worlds: ['long-ttls'], options: outOfDnsForLong }),
  mutant('foreign-taken-for-own', { options: (options) => ({ ...options, manage: { kind: 'zone' } }) }),
  mutant('indeterminate-taken-for-unhealthy', {
    prober: mishearingEach(condemned),
  }),
  mutant('host-not-covered-lifted', { goesBeyondPlan: true, ports: lifting('host-not-covered') }),
  mutant('still-referenced-lifted', { goesBeyondPlan: true, ports: lifting('still-referenced') }),
  mutant('successors-removed-at-once', {
    goesBeyondPlan: true,
    ports: (ports, context) =>
      alsoRemoving(ports, context, ({ plan }) =>
        plan.judgements.filter(({ evidence }) => 'successor' in evidence),
      ),
  }),
];

function limits(changed: Partial<RunOptions['limits']>): Mutant['options'] {
  return (options) => ({ ...options, limits: { ...options.limits, ...changed } });
}

/** What is out of DNS is so for as long as can be, and every name server answers by it. */
function outOfDnsForLong({ stopping, ...options }: RunOptions): RunOptions {
  if (stopping === undefined) return options;
  const since = [...stopping.deregisteredSince].map(
    ([task, one]) => [task, { ...one, since: one.since === undefined ? undefined : 0, pending: [] }] as const,
  );
  return { ...options, stopping: { ...stopping, deregisteredSince: new Map(since) } };
}

function condemned(outcome: ProbeOutcome): ProbeOutcome {
  return outcome.kind === 'indeterminate' ? { ...outcome, kind: 'unhealthy', reason: 'timeout' } : outcome;
}

/** A set of weight 0 is taken for one that has a weight, and changed as what it is. */
function weighed(ports: Ports): Ports {
  const light = new Map<string, RecordSet>();
  const asHeavy = (sets: readonly RecordSet[]) =>
    sets.map((set) => {
      light.delete(recordSetKey(set));
      if (set.Weight !== 0) return set;
      light.set(recordSetKey(set), set);
      return { ...set, Weight: 1 };
    });
  const asIs = (set: RecordSet) => light.get(recordSetKey(set)) ?? set;
  const carriedOut = (group: ChangeGroup): ChangeGroup => ({
    ...group,
    changes: group.changes.map((change) => ({ ...change, recordSet: asIs(change.recordSet) })),
    ...(group.survivors === undefined ? {} : { survivors: group.survivors.map(asIs) }),
  });
  const { zone, journal } = ports;
  return {
    ...ports,
    zone: {
      ...zone,
      read: async (...asked) => asHeavy(await zone.read(...asked)),
      readNames: async (...asked) => asHeavy(await zone.readNames(...asked)),
      apply: (one, groups, bounds) => zone.apply(one, groups.map(carriedOut), bounds),
    },
    journal: {
      ...journal,
      write: (one, groups, runId) => journal.write(one, groups.map(carriedOut), runId),
    },
  };
}

/** Removes, in addition to what the plan asks for, what the guardrail has held back. */
function lifting(name: GuardrailName): Mutant['ports'] {
  return (ports, context) =>
    alsoRemoving(ports, context, ({ plan }) =>
      plan.heldBack.filter(({ guardrail }) => guardrail === name).map(({ judgement }) => judgement),
    );
}

function alsoRemoving(
  ports: Ports,
  { session }: MutantContext,
  choose: (preview: NonNullable<MutantContext['session']['preview']>) => readonly Judgement[],
): Ports {
  return {
    ...ports,
    zone: {
      ...ports.zone,
      apply: (zone, groups, signal) => {
        const chosen = session.preview === undefined ? [] : choose(session.preview);
        const removals = chosen.map((judgement) => ({
          match: { kind: 'unresolved' as const },
          judgement: { ...judgement, verdict: 'stale', reason: 'task-gone' } as JudgementOf<'stale'>,
        }));
        const known = new Set(groups.map(({ key }) => key));
        const added = removalGroups(removals).filter(({ key }) => !known.has(key));
        return ports.zone.apply(zone, [...groups, ...added], signal);
      },
    },
  };
}
