import { describe, expect, it, test } from 'vitest';
import type { ClusterServices } from '../../../src/model/balanced-service.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { CnameInput } from '../../../src/plan/desired/desired-cnames.ts';
import { clusterNamed } from '../../clusters.ts';
import {
  ALB,
  changesOf,
  groupsOf,
  identifier,
  NLB,
  outline,
  ownSet,
  plainSet,
  planOf,
  service,
  services,
} from '../cname-worlds.ts';
import { ZONE } from '../support.ts';

const BLUE = services('blue', [service('web')]);
const GREEN = services('green', [service('web', { balancers: [NLB] })]);
const UNKNOWN = { balancers: [], unresolved: ['there is no target group tg'] };

/** What an unknown service leaves behind. */
const EMPTY_BLUE = services('blue', []);

interface Case {
  readonly name: string;
  readonly clusters?: readonly ClusterServices[];
  readonly sets?: readonly RecordSet[];
  readonly over?: Partial<CnameInput>;
  readonly outcome: readonly string[];
  readonly changes?: readonly string[];
}

const CORRECT = { correct: true };
const CREATED = `CREATE blue 1/60 ${ALB}`;

const ALONE: readonly Case[] = [
  { name: 'no record: created', outcome: ['blue/web create'], changes: [CREATED] },
  { name: 'its own: present', sets: [ownSet()], outcome: ['blue/web present'] },
  {
    name: 'its own with dot and capitals: present',
    sets: [ownSet({ to: `${ALB.toUpperCase()}.` })],
    outcome: ['blue/web present'],
  },
  {
    name: 'its own to the dualstack name: present',
    sets: [ownSet({ to: `dualstack.${ALB}` })],
    outcome: ['blue/web present'],
  },
  {
    name: 'its own to another balancer: replaced',
    sets: [ownSet({ to: NLB })],
    outcome: ['blue/web replace'],
    changes: [`DELETE blue 1/60 ${NLB}, ${CREATED}`],
  },
  {
    name: 'its own to another balancer, with a TTL and weight of somebody: both stay',
    sets: [ownSet({ to: NLB, TTL: 5, Weight: 9 })],
    outcome: ['blue/web replace'],
    changes: [`DELETE blue 9/5 ${NLB}, CREATE blue 9/5 ${ALB}`],
  },
  {
    name: 'the same, to be put right: neither stays',
    sets: [ownSet({ to: NLB, TTL: 5, Weight: 9 })],
    over: CORRECT,
    outcome: ['blue/web replace'],
    changes: [`DELETE blue 9/5 ${NLB}, ${CREATED}`],
  },
  {
    name: 'its own with a TTL of somebody: present',
    sets: [ownSet({ TTL: 5 })],
    outcome: ['blue/web present'],
  },
  {
    name: 'its own with a TTL of somebody, to be put right: written anew',
    sets: [ownSet({ TTL: 5, to: `${ALB}.` })],
    over: CORRECT,
    outcome: ['blue/web replace'],
    changes: [`DELETE blue 1/5 ${ALB}., CREATE blue 1/60 ${ALB}.`],
  },
  {
    name: 'its own with a weight of somebody, to be put right: written anew',
    sets: [ownSet({ Weight: 0 })],
    over: CORRECT,
    outcome: ['blue/web replace'],
    changes: [`DELETE blue 0/60 ${ALB}, ${CREATED}`],
  },
  {
    name: 'its own as it is made, with all to be put right: present',
    sets: [ownSet()],
    over: CORRECT,
    outcome: ['blue/web present'],
  },
  {
    name: 'a plain one to its balancer: adopted without a change',
    sets: [plainSet(`${ALB}.`, { TTL: 300 })],
    outcome: ['blue/web present'],
  },
  {
    name: 'the same, to be put right: rewritten at once',
    sets: [plainSet(`dualstack.${ALB}.`, { TTL: 300 })],
    over: CORRECT,
    outcome: ['blue/web replace'],
    changes: [`DELETE plain -/300 dualstack.${ALB}., CREATE blue 1/60 dualstack.${ALB}.`],
  },
  {
    name: 'a plain one to somewhere else: taken',
    sets: [plainSet(NLB)],
    over: CORRECT,
    outcome: ['blue/web withheld name-taken'],
  },
  {
    name: 'a plain one to somewhere else, its own balancer unknown: it may be that one',
    clusters: [services('blue', [service('web', UNKNOWN)])],
    sets: [plainSet(NLB)],
    outcome: ['blue/web withheld balancer-unknown'],
  },
  {
    name: 'a weighted one of somebody: taken',
    sets: [ownSet({ SetIdentifier: 'canary' })],
    outcome: ['blue/web withheld name-taken'],
  },
  {
    name: 'its own beside one of somebody: present',
    sets: [ownSet(), ownSet({ SetIdentifier: 'canary', to: NLB })],
    outcome: ['blue/web present'],
  },
  {
    name: 'records of another type: taken',
    sets: [plainSet('', { Type: 'A', ResourceRecords: [{ Value: '10.0.0.1' }] })],
    outcome: ['blue/web withheld name-taken'],
  },
  {
    name: 'an alias: taken',
    sets: [plainSet('', { ResourceRecords: undefined, AliasTarget: { DNSName: ALB } })],
    outcome: ['blue/web withheld name-taken'],
  },
  {
    name: 'one of a traffic policy: taken',
    sets: [plainSet(ALB, { TrafficPolicyInstanceId: 't-1' })],
    outcome: ['blue/web withheld name-taken'],
  },
  {
    name: 'records of another type are to come: taken',
    over: { reserved: new Set([`web.${ZONE}`]) },
    outcome: ['blue/web withheld name-taken'],
  },
  {
    name: 'a record of another name: created',
    sets: [plainSet(NLB, { Name: `api.${ZONE}.` })],
    outcome: ['blue/web create'],
    changes: [CREATED],
  },
  {
    name: 'several balancers: none is chosen',
    clusters: [services('blue', [service('web', { balancers: [ALB, NLB] })])],
    outcome: ['blue/web withheld several-balancers'],
  },
  {
    name: 'several balancers, and its own to one: present',
    clusters: [services('blue', [service('web', { balancers: [ALB, NLB] })])],
    sets: [ownSet({ to: NLB })],
    outcome: ['blue/web present'],
  },
  {
    name: 'several balancers, and a plain one to one: adopted',
    clusters: [services('blue', [service('web', { balancers: [ALB, NLB] })])],
    sets: [plainSet(NLB)],
    outcome: ['blue/web present'],
  },
  {
    name: 'several balancers, and its own to none of them: it stays',
    clusters: [services('blue', [service('web', { balancers: [ALB, NLB] })])],
    sets: [ownSet({ to: 'gone.elb.amazonaws.com' })],
    outcome: ['blue/web withheld several-balancers'],
  },
  {
    name: 'an unknown balancer: nothing is made',
    clusters: [services('blue', [service('web', UNKNOWN)])],
    outcome: ['blue/web withheld balancer-unknown'],
  },
  {
    name: 'a known balancer and an unknown one: nothing is made',
    clusters: [services('blue', [service('web', { ...UNKNOWN, balancers: [ALB] })])],
    outcome: ['blue/web withheld balancer-unknown'],
  },
  {
    name: 'a known balancer and an unknown one, and its own to the known one: present',
    clusters: [services('blue', [service('web', { ...UNKNOWN, balancers: [ALB] })])],
    sets: [ownSet()],
    outcome: ['blue/web present'],
  },
  {
    name: 'an unknown balancer, and its own: it stays',
    clusters: [services('blue', [service('web', UNKNOWN)])],
    sets: [ownSet()],
    outcome: ['blue/web withheld balancer-unknown'],
  },
  {
    name: 'a service that is being deleted: nothing is made, and nothing goes',
    clusters: [services('blue', [service('web', { state: 'draining' })])],
    sets: [ownSet()],
    outcome: [],
  },
  {
    name: 'a service without a balancer: nothing is made',
    clusters: [services('blue', [service('web', { balancers: [] })])],
    outcome: [],
  },
  { name: 'a service that the setting does not mean', over: { cname: ['api-*'] }, outcome: [] },
  {
    name: 'a service that the setting does not mean, with a record: it stays as it is',
    sets: [ownSet({ to: NLB })],
    over: { cname: ['api-*'] },
    outcome: [],
  },
  {
    name: 'a cluster whose ARN nobody knows: nothing is made',
    clusters: [
      services('blue', [service('web')], { cluster: { ...clusterNamed('blue'), account: undefined } }),
    ],
    outcome: [],
  },
];

