import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConfirmationReads } from '../../src/model/confirmation.ts';
import { entryKey } from '../../src/model/entry.ts';
import { NO_UNKNOWN_HOSTS } from '../../src/model/inventory.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import { planChanges } from '../../src/plan/change/plan-changes.ts';
import { type ExplainedVerdict, type ExplainFacts, explainEntries } from '../../src/plan/explain.ts';
import { guard, type RuleEvaluation } from '../../src/plan/guard/guard.ts';
import type { GuardFacts, GuardrailLimits } from '../../src/plan/guard/guardrail.ts';
import type { Judged } from '../../src/plan/judge/judge-entries.ts';
import type { Match, Matched } from '../../src/plan/match/match-kinds.ts';
import { containerOf, reachableOf } from '../../src/plan/match/match-kinds.ts';
import { hostOf, matchedBy } from '../../src/plan/match/matched-by.ts';
import type { SrvRecord } from '../../src/plan/match/srv-record.ts';
import { BLUE } from '../clusters.ts';
import { addressSet, multiValueSet } from './addresses.ts';
import {
  agentSet,
  at,
  CALC,
  container,
  dockerId,
  endpoint,
  FAILING,
  FOREIGN,
  facts,
  GONE,
  HEALTHY,
  host,
  hostName,
  hostSet,
  INSTANCE_GONE,
  inventory,
  judged,
  leadsTo,
  several,
  simpleSet,
  vacant,
  YOUNG,
} from './support.ts';
import { factsOf, worldArbitrary } from './worlds.ts';

const NOTHING_SEEN: ConfirmationReads = {
  containers: [],
  endpoints: [],
  machines: new Map([['arn:instance/1', { agentConnected: true, tasks: 0, listed: 0 }]]),
  instances: new Set(),
  named: {
    ...NO_UNKNOWN_HOSTS,
    instances: new Map([[hostName(1), [{ instanceId: 'i-1', vpcId: undefined }]]]),
  },
  tasks: new Map(),
  addresses: new Map(),
  unasked: new Map(),
  incomplete: [],
};

function matchedAs(set: RecordSet, match: Match): Matched {
  return { match, entry: judged(GONE, set, match).judgement.entry };
}

function withGrace(known: GuardFacts): ExplainFacts {
  const { groups } = planChanges(known);
  return { ...known, groups, graceOf: () => 60_000, now: 100_000 };
}

function explain(entry: Judged, others: readonly Judged[] = [], limits: Partial<GuardrailLimits> = {}) {
  const known = withGrace(facts([entry, ...others], limits));
  return at(explainEntries([entry], known), 0);
}

function answers({ results }: ExplainedVerdict): readonly string[] {
  return results.map(({ guardrail, answer, detail }) => `${guardrail} ${answer}: ${detail}`);
}

