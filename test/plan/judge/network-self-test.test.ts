import { describe, expect, it } from 'vitest';
import type { Container, Endpoint, Host, Placement } from '../../../src/model/inventory.ts';
import type { IndeterminateReason, ProbeOutcome, UnhealthyReason } from '../../../src/model/probe.ts';
import { networkSelfTests } from '../../../src/plan/judge/network-self-test.ts';
import type { Match, MatchOf } from '../../../src/plan/match/match-kinds.ts';
import { container, endpoint, host, vacant } from '../support.ts';

const TRIED = { attempts: 1, durationMs: 1 };
const PASS: ProbeOutcome = { kind: 'healthy', ...TRIED };
const unsure = (reason: IndeterminateReason): ProbeOutcome => ({ kind: 'indeterminate', reason, ...TRIED });
const UNSURE = unsure('deadline');
const fail = (reason: UnhealthyReason): ProbeOutcome => ({ kind: 'unhealthy', reason, ...TRIED });
const LOST = fail('timeout');

interface Probe {
  readonly match: Match;
  readonly outcome: ProbeOutcome | undefined;
}

interface Where extends Partial<Placement> {
  readonly service?: string;
  /** The first three numbers of its address. */
  readonly network?: string;
  /** So many hosts share all probes. */
  readonly hosts?: number;
  readonly over?: Partial<Container>;
  readonly isAgentConnected?: boolean;
}

let serial = 1;

/** So many endpoints with one outcome, each on a host of its own unless they share so many. */
function probes(count: number, outcome: ProbeOutcome | undefined, where: Where = {}): readonly Probe[] {
  const { service = 'calc', network = '10.0.0', hosts = count, over = {}, isAgentConnected = true } = where;
  const { availabilityZone, subnetId } = where;
  const known = availabilityZone !== undefined || subnetId !== undefined;
  const first = serial;
  serial += count;
  return Array.from({ length: count }, (_, i) => {
    const address = `${network}.${(first + (i % hosts)) % 256}`;
    const placement = known ? { availabilityZone, subnetId } : undefined;
    const on = host(1, { address, placement, isAgentConnected });
    const own = endpoint(container(first + i, { host: on, ecsService: service, ...over }), {
      port: first + i,
    });
    return { match: { kind: 'endpoint', endpoint: own, address: own.address, isSuccessor: false }, outcome };
  });
}

function selfTests(probed: readonly Probe[], limitPercent = 50, unaddressed: readonly Endpoint[] = []) {
  const byMatch = new Map(probed.map(({ match, outcome }) => [match, outcome]));
  const outcomes = new Map(
    probed.flatMap(({ outcome }, i) => (outcome === undefined ? [] : [[String(i), outcome] as const])),
  );
  return networkSelfTests({
    judged: probed,
    outcomes,
    outcomeOf: (match) => byMatch.get(match),
    unaddressed,
    limitPercent,
  });
}

const says = (numbers: string, ways: string, hosts: number) =>
  `${numbers} end with ${ways}, on ${hosts} hosts: the checker's own network is the likelier cause`;

