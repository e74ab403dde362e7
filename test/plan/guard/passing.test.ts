import { expect, it } from 'vitest';
import type { IncompleteScope } from '../../../src/model/inventory.ts';
import { emptyInventory } from '../../../src/plan/guard/empty-inventory.ts';
import type { GuardFacts, Guardrail } from '../../../src/plan/guard/guardrail.ts';
import { hostNotCovered } from '../../../src/plan/guard/host-not-covered.ts';
import { inventoryIncomplete } from '../../../src/plan/guard/inventory-incomplete.ts';
import { lastThatMayAnswer, minEndpoints } from '../../../src/plan/guard/min-endpoints.ts';
import { networkPath } from '../../../src/plan/guard/network-path.ts';
import { panicThreshold } from '../../../src/plan/guard/panic-threshold.ts';
import { removalBudget, unhealthyBudget } from '../../../src/plan/guard/removal-budget.ts';
import { stillReferenced } from '../../../src/plan/guard/still-referenced.ts';
import type { Removable } from '../../../src/plan/judge/judge-entries.ts';
import { BLUE, GREEN } from '../../clusters.ts';
import {
  agentSet,
  CALC,
  container,
  endpoint,
  FAILING,
  facts,
  GONE,
  HEALTHY,
  hostName,
  inventory,
  judged,
  leadsTo,
  several,
  vacant,
} from '../support.ts';

const STALE = judged(GONE, agentSet()) as Removable;
const OF_NO_CLUSTER = judged(GONE, agentSet(), {
  kind: 'host-unknown',
  address: undefined,
  hostName: hostName(9),
  containerId: 'f'.repeat(64),
}) as Removable;
const BAD = judged(FAILING, agentSet(), leadsTo()) as Removable;
const NAMELESS: IncompleteScope = {
  scope: 'instance/i-1',
  operation: 'ec2:DescribeInstances',
  error: 'x',
  hides: 'host-names',
};
const UNREAD: IncompleteScope = {
  scope: 'cluster/green',
  operation: 'ecs:ListTasks',
  error: 'x',
  hides: 'endpoints',
};
const SUSPECT = {
  scope: 'run',
  reason: 'timeout',
  failing: 3,
  probed: 3,
  hosts: 3,
  detail: '3 of 3 probes time out',
} as const;

/** What a rule says to people of the first candidate, which it lets pass. */
function passing(rule: Guardrail, known: GuardFacts, first: Removable, others: readonly Removable[] = []) {
  const { objection, passing: why } = rule.evaluate([first, ...others], known, []);
  expect(objection(first)).toBeUndefined();
  return why(first);
}

const ten = several(9, GONE) as Removable[];