describe('the guardrails of an entry, each with its answer', () => {
  it('stale: passes all', () => {
    const { outcome, ...explanation } = explain(judged(GONE, agentSet()), several(10, HEALTHY));
    expect(answers(explanation as ExplainedVerdict)).toEqual([
      'inventory-incomplete passes: everything was read: 1 cluster',
      'host-not-covered passes: its host is one of a cluster that was read',
      'empty-inventory passes: 1 container runs in 1 cluster',
      'removal-budget passes: 1 of 11 managed entries (9 %), of which none is too many',
      'not-confirmed passes: the confirmation comes after the plan',
    ]);
    expect(outcome).toMatchObject({ kind: 'removed', group: { changes: [{ action: 'DELETE' }] } });
  });

  it('stale: the first that holds decides, and the others say what they would', () => {
    const far = {
      kind: 'host-unknown',
      hostName: 'db.example',
      containerId: undefined,
      address: undefined,
    } as const;
    const explanation = explain(judged(GONE, agentSet(), far), several(12, GONE), {
      removalBudgetPercent: 50,
    });
    expect(answers(explanation)).toEqual([
      'inventory-incomplete passes: everything was read: 1 cluster',
      'host-not-covered holds: db.example does not tell its address, nor does the zone: an A set of the host would',
      'empty-inventory passes: 1 container runs in 1 cluster',
      'removal-budget holds: 13 of 13 managed entries (100 %), at least 50 %',
      'not-confirmed passes: the confirmation comes after the plan',
    ]);
    expect(explanation.outcome).toEqual({
      kind: 'held-back',
      guardrail: 'host-not-covered',
      detail: 'db.example does not tell its address, nor does the zone: an A set of the host would',
    });
  });

  it('unhealthy: its grace period is told, too', () => {
    const failing = judged(FAILING, agentSet(), leadsTo());
    const explanation = explain(failing, several(3, HEALTHY), { panicPercent: 50, minEndpoints: 3 });
    expect(answers(explanation)).toEqual([
      'grace-period passes: its container started 1m40s ago; the grace period is 1m',
      'inventory-incomplete passes: everything was read: 1 cluster',
      'network-self-test passes: no part of the network is in doubt',
      'panic-threshold passes: 1 of 4 checked entries of _calc._tcp.discovery.internal fail (25 %), not more than 50 %; 1 of 4 checked entries of the run fail (25 %), not more than 50 %',
      'min-endpoints passes: _calc._tcp.discovery.internal would be left with 3 entries, not fewer than 3',
      'removal-budget passes: 1 of 4 managed entries (25 %), of which none is too many',
      'not-confirmed passes: the confirmation comes after the plan',
    ]);
    expect(explanation.outcome.kind).toBe('removed');
  });

  it('unhealthy, of a container of which nobody says when it started', () => {
    const failing = judged(FAILING, agentSet(), leadsTo({ startedAt: undefined }));
    expect(answers(explain(failing, several(3, HEALTHY)))[0]).toBe(
      'grace-period passes: when its container started is unknown; the grace period is 1m',
    );
  });

  it('unhealthy, of no known container: nothing is said of a grace period', () => {
    const [first] = answers(explain(judged(FAILING, agentSet()), several(3, HEALTHY)));
    expect(first).toMatch(/^inventory-incomplete/);
  });

  it('held by min-endpoints: asked as if it had come as far, after those before it', () => {
    const entries = several(3, FAILING, CALC, leadsTo());
    const known = withGrace(facts(entries, { minEndpoints: 1, panicPercent: 50 }));
    const results = explainEntries(entries, known).map(({ results: all }) =>
      all.filter(({ guardrail }) => guardrail === 'min-endpoints').map(({ detail }) => detail),
    );
    expect(results).toEqual([
      ['_calc._tcp.discovery.internal would be left with 2 entries, not fewer than 1'],
      // Those before it are held by the panic threshold, and so take nothing away.
      ['_calc._tcp.discovery.internal would be left with 2 entries, not fewer than 1'],
      ['_calc._tcp.discovery.internal would be left with 2 entries, not fewer than 1'],
    ]);
  });

  it('the A entry of a gone host: whether something points at it', () => {
    const a = judged(INSTANCE_GONE, hostSet(1));
    expect(answers(explain(a)).at(-1)).toBe(
      'still-referenced passes: no SRV entry that stays points at its name',
    );
    expect(answers(explain(a, [judged(HEALTHY, agentSet())])).at(-1)).toBe(
      'still-referenced holds: _calc._tcp.discovery.internal still points at its name',
    );
  });

  it('a judgement that came too early: the one that stands for it', () => {
    const young = judged(YOUNG, agentSet(), leadsTo(), { ageSeconds: 3, graceSeconds: 60 });
    const explanation = explain(young);
    expect(answers(explanation)).toEqual([
      'grace-period holds: its container started 3s ago; the grace period is 1m',
    ]);
    expect(explanation.outcome).toMatchObject({ kind: 'held-back', guardrail: 'grace-period' });
  });

  it.each([
    ['live', judged(HEALTHY, agentSet())],
    ['foreign', judged(FOREIGN, agentSet())],
  ])('%s: none, and it is left', (_, entry) => {
    expect(explain(entry)).toMatchObject({ results: [], outcome: { kind: 'left' } });
  });
});