describe('of the run', () => {
  it.each<[string, readonly Probe[], string | undefined]>([
    ['nothing was probed', [], undefined],
    ['all is well', probes(9, PASS), undefined],
    ['exactly the share of few', [...probes(3, LOST), ...probes(3, PASS)], undefined],
    ['one above', [...probes(4, LOST), ...probes(3, PASS)], says('4 of 7 probes (57 %)', 'timeout', 4)],
    [
      'exactly the share of ten',
      [...probes(5, LOST), ...probes(5, PASS)],
      says('5 of 10 probes (50 %)', 'timeout', 5),
    ],
    ['one below of ten', [...probes(4, LOST), ...probes(6, PASS)], undefined],
    ['on three hosts', probes(5, LOST, { hosts: 3 }), says('5 of 5 probes (100 %)', 'timeout', 3)],
    ['on two hosts: it may well be them', probes(5, LOST, { hosts: 2 }), undefined],
    ['no route', probes(3, fail('unreachable')), says('3 of 3 probes (100 %)', 'unreachable', 3)],
    [
      'refused',
      probes(3, fail('connection-refused')),
      says('3 of 3 probes (100 %)', 'connection-refused', 3),
    ],
    ['bad answers: the network carried them', probes(5, fail('http-status')), undefined],
    [
      'several network ways count together',
      [...probes(2, LOST), ...probes(3, fail('unreachable')), ...probes(1, PASS)],
      says('5 of 6 probes (83 %)', 'timeout or unreachable', 5),
    ],
    [
      'what got no outcome does not count',
      [...probes(3, LOST), ...probes(2, PASS), ...probes(9, UNSURE), ...probes(9, undefined)],
      says('3 of 5 probes (60 %)', 'timeout', 3),
    ],
    [
      'what runs on hosts whose agents are away says nothing',
      [...probes(5, LOST, { isAgentConnected: false }), ...probes(3, PASS)],
      undefined,
    ],
    [
      'nor does what ECS itself calls unhealthy',
      [...probes(5, LOST, { over: { ecsHealth: 'UNHEALTHY' } }), ...probes(3, PASS)],
      undefined,
    ],
    [
      'nor what a stale entry points at',
      [
        ...Array.from({ length: 5 }, () => ({ match: vacant(), outcome: LOST })),
        ...probes(3, LOST).map(({ match, outcome }) => ({
          match: { ...(match as MatchOf<'endpoint'>), address: undefined },
          outcome,
        })),
      ],
      undefined,
    ],
    [
      'a task without a host counts',
      probes(3, LOST, { over: { host: undefined } }).map(({ match, outcome }, i) => ({
        match: { ...(match as MatchOf<'endpoint'>), address: `fd00::${i + 1}` },
        outcome,
      })),
      says('3 of 3 probes (100 %)', 'timeout', 3),
    ],
  ])('%s', (_, probed, detail) => {
    expect(selfTests(probed).map((test) => [test.scope, test.detail])).toEqual(
      detail === undefined ? [] : [['run', detail]],
    );
  });

  it('gives the numbers, with the way in which most of it fails', () => {
    const probed = [...probes(1, LOST), ...probes(4, fail('unreachable'), { hosts: 2 }), ...probes(1, PASS)];
    expect(selfTests(probed)).toMatchObject([
      { scope: 'run', reason: 'unreachable', failing: 5, probed: 6, hosts: 3 },
    ]);
  });

  it('is never suspected where all may fail', () => {
    expect(selfTests(probes(20, LOST), 100)).toEqual([]);
  });
});

/** Moves what is in a network, of all probes from one on, to one host of it. */
function onOneHost(network: string, from = 0) {
  return (one: Probe, index: number): Probe => {
    const match = one.match as MatchOf<'endpoint'>;
    const isThere = index >= from && match.address?.startsWith(`${network}.`) === true;
    return isThere ? { ...one, match: { ...match, address: `${network}.255` } } : one;
  };
}

