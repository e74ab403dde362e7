import { describe, expect, it } from 'vitest';
import { entryKey } from '../../../src/model/entry.ts';
import type { Container, Inventory, UnknownHostLookup } from '../../../src/model/inventory.ts';
import type { ProbeOutcome } from '../../../src/model/probe.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { guard } from '../../../src/plan/guard/guard.ts';
import { candidateTargets } from '../../../src/plan/judge/candidates.ts';
import { outsideOf } from '../../../src/plan/judge/host-coverage.ts';
import { judgeEntries } from '../../../src/plan/judge/judge-entries.ts';
import { unknownHostsOf } from '../../../src/plan/judge/unknown-hosts-of.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import { matchedBy } from '../../../src/plan/match/matched-by.ts';
import { addressSet, portOf, running, task } from '../addresses.ts';
import { at, CHECKED, facts, firstMatch, host, judged, matchSets, vacant, ZONE } from '../support.ts';

/** What the label agent has written for the name api: the address 10.0.0.n. */
function label(n: number, over: Partial<RecordSet> = {}): RecordSet {
  return addressSet(n, { SetIdentifier: `api.${ZONE}.`, ...over });
}

const ONE = task(1);
const PORT = portOf(ONE);
const OTHER = task(2, { addressName: 'web' });

function onHost(n: number, over: Partial<Container> = {}): Container {
  return task(n, { host: host(n), networkInterface: undefined, ...over });
}

describe('an address of the label agent', () => {
  const bridge = onHost(3);
  const bridged = portOf(bridge, { address: '10.0.0.3', port: 32_768 });
  const silent = host(3, { state: 'unreachable' });
  const hosts = { hosts: [host(3)] };
  const unassigned = (address: string): Match => {
    return { kind: 'address-unassigned', address, isUncertain: true };
  };

  it.each<[string, RecordSet, Inventory, Match]>([
    [
      'a task of the name has it',
      label(1),
      running([PORT]),
      { kind: 'endpoint', isSuccessor: false, endpoint: PORT, address: '10.0.0.1' },
    ],
    [
      'a task of the name has it, without a port',
      label(1),
      running([], [ONE]),
      { kind: 'addressed', container: ONE },
    ],
    [
      'a task of another name has it',
      label(2),
      running([PORT], [OTHER]),
      { kind: 'address-reassigned', by: 'other-name', container: OTHER, address: '10.0.0.2' },
    ],
    ['no task has it, and one of the name runs', label(9), running([PORT]), unassigned('10.0.0.9')],
    ['no task has it, and none of the name runs', label(9), running([], [OTHER]), unassigned('10.0.0.9')],
    [
      'no task has it, and one of the name runs on a host',
      label(9),
      running([bridged], [], hosts),
      unassigned('10.0.0.9'),
    ],
    [
      'no task has it, in a network of which nothing is known',
      label(9, { ResourceRecords: [{ Value: '192.168.7.7' }] }),
      running([PORT]),
      { kind: 'address-out-of-scope', address: '192.168.7.7' },
    ],
    [
      'a task of the name runs on the host that has it',
      label(3),
      running([bridged], [], hosts),
      { kind: 'endpoint', isSuccessor: false, endpoint: bridged, address: '10.0.0.3' },
    ],
    [
      'a task of the name starts there',
      label(3),
      running(
        [],
        [onHost(3, { phase: 'stopping', name: 'b' }), { ...onHost(4, { phase: 'starting' }), host: host(3) }],
        hosts,
      ),
      { kind: 'starting', container: { ...onHost(4, { phase: 'starting' }), host: host(3) } },
    ],
    [
      'a task of the name is stopped there',
      label(3),
      running([], [onHost(3, { phase: 'stopping' })], hosts),
      { kind: 'stopping', container: onHost(3, { phase: 'stopping' }) },
    ],
    [
      'a host has it, and a task of the name runs on another',
      label(3),
      running([], [onHost(4)], { hosts: [host(3), host(4)] }),
      { kind: 'address-of-host', address: '10.0.0.3' },
    ],
    [
      'a host has it from which nothing is heard',
      label(3),
      running([], [ONE], { hosts: [silent] }),
      { kind: 'address-of-host', address: '10.0.0.3' },
    ],
    [
      'a host had it that EC2 has seen end',
      label(3),
      running([PORT], [], { hosts: [host(3, { state: 'gone' })] }),
      unassigned('10.0.0.3'),
    ],
    [
      'no address at all',
      label(1, { ResourceRecords: [{ Value: 'x' }] }),
      running([PORT]),
      { kind: 'malformed' },
    ],
  ])('%s', (_, set, known, expected) => {
    expect(firstMatch([set], known)).toEqual(expected);
  });

  it('is known by its address', () => {
    expect(matchedBy(at(matchSets([label(1)], running([PORT])), 0), undefined)).toBe('address');
  });

  it('of a host’s own name is that of the host', () => {
    const set = label(3, { Name: `ip-10-0-0-3.${ZONE}.`, SetIdentifier: `ip-10-0-0-3.${ZONE}.` });
    expect(firstMatch([set], running([PORT], [], hosts)).kind).toBe('host-present');
  });
});

