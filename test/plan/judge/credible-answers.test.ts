import { describe, expect, test } from 'vitest';
import { type ProbeOutcome, probeKey, type UnhealthyReason } from '../../../src/model/probe.ts';
import { credibleAnswers } from '../../../src/plan/judge/credible-answers.ts';
import { task } from '../addresses.ts';
import { HTTP, host } from '../support.ts';

const EVIDENCE = { attempts: 1, durationMs: 10 };
const HEALTHY: ProbeOutcome = { kind: 'healthy', status: 200, ...EVIDENCE };
const NO_TIME: ProbeOutcome = { kind: 'indeterminate', reason: 'deadline', ...EVIDENCE };
const failing = (reason: UnhealthyReason): ProbeOutcome => ({ kind: 'unhealthy', reason, ...EVIDENCE });
const SILENT = failing('timeout');

type Known = readonly (readonly [address: string, outcome: ProbeOutcome])[];

const IN_ZONE_B = { placement: { availabilityZone: 'eu-west-1b', subnetId: 'subnet-b' } };
const INVENTORY = {
  hosts: [
    host(1, { address: '10.0.1.1' }),
    host(2, { address: '10.0.2.1', ...IN_ZONE_B, secondaryAddresses: ['10.0.2.2'] }),
    host(3, { address: undefined }),
    host(4, { address: '10.0.4.1', placement: undefined }),
    host(5, { address: '10.0.5.1', state: 'gone' }),
  ],
  containers: [
    task(1, { networkInterface: { id: 'eni-1', address: '10.0.3.1', ipv6: 'fd00::3', ...IN_ZONE_B } }),
    task(2, { networkInterface: undefined }),
  ],
};

/** What becomes of the answer that an entry at an address gave, next to those of what is known to run. */
function worthOf(answer: ProbeOutcome, address: string, known: Known): string {
  const target = { address, port: 8080, check: { ...HTTP, attempts: 1 }, lingerMs: 250 };
  const outcomes = new Map(known.map(([at, outcome]) => [probeKey({ address: at, port: 80 }), outcome]));
  const answers = new Map([['entry', { target, outcome: answer }]]);
  const outcome = credibleAnswers(answers, outcomes, INVENTORY).get('entry')?.outcome;
  return outcome === undefined || outcome.kind === 'healthy' ? 'healthy' : outcome.reason;
}

const ALONE = '10.0.9.9';

describe('the silence of an entry', () => {
  test.each<[string, Known]>([
    [
      'something that is known to run answers',
      [
        ['10.0.7.1', SILENT],
        ['10.0.7.2', HEALTHY],
      ],
    ],
    [
      'something that is known to run refuses',
      [
        ['10.0.7.1', SILENT],
        ['10.0.7.2', failing('connection-refused')],
      ],
    ],
    ['nothing else was asked', []],
    ['nothing else came to a conclusion', [['10.0.7.1', NO_TIME]]],
  ])('stands where %s', (_, known) => {
    expect(worthOf(SILENT, ALONE, known)).toBe('timeout');
  });

  test.each<UnhealthyReason>(['timeout', 'unreachable'])(
    'that ends with %s tells nothing where nothing came back from all that is known to run',
    (reason) => {
      const known: Known = [
        ['10.0.7.1', SILENT],
        ['10.0.8.1', failing('unreachable')],
      ];
      expect(worthOf(failing(reason), ALONE, known)).toBe('checker-error');
    },
  );

  const ANSWERED = ['10.0.1.1', HEALTHY] as const;

  test.each<[string, string, Known]>([
    ['availability zone, by a task', '10.0.2.1', [ANSWERED, ['10.0.3.1', SILENT]]],
    ['availability zone, by a task of IPv6', '10.0.2.2', [ANSWERED, ['fd00::3', SILENT]]],
    ['network, where its host is unknown', '10.0.7.9', [ANSWERED, ['10.0.7.1', SILENT]]],
  ])('tells nothing where nothing came back from its %s', (_, address, known) => {
    expect(worthOf(SILENT, address, known)).toBe('checker-error');
    expect(worthOf(SILENT, ALONE, known)).toBe('timeout');
  });

  test('stands where its availability zone answers', () => {
    expect(
      worthOf(SILENT, '10.0.2.1', [
        ['10.0.3.1', HEALTHY],
        ['10.0.1.1', SILENT],
      ]),
    ).toBe('timeout');
  });
});

describe('the silence of an entry of a host that is there', () => {
  const ELSEWHERE: Known = [['10.0.7.2', HEALTHY]];

  test.each<[string, string]>([
    ['subnet', '10.0.2.1'],
    ['subnet, by a further address', '10.0.2.2'],
    ['network, where its subnet is unknown', '10.0.4.1'],
  ])('tells nothing where nothing at all came back from its %s', (_, address) => {
    expect(worthOf(SILENT, address, ELSEWHERE)).toBe('checker-error');
    expect(worthOf(failing('unreachable'), address, [])).toBe('checker-error');
  });

  test.each<[string, string, Known]>([
    ['a task of its subnet answers', '10.0.2.1', [['10.0.3.1', HEALTHY]]],
    ['a task of its subnet refuses', '10.0.2.2', [['10.0.3.1', failing('connection-refused')]]],
    ['a neighbour answers, its subnet unknown', '10.0.4.1', [['10.0.4.9', HEALTHY]]],
    ['its host is gone', '10.0.5.1', ELSEWHERE],
  ])('stands where %s', (_, address, known) => {
    expect(worthOf(SILENT, address, known)).toBe('timeout');
  });

  test('stands where that very host is heard at another port: a firewall drops what is closed', () => {
    expect(worthOf(SILENT, '10.0.2.1', [['10.0.2.1', HEALTHY]])).toBe('timeout');
  });

  test('stands where another entry of its subnet is refused', () => {
    const check = { ...HTTP, attempts: 1 };
    const answer = (port: number, outcome: ProbeOutcome) => ({
      target: { address: '10.0.2.1', port, check },
      outcome,
    });
    const answers = new Map([
      ['silent', answer(1, SILENT)],
      ['refused', answer(2, failing('connection-refused'))],
    ]);
    expect(credibleAnswers(answers, new Map(), INVENTORY)).toEqual(answers);
  });
});

test('what came back from an entry stands in any case', () => {
  expect(worthOf(failing('connection-refused'), ALONE, [['10.0.7.1', SILENT]])).toBe('connection-refused');
  expect(worthOf(HEALTHY, ALONE, [['10.0.7.1', SILENT]])).toBe('healthy');
});
