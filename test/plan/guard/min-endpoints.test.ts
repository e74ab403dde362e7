import { expect, it } from 'vitest';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { GuardrailLimits } from '../../../src/plan/guard/guardrail.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import { GREEN } from '../../clusters.ts';
import { addressSet, V6 } from '../addresses.ts';
import {
  agentSet,
  CALC,
  container,
  endpoint,
  FAILING,
  FOREIGN,
  facts,
  GONE,
  HEALTHY,
  inventory,
  judged,
  leadsTo,
  MALFORMED,
  STARTING,
  several,
  vacant,
  YOUNG,
  ZONE,
} from '../support.ts';

const NAME = `${CALC}.${ZONE}`;

function outcome(entries: readonly Judged[], limits: Partial<GuardrailLimits>) {
  const { removals, heldBack } = guard(facts(entries, limits));
  const gone = (verdict: string) => removals.filter(({ judgement }) => judgement.verdict === verdict).length;
  return [
    gone('stale'),
    gone('unhealthy'),
    ...heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`),
  ];
}

const held = (left: number, minimum: number, name = NAME) =>
  `min-endpoints: ${name} would be left with ${left === 1 ? '1 entry' : `${left} entries`}, fewer than ${minimum}`;

it('counts each type of a name by itself', () => {
  const api = `api.${ZONE}`;
  const failing = [judged(FAILING, addressSet(1), leadsTo()), judged(FAILING, addressSet(1, V6), leadsTo())];
  const others = [
    judged(HEALTHY, addressSet(2, { ...V6, ResourceRecords: [{ Value: 'fd00::2' }] }), leadsTo()),
    judged(HEALTHY, agentSet({ service: 'api' }), leadsTo()),
  ];
  expect(outcome([...failing, ...others], { minEndpoints: 1 })).toEqual([0, 1, held(0, 1, `${api} A`)]);
});

it.each<[string, Judged[], number, unknown[]]>([
  ['the last entry of a name', several(1, FAILING), 1, [0, 0, held(0, 1)]],
  ['the last but one', several(2, FAILING), 1, [0, 1, held(0, 1)]],
  ['as many as the minimum stay', [...several(2, FAILING), ...several(2, HEALTHY)], 2, [0, 2]],
  ['one less would stay', [...several(2, FAILING), ...several(1, HEALTHY)], 2, [0, 1, held(1, 2)]],
  ['fewer than the minimum to begin with', several(1, FAILING), 3, [0, 0, held(0, 3)]],
  ['a minimum of none', several(2, FAILING), 0, [0, 2]],
  ['unverified entries count as left', [...several(1, FAILING), ...several(1, STARTING)], 1, [0, 1]],
  ['foreign entries do not', [...several(1, FAILING), ...several(5, FOREIGN)], 1, [0, 0, held(0, 1)]],
  [
    'nor do entries whose value cannot be read',
    [...several(1, FAILING), ...several(5, MALFORMED)],
    1,
    [0, 0, held(0, 1)],
  ],
  ['stale removals count as gone', [...several(3, GONE), ...several(2, FAILING)], 1, [3, 1, held(0, 1)]],
  [
    'stale removals of another name do not',
    [...several(3, GONE, '_x._tcp'), ...several(2, FAILING)],
    1,
    [3, 1, held(0, 1)],
  ],
  [
    'every name on its own',
    [...several(1, FAILING), ...several(1, FAILING, '_x._tcp')],
    1,
    [0, 0, held(0, 1), held(0, 1, `_x._tcp.${ZONE}`)],
  ],
])('%s', (_, entries, minEndpoints, expected) => {
  expect(outcome(entries, { minEndpoints })).toEqual(expected);
});

it('counts stale entries that are held back as left', () => {
  const elsewhere = several(1, GONE, CALC, {
    kind: 'host-unknown',
    address: undefined,
    hostName: 'db.example',
    containerId: undefined,
  });
  expect(outcome([...elsewhere, ...several(1, FAILING)], { minEndpoints: 1 })).toEqual([
    0,
    1,
    'host-not-covered: db.example does not tell its address, nor does the zone',
  ]);
});

it('counts entries in their grace period as left', () => {
  const { removals } = guard(facts([...several(1, YOUNG), ...several(1, FAILING)], { minEndpoints: 1 }));
  expect(removals).toHaveLength(1);
});

it('counts failing entries that another guardrail holds as left', () => {
  const green = several(1, FAILING, CALC, leadsTo({ cluster: GREEN }));
  const unread = {
    scope: 'cluster/green',
    operation: 'ecs:ListTasks',
    error: 'x',
    hides: 'endpoints',
  } as const;
  const known = inventory([endpoint(container(1))], { incomplete: [unread] });
  const given = facts([...green, ...several(1, FAILING)], { minEndpoints: 1 }, { inventory: known });
  const { removals, heldBack } = guard(given);
  expect([removals.length, heldBack.map(({ guardrail }) => guardrail)]).toEqual([
    1,
    ['inventory-incomplete'],
  ]);
});

it('lets stale entries empty a name', () => {
  expect(outcome(several(2, GONE, CALC, vacant()), { minEndpoints: 1 })).toEqual([2, 0]);
});

it('never names fewer than no entries', () => {
  const [, , detail] = outcome([...several(2, GONE), ...several(1, FAILING)], { minEndpoints: 1 });
  expect(detail).toBe(held(0, 1));
});

it('is not lifted by force', () => {
  expect(outcome(several(1, FAILING), { minEndpoints: 1, force: true })).toEqual([0, 0, held(0, 1)]);
});