describe('of a part of the network', () => {
  const [A, B, C] = ['a', 'b', 'c'].map((one) => ({ availabilityZone: one, subnetId: `subnet-${one}` }));
  const scopes = (probed: readonly Probe[]) => selfTests(probed).map(({ scope }) => scope);
  const OF_B = ['availability zone b', 'subnet subnet-b'];

  it.each<[string, readonly Probe[], readonly string[]]>([
    [
      'a third of the fleet, in one of three zones',
      [...probes(4, PASS, A), ...probes(4, LOST, B), ...probes(4, PASS, C)],
      OF_B,
    ],
    ['half of few, in one of two zones', [...probes(4, PASS, A), ...probes(4, LOST, B)], OF_B],
    [
      'by its subnet alone',
      [
        ...probes(4, PASS, { ...A, subnetId: 'subnet-1' }),
        ...probes(3, LOST, { ...A, subnetId: 'subnet-2' }),
        ...probes(4, PASS, B),
      ],
      ['subnet subnet-2'],
    ],
    [
      'by the neighbours of its addresses, where no subnet is known',
      [...probes(6, PASS, { network: '10.0.1' }), ...probes(3, LOST, { network: '10.0.2' })],
      ['network 10.0.2.0/24'],
    ],
    [
      'several ways together',
      [...probes(9, PASS, A), ...probes(2, LOST, B), ...probes(2, fail('unreachable'), B)],
      OF_B,
    ],
    ['not on two hosts', [...probes(9, PASS, A), ...probes(4, LOST, { ...B, hosts: 2 })], []],
    [
      'on one host, of which nothing answers of two services that do elsewhere',
      [
        ...probes(2, PASS, A),
        ...probes(2, PASS, { ...A, service: 'web' }),
        ...probes(1, LOST, { ...B, network: '10.0.9' }),
        ...probes(1, LOST, { ...B, service: 'web', network: '10.0.9' }),
      ].map(onOneHost('10.0.9')),
      OF_B,
    ],
    [
      'not on one host of which anything answers',
      [
        ...probes(2, PASS, A),
        ...probes(2, PASS, { ...A, service: 'web' }),
        ...probes(2, LOST, B),
        ...probes(2, LOST, { ...B, service: 'web' }),
        ...probes(1, fail('http-status'), { ...B, service: 'api' }),
      ].map(onOneHost('10.0.0', 4)),
      [],
    ],
    [
      'not on one host where only one of its services answers elsewhere',
      [
        ...probes(4, PASS, A),
        ...probes(1, UNSURE, { ...A, service: 'web' }),
        ...probes(1, LOST, { ...B, network: '10.0.9' }),
        ...probes(1, LOST, { ...B, service: 'web', network: '10.0.9' }),
      ].map(onOneHost('10.0.9')),
      [],
    ],
    [
      'not where its agents are away as well',
      [...probes(9, PASS, A), ...probes(4, LOST, { ...B, isAgentConnected: false })],
      [],
    ],
    [
      'not where a service fails in every zone',
      [
        ...probes(8, PASS, { ...A, service: 'web' }),
        ...probes(2, PASS, { ...B, service: 'web' }),
        ...probes(3, LOST, A),
        ...probes(3, LOST, B),
      ],
      [],
    ],
    [
      'though a service that fails everywhere is there, too',
      [
        ...probes(8, PASS, { ...A, service: 'web' }),
        ...probes(1, LOST, A),
        ...probes(1, LOST, B),
        ...probes(3, LOST, { ...B, service: 'web' }),
      ],
      OF_B,
    ],
    [
      'not where all of one service happens to be there, and others there pass',
      [
        ...probes(9, PASS, { ...A, service: 'web' }),
        ...probes(2, PASS, { ...B, service: 'web' }),
        ...probes(4, LOST, B),
      ],
      [],
    ],
    [
      'not where one service fails in part',
      [...probes(9, PASS, A), ...probes(4, LOST, B), ...probes(2, PASS, B)],
      [],
    ],
    [
      'where one service is cut off there, and passes elsewhere',
      [...probes(9, PASS, A), ...probes(2, PASS, { ...B, service: 'web' }), ...probes(4, LOST, B)],
      OF_B,
    ],
    [
      'where several services fail there, though not all of them',
      [
        ...probes(12, PASS, A),
        ...probes(2, PASS, B),
        ...probes(2, LOST, { ...B, service: 'web' }),
        ...probes(2, LOST, { ...B, service: 'api' }),
      ],
      OF_B,
    ],
    [
      'not where less than half fails',
      [
        ...probes(12, PASS, A),
        ...probes(5, PASS, B),
        ...probes(2, LOST, { ...B, service: 'web' }),
        ...probes(2, LOST, { ...B, service: 'api' }),
      ],
      [],
    ],
    [
      'not where it is all that was asked: then the run is what counts',
      [...probes(3, PASS, B), ...probes(2, LOST, B), ...probes(1, LOST, { ...B, service: 'web' })],
      [],
    ],
  ])('%s', (_, probed, expected) => {
    expect(scopes(probed)).toEqual(expected);
  });

  it('tells a service by the name of a port, or of a container, where ECS has started it for none', () => {
    const own = (over: Partial<Container>) => ({ ...B, over: { ecsService: undefined, ...over } });
    const lost = [...probes(2, LOST, own({})), ...probes(2, LOST, own({ name: 'sidecar' }))].map((one, i) => {
      const match = one.match as MatchOf<'endpoint'>;
      const serviceName = i < 2 ? match.endpoint.serviceName : undefined;
      return { ...one, match: { ...match, endpoint: { ...match.endpoint, serviceName } } };
    });
    expect(scopes([...probes(9, PASS, A), ...probes(1, PASS, B), ...lost])).toEqual(OF_B);
  });

  it('says so with its numbers', () => {
    const [test] = selfTests([
      ...probes(9, PASS, A),
      ...probes(2, LOST, B),
      ...probes(2, fail('unreachable'), B),
    ]);
    expect(test?.detail).toBe(
      '4 of 4 probes (100 %) of availability zone b end with timeout or unreachable, on 4 hosts that ECS has running: the way there is the likelier cause',
    );
  });

  it('says of one host that the way there may be the cause', () => {
    const [test] = selfTests(
      [
        ...probes(4, PASS, A),
        ...probes(4, PASS, { ...A, service: 'web' }),
        ...probes(1, LOST, B),
        ...probes(1, LOST, { ...B, service: 'web' }),
      ].map(onOneHost('10.0.0', 8)),
    );
    expect(test?.detail).toBe(
      '2 of 2 probes (100 %) of availability zone b end with timeout, on 1 host that ECS has running: the way there may be the cause',
    );
  });

  it('is a network of IPv6 by 64 bits, and an address that is none by itself', () => {
    const moved = (address: string) => (one: Probe, i: number) => ({
      ...one,
      match: { ...(one.match as MatchOf<'endpoint'>), address: `${address}${i + 1}` },
    });
    const probed = [...probes(6, PASS), ...probes(3, LOST).map(moved('fd00:0:0:1::'))];
    expect(scopes(probed)).toEqual(['network fd00:0:0:1::/64']);
    expect(scopes([...probes(6, PASS), ...probes(3, LOST).map(moved('x.y.z.'))])).toEqual([
      'network x.y.z.0/24',
    ]);
  });
});

