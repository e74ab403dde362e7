import { describe, expect, it } from 'vitest';
import { UNVERIFIED_COUNTS } from '../../../src/plan/guard/endpoint-count.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import type { GuardrailLimits } from '../../../src/plan/guard/guardrail.ts';
import type { Judged } from '../../../src/plan/judge/judge-entries.ts';
import type { HostLocation } from '../../../src/plan/match/endpoint-index.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { BLUE, GREEN } from '../../clusters.ts';
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
  hostName,
  hostSet,
  INSTANCE_GONE,
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

it('counts the clients of each place by themselves', () => {
  const at = (owner: number, ContinentCode: string) =>
    agentSet({ owner }, { Weight: undefined, GeoLocation: { ContinentCode } });
  const entries = [judged(FAILING, at(1, 'EU'), leadsTo()), judged(HEALTHY, at(2, 'NA'), leadsTo())];
  expect(outcome(entries, { minEndpoints: 1 })).toEqual([0, 0, held(0, 1, `${NAME} for EU`)]);
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

it('does not count stale entries that are held back: nothing is known to run where they lead', () => {
  const elsewhere = several(1, GONE, CALC, {
    kind: 'host-unknown',
    hostName: 'db.example',
    address: undefined,
    containerId: undefined,
  });
  expect(outcome([...elsewhere, ...several(1, FAILING)], { minEndpoints: 1 })).toEqual([
    0,
    0,
    'host-not-covered: db.example does not tell its address, nor does the zone: an A set of the host would',
    held(0, 1),
  ]);
});

describe('entries that help no client', () => {
  const weighing = (assessment: Parameters<typeof judged>[0], Weight: number, owner: number) =>
    judged(assessment, agentSet({ owner, port: owner }, { Weight }), leadsTo());

  it.each<[string, Judged[], unknown[]]>([
    [
      'a set of weight 0 next to one that has a weight',
      [weighing(FAILING, 1, 1), weighing(HEALTHY, 0, 2)],
      [0, 0, held(0, 1)],
    ],
    ['which may itself go', [weighing(HEALTHY, 1, 1), weighing(FAILING, 0, 2)], [0, 1]],
    ['but counts where all weights are 0', [weighing(FAILING, 0, 1), weighing(HEALTHY, 0, 2)], [0, 1]],
    [
      'a set of weight 0 next to a foreign one that has a weight',
      [weighing(FAILING, 0, 1), weighing(HEALTHY, 0, 2), weighing(FOREIGN, 1, 3)],
      [0, 0, held(0, 1)],
    ],
    [
      'a set of weight 0 of another type',
      [weighing(FAILING, 1, 1), judged(HEALTHY, agentSet({ owner: 2 }, { Type: 'A', Weight: 0 }), leadsTo())],
      [0, 0, held(0, 1)],
    ],
  ])('%s', (_, entries, expected) => {
    expect(outcome(entries, { minEndpoints: 1 })).toEqual(expected);
  });

  it.each(Object.entries(UNVERIFIED_COUNTS))('%s: as its reason says', (reason, { counts }) => {
    const other = { verdict: 'unverified', reason } as Parameters<typeof judged>[0];
    const entries = [...several(1, FAILING, CALC, leadsTo()), ...several(1, other, CALC, leadsTo())];
    const { removals } = guard(facts(entries, { minEndpoints: 1 }));
    expect(removals).toHaveLength(counts ? 1 : 0);
  });
});

describe('what would go as stale, and could not be asked', () => {
  const unasked = (reason: 'checker-error' | 'deadline', match: Match) =>
    judged({ verdict: 'unverified', reason }, agentSet({ owner: 9, port: 9 }), match);
  const failing = several(1, FAILING, CALC, leadsTo());

  it.each(['checker-error', 'deadline'] as const)('is nothing to leave a name with: %s', (reason) => {
    const entries = [...failing, unasked(reason, vacant())];
    expect(outcome(entries, { minEndpoints: 1 })).toContain(held(0, 1));
  });

  it.each(['checker-error', 'deadline'] as const)(
    'counts where its container is known to run: %s',
    (reason) => {
      const entries = [...failing, unasked(reason, leadsTo())];
      expect(outcome(entries, { minEndpoints: 1 })).not.toContain(held(0, 1));
    },
  );
});

describe('what is drained', () => {
  const drained = (owner: number, Weight = 1) =>
    judged(
      { verdict: 'draining', reason: 'draining' },
      agentSet({ owner, port: owner }, { Weight }),
      leadsTo(),
    );
  const live = (Weight: number) => judged(HEALTHY, agentSet({ owner: 9, port: 9 }, { Weight }), leadsTo());
  const removed = (entries: readonly Judged[], minEndpoints: number) =>
    guard(facts(entries, { minEndpoints })).removals.map(({ judgement }) => judgement.entry.recordSet.Weight);

  it.each<[string, Judged[], number[]]>([
    ['stays where nothing of its name is live', [drained(1), drained(2)], []],
    ['goes where something is', [drained(1), drained(2), live(1)], [1, 1]],
    ['stays where all that is live has a weight of 0 next to it', [drained(1), drained(2), live(0)], []],
    ['nor goes one of weight 0 for it', [drained(1), drained(2, 0), live(0)], []],
    ['goes where all weights are 0', [drained(1, 0), drained(2, 0), live(0)], [0, 0]],
  ])('%s', (_, entries, expected) => {
    expect([removed(entries, 1), removed(entries, 0)]).toEqual([expected, expected]);
  });
});

describe('stale entries', () => {
  const at = vacant();
  const asked = (answer?: string) => (answer === undefined ? {} : { asked: '10.0.0.1:80', answer });
  const stale = (owner: number, answer?: string, match: Match = at, over: object = {}) =>
    judged(GONE, agentSet({ owner, port: owner }, over), match, asked(answer));
  const going = (entries: readonly Judged[], limits: Partial<GuardrailLimits> = {}, isProbing = true) => {
    const { removals, heldBack } = guard(facts(entries, { minEndpoints: 1, ...limits }, { isProbing }));
    return [removals.length, ...heldBack.map(({ guardrail, detail }) => `${guardrail}: ${detail}`)];
  };
  const last = `${held(0, 1)}, and what it leads to could not be asked`;
  const gone = (state: 'gone' | 'unreachable'): Match => ({
    kind: 'host-gone',
    location: { cluster: BLUE, state, instanceId: 'i-1' },
    clusters: [BLUE],
  });
  const unknown: Match = {
    kind: 'host-unknown',
    hostName: hostName(9),
    address: undefined,
    containerId: undefined,
  };

  it.each<[string, Judged[], unknown[]]>([
    ['empty a name where all are silent', [stale(1, 'timeout'), stale(2, 'connection-refused')], [2]],
    ['leave the last that could not be asked', [stale(1), stale(2)], [1, last]],
    ['leave it where the rest is silent', [stale(1, 'timeout'), stale(2)], [1, last]],
    ['leave it where its address may not be probed', [stale(1, 'address-not-allowed')], [0, last]],
    ['leave it where the worker has no way there', [stale(1, 'checker-error')], [0, last]],
    ['leave it where only what fails is left', [stale(1), ...several(1, FAILING)], [0, last, held(0, 1)]],
    [
      'leave it where only what helps no client is left',
      [stale(1), judged({ verdict: 'unverified', reason: 'target-unresolved' }, agentSet({ owner: 2 }))],
      [0, last],
    ],
    ['go where something is live', [stale(1), ...several(1, HEALTHY)], [1]],
    [
      'go where something still answers',
      [stale(1), judged({ verdict: 'unverified', reason: 'still-answers' }, agentSet({ owner: 2 }))],
      [1],
    ],
    ['go where EC2 has seen the host end', [stale(1, undefined, gone('gone'))], [1]],
    ['stay on a host that is only out of reach', [stale(1, undefined, gone('unreachable'))], [0, last]],
    ['stay on a host that has no address', [stale(1, undefined, unknown)], [0, last]],
    [
      'go where ECS knows that the task has ended',
      [stale(1, undefined, { kind: 'task-gone', task: { cluster: BLUE, taskId: '1' } })],
      [1],
    ],
    [
      'go where their weight is 0 next to others',
      [stale(1, undefined, at, { Weight: 0 }), stale(2, 'timeout')],
      [2],
    ],
    ['go where they are of a host itself', [judged(INSTANCE_GONE, hostSet(1), at)], [1]],
  ])('%s', (_, entries, expected) => {
    expect(going(entries)).toEqual(expected);
  });

  describe('over UDP, where nothing can be asked,', () => {
    const over = (owner: number, match: Match) =>
      judged(GONE, agentSet({ service: '_dns._udp', owner, port: owner }), match);
    const on = (location: Partial<HostLocation>): Match => ({
      kind: 'no-task-on-host',
      location: { cluster: BLUE, state: 'present', instanceId: 'i-1', ...location },
      clusters: [BLUE],
    });
    const here = on({});

    it('leave the last on a machine that is there', () => {
      const [count, detail] = going([over(1, here), over(2, here)]);
      expect([count, detail]).toEqual([1, last.replace(CALC, '_dns._udp')]);
    });

    it.each<[string, Match]>([
      ['where the machine is not known to be there', on({ state: 'unknown' })],
      ["at a task's own interface", on({ instanceId: undefined })],
      ['where the machine is out of reach', gone('unreachable')],
      ['where no cluster has the host', unknown],
    ])('go %s', (_, match) => {
      expect(going([over(1, match)])).toEqual([1]);
    });
  });

  it('go where checks are turned off, or the minimum is', () => {
    expect(going([stale(1)], {}, false)).toEqual([1]);
    expect(going([stale(1)], { minEndpoints: 0 })).toEqual([1]);
  });

  it('leave one where the minimum is higher', () => {
    expect(going([stale(1), stale(2)], { minEndpoints: 3 })).toEqual([1, last]);
  });
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