describe('an address of the label agent that no task has', () => {
  const known = running([PORT]);
  const nowhere: UnknownHostLookup = {
    existing: new Set(),
    instances: new Map(),
    incomplete: [],
    coverage: {
      gap: undefined,
      outOfSight: [],
      unread: undefined,
      interfaces: new Map([['10.0.0.9', []]]),
      incomplete: [],
    },
  };

  function judge(unknownHosts: UnknownHostLookup, answer?: ProbeOutcome) {
    const matched = matchSets([label(9)], known);
    const key = entryKey(at(matched, 0).entry);
    const target = { address: '10.0.0.9', port: 8080, check: CHECKED.checkOf(PORT) };
    const answers = new Map(answer === undefined ? [] : [[key, { target, outcome: answer }] as const]);
    const outside = outsideOf(known, unknownHosts);
    return at(judgeEntries(matched, { ...CHECKED, unknownHosts, outside, answers }), 0);
  }

  it.each<[string, UnknownHostLookup, string]>([
    ['is stale where this role would see what has it', nowhere, 'stale: task-gone'],
    [
      'is stale where an earlier run has seen a host there',
      { ...nowhere, coverage: undefined, seen: new Set(['10.0.0.9']) },
      'stale: task-gone',
    ],
    [
      'stays where another account may have it',
      {
        ...nowhere,
        coverage: {
          gap: 'vpc-2 is of another account',
          outOfSight: [],
          unread: undefined,
          interfaces: new Map(),
          incomplete: [],
        },
      },
      'unverified: host-not-covered',
    ],
    [
      'stays where an interface has it',
      {
        ...nowhere,
        coverage: {
          gap: undefined,
          outOfSight: [],
          unread: undefined,
          interfaces: new Map([['10.0.0.9', ['eni-9']]]),
          incomplete: [],
        },
      },
      'unverified: host-not-covered',
    ],
    [
      'stays where a host of no cluster has it',
      { ...nowhere, existing: new Set(['10.0.0.9']) },
      'unverified: address-of-host',
    ],
  ])('%s', (_, unknownHosts, expected) => {
    const { verdict, reason } = judge(unknownHosts).judgement;
    expect(`${verdict}: ${reason}`).toBe(expected);
  });

  it('stays while it answers', () => {
    const { verdict, reason } = judge(nowhere, { kind: 'healthy', attempts: 1, durationMs: 1 }).judgement;
    expect(`${verdict}: ${reason}`).toBe('unverified: still-answers');
  });

  it('is told with the guardrail where it may be out of sight', () => {
    const unknownHosts = { ...nowhere, coverage: undefined };
    const one = judge(unknownHosts);
    const { heldBack } = guard({ ...facts([one]), inventory: known, unknownHosts });
    expect(heldBack).toMatchObject([
      { guardrail: 'host-not-covered', detail: expect.stringContaining('10.0.0.9') },
    ]);
  });

  it('is told with no guardrail where the reason is of no such place', () => {
    const one = judged({ verdict: 'unverified', reason: 'host-not-covered' }, label(9), vacant());
    expect(guard(facts([one])).heldBack).toEqual([]);
  });

  it('is asked at the port of the tasks of its name, where there is one', () => {
    const zone = [label(9)];
    const asked = (inventory: Inventory) => {
      const all = judgeEntries(matchSets(zone, inventory), CHECKED);
      return [
        ...candidateTargets(all, { zoneName: ZONE, recordSets: zone, inventory, rule: CHECKED }).values(),
      ];
    };
    expect(asked(known)).toMatchObject([
      { address: '10.0.0.9', port: 8080, check: { kind: 'tcp', attempts: 1 } },
    ]);
    expect(asked(running([], [OTHER]))).toEqual([]);
  });

  it('is looked for in EC2 by itself', () => {
    expect(unknownHostsOf(matchSets([label(9)], known), 'all-clusters')).toEqual({
      hosts: [{ hostName: '10.0.0.9', address: '10.0.0.9' }],
      hostNames: ['10.0.0.9'],
      addressOf: new Map([['10.0.0.9', '10.0.0.9']]),
      interfaceNames: [],
    });
  });
});
