import { describe, expect, it } from 'vitest';
import type { ConfirmationReads } from '../../../src/model/confirmation.ts';
import { entryKey } from '../../../src/model/entry.ts';
import type { Host, Inventory, UnknownHostLookup } from '../../../src/model/inventory.ts';
import { type ProbeOutcome, probeKey } from '../../../src/model/probe.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { type DecisionFacts, decide, withFound } from '../../../src/plan/change/decide.ts';
import { NOTHING_SEEN, sawMachines } from '../confirmations.ts';
import {
  agentSet,
  CHECKED,
  container,
  endpoint,
  host,
  hostName,
  inventory,
  matchSets,
  NO_LIMITS,
  quietFacts,
  UNCHECKED,
} from '../support.ts';

function factsOf(known: Inventory, over: Partial<DecisionFacts> = {}): DecisionFacts {
  return { ...quietFacts(known), rule: UNCHECKED, ...over };
}

const dead = agentSet({ owner: 90, port: 4711 });

describe('a decision', () => {
  it('has every entry judged in its order, and the plan that follows', () => {
    const sets = [agentSet(), dead];
    const known = inventory([endpoint(container(1))]);
    const { judged, plan } = decide(matchSets(sets, known), factsOf(known));
    expect(judged.map(({ judgement }) => judgement.reason)).toEqual(['running', 'task-gone']);
    expect(plan.judgements).toEqual(judged.map(({ judgement }) => judgement));
    expect(plan.removing.map(({ judgement }) => judgement.entry.recordSet)).toEqual([dead]);
  });

  it.each([
    ['what runs on a host of which EC2 tells no address', 'tcp', ['network-self-test', 'network-self-test']],
    ['not what no probe would ask there', 'udp', []],
  ] as const)('counts as not heard %s', (_, protocol, guardrails) => {
    const hosts = ['b', 'b', 'b', 'a'].map((availabilityZone, i) =>
      host(i + 1, {
        placement: { availabilityZone, subnetId: undefined },
        ...(i === 2 && { address: undefined, privateDnsName: undefined }),
      }),
    );
    const endpoints = hosts.map((on, i) =>
      endpoint(container(i + 1, { host: on }), i === 2 ? { protocol } : {}),
    );
    const known = inventory(endpoints);
    const sets = [1, 2, 4].map((n) => agentSet({ owner: n, target: n }));
    const tried = { attempts: 3, durationMs: 1 };
    const outcomes = new Map<string, ProbeOutcome>([
      [probeKey({ address: '10.0.0.1', port: 32_801 }), { kind: 'unhealthy', reason: 'timeout', ...tried }],
      [probeKey({ address: '10.0.0.2', port: 32_801 }), { kind: 'unhealthy', reason: 'timeout', ...tried }],
      [probeKey({ address: '10.0.0.4', port: 32_801 }), { kind: 'healthy', ...tried }],
    ]);
    const limits = { ...NO_LIMITS, panicPercent: 90 };
    const { plan } = decide(matchSets(sets, known), factsOf(known, { rule: CHECKED, outcomes, limits }));
    expect(plan.heldBack.map(({ guardrail }) => guardrail)).toEqual(guardrails);
  });

  it('heeds the probes, the grace period and the suspicion of the checker’s own network', () => {
    const containers = [1, 2, 3].map((n) => container(n, { host: host(n), startedAt: 999_000 }));
    const known = inventory(containers.map((one) => endpoint(one)));
    const sets = [1, 2, 3].map((n) => agentSet({ owner: n, target: n }));
    const timeout = { kind: 'unhealthy', reason: 'timeout', attempts: 3, durationMs: 1 } as const;
    const targets = [1, 2, 3].map((n) => ({ address: `10.0.0.${n}`, port: 32_801 }));
    const outcomes = new Map(targets.map((target) => [probeKey(target), timeout]));
    const reasonsWith = (over: Partial<DecisionFacts>) => {
      const facts = factsOf(known, { rule: CHECKED, outcomes, ...over });
      const { plan } = decide(matchSets(sets, known), facts);
      return [
        plan.judgements.map(({ reason }) => reason),
        plan.heldBack.map(({ guardrail }) => guardrail),
        plan.networkSelfTests[0]?.reason,
      ];
    };
    const three = <T>(one: T) => [one, one, one];
    expect(reasonsWith({ gracePeriodMs: 1001 })).toEqual([
      three('grace-period'),
      three('grace-period'),
      undefined,
    ]);
    expect(reasonsWith({ gracePeriodMs: 1000 })).toEqual([three('timeout'), [], undefined]);
    expect(reasonsWith({ limits: { ...NO_LIMITS, panicPercent: 50 } })).toEqual([
      three('timeout'),
      three('network-self-test'),
      'timeout',
    ]);
  });

  it('judges an entry of a VPC that the inventory does not cover as unverified', () => {
    const known = inventory([endpoint(container(1, { host: host(1, { vpcId: 'vpc-1' }) }))]);
    const far = agentSet({ owner: 91, target: 9 });
    const sighted = [{ instanceId: 'i-9', vpcId: 'vpc-2' }];
    const unknownHosts: UnknownHostLookup = {
      existing: new Set([hostName(9)]),
      instances: new Map([[hostName(9), sighted]]),
      incomplete: [],
    };
    const { plan } = decide(matchSets([far], known), factsOf(known, { unknownHosts }));
    expect(plan.judgements).toMatchObject([{ verdict: 'unverified', reason: 'host-not-covered' }]);
    const detail = `${hostName(9)} is in vpc-2, in which no cluster that was read has a host`;
    expect(plan.heldBack).toMatchObject([{ guardrail: 'host-not-covered', detail }]);
    expect(plan.groups).toEqual([]);
  });
});

