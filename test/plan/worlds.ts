import * as fc from 'fast-check';
import { entriesOf, sortEntries } from '../../src/model/entry.ts';
import type { Inventory, UnknownHostLookup } from '../../src/model/inventory.ts';
import type { Manage } from '../../src/model/manage.ts';
import { type ProbeOutcome, probeKey } from '../../src/model/probe.ts';
import { isSameRecordSet, type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import { EMPTY_STATE } from '../../src/model/run-state.ts';
import { type ChangePlan, planChanges } from '../../src/plan/change/plan-changes.ts';
import type { ConfirmedRemovals, GuardFacts, GuardrailLimits } from '../../src/plan/guard/guardrail.ts';
import { outsideOf } from '../../src/plan/judge/host-coverage.ts';
import { judgeEntries } from '../../src/plan/judge/judge-entries.ts';
import { matchEntries } from '../../src/plan/match/match-entries.ts';
import { ENDED_TASKS, inventoryArbitrary, NOW, SLOTS, TASK_PORT, TASKS } from './fleets.ts';
import { memoized } from './law.ts';
import { ALL_SEEN, CHECKED, hostName, UNCHECKED, ZONE } from './support.ts';
import { zoneArbitrary } from './zones.ts';

/**
 * A world so small that hosts, ports and services are used again and again. At most one container at
 * a time holds a port of a host; the zone also names a fourth host and containers that are no more.
 * No two hosts share a name or an address.
 */
export interface World {
  readonly recordSets: readonly RecordSet[];
  readonly inventory: Inventory;
  readonly manage: Manage;
  readonly healthEnabled: boolean;
  readonly trustEcs: boolean;
  readonly gracePeriodMs: number;
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>;
  readonly unknownHosts: UnknownHostLookup;
  readonly limits: GuardrailLimits;
}

const OUTCOMES: readonly ProbeOutcome[] = [
  { kind: 'healthy', attempts: 1, durationMs: 1, status: 200 },
  { kind: 'healthy', attempts: 1, durationMs: 1, status: 204 },
  { kind: 'unhealthy', reason: 'timeout', attempts: 3, durationMs: 1 },
  { kind: 'unhealthy', reason: 'http-status', attempts: 3, durationMs: 1, status: 503 },
  { kind: 'indeterminate', reason: 'checker-error', attempts: 1, durationMs: 1 },
];

/** Ports of hosts, and those of tasks at their two addresses. */
const PROBED: readonly string[] = [
  ...SLOTS.map(({ n, port }) => probeKey({ address: `10.0.0.${n}`, port })),
  ...[...TASKS, ...ENDED_TASKS].flatMap((n) =>
    [`10.0.0.${n}`, `fd00::${n}`].map((address) => probeKey({ address, port: TASK_PORT })),
  ),
];

const outcomesArbitrary: fc.Arbitrary<ReadonlyMap<string, ProbeOutcome>> = fc
  .tuple(...PROBED.map(() => fc.option(fc.constantFrom(...OUTCOMES), { nil: undefined, freq: 9 })))
  .map(
    (made) =>
      new Map(made.flatMap((outcome, i) => (outcome === undefined ? [] : [[String(PROBED[i]), outcome]]))),
  );

const limitsArbitrary: fc.Arbitrary<GuardrailLimits> = fc.record({
  removalBudgetPercent: fc.constantFrom(0, 50, 100),
  unhealthyBudgetPercent: fc.constantFrom(0, 50, 100),
  budgetDelayMs: fc.constant(3_600_000),
  panicPercent: fc.constantFrom(50, 75, 100),
  minEndpoints: fc.constantFrom(0, 1, 2),
  allowEmpty: fc.boolean(),
  maxPlanAgeMs: fc.constant(600_000),
  force: fc.constantFrom(false, false, true),
});

const manageArbitrary = fc.constantFrom<Manage[]>(
  { kind: 'convention' },
  { kind: 'zone' },
  { kind: 'patterns', patterns: ['_calc*', '_web._tcp', 'ip-*', 'api', '0*'] },
);

export const worldArbitrary: fc.Arbitrary<World> = inventoryArbitrary.chain((inventory) =>
  fc.record({
    recordSets: zoneArbitrary(inventory),
    inventory: fc.constant(inventory),
    manage: manageArbitrary,
    healthEnabled: fc.constantFrom(true, true, true, false),
    trustEcs: fc.boolean(),
    gracePeriodMs: fc.constantFrom(0, 60_000),
    outcomes: outcomesArbitrary,
    unknownHosts: fc
      .boolean()
      .map((exists) => ({ ...ALL_SEEN, existing: new Set(exists ? [hostName(4)] : []) })),
    limits: limitsArbitrary,
  }),
);

const desiredOf = memoized((world: World) => planChanges(factsOf(world)));

/** One run over a world, up to its plan; confirmed, where a confirmation was taken. */
export function planOf(world: World, confirmation?: ConfirmedRemovals): ChangePlan {
  return confirmation === undefined ? desiredOf(world) : planChanges({ ...factsOf(world), confirmation });
}

/** One run over a world, up to what guarding knows. */
export const factsOf = memoized((world: World): GuardFacts => {
  const { recordSets, inventory, manage, outcomes, unknownHosts, limits, trustEcs } = world;
  const entries = sortEntries(entriesOf(recordSets));
  const matched = matchEntries({ zoneName: ZONE, manage, recordSets, entries, inventory });
  const { checkOf } = world.healthEnabled ? CHECKED : UNCHECKED;
  const graceOf = () => world.gracePeriodMs;
  const judged = judgeEntries(matched, {
    ...CHECKED,
    outcomes,
    checkOf,
    unknownHosts,
    now: NOW,
    graceOf,
    trustEcs,
    outside: outsideOf(inventory, unknownHosts),
  });
  return {
    judged,
    inventory,
    unknownHosts,
    limits,
    networkSelfTests: [],
    isProbing: world.healthEnabled,
    state: EMPTY_STATE,
    now: NOW,
  };
});

/** The zone once a plan is carried out; throws where Route 53 would refuse a change. */
export function carryOut(recordSets: readonly RecordSet[], { groups }: ChangePlan): readonly RecordSet[] {
  let zone = recordSets;
  for (const { action, recordSet } of groups.flatMap(({ changes }) => changes)) {
    const key = recordSetKey(recordSet);
    if (action === 'DELETE') {
      const rest = zone.filter((set) => recordSetKey(set) !== key || !isSameRecordSet(set, recordSet));
      if (rest.length !== zone.length - 1) throw new TypeError(`not in the zone: ${key}`);
      zone = rest;
    } else {
      if (zone.some((set) => recordSetKey(set) === key)) throw new TypeError('already there');
      zone = [...zone, recordSet];
    }
  }
  return zone;
}
