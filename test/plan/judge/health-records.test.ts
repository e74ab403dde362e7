import { expect, it } from 'vitest';
import { type HealthRecord, historyKey } from '../../../src/model/health-history.ts';
import { healthRecords } from '../../../src/plan/judge/health-records.ts';
import type { Match } from '../../../src/plan/match/match-kinds.ts';
import {
  agentSet,
  container,
  endpoint,
  FAILING,
  GONE,
  HEALTHY,
  judged,
  leadsTo,
  RUNNING,
  vacant,
  YOUNG,
} from '../support.ts';

const key = historyKey(endpoint(container(1)));
const before = new Map<string, HealthRecord>([[key, { failing: 2, passing: 1 }]]);
const here = leadsTo();

it.each<[string, Parameters<typeof judged>[0], Match, HealthRecord | undefined]>([
  ['it failed', FAILING, here, { failing: 3, passing: 0 }],
  [
    'it failed, but not often enough',
    { verdict: 'unverified', reason: 'below-threshold' },
    here,
    { failing: 3, passing: 0 },
  ],
  ['it passed', HEALTHY, here, { failing: 2, passing: 2 }],
  [
    'it passed, but not often enough',
    { verdict: 'unverified', reason: 'recovering' },
    here,
    { failing: 2, passing: 2 },
  ],
  ['it failed in its grace period', YOUNG, here, { failing: 2, passing: 1 }],
  [
    'the checker had warning',
    { verdict: 'unverified', reason: 'checker-error' },
    here,
    { failing: 2, passing: 1 },
  ],
  ['it was not checked', RUNNING, here, { failing: 2, passing: 1 }],
  ['it leads to no container', GONE, vacant(), undefined],
])('%s', (_, assessment, match, expected) => {
  expect(healthRecords([judged(assessment, agentSet(), match)], before, []).get(key)).toEqual(expected);
});

it('counts one run once, however many entries lead to the endpoint', () => {
  const entries = [
    judged(FAILING, agentSet({ owner: 1 }), here),
    judged(FAILING, agentSet({ owner: 2 }), here),
  ];
  expect([...healthRecords(entries, new Map(), [])]).toEqual([[key, { failing: 1, passing: 0 }]]);
});

it('remembers nothing of an endpoint that was not checked and had no record', () => {
  expect(healthRecords([judged(RUNNING, agentSet(), here)], new Map(), []).size).toBe(0);
});

it.each([
  ['it failed, but the way to it is in doubt', FAILING, { failing: 2, passing: 1 }],
  ['it passed all the same', HEALTHY, { failing: 2, passing: 2 }],
  [
    'it failed in a way that the network has carried',
    { verdict: 'unhealthy', reason: 'http-status' } as const,
    { failing: 3, passing: 0 },
  ],
])('%s', (_, assessment, expected) => {
  const scope = 'network 10.0.0.0/24';
  const test = { scope, reason: 'timeout', failing: 3, probed: 3, hosts: 3, detail: 'cut off' } as const;
  expect(healthRecords([judged(assessment, agentSet(), here)], before, [test]).get(key)).toEqual(expected);
});