const AMBIGUOUS: readonly Case[] = [
  {
    name: 'no record: none gets it',
    clusters: [BLUE, GREEN],
    outcome: ['blue/web withheld service-ambiguous', 'green/web withheld service-ambiguous'],
  },
  {
    name: 'the record of one of them: it stays',
    clusters: [BLUE, GREEN],
    sets: [ownSet({ to: NLB }, 'green')],
    outcome: ['blue/web withheld service-ambiguous', 'green/web present'],
  },
  {
    name: 'a plain one to the balancer of one of them: it stays',
    clusters: [BLUE, GREEN],
    sets: [plainSet(ALB)],
    outcome: ['blue/web present', 'green/web withheld service-ambiguous'],
  },
  {
    name: 'a plain one to somewhere else: none gets it',
    clusters: [BLUE, GREEN],
    sets: [plainSet('www.example.')],
    outcome: ['blue/web withheld service-ambiguous', 'green/web withheld service-ambiguous'],
  },
  {
    name: 'a plain one to the balancer of both: it stays, whatever is to be put right',
    clusters: [BLUE, services('green', [service('web')])],
    sets: [plainSet(ALB)],
    over: CORRECT,
    outcome: ['blue/web present', 'green/web present'],
  },
  {
    name: 'records of both: both stay',
    clusters: [BLUE, GREEN],
    sets: [ownSet(), ownSet({ to: NLB }, 'green')],
    outcome: ['blue/web present', 'green/web present'],
  },
  {
    name: 'two of one cluster that differ in case, and no record: none gets it',
    clusters: [services('blue', [service('Web'), service('web', { balancers: [NLB] })])],
    outcome: ['blue/Web withheld service-ambiguous', 'blue/web withheld service-ambiguous'],
  },
  {
    name: 'two of one cluster that differ in case: that one has the record to whose balancer it leads',
    clusters: [services('blue', [service('Web'), service('web', { balancers: [NLB] })])],
    sets: [ownSet({ to: NLB })],
    outcome: ['blue/Web withheld service-ambiguous', 'blue/web present'],
  },
  {
    name: 'the record of another cluster that could not be read: it has the name',
    sets: [ownSet({}, 'grey')],
    outcome: ['blue/web withheld service-ambiguous', 'grey/web stays cluster-not-read'],
  },
  {
    name: 'the record of a service that the setting does not mean: it has the name',
    clusters: [services('blue', [service('Web-1')]), services('green', [service('web-1')])],
    sets: [ownSet({ Name: `web-1.${ZONE}.` }, 'green')],
    over: { cname: ['web-1'] },
    outcome: ['blue/Web-1 withheld service-ambiguous', 'green/web-1 present'],
  },
  {
    name: 'the record of a service that is being deleted: it has the name still',
    clusters: [services('blue', [service('web', { state: 'draining' })]), GREEN],
    sets: [ownSet()],
    outcome: ['green/web withheld service-ambiguous'],
  },
];