describe('a decision that was confirmed', () => {
  const known = inventory([endpoint(container(1))]);

  function confirmed(sets: readonly RecordSet[], look: ConfirmationReads, given = known, over = {}) {
    const facts = factsOf(given, over);
    const matched = matchSets(sets, given);
    const approved = new Set(
      decide(matched, facts).plan.removing.map(({ judgement }) => entryKey(judgement.entry)),
    );
    const now = withFound(given, look);
    return decide(matchSets(sets, now), { ...facts, inventory: now }, { approved, look }).plan;
  }

  it('is the same where nothing speaks against it', () => {
    const { groups, heldBack } = confirmed([agentSet(), dead], sawMachines({ 1: { tasks: 1 } }));
    expect(groups).toHaveLength(1);
    expect(heldBack).toEqual([]);
  });

  it('spares the entry of a task that the confirmation has found: it is live', () => {
    const found = container(90);
    const endpoints = [endpoint(found, { port: 4711 })];
    const look = sawMachines({ 1: { tasks: 2 } }, { containers: [found], endpoints });
    const { groups, heldBack, judgements } = confirmed([agentSet(), dead], look);
    expect([groups, heldBack]).toEqual([[], []]);
    expect(judgements).toMatchObject([{ verdict: 'live' }, { verdict: 'live' }]);
  });

  it('removes the entry of a task that the confirmation has found stopping, and says so', () => {
    const found = container(90, { phase: 'stopping' });
    const endpoints = [endpoint(found, { port: 4711 })];
    const look = sawMachines({ 1: { tasks: 1 } }, { containers: [found], endpoints });
    const { groups } = confirmed([agentSet(), dead], look);
    expect(groups).toMatchObject([{ reasons: ['task-stopping'] }]);
  });

  it('gives the reason that holds now, where the confirmation has found who took the port', () => {
    const other = agentSet({ owner: 91, port: 4712 });
    const taker = container(92, { serviceNames: ['_time._tcp'] });
    const endpoints = [endpoint(taker, { port: 4712, serviceName: '_time._tcp' })];
    const look = sawMachines({ 1: { tasks: 2 } }, { containers: [taker], endpoints });
    const { groups, heldBack } = confirmed([agentSet(), dead, other], look);
    expect(groups.map(({ reasons }) => reasons)).toEqual([['task-gone'], ['port-reassigned']]);
    expect(heldBack).toEqual([]);
  });

  it('keeps the entry of a host that EC2 did not describe although its agent is connected, and has now', () => {
    const nameless: Host = host(2, {
      state: 'unknown',
      privateDnsName: undefined,
      address: undefined,
      vpcId: undefined,
      taskCount: undefined,
    });
    const contradiction = {
      scope: 'instance/i-2',
      operation: 'ec2:DescribeInstances',
      error: 'x',
      hides: 'host-names',
    } as const;
    const given: Inventory = {
      ...known,
      hosts: [...known.hosts, nameless],
      incomplete: [contradiction],
    };
    const set = agentSet({ owner: 93, target: 2 });
    const desired = decide(matchSets([agentSet(), set], given), factsOf(given)).plan;
    expect(desired.removing.map(({ match }) => match.kind)).toEqual(['host-unknown']);

    const sighted = [{ instanceId: 'i-2', vpcId: undefined }];
    const look: ConfirmationReads = {
      ...NOTHING_SEEN,
      named: {
        existing: new Set([hostName(2)]),
        instances: new Map([[hostName(2), sighted]]),
        incomplete: [],
      },
    };
    const { groups, heldBack } = confirmed([agentSet(), set], look, given);
    expect(groups).toEqual([]);
    expect(heldBack).toMatchObject([
      {
        guardrail: 'not-confirmed',
        detail: `EC2 has i-2 of the name ${hostName(2)}, which no cluster is known to have registered`,
      },
    ]);
  });
});

describe('the inventory with what was found', () => {
  const known = inventory([endpoint(container(1))]);

  it('is the very same where nothing was', () => {
    expect(withFound(known, NOTHING_SEEN)).toBe(known);
  });

  it('has the containers and endpoints after its own, and everything else as it was', () => {
    const found = container(2);
    const there = endpoint(found);
    const grown = withFound(known, { ...NOTHING_SEEN, containers: [found], endpoints: [there] });
    expect(grown).toEqual({
      ...known,
      containers: [...known.containers, found],
      endpoints: [...known.endpoints, there],
    });
    expect(known.containers).toHaveLength(1);
  });

  it('has a container that has no ports, too', () => {
    const found = container(2);
    expect(withFound(known, { ...NOTHING_SEEN, containers: [found] }).containers).toContain(found);
  });
});
