import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/model/inventory.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { carriedOut, created, decideSync, type SyncCase } from '../desired/support.ts';
import {
  agentSet,
  aliasSet,
  CALC,
  container,
  endpoint,
  host,
  hostName,
  hostSet,
  simpleSet,
  ZONE,
} from '../support.ts';

const ON = host(1);
const ONE = endpoint(container(1, { host: ON }));
const TWO: Endpoint = endpoint(container(2, { host: ON }), { port: 32_802 });
const SECOND = agentSet({ owner: 2, port: 32_802 });
const CORRECT = { correct: true };

function value(text: string): Partial<RecordSet> {
  return { ResourceRecords: [{ Value: text }] };
}

describe('what was changed by hand', () => {
  const changed = [hostSet(1), agentSet({}, { Weight: 7 }), { ...SECOND, Weight: 7 }];

  it('is left alone', () => {
    expect(decideSync({ endpoints: [ONE, TWO], zone: changed }).plan.groups).toEqual([]);
  });

  it.each<[string, SyncCase, readonly RecordSet[]]>([
    ['a weight', { endpoints: [ONE], zone: [hostSet(1), agentSet({}, { Weight: 7 })] }, [agentSet()]],
    [
      'a weight that its service asks for',
      { endpoints: [{ ...ONE, overrides: { weight: 9 } }], zone: [hostSet(1), agentSet({}, { Weight: 7 })] },
      [agentSet({}, { Weight: 9, ...value(`1 9 32801 ${hostName(1)}`) })],
    ],
    [
      'a priority, with the target as it is spelled',
      {
        endpoints: [ONE],
        zone: [hostSet(1), agentSet({}, value(`3 1 32801 ${hostName(1).toUpperCase()}.`))],
      },
      [agentSet({}, value(`1 1 32801 ${hostName(1).toUpperCase()}.`))],
    ],
    [
      'the TTL, with all sets of the name',
      {
        endpoints: [ONE, TWO],
        zone: [hostSet(1), agentSet({}, { TTL: 60 }), { ...SECOND, TTL: 60 }],
      },
      [agentSet(), SECOND],
    ],
    [
      'the lowest TTL that is asked for',
      {
        endpoints: [
          { ...ONE, overrides: { ttl: 30 } },
          { ...TWO, overrides: { ttl: 20 } },
        ],
        zone: [hostSet(1), agentSet(), SECOND],
      },
      [agentSet({}, { TTL: 20 }), { ...SECOND, TTL: 20 }],
    ],
    ['nothing that is right', { endpoints: [ONE], zone: [hostSet(1), agentSet()] }, []],
    [
      'nothing of a foreign set',
      { endpoints: [ONE], zone: [hostSet(1), agentSet({}, { SetIdentifier: 'mine', Weight: 7, TTL: 5 })] },
      [],
    ],
    [
      'no TTL beside a foreign set, but a weight',
      {
        endpoints: [ONE],
        zone: [
          hostSet(1),
          agentSet({}, { TTL: 60, Weight: 3 }),
          agentSet({ port: 1 }, { SetIdentifier: 'mine', TTL: 60 }),
        ],
      },
      [agentSet({}, { TTL: 60 })],
    ],
    [
      'the TTL next to an alias, which has none',
      { endpoints: [ONE], zone: [hostSet(1), aliasSet('SRV'), agentSet({}, { TTL: 60 })] },
      [agentSet()],
    ],
    [
      'no weight where there is none',
      {
        endpoints: [ONE],
        zone: [hostSet(1), { ...simpleSet([`1 1 32801 ${hostName(1)}`]), TTL: 0 }],
        manage: { kind: 'zone' },
      },
      [],
    ],
    [
      'nothing of a value that cannot be read',
      { endpoints: [ONE], zone: [hostSet(1), agentSet(), agentSet({ owner: 5 }, value('?'))] },
      [],
    ],
  ])('is put right where that is asked for: %s', (_, given, expected) => {
    const decision = decideSync({ ...given, options: CORRECT });
    expect(created(decision)).toEqual(expected);
    if (expected.length === 0) expect(decision.plan.groups).toEqual([]);
    else expect(decision.plan.groups[0]?.reasons).toEqual(['corrected']);
    const zone = carriedOut(given.zone ?? [], decision.plan.groups);
    expect(decideSync({ ...given, zone, options: CORRECT }).plan.groups).toEqual([]);
  });

  it('changes a TTL in one group, and a weight in one for each set', () => {
    const groupsOf = (zone: readonly RecordSet[]) =>
      decideSync({ endpoints: [ONE, TWO], zone, options: CORRECT }).plan.groups.map(
        ({ changes }) => changes.length,
      );
    expect(groupsOf(changed)).toEqual([2, 2]);
    expect(groupsOf(changed.map((set) => (set.Type === 'A' ? set : { ...set, TTL: 9 })))).toEqual([4]);
  });

  it('waits until nothing else of the name changes', () => {
    const zone = [hostSet(1), agentSet({}, { Weight: 7 })];
    const { plan } = decideSync({ endpoints: [ONE, TWO], zone, options: CORRECT });
    expect(plan.groups.map(({ key, reasons }) => [key, reasons])).toEqual([
      [`${CALC}.${ZONE} SRV ${SECOND.SetIdentifier}`, ['missing']],
    ]);
    const next = carriedOut(zone, plan.groups);
    expect(created(decideSync({ endpoints: [ONE, TWO], zone: next, options: CORRECT }))).toEqual([
      agentSet(),
    ]);
  });
});
