import { describe, expect, test } from 'vitest';
import type { ProbeOutcome, UnhealthyReason } from '../../../src/model/probe.ts';
import { credibleAnswers } from '../../../src/plan/judge/candidate-answer.ts';
import { HTTP } from '../support.ts';

const EVIDENCE = { attempts: 1, durationMs: 10 };
const HEALTHY: ProbeOutcome = { kind: 'healthy', status: 200, ...EVIDENCE };
const NO_TIME: ProbeOutcome = { kind: 'indeterminate', reason: 'deadline', ...EVIDENCE };
const failing = (reason: UnhealthyReason): ProbeOutcome => ({ kind: 'unhealthy', reason, ...EVIDENCE });

function worthOf(answer: ProbeOutcome, ...known: readonly ProbeOutcome[]): string {
  const target = { address: '10.0.0.9', port: 8080, check: { ...HTTP, attempts: 1 }, lingerMs: 250 };
  const outcomes = new Map(known.map((outcome, index) => [`10.0.0.${index + 1} 8080`, outcome]));
  const outcome = credibleAnswers(new Map([['entry', { target, outcome: answer }]]), outcomes).get('entry');
  return outcome?.outcome.kind === 'healthy' ? 'healthy' : (outcome?.outcome.reason ?? 'none');
}

describe('what silence of a stale entry is worth', () => {
  test.each<[string, readonly ProbeOutcome[]]>([
    ['something that is known to run answers', [failing('timeout'), HEALTHY]],
    ['something that is known to run refuses', [failing('connection-refused'), failing('timeout')]],
    ['nothing else was asked', []],
    ['nothing else came to a conclusion', [NO_TIME]],
  ])('it stands where %s', (_, known) => {
    expect(worthOf(failing('timeout'), ...known)).toBe('timeout');
  });

  test.each<UnhealthyReason>(['timeout', 'unreachable'])(
    'ending with %s, it tells nothing where nothing came back from all that is known to run',
    (reason) => {
      expect(worthOf(failing(reason), failing('timeout'), failing('unreachable'))).toBe('checker-error');
    },
  );

  test('what came back stands in any case', () => {
    expect(worthOf(failing('connection-refused'), failing('timeout'))).toBe('connection-refused');
    expect(worthOf(HEALTHY, failing('timeout'))).toBe('healthy');
  });
});
