import { expect, it } from 'vitest';
import {
  type ProbeOutcome,
  type ProbeTarget,
  probeKey,
  type UnhealthyReason,
} from '../../../src/model/probe.ts';
import { networkSelfTest } from '../../../src/plan/judge/network-self-test.ts';

const TRIED = { attempts: 1, durationMs: 1 };
const PASS: ProbeOutcome = { kind: 'healthy', ...TRIED };
const UNSURE: ProbeOutcome = { kind: 'indeterminate', reason: 'deadline', ...TRIED };
const fail = (reason: UnhealthyReason): ProbeOutcome => ({ kind: 'unhealthy', reason, ...TRIED });

type Target = Pick<ProbeTarget, 'address' | 'port'>;
type Probed = readonly (readonly [Target, ProbeOutcome])[];

let port = 1;

/** So many probes with one outcome, each on a host of its own unless they share so many. */
function probes(count: number, outcome: ProbeOutcome, hosts = count): Probed {
  return Array.from({ length: count }, (_, i) => [{ address: `10.0.0.${i % hosts}`, port: port++ }, outcome]);
}

function selfTest(probed: Probed) {
  const outcomes = new Map(probed.map(([target, outcome]) => [probeKey(target), outcome]));
  return networkSelfTest(
    outcomes,
    probed.map(([target]) => target),
    50,
  );
}

const says = (numbers: string, reason: string, hosts: number) =>
  `${numbers} end with ${reason}, on ${hosts} hosts: the checker's own network is the likelier cause`;

it.each<[string, Probed, string | undefined]>([
  ['nothing was probed', [], undefined],
  ['all is well', probes(9, PASS), undefined],
  ['exactly the share', [...probes(3, fail('timeout')), ...probes(3, PASS)], undefined],
  [
    'one above',
    [...probes(4, fail('timeout')), ...probes(3, PASS)],
    says('4 of 7 probes (57 %)', 'timeout', 4),
  ],
  ['on three hosts', probes(5, fail('timeout'), 3), says('5 of 5 probes (100 %)', 'timeout', 3)],
  ['on two hosts: it may well be them', probes(5, fail('timeout'), 2), undefined],
  ['no route', probes(3, fail('unreachable')), says('3 of 3 probes (100 %)', 'unreachable', 3)],
  ['refused', probes(3, fail('connection-refused')), says('3 of 3 probes (100 %)', 'connection-refused', 3)],
  ['bad answers: the network carried them', probes(5, fail('http-status')), undefined],
  [
    'many ways of failing, none of them most',
    [...probes(3, fail('timeout')), ...probes(3, fail('unreachable'))],
    undefined,
  ],
  [
    'what got no outcome does not count',
    [...probes(3, fail('timeout')), ...probes(2, PASS), ...probes(9, UNSURE)],
    says('3 of 5 probes (60 %)', 'timeout', 3),
  ],
])('%s', (_, probed, detail) => {
  expect(selfTest(probed)?.detail).toBe(detail);
});

it('gives the numbers', () => {
  const probed = [...probes(4, fail('timeout'), 3), ...probes(1, PASS)];
  expect(selfTest(probed)).toMatchObject({
    reason: 'timeout',
    failing: 4,
    probed: 5,
    hosts: 3,
  });
});