it.each<[string, Guardrail, GuardFacts, Removable, readonly Removable[], string | undefined]>([
  [
    'two clusters, all read',
    inventoryIncomplete,
    facts(
      [],
      {},
      {
        inventory: inventory([], {
          clusters: [BLUE, GREEN].map((one) => ({ ...one, complete: true })),
        }),
      },
    ),
    STALE,
    [],
    'everything was read: 2 clusters',
  ],
  [
    'another cluster was not read',
    inventoryIncomplete,
    facts([], {}, { inventory: inventory([], { incomplete: [UNREAD] }) }),
    STALE,
    [],
    'blue was read completely, whatever else was not',
  ],
  [
    'what was not read hides only names',
    inventoryIncomplete,
    facts([], {}, { inventory: inventory([], { incomplete: [NAMELESS] }) }),
    OF_NO_CLUSTER,
    [],
    'what could not be read cannot hide what the entry leads to: instance/i-1 ec2:DescribeInstances',
  ],
  [
    'a host that EC2 does not have',
    hostNotCovered,
    facts([]),
    OF_NO_CLUSTER,
    [],
    `EC2 has no ${hostName(9)}, and would know it in eu-west-1`,
  ],
  [
    'a host that is registered',
    hostNotCovered,
    facts([]),
    STALE,
    [],
    'its host is one of a cluster that was read',
  ],
  [
    'something runs, and something starts',
    emptyInventory,
    facts(
      [],
      { allowEmpty: false },
      {
        inventory: inventory([endpoint(container(1))], {
          containers: [
            container(1),
            container(2, { phase: 'starting' }),
            container(3, { phase: 'stopping' }),
          ],
        }),
      },
    ),
    STALE,
    [],
    '2 containers run in 1 cluster',
  ],
  [
    'nothing runs, and may',
    emptyInventory,
    facts([], {}, { inventory: inventory([]) }),
    STALE,
    [],
    'no task runs in 1 cluster, which is allowed',
  ],
  [
    'within the budget',
    removalBudget,
    facts([STALE, ...several(9, HEALTHY)], { removalBudgetPercent: 50 }),
    STALE,
    [],
    '1 of 10 managed entries (10 %), less than 50 %',
  ],
  [
    'too few for a budget',
    removalBudget,
    facts([STALE, ...several(3, HEALTHY)], { removalBudgetPercent: 10 }),
    STALE,
    [],
    '1 of 4 managed entries (25 %), at least 10 %; they go, because budgets count from 10 managed entries on',
  ],
  [
    'a budget that is lifted',
    unhealthyBudget,
    facts([STALE, ...ten], { unhealthyBudgetPercent: 50, force: true }),
    STALE,
    ten,
    '10 of 10 managed entries (100 %), at least 50 %, which is lifted',
  ],
  [
    'below the panic threshold',
    panicThreshold,
    facts([BAD, ...several(3, HEALTHY), ...several(6, HEALTHY, '_time._tcp')], { panicPercent: 50 }),
    BAD,
    [],
    '1 of 4 checked entries of _calc._tcp.discovery.internal fail (25 %), not more than 50 %; 1 of 10 checked entries of the run fail (10 %), less than 50 %',
  ],
  [
    'a panic of the run that is lifted',
    panicThreshold,
    facts([BAD], { panicPercent: 50, force: true }),
    BAD,
    [],
    '1 of 1 checked entries of the run fail (100 %), more than 50 %; which is lifted',
  ],
  [
    'a panic of the name that is lifted',
    panicThreshold,
    facts([BAD, ...several(6, HEALTHY, '_time._tcp')], { panicPercent: 50, force: true }),
    BAD,
    [],
    '1 of 1 checked entries of _calc._tcp.discovery.internal fail (100 %), more than 50 %; which is lifted',
  ],
  [
    'a suspect selfTest that is lifted',
    networkPath,
    facts([BAD], { force: true }, { networkSelfTests: [SUSPECT] }),
    BAD,
    [],
    '3 of 3 probes time out; which is lifted',
  ],
  [
    'a selfTest that suspects the way to somewhere else',
    networkPath,
    facts([BAD], {}, { networkSelfTests: [{ ...SUSPECT, scope: 'subnet subnet-b' }] }),
    BAD,
    [],
    'what is in doubt is the way to subnet subnet-b',
  ],
  [
    'a selfTest that suspects nothing',
    networkPath,
    facts([BAD]),
    BAD,
    [],
    'no part of the network is in doubt',
  ],
  [
    'enough left',
    minEndpoints,
    facts([BAD, ...several(2, HEALTHY, CALC, vacant())], { minEndpoints: 2 }),
    BAD,
    [],
    '_calc._tcp.discovery.internal would be left with 2 entries, not fewer than 2',
  ],
  [
    'a stale entry that could not be asked, and is not the last',
    lastThatMayAnswer,
    facts([STALE, ...several(2, HEALTHY)], { minEndpoints: 1 }, { isProbing: true }),
    STALE,
    [],
    '_calc._tcp.discovery.internal would be left with 2 entries, not fewer than 1',
  ],
  [
    'a stale entry where nothing is asked',
    lastThatMayAnswer,
    facts([STALE], { minEndpoints: 1 }),
    STALE,
    [],
    undefined,
  ],
  ['an SRV entry is not referred to', stillReferenced, facts([]), STALE, [], undefined],
])('%s', (_, rule, known, candidate, others, expected) => {
  expect(passing(rule, known, candidate, others)).toBe(expected);
});
