import { describe, expect, it } from 'vitest';
import { fitsRequest } from '../../../src/model/batches.ts';
import { takenSets } from '../../../src/model/change.ts';
import type { Endpoint } from '../../../src/model/inventory.ts';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { carriedOut, created, decideSync, withheld } from '../desired/support.ts';
import { agentSet, CALC, container, dockerId, endpoint, host, hostName, hostSet, ZONE } from '../support.ts';

/** Ports of as many containers of one host, under one name. */
function endpoints(count: number, from = 0): readonly Endpoint[] {
  const of = host(1);
  return Array.from({ length: count }, (_, i) => {
    const n = from + i + 1;
    return endpoint(container(n, { host: of }), { port: 20_000 + n, containerPort: 8080 });
  });
}

/** What a run leaves of a zone; its groups have to be such as Route 53 takes. */
function run(zone: readonly RecordSet[], running: readonly Endpoint[]): readonly RecordSet[] {
  const { plan } = decideSync({ zone, endpoints: running });
  expect(plan.groups.every(fitsRequest)).toBe(true);
  return carriedOut(zone, plan.groups);
}

function srvSets(zone: readonly RecordSet[]): readonly RecordSet[] {
  return zone.filter(({ Type }) => Type === 'SRV');
}

const HUNDRED = run([], endpoints(100));
const GATHERED = run(HUNDRED, endpoints(101));

it('gives each of a hundred a set of its own', () => {
  expect(srvSets(HUNDRED)).toHaveLength(100);
  expect(decideSync({ zone: HUNDRED, endpoints: endpoints(100) }).plan.groups).toEqual([]);
});

describe('the hundred and first', () => {
  it('makes one set of all values, in one group', () => {
    const { plan } = decideSync({ zone: HUNDRED, endpoints: endpoints(101) });
    expect(plan.groups).toHaveLength(1);
    expect(plan.groups[0]).toMatchObject({
      key: `${CALC}.${ZONE} SRV ecs-dns:many`,
      reasons: ['merged', 'missing'],
      removed: [],
      after: [],
    });
    expect(plan.registrations).toHaveLength(1);
    const [many, ...others] = srvSets(GATHERED);
    expect(others).toEqual([]);
    expect(many).toMatchObject({ SetIdentifier: 'ecs-dns:many', Weight: 101, TTL: 0 });
    expect(new Set(valuesOf(many ?? agentSet())).size).toBe(101);
  });

  it('leaves nothing to do for the next run', () => {
    const { plan } = decideSync({ zone: GATHERED, endpoints: endpoints(101) });
    expect([plan.groups, plan.withheld]).toEqual([[], []]);
    expect(plan.judgements.map(({ verdict }) => verdict)).not.toContain('foreign');
  });

  it('is nothing that a journal would have to undo', () => {
    const { plan } = decideSync({ zone: HUNDRED, endpoints: endpoints(101) });
    expect(plan.groups.flatMap(takenSets)).toEqual([]);
  });

  it('comes after the host that it needs', () => {
    const fresh = endpoint(container(500, { host: host(2) }), { port: 1 });
    const { plan } = decideSync({ zone: HUNDRED, endpoints: [...endpoints(100), fresh] });
    expect(plan.groups.map(({ changes, after }) => [changes.length, after])).toEqual([
      [1, []],
      [101, [`ip-10-0-0-2.${ZONE} A ${hostName(2)}`]],
    ]);
  });

  it('takes what goes along', () => {
    const { plan } = decideSync({ zone: HUNDRED, endpoints: endpoints(101, 2) });
    expect(plan.groups).toHaveLength(1);
    expect(plan.groups[0]?.removed).toEqual([srv(1), srv(2)]);
    expect(plan.groups.flatMap(takenSets).map(({ recordSet }) => valuesOf(recordSet))).toEqual([
      [srv(1)],
      [srv(2)],
    ]);
    const after = carriedOut(HUNDRED, plan.groups);
    expect(valuesOf(srvSets(after)[0] ?? agentSet())).toHaveLength(101);
  });
});

