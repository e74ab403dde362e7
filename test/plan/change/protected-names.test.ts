import { describe, expect, it } from 'vitest';
import { decide } from '../../../src/plan/change/decide.ts';
import { cnameFacts } from '../../../src/plan/desired/desired-cnames.ts';
import { isFailing } from '../../../src/plan/judge/health-records.ts';
import { judgeEntries } from '../../../src/plan/judge/judge-entries.ts';
import { ownSet, plainSet, service, services } from '../cname-worlds.ts';
import { created, decideSync, NOTHING_DESIRED, withheld } from '../desired/support.ts';
import {
  agentSet,
  at,
  CALC,
  CHECKED,
  CONVENTION,
  container,
  endpoint,
  inventory,
  matchSets,
  quietFacts,
  ZONE,
} from '../support.ts';

const PROTECTED = new Map([
  [`${CALC}.${ZONE} SRV`, 'keep'],
  [`web.${ZONE} CNAME`, ''],
]);
const own = endpoint(container(1));
const known = inventory([own]);

describe('an entry of a protected name', () => {
  it('that would go as stale stays, with what it would be', () => {
    const matched = matchSets([agentSet({ owner: 2, port: 9 })], known);
    const [stale, kept] = [undefined, PROTECTED].map((protections) =>
      at(judgeEntries(matched, { ...CHECKED, protections }), 0),
    );
    expect(stale?.judgement.verdict).toBe('stale');
    expect(kept?.judgement).toMatchObject({
      verdict: 'protected',
      reason: 'name-protected',
      evidence: { wouldBe: 'stale', protection: expect.stringContaining('keep') },
    });
  });

  it('that fails goes on counting as failing', () => {
    const outcome = { kind: 'unhealthy', reason: 'timeout', attempts: 1, durationMs: 1 } as const;
    const matched = matchSets([agentSet()], known);
    const answering = { ...CHECKED, protections: PROTECTED };
    const failing = new Proxy(new Map(), { get: (_, key) => (key === 'get' ? () => outcome : undefined) });
    const one = at(judgeEntries(matched, { ...answering, outcomes: failing }), 0);
    expect(one.judgement).toMatchObject({ verdict: 'protected', evidence: { wouldBe: 'unhealthy' } });
    expect(isFailing(one)).toBe(true);
  });
});

describe('a CNAME of a protected name', () => {
  const read = { clusters: [services('blue', [service('web'), service('shop')])], incomplete: [] };
  const facts = quietFacts(inventory([]));

  it('is withheld where it is missing, and others are created', () => {
    const cnames = cnameFacts({
      zoneName: ZONE,
      recordSets: [],
      services: read,
      inventory: facts.inventory,
      cname: true,
      correct: true,
    });
    const { plan } = decide([], { ...facts, desired: NOTHING_DESIRED, cnames, protections: PROTECTED });
    expect(plan.withheld.map(({ name, reason }) => [name, reason])).toEqual([
      [`web.${ZONE}.`, 'name-protected'],
    ]);
    expect(plan.groups.map(({ changes }) => changes[0]?.recordSet.Name)).toEqual([`shop.${ZONE}.`]);
  });

  it('stays as it is where it is there', () => {
    const recordSets = [ownSet(), plainSet('cdn.example.com')];
    const cnames = cnameFacts({
      zoneName: ZONE,
      recordSets: [ownSet()],
      services: read,
      inventory: facts.inventory,
      cname: true,
      correct: true,
    });
    const matched = matchSets(recordSets, facts.inventory, CONVENTION, cnames.statusOf);
    const { plan } = decide(matched, { ...facts, desired: NOTHING_DESIRED, cnames, protections: PROTECTED });
    expect(plan.withheld).toEqual([]);
  });
});

describe('what is missing under a protected name', () => {
  it('is withheld, and not what points at a name for which the VPC answers as well', () => {
    const both = { endpoints: [own] };
    expect(withheld(decideSync({ ...both, protections: PROTECTED }))).toMatchObject([
      [expect.any(String), 'name-protected'],
    ]);
    const address = new Map([[`ip-10-0-0-1.${ZONE} A`, 'keep']]);
    const decision = decideSync({ ...both, protections: address });
    expect(created(decision).map(({ Type }) => Type)).toEqual(['SRV']);
    expect(withheld(decision)).toEqual([]);
  });
});