describe('the confirmation', () => {
  const stale = judged(GONE, agentSet());
  const known = facts([stale], {}, { inventory: inventory([], { hosts: [host(1)] }) });
  const approved = new Set([entryKey(stale.judgement.entry)]);

  it.each<[string, ReadonlySet<string>, ConfirmationReads, string, string]>([
    [
      'sees the same',
      approved,
      NOTHING_SEEN,
      'removed',
      'not-confirmed passes: the confirmation has seen nothing that speaks against the removal',
    ],
    [
      'sees something else',
      approved,
      { ...NOTHING_SEEN, machines: new Map() },
      'held-back',
      'not-confirmed holds: ECS no longer has i-1 registered',
    ],
    [
      'is about another plan',
      new Set(),
      NOTHING_SEEN,
      'held-back',
      'not-confirmed holds: the entry was not to be removed when the plan was made',
    ],
  ])('%s', (_, keys, look, outcome, answer) => {
    const explanation = at(
      explainEntries([stale], withGrace({ ...known, confirmation: { approved: keys, look } })),
      0,
    );
    expect([explanation.outcome.kind, answers(explanation).at(-1)]).toEqual([outcome, answer]);
  });

  it('has nothing to say of what is unhealthy', () => {
    const failing = judged(FAILING, agentSet(), leadsTo());
    const confirmation = { approved: new Set([entryKey(failing.judgement.entry)]), look: NOTHING_SEEN };
    const [explanation] = explainEntries([failing], withGrace(facts([failing], {}, { confirmation })));
    expect(explanation && answers(explanation).at(-1)).toBe(
      'not-confirmed passes: the endpoint was asked in this very run, which needs no confirmation',
    );
  });
});

it('one value of several: the change puts the others back', () => {
  const set = simpleSet(['1 1 80 a', '1 1 81 b']);
  const goes = judged(GONE, set);
  const stays = { ...judged(HEALTHY, set) };
  const other: Judged = {
    ...stays,
    judgement: { ...stays.judgement, entry: { ...stays.judgement.entry, value: '1 1 81 b' } },
  };
  const [first, second] = explainEntries([goes, other], withGrace(facts([goes, other])));
  expect(first?.outcome).toMatchObject({
    kind: 'removed',
    group: {
      removed: ['1 1 80 a'],
      changes: [
        { action: 'DELETE', recordSet: set },
        { action: 'CREATE', recordSet: { ResourceRecords: [{ Value: '1 1 81 b' }] } },
      ],
    },
  });
  expect(second?.outcome).toEqual({ kind: 'left' });
});

it('says of every entry of every world what guarding decides', () => {
  fc.assert(
    fc.property(worldArbitrary, (world) => {
      const known = factsOf(world);
      const plan = planChanges(known);
      const held = new Map(plan.heldBack.map(({ judgement, ...rest }) => [judgement, rest]));
      const removing = new Set<Judged>(plan.removing);
      for (const { judged: one, outcome } of explainEntries(known.judged, withGrace(known))) {
        const { judgement } = one;
        const guardrail = held.get(judgement as never);
        if (guardrail !== undefined) expect(outcome).toEqual({ kind: 'held-back', ...guardrail });
        else expect(outcome.kind).toBe(removing.has(one) ? 'removed' : 'left');
      }
    }),
    { numRuns: 200 },
  );
});