const STALE: readonly Case[] = [
  {
    name: 'nobody wants the name: it goes',
    clusters: [EMPTY_BLUE],
    sets: [ownSet()],
    outcome: ['blue/web goes service-gone'],
    changes: [`DELETE blue 1/60 ${ALB}`],
  },
  {
    name: 'a service of another cluster wants the name: handed over at once',
    clusters: [EMPTY_BLUE, GREEN],
    sets: [ownSet()],
    outcome: ['green/web create', 'blue/web goes service-gone'],
    changes: [`DELETE blue 1/60 ${ALB}, CREATE green 1/60 ${NLB}`],
  },
  {
    name: 'that of another cluster has the name as well: the stale one goes',
    clusters: [EMPTY_BLUE, GREEN],
    sets: [ownSet(), ownSet({ to: NLB }, 'green')],
    outcome: ['green/web present', 'blue/web goes service-gone'],
    changes: [`DELETE blue 1/60 ${ALB}`],
  },
  {
    name: 'two stale ones, and a third cluster wants the name: both go in the end',
    clusters: [EMPTY_BLUE, services('grey', []), GREEN],
    sets: [ownSet(), ownSet({}, 'grey')],
    outcome: ['green/web create', 'blue/web goes service-gone', 'grey/web goes service-gone'],
    changes: [`DELETE blue 1/60 ${ALB}, CREATE green 1/60 ${NLB}`, `DELETE grey 1/60 ${ALB}`],
  },
  {
    name: 'several others want the name: it stays, so that it is not empty',
    clusters: [EMPTY_BLUE, GREEN, services('grey', [service('web')])],
    sets: [ownSet()],
    outcome: [
      'green/web withheld service-ambiguous',
      'grey/web withheld service-ambiguous',
      'blue/web stays name-wanted',
    ],
  },
  {
    name: 'another wants the name, but its balancer is unknown: it stays',
    clusters: [EMPTY_BLUE, services('green', [service('web', UNKNOWN)])],
    sets: [ownSet()],
    outcome: ['green/web withheld balancer-unknown', 'blue/web stays name-wanted'],
  },
  {
    name: 'a setting that means nobody: it goes all the same',
    clusters: [EMPTY_BLUE],
    sets: [ownSet()],
    over: { cname: ['api'] },
    outcome: ['blue/web goes service-gone'],
    changes: [`DELETE blue 1/60 ${ALB}`],
  },
  {
    name: 'CNAMEs of others: never',
    clusters: [EMPTY_BLUE],
    sets: [plainSet(ALB), ownSet({ SetIdentifier: 'canary' }), ownSet({ Name: `a.b.${ZONE}.` })],
    outcome: [],
  },
];