describe('of what was not heard', () => {
  const [A, B] = ['a', 'b'].map((one) => ({ availabilityZone: one, subnetId: `subnet-${one}` }));
  const scopes = (probed: readonly Probe[], unaddressed: readonly Endpoint[] = []) =>
    selfTests(probed, 50, unaddressed).map(({ scope }) => scope);
  const OF_B = ['availability zone b', 'subnet subnet-b'];
  const twoHostsFail = [...probes(9, PASS, A), ...probes(2, LOST, B)];
  const webFailsInBoth = [
    ...probes(8, PASS, A),
    ...probes(2, LOST, B),
    ...probes(1, LOST, { ...A, service: 'web' }),
  ];
  /** So many endpoints on a host each, of which EC2 tells no address. */
  const undescribed = (count: number, over: Partial<Host> = {}, of: Partial<Container> = {}) =>
    probes(count, undefined, B).map(({ match }, i) => {
      const { container: on } = (match as MatchOf<'endpoint'>).endpoint;
      const undescribedHost = host(100 + i, { state: 'unknown', address: undefined, placement: B, ...over });
      return endpoint({ ...on, host: undescribedHost, ...of }, { address: undefined });
    });

  it.each<[string, readonly Probe[], readonly string[]]>([
    ['a third host was not heard in time', [...twoHostsFail, ...probes(1, UNSURE, B)], OF_B],
    ['for trouble of the worker', [...twoHostsFail, ...probes(1, unsure('checker-error'), B)], OF_B],
    ['or too seldom', [...twoHostsFail, ...probes(1, unsure('too-few-attempts'), B)], OF_B],
    [
      'one fails, and no other was heard',
      [...probes(9, PASS, A), ...probes(1, LOST, B), ...probes(2, UNSURE, B)],
      OF_B,
    ],
    ['not without one that fails', [...probes(9, PASS, A), ...probes(9, UNSURE, B)], []],
    [
      'not where anything there answers',
      [...twoHostsFail, ...probes(9, UNSURE, B), ...probes(1, PASS, B)],
      [],
    ],
    [
      'not where a service that fails elsewhere answers there',
      [
        ...webFailsInBoth,
        ...probes(2, UNSURE, B),
        ...probes(1, LOST, { ...B, service: 'web' }),
        ...probes(1, PASS, { ...B, service: 'web' }),
      ],
      [],
    ],
    [
      'not where what was not heard is on a host that fails',
      [...probes(9, PASS, A), ...probes(2, LOST, B), ...probes(9, UNSURE, B)].map((one, i) => {
        const match = one.match as MatchOf<'endpoint'>;
        return i < 9 ? one : { ...one, match: { ...match, address: `10.1.0.${i % 2}` } };
      }),
      [],
    ],
    ['not by what is elsewhere', [...twoHostsFail, ...probes(9, UNSURE, A)], []],
    [
      'not by what may not be asked',
      [...twoHostsFail, ...probes(9, unsure('address-not-allowed'), B), ...probes(1, UNSURE, A)],
      [],
    ],
    [
      'not by an answer that cannot be read',
      [...twoHostsFail, ...probes(9, unsure('malformed-answer'), B), ...probes(1, UNSURE, A)],
      [],
    ],
    [
      'not by what the worker never has a route to',
      [
        ...twoHostsFail,
        ...probes(9, { ...unsure('checker-error'), errorCode: 'ENETUNREACH' }, B),
        ...probes(1, UNSURE, A),
      ],
      [],
    ],
    [
      'not by hosts whose agents are away',
      [...twoHostsFail, ...probes(9, UNSURE, { ...B, isAgentConnected: false })],
      [],
    ],
    [
      'not by a service that fails elsewhere',
      [...webFailsInBoth, ...probes(9, UNSURE, { ...B, service: 'web' })],
      [],
    ],
    [
      'a service of which most elsewhere was not heard fails there alone',
      [
        ...probes(8, PASS, { ...A, service: 'web' }),
        ...probes(1, PASS, A),
        ...probes(1, LOST, A),
        ...probes(3, UNSURE, A),
        ...probes(3, LOST, B),
      ],
      OF_B,
    ],
    [
      'not a service that fails next to others that answer, and was not heard elsewhere',
      [
        ...probes(9, PASS, { ...A, service: 'web' }),
        ...probes(2, PASS, { ...B, service: 'web' }),
        ...probes(4, LOST, B),
        ...probes(9, UNSURE, A),
      ],
      [],
    ],
    ['the run, where nothing at all answers', [...probes(2, LOST, A), ...probes(1, UNSURE, B)], ['run']],
    [
      'not the run, where one of two fails',
      [...probes(1, LOST, A), ...probes(1, PASS, B), ...probes(9, UNSURE)],
      [],
    ],
  ])('%s', (_, probed, expected) => {
    expect(scopes(probed)).toEqual(expected);
  });

  it.each<[string, readonly Endpoint[], readonly string[]]>([
    ['a third host is one of which EC2 tells no address', undescribed(1), OF_B],
    ['not one whose agent is away', undescribed(1, { isAgentConnected: false }), []],
    ['not one in another zone', undescribed(9, { placement: A }), []],
    ['not one that nothing places', undescribed(9, { placement: undefined }), []],
    ['not what runs on no host', undescribed(9, {}, { host: undefined }), []],
    [
      'not one that is asked at an address of the zone',
      undescribed(1, { containerInstance: 'arn:instance/1' }),
      [],
    ],
    ['not what is still starting there', undescribed(9, {}, { phase: 'starting' }), []],
  ])('%s', (_, unaddressed, expected) => {
    expect(scopes(twoHostsFail, unaddressed)).toEqual(expected);
  });

  it('is not what no part of the network has, such as machines that ECS alone knows', () => {
    const unplaced = undescribed(9, { placement: undefined });
    expect(selfTests(probes(2, LOST, A), 50, unplaced)).toEqual([]);
  });

  it('says so with its numbers', () => {
    const details = (probed: readonly Probe[], unaddressed: readonly Endpoint[]) =>
      selfTests(probed, 50, unaddressed).map(({ detail }) => detail)[0];
    expect(details([...twoHostsFail, ...probes(1, UNSURE, B)], undescribed(1))).toBe(
      '2 of 2 probes (100 %) of availability zone b end with timeout, on 2 hosts that ECS has running, and nothing was heard of 2 more: the way there may be the cause',
    );
    expect(details([...probes(2, LOST, A), ...probes(1, UNSURE, B)], [])).toBe(
      "2 of 2 probes (100 %) end with timeout, on 2 hosts, and nothing was heard of 1 more: the checker's own network may be the cause",
    );
    expect(details([...probes(1, LOST, A), ...probes(2, UNSURE, B)], [])).toContain(
      'end with timeout, on 1 host, and nothing was heard of 2 more',
    );
  });
});