function srv(n: number): string {
  return `1 1 ${20_000 + n} ${hostName(1)}`;
}

describe('what Route 53 does not answer with, or not always, stays as it is', () => {
  const changed = (over: Partial<RecordSet>, count: number) => {
    const chosen = new Set(srvSets(HUNDRED).slice(0, count));
    return HUNDRED.map((set) => (chosen.has(set) ? { ...set, ...over } : set));
  };

  it.each<[string, Partial<RecordSet>]>([
    ['a set of weight 0', { Weight: 0 }],
    ['one with a health check', { HealthCheckId: 'abc' }],
  ])('%s', (_, over) => {
    const zone = changed(over, 2);
    const after = run(zone, endpoints(101));
    const [many, ...others] = srvSets(after).toSorted((a, b) => valuesOf(b).length - valuesOf(a).length);
    expect(valuesOf(many ?? agentSet())).toHaveLength(99);
    expect(others).toHaveLength(2);
    expect(others).toEqual(srvSets(zone).slice(0, 2));
    expect(decideSync({ zone: after, endpoints: endpoints(101) }).plan.groups).toEqual([]);
    const [gone] = others;
    const fewer = endpoints(101).filter(
      ({ port }) => !valuesOf(gone ?? agentSet())[0]?.includes(` ${port} `),
    );
    expect(srvSets(run(after, [...fewer, ...endpoints(2, 101)]))).not.toContainEqual(gone);
  });

  it('but for sets that are all of weight 0', () => {
    expect(srvSets(run(changed({ Weight: 0 }, 100), endpoints(101)))).toHaveLength(1);
  });

  it('and leaves no room for one of all others where there are a hundred of them', () => {
    const { plan } = decideSync({ zone: changed({ HealthCheckId: 'abc' }, 100), endpoints: endpoints(101) });
    expect(plan.groups).toEqual([]);
    expect(plan.withheld).toMatchObject([{ reason: 'set-limit' }]);
  });
});

