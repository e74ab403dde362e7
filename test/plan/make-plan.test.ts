import { expect, it } from 'vitest';
import { entryKey } from '../../src/model/entry.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { NO_GRACE } from '../../src/model/inventory.ts';
import { type ProbeOutcome, probeKey } from '../../src/model/probe.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { EMPTY_STATE } from '../../src/model/run-state.ts';
import { explainPlan, selectionOf } from '../../src/plan/explain.ts';
import { narrowedTo, type Observation, questionsOf } from '../../src/plan/observation.ts';
import { type Confirmation, isRemovable, makePlan, type Plan, queriesFor } from '../../src/plan/plan.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { addressSet, multiValueSet, portOf, running, task } from './addresses.ts';
import { NOTHING_SEEN } from './confirmations.ts';
import { ALL_SEEN, CONVENTION, HEALTH_POLICY, NO_LIMITS, SYNC_POLICY, ZONE } from './support.ts';

/** As a user of the library may write it: plain data, and no function among it. */
const POLICY: Policy = {
  manage: CONVENTION,
  health: { ...HEALTH_POLICY, enabled: false },
  sync: SYNC_POLICY,
  limits: NO_LIMITS,
};

function observationOf(recordSets: readonly RecordSet[], inventory: Inventory): Observation {
  const reading = { zone: { id: 'Z1', name: `${ZONE}.` }, recordSets, inventory, services: undefined };
  return {
    ...reading,
    startedAt: 0,
    readAt: 1,
    now: 2,
    unknownHosts: ALL_SEEN,
    state: EMPTY_STATE,
    probeResults: { outcomes: new Map(), answers: new Map(), grace: NO_GRACE },
    matchings: questionsOf(reading, [POLICY]).matchings,
  };
}

const TASKS = 105;
const ADDRESSES = Array.from({ length: TASKS }, (_, i) => `10.0.0.${i + 1}`);
/** All of them in one set, and the last task is gone. */
const CROWD = observationOf(
  [multiValueSet(ADDRESSES, { Weight: TASKS })],
  running(
    [],
    ADDRESSES.slice(0, -1).map((_, i) => task(i + 1)),
  ),
);

it('leaves a set of many values the weight of those that stay', () => {
  const { groups } = makePlan(CROWD, POLICY);
  expect(
    groups.flatMap(({ changes }) => changes.map(({ action, recordSet }) => [action, recordSet.Weight])),
  ).toEqual([
    ['DELETE', TASKS],
    ['CREATE', TASKS - 1],
  ]);
});

it('explains an entry by the change that the plan holds', () => {
  const first = makePlan(CROWD, POLICY);
  const isMeant = selectionOf('api', ZONE);
  const asked = first.judged.filter(isRemovable);
  const approved = new Set(asked.map(({ judgement }) => entryKey(judgement.entry)));
  const addresses = new Map(
    queriesFor(asked, first.inventory).tasksAndHosts.addresses.map((one) => [one, []]),
  );
  const confirmation = {
    plan: first,
    approved,
    asked: approved,
    look: { ...NOTHING_SEEN, addresses },
    services: undefined,
  };
  const plan = makePlan(CROWD, POLICY, confirmation);
  const explained = explainPlan(plan, CROWD, POLICY, confirmation, isMeant).filter(
    ({ outcome }) => outcome.kind === 'removed',
  );
  expect(plan.groups).toEqual(first.groups);
  expect(explained.map(({ outcome }) => outcome)).toEqual([{ kind: 'removed', group: plan.groups[0] }]);
  const without = explainPlan({ ...plan, groups: [] }, CROWD, POLICY, confirmation, isMeant);
  expect(new Set(without.map(({ outcome }) => outcome.kind))).toEqual(new Set(['left']));
});

it('a policy that the observation was not made for is matched when it is asked', () => {
  const other = { ...POLICY };
  const { groups, judgements } = makePlan(CROWD, POLICY);
  expect(makePlan(CROWD, other)).toMatchObject({ groups, judgements });
  expect(narrowedTo(CROWD, other)).toEqual(CROWD);
});

const CHECKED: Policy = { ...POLICY, health: { ...POLICY.health, enabled: true } };
/** A task of no service, of which ECS does not say when it started, and which was not probed. */
const LONE = observationOf([addressSet(1)], running([portOf(task(1, { startedAt: undefined }))]));

it('what was not asked for an endpoint is missing from the narrowed observation, too', () => {
  expect(makePlan(LONE, CHECKED).matching.probeTargets).toHaveLength(1);
  expect(narrowedTo(LONE, CHECKED).probeResults.outcomes).toEqual(new Map());
});

it('explains the check of a container whose age and service are unknown', () => {
  const plan = makePlan(LONE, CHECKED);
  const confirmation = {
    plan,
    approved: new Set<string>(),
    asked: new Set<string>(),
    look: NOTHING_SEEN,
    services: undefined,
  };
  const [one] = explainPlan(plan, LONE, CHECKED, confirmation, selectionOf('api', ZONE));
  expect(one?.checked).toMatchObject({ ageMs: undefined, failingRuns: 0, graceFrom: 'settings' });
});

const confirmationOf = (plan: Plan): Confirmation => ({
  plan,
  approved: new Set(),
  look: NOTHING_SEEN,
  services: undefined,
});

/** A task that has no record yet, and what its check has come to. */
function heard(outcome: ProbeOutcome): Observation {
  const missing = observationOf([], running([portOf(task(1))]));
  const [target] = makePlan(missing, CHECKED).matching.probeTargets;
  if (target === undefined) throw new TypeError('it is to be asked');
  const outcomes = new Map([[probeKey(target), outcome]]);
  return { ...missing, probeResults: { ...missing.probeResults, outcomes } };
}

const ATTEMPT = { attempts: 1, durationMs: 1 };
const FAILS = heard({ kind: 'unhealthy', reason: 'timeout', ...ATTEMPT });
const PASSES = heard({ kind: 'healthy', ...ATTEMPT });

it('registers nothing that the approved plan withholds, and says so', () => {
  const shown = makePlan(FAILS, CHECKED);

  const plan = makePlan(PASSES, CHECKED, confirmationOf(shown));

  expect(shown.withheld.map(({ reason }) => reason)).toEqual(['timeout']);
  expect([plan.groups, plan.registrations]).toEqual([[], []]);
  expect(plan.withheld.map(({ reason, detail }) => [reason, detail])).toEqual([
    ['not-approved', 'the plan withholds it: timeout'],
  ]);
});

it('registers what the approved plan does, and withholds what has failed since by its own reason', () => {
  const shown = makePlan(PASSES, CHECKED);

  expect(makePlan(PASSES, CHECKED, confirmationOf(shown)).groups).toEqual(shown.groups);
  const twice = { ...shown, withheld: makePlan(FAILS, CHECKED).withheld };
  expect(makePlan(PASSES, CHECKED, confirmationOf(twice)).groups).toEqual(shown.groups);
  const failing = makePlan(FAILS, CHECKED, confirmationOf(makePlan(FAILS, CHECKED)));
  expect(failing.withheld.map(({ reason, detail }) => [reason, detail])).toEqual([['timeout', undefined]]);
});