it('sees every rule at work, in the order in which they are asked', () => {
  const evaluations: RuleEvaluation[] = [];
  guard(facts([judged(GONE, agentSet()), judged(FAILING, agentSet({ owner: 2 }))]), (one) =>
    evaluations.push(one),
  );
  expect(
    evaluations.map(({ round, rule, candidates }) => `${round} ${rule.name} ${candidates.length}`),
  ).toEqual([
    'stale inventory-incomplete 1',
    'stale host-not-covered 1',
    'stale empty-inventory 1',
    'stale inventory-shrunk 1',
    'stale min-endpoints 1',
    'stale removal-budget 1',
    'unhealthy inventory-incomplete 1',
    'unhealthy network-self-test 1',
    'unhealthy panic-threshold 1',
    'unhealthy min-endpoints 1',
    'unhealthy removal-budget 1',
    'confirmation not-confirmed 2',
    'references still-referenced 2',
  ]);
});

const GONE_TASK: Match = {
  kind: 'task-gone',
  task: { cluster: BLUE, taskId: '1' },
};

describe('what an entry was matched with', () => {
  const one = container(1);
  const reach = { endpoint: endpoint(one), address: '10.0.0.1' };
  const srvRecord = (containerId: string | undefined): SrvRecord => ({
    service: CALC,
    port: 1,
    target: 'x',
    isOfZone: false,
    aliases: [],
    containerId,
    hostName: undefined,
    task: undefined,
  });
  const lead: Match = { kind: 'endpoint', isSuccessor: false, ...reach };
  const location = { cluster: BLUE, state: 'unreachable', instanceId: 'i-1' } as const;
  const quiet: Match = { kind: 'host-gone', location, clusters: [BLUE], lastKnownEndpoint: reach };

  it.each<[string, Match, SrvRecord | undefined, string, unknown, unknown]>([
    ['by the whole id', lead, srvRecord(dockerId(1)), 'container-id', one, one.host],
    ['by the short id', lead, srvRecord(dockerId(1).slice(0, 12)), 'container-id', one, one.host],
    ['by position, with another id', lead, srvRecord(dockerId(2)), 'position', one, one.host],
    ['by position, without an id', lead, srvRecord(undefined), 'position', one, one.host],
    [
      'a container without an id',
      { kind: 'starting', container: container(1, { id: undefined, host: undefined }) },
      srvRecord(dockerId(2)),
      'position',
      container(1, { id: undefined, host: undefined }),
      undefined,
    ],
    ['as heir', { ...lead, isSuccessor: true }, srvRecord(dockerId(2)), 'successor', one, one.host],
    [
      'replaced',
      { kind: 'replaced', by: 'same-service', clusters: [], ...reach },
      srvRecord(dockerId(2)),
      'position',
      one,
      one.host,
    ],
    ['with a lastKnownEndpoint', quiet, srvRecord(dockerId(1)), 'container-id', one, one.host],
    ['a host', vacant(), undefined, 'host', undefined, one.host],
    ['a host of another cluster', vacant('green'), undefined, 'host', undefined, undefined],
    ['nothing', { kind: 'malformed' }, undefined, 'nothing', undefined, undefined],
    ['a task that is gone', GONE_TASK, undefined, 'task', undefined, undefined],
  ])('%s', (_, match, claimed, by, its, where) => {
    expect(matchedBy(matchedAs(agentSet(), match), claimed)).toBe(by);
    expect(containerOf(match)).toEqual(its);
    expect(hostOf(match, inventory([endpoint(one)]))).toEqual(where);
  });

  it.each<[string, RecordSet, Match, string]>([
    ['the task it names', addressSet(1), lead, 'task'],
    ['its address', multiValueSet(['10.0.0.1']), { kind: 'addressed', container: one }, 'address'],
    ['nothing', multiValueSet(['10.0.0.1']), { kind: 'address-unassigned', address: '10.0.0.1' }, 'nothing'],
  ])('an address by %s', (_, set, match, by) => {
    expect(matchedBy(matchedAs(set, match), undefined)).toBe(by);
  });

  it.each<[Match, unknown]>([
    [lead, lead],
    [quiet, reach],
    [{ kind: 'host-gone', location, clusters: [] }, undefined],
    [vacant(), undefined],
  ])('reachable: %j', (match, expected) => {
    expect(reachableOf(match)).toEqual(expected);
  });
});