describe('a merged set', () => {
  it('gets more values, and loses those that are gone', () => {
    const zone = run(GATHERED, endpoints(103, 2));
    const [many] = srvSets(zone);
    expect(srvSets(zone)).toHaveLength(1);
    expect(new Set(valuesOf(many ?? agentSet()))).toEqual(
      new Set(Array.from({ length: 103 }, (_, i) => srv(i + 3))),
    );
    expect(many?.Weight).toBe(103);
  });

  it('loses a value alone', () => {
    const zone = run(run(GATHERED, endpoints(103)), endpoints(102));
    expect(valuesOf(srvSets(zone)[0] ?? agentSet())).toHaveLength(102);
  });

  it('is split again once there is room, in one group', () => {
    const decision = decideSync({ zone: GATHERED, endpoints: endpoints(100) });
    expect(decision.plan.groups).toHaveLength(1);
    expect(decision.plan.groups[0]).toMatchObject({ removed: [srv(101)] });
    expect(decision.plan.groups[0]?.reasons).toContain('split');
    const zone = carriedOut(GATHERED, decision.plan.groups);
    const bySet = (sets: readonly RecordSet[]) => new Set(srvSets(sets).map((set) => JSON.stringify(set)));
    expect(bySet(zone)).toEqual(bySet(HUNDRED));
    expect(decideSync({ zone, endpoints: endpoints(100) }).plan.groups).toEqual([]);
  });

  it('is not split while nobody knows whose one of its values is', () => {
    const [many, ...others] = [...srvSets(GATHERED), ...GATHERED.filter(({ Type }) => Type === 'A')];
    if (many === undefined) throw new TypeError('no merged set');
    const strange = {
      ...many,
      ResourceRecords: [{ Value: '1 1 99999999 nobody' }, ...(many.ResourceRecords ?? [])],
    };
    const { plan } = decideSync({ zone: [strange, ...others], endpoints: endpoints(50) });
    const after = srvSets(carriedOut([strange, ...others], plan.groups));
    expect(after).toHaveLength(1);
    expect(valuesOf(after[0] ?? many)).toHaveLength(51);
  });

  it('stands beside what agents write', () => {
    const zone = [...GATHERED, agentSet({ owner: 300, port: 20_300 })];
    const running = [...endpoints(101), ...endpoints(1, 299)];
    expect(decideSync({ zone, endpoints: running }).plan.groups).toEqual([]);
    const more = run(zone, [...running, ...endpoints(1, 400)]);
    const sizes = srvSets(more).map(({ ResourceRecords = [] }) => ResourceRecords.length);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([1, 102]);
  });

  it('leaves to themselves what agents write beside it, also when they go', () => {
    const gone = agentSet({ owner: 300, port: 20_300 });
    const zone = run([...GATHERED, gone], endpoints(102));
    expect(srvSets(zone).map(({ ResourceRecords = [] }) => ResourceRecords.length)).toEqual([102]);
  });

  it('is split together with what comes and goes beside it', () => {
    const gone = agentSet({ owner: 300, port: 20_300 });
    const running = [...endpoints(60), ...endpoints(1, 400)];
    const zone = run([...GATHERED, gone], running);
    expect(srvSets(zone)).toHaveLength(61);
    expect(decideSync({ zone, endpoints: running }).plan.groups).toEqual([]);
  });

  it('is not split where a value could get no identifier of its own', () => {
    const theirs = [
      agentSet({ port: 1 }),
      agentSet({ port: 2 }, { SetIdentifier: `ecs-dns:${hostName(1)}:${dockerId(1)}/20001` }),
    ];
    const zone = [...GATHERED, ...theirs.map((set) => ({ ...set, Weight: 0 }))];
    const { plan } = decideSync({ zone, endpoints: endpoints(101).slice(0, 50) });
    const after = srvSets(carriedOut(zone, plan.groups));
    expect(after.map(({ SetIdentifier }) => SetIdentifier)).toContain('ecs-dns:many');
  });

  it('is filled until Route 53 takes no more, and the rest is withheld', () => {
    const decision = decideSync({ zone: HUNDRED, endpoints: endpoints(900) });
    expect(decision.plan.groups.every(fitsRequest)).toBe(true);
    const most = Math.max(...created(decision).map((set) => valuesOf(set).length));
    expect(most).toBe(400);
    expect(withheld(decision).filter(([, reason]) => reason === 'set-limit')).toHaveLength(500);
    expect(decision.plan.registrations).toHaveLength(300);
    expect(withheld(decision)[0]?.[0]).toBe(srv(401));
  });

  it('is written at once where nothing is there', () => {
    const zone = run([], endpoints(150));
    expect(srvSets(zone)).toHaveLength(1);
    expect(zone).toContainEqual(hostSet(1));
  });

  it('leaves room for the sets of others', () => {
    const theirs = Array.from({ length: 99 }, (_, i) =>
      agentSet({ port: i + 1 }, { SetIdentifier: `their-${i}` }),
    );
    const zone = run(theirs, endpoints(2));
    expect(srvSets(zone)).toHaveLength(100);
    const full = [...theirs, agentSet({ port: 500 }, { SetIdentifier: 'their-100' })];
    const decision = decideSync({ zone: [hostSet(1), ...full], endpoints: endpoints(1) });
    expect([created(decision), withheld(decision).map(([, reason]) => reason)]).toEqual([[], ['set-limit']]);
  });
});

it('makes room by what goes, where that is enough', () => {
  const { plan } = decideSync({ zone: HUNDRED, endpoints: endpoints(100, 3) });
  expect(plan.groups).toHaveLength(1);
  expect(plan.groups[0]?.changes.map(({ action }) => action)).toEqual([
    ...Array.from({ length: 3 }, () => 'DELETE'),
    ...Array.from({ length: 3 }, () => 'CREATE'),
  ]);
  expect(srvSets(carriedOut(HUNDRED, plan.groups)).map(({ SetIdentifier }) => SetIdentifier)).toContain(
    `${hostName(1)}:${dockerId(103)}`,
  );
});