describe.each([
  ['one service', ALONE],
  ['several services of one name', AMBIGUOUS],
  ['services that are gone', STALE],
])('%s', (_, cases) => {
  test.each(cases)('$name', ({ clusters = [BLUE], sets = [], over, outcome, changes = [] }) => {
    const plan = planOf(clusters, sets, over);
    expect(outline(plan)).toEqual(outcome);
    expect(changesOf(plan)).toEqual(changes);
    expect(plan.withheld).toEqual(plan.planned.filter(({ kind }) => kind === 'withheld'));
  });
});

describe('a change', () => {
  it('that creates is told by what it creates, field by field', () => {
    const groups = groupsOf(planOf([BLUE], []));
    const recordSet = {
      Name: `web.${ZONE}.`,
      Type: 'CNAME',
      SetIdentifier: identifier('blue'),
      Weight: 1,
      TTL: 60,
      ResourceRecords: [{ Value: ALB }],
    };
    const key = `web.${ZONE} CNAME ${identifier('blue')}`;
    expect(groups).toEqual([
      { key, changes: [{ action: 'CREATE', recordSet }], removed: [], reasons: ['missing'], after: [] },
    ]);
  });

  test.each<[string, readonly ClusterServices[], readonly RecordSet[], boolean, object]>([
    ['removal', [EMPTY_BLUE], [ownSet()], false, { removed: [ALB], reasons: ['service-gone'] }],
    [
      'handover',
      [EMPTY_BLUE, GREEN],
      [ownSet()],
      false,
      { removed: [ALB], reasons: ['missing', 'service-gone'] },
    ],
    ['new target', [BLUE], [ownSet({ to: NLB })], false, { removed: [NLB], reasons: ['balancer-replaced'] }],
    ['adoption', [BLUE], [plainSet(ALB)], true, { removed: [], reasons: ['adopted'] }],
    ['correction', [BLUE], [ownSet({ TTL: 5 })], true, { removed: [], reasons: ['corrected'] }],
  ])('that deletes is told by the exact set that was read: %s', (_, clusters, sets, correct, expected) => {
    const [group, ...others] = groupsOf(planOf(clusters, sets, { correct }));
    expect(others).toEqual([]);
    expect(group).toMatchObject({ ...expected, after: [] });
    expect(group?.changes[0]).toEqual({ action: 'DELETE', recordSet: sets[0] });
    expect(group?.key).toBe(`web.${ZONE} CNAME ${sets[0]?.SetIdentifier ?? ''}`);
  });

  it('leaves a health check that somebody added where only the target changes', () => {
    const groups = groupsOf(planOf([BLUE], [ownSet({ to: NLB, HealthCheckId: 'h-1' })], CORRECT));
    expect(groups[0]?.changes[1]?.recordSet).toEqual({ ...ownSet(), HealthCheckId: 'h-1' });
  });
});

