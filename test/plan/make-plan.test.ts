import { expect, it } from 'vitest';
import { entryKey } from '../../src/model/entry.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { NO_GRACE, NO_UNKNOWN_HOSTS } from '../../src/model/inventory.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { explainPlan, selectionOf } from '../../src/plan/explain.ts';
import { narrowedTo, type Observation, questionsOf } from '../../src/plan/observation.ts';
import { isRemovable, makePlan, queriesFor } from '../../src/plan/plan.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { multiValueSet, running, task } from './addresses.ts';
import { NOTHING_SEEN } from './confirmations.ts';
import { CONVENTION, HTTP, NO_LIMITS, ZONE } from './support.ts';

/** As a user of the library may write it: plain data, and no function among it. */
const POLICY: Policy = {
  manage: CONVENTION,
  health: {
    ...HTTP,
    enabled: false,
    gracePeriodMs: 0,
    trustEcs: false,
    services: [],
    unhealthyThreshold: 1,
    healthyThreshold: 1,
  },
  sync: {
    ttl: 0,
    routing: 'weighted',
    ipv6: false,
    addresses: 'private',
    correct: false,
    services: [],
    cname: false,
  },
  limits: NO_LIMITS,
};

function observationOf(recordSets: readonly RecordSet[], inventory: Inventory): Observation {
  const reading = { zone: { id: 'Z1', name: `${ZONE}.` }, recordSets, inventory, services: undefined };
  return {
    ...reading,
    startedAt: 0,
    readAt: 1,
    now: 2,
    unknownHosts: NO_UNKNOWN_HOSTS,
    probeResults: { outcomes: new Map(), grace: NO_GRACE, history: new Map() },
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
});

it('a policy that the observation was not made for is matched when it is asked', () => {
  const other = { ...POLICY };
  const { groups, judgements } = makePlan(CROWD, POLICY);
  expect(makePlan(CROWD, other)).toMatchObject({ groups, judgements });
  expect(narrowedTo(CROWD, other)).toEqual(CROWD);
});