describe('names', () => {
  const long = 'a'.repeat(64);
  const zoneName = ['z'.repeat(63), 'z'.repeat(63), 'z'.repeat(63), 'z'.repeat(30)].join('.');
  test.each<[string, string | undefined, string, Partial<CnameInput>]>([
    ['Web-1', undefined, '', {}],
    ['a', undefined, '', {}],
    [long.slice(1), undefined, '', {}],
    ['web_api', 'not-dns-name', 'web_api is no DNS label', {}],
    ['-web', 'not-dns-name', '-web is no DNS label', {}],
    ['web-', 'not-dns-name', 'web- is no DNS label', {}],
    [long, 'not-dns-name', `${long} is no DNS label`, {}],
    ['b'.repeat(30), undefined, '', { zoneName }],
    ['b'.repeat(31), 'not-dns-name', 'longer than the 253 characters', { zoneName }],
  ])('of service %s: %s', (name, reason, detail, over) => {
    const { planned } = planOf([services('blue', [service(name)])], [], over);
    expect(planned).toHaveLength(1);
    expect(planned[0]).toMatchObject(
      reason === undefined
        ? { kind: 'create' }
        : { kind: 'withheld', reason, detail: expect.stringContaining(detail) },
    );
  });
});

describe('what is said of a service that gets none', () => {
  test.each<[string, readonly ClusterServices[], readonly RecordSet[], Partial<CnameInput>, string]>([
    [
      'a plain CNAME',
      [BLUE],
      [plainSet(`${NLB}.`)],
      {},
      `web.${ZONE} is a CNAME to ${NLB}, and not to ${ALB}`,
    ],
    [
      'records of several others',
      [BLUE],
      [ownSet({ SetIdentifier: 'b' }), plainSet('x', { Type: 'TXT' }), plainSet('y', { Type: 'TXT' })],
      {},
      `web.${ZONE} has records that this worker did not make: CNAME b, TXT`,
    ],
    [
      'records to come',
      [BLUE],
      [],
      { reserved: new Set([`web.${ZONE}`]) },
      `web.${ZONE} gets records of another type, and a CNAME stands alone`,
    ],
    [
      'two services',
      [BLUE, GREEN],
      [],
      {},
      'web of cluster blue and web of cluster green want this name, and none of them has it',
    ],
    [
      'another service',
      [BLUE, GREEN],
      [ownSet({ to: NLB }, 'green')],
      {},
      'web of cluster green has this name already',
    ],
    [
      'another cluster',
      [BLUE],
      [ownSet({}, 'grey')],
      {},
      'the CNAME of cluster eu-west-1/111122223333/grey has this name, and its service is not known to be gone',
    ],
    [
      'two balancers',
      [services('blue', [service('web', { balancers: [ALB, NLB] })])],
      [],
      {},
      `it is behind ${ALB} and ${NLB}: a CNAME to one of them, made by hand, is taken over`,
    ],
    [
      'no balancer',
      [services('blue', [service('web', { balancers: [], unresolved: ['a', 'b'] })])],
      [],
      {},
      'a; b',
    ],
  ])('because of %s', (_, clusters, sets, over, detail) => {
    expect(planOf(clusters, sets, over).withheld.map((one) => one.detail)).toContain(detail);
  });
});

test('many services come out in the order of their names and clusters, whatever order they came in', () => {
  const green = services('green', [service('b'), service('a_'), service('c')]);
  const blue = services('blue', [service('c'), service('z_'), service('d')]);
  const sets = [ownSet({ Name: `e.${ZONE}.` }), ownSet({ Name: `a.${ZONE}.` })];
  const forwards = planOf([green, blue], sets);
  expect(outline(forwards)).toEqual([
    'green/a_ withheld not-dns-name',
    'green/b create',
    'blue/c withheld service-ambiguous',
    'green/c withheld service-ambiguous',
    'blue/d create',
    'blue/z_ withheld not-dns-name',
    'blue/a goes service-gone',
    'blue/e goes service-gone',
  ]);
  expect(planOf([blue, green], sets.toReversed())).toEqual(forwards);
  expect(groupsOf(forwards).map(({ key }) => key.split('.')[0])).toEqual(['a', 'b', 'd', 'e']);
});
