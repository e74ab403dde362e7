import { describe, expect, test } from 'vitest';
import { createNews, type NewsOptions } from '../../src/log/log-news.ts';
import { alreadyDone } from '../../src/model/change.ts';
import {
  type Given,
  groupOf,
  reportOf,
  runResult,
  scope,
  srvSet,
  stale,
  unhealthy,
  unverified,
} from '../report/support.ts';
import { keptLog } from './support.ts';

const [ONE, TWO, THREE] = [srvSet(1), srvSet(2), srvSet(3)];
const WHOLE: NewsOptions = { allowedMs: 1000, isPartial: false, uneventful: 'info' };

/** Tells one run after the other; gives back what each has told, in messages with what tells them apart. */
function tell(runs: readonly Given[], options: Partial<NewsOptions> = {}, level: 'info' | 'debug' = 'info') {
  const { log, records } = keptLog({ level });
  const news = createNews(log);
  return runs.map((given) => {
    const before = records().length;
    news({ result: runResult(given), report: reportOf(given) }, { ...WHOLE, ...options });
    return records().slice(before);
  });
}

const messages = (records: readonly Readonly<Record<string, unknown>>[]) =>
  records.map(({ message }) => message);

function held(
  set = ONE,
  guardrail: 'panic-threshold' | 'removal-budget' = 'panic-threshold',
  detail = 'why',
): Given {
  const judgement = unhealthy(set);
  return { judgements: [judgement], heldBack: [[judgement, guardrail, detail]] };
}

describe('what is held back', () => {
  test('is told once, and counted from then on', () => {
    const [first = [], second = []] = tell([held(), held()]);
    expect(messages(first)).toEqual(['run', 'held back']);
    expect(first[1]).toMatchObject({
      runId: 'run-1',
      zone: 'Z1',
      guardrail: 'panic-threshold',
      detail: 'why',
    });
    expect(messages(second)).toEqual(['run']);
    expect(second[0]).toMatchObject({
      level: 'INFO',
      unchanged: { heldBack: 1, withheld: 0 },
      durationMs: 812,
    });
  });

  test('is not told again because its numbers are others', () => {
    const [, second = []] = tell([
      held(ONE, 'panic-threshold', '5 of 9'),
      held(ONE, 'panic-threshold', '6 of 9'),
    ]);
    expect(messages(second)).toEqual(['run']);
  });

  test('is told again by another guardrail', () => {
    const [, second = []] = tell([held(), held(ONE, 'removal-budget')]);
    expect(messages(second)).toEqual(['run', 'held back']);
  });

  test('is told when it is no more', () => {
    const [, second = []] = tell([held(), {}]);
    expect(messages(second)).toEqual(['run', 'no longer held back']);
    expect(second[1]).toMatchObject({ name: ONE.Name, setIdentifier: ONE.SetIdentifier });
  });

  test('is told as removed alone when it was', () => {
    const group = groupOf(ONE);
    const [, second = []] = tell([held(), { groups: [group], outcomes: [[group, { status: 'applied' }]] }]);
    expect(messages(second)).toEqual(['run', 'removed']);
  });

  test('is told as no longer held back where its removal failed', () => {
    const group = groupOf(ONE);
    const failed = { status: 'failed', detail: 'AccessDenied' } as const;
    const [, second = []] = tell([held(), { groups: [group], outcomes: [[group, failed]] }]);
    expect(messages(second)).toEqual(['run', 'not removed', 'no longer held back']);
  });
});

const WITHHELD = {
  name: 'web.discovery.internal.',
  type: 'A',
  value: '10.0.0.9',
  reason: 'http-status',
  detail: 'it fails',
  evidence: {},
} as const;

test('what is withheld is told again for another reason, but not because there was no time to ask', () => {
  const because = (reason: 'http-status' | 'timeout' | 'deadline') => ({
    withheld: [{ ...WITHHELD, reason }],
  });
  const told = tell([
    because('timeout'),
    because('deadline'),
    because('timeout'),
    because('http-status'),
    {},
  ]);
  expect(told.map(messages)).toEqual([
    ['run', 'withheld'],
    ['run'],
    ['run'],
    ['run', 'withheld'],
    ['run', 'no longer withheld'],
  ]);
});

test('what is withheld and then registered is told as registered alone', () => {
  const set = {
    Name: WITHHELD.name,
    Type: 'A',
    TTL: 0,
    ResourceRecords: [{ Value: WITHHELD.value }],
  } as const;
  const group = {
    ...groupOf(set),
    changes: [{ action: 'CREATE', recordSet: set }] as const,
    removed: [],
    reasons: ['missing'] as const,
  };
  const told = tell([
    { withheld: [WITHHELD] },
    { groups: [group], outcomes: [[group, { status: 'applied' }]] },
  ]);
  expect(told.map(messages)).toEqual([
    ['run', 'withheld'],
    ['run', 'registered'],
  ]);
});

test('an entry of which nothing is known, a notice, a scope and a suspicion are told when they come and when they go', () => {
  const found: Given = {
    judgements: [unverified(TWO), stale(THREE)],
    planNotices: [{ subject: 'cname', detail: '1 name has a plain CNAME' }],
    incomplete: [scope('cluster/blue')],
    networkSelfTest: {
      scope: 'run',
      reason: 'timeout',
      failing: 9,
      probed: 10,
      hosts: 4,
      detail: 'most time out',
    },
  };
  const more = { ...found, planNotices: [{ subject: 'cname', detail: '2 names have a plain CNAME' }] };
  const [first = [], second = [], third = []] = tell([found, found, {}]);
  expect(messages(first)).toEqual(['run', 'unverified', 'notice', 'unread', 'network suspected']);
  expect(first[3]).toMatchObject({ level: 'WARN', scope: 'cluster/blue', operation: 'ecs:ListTasks' });
  expect(messages(second)).toEqual(['run']);
  expect(second[0]).toMatchObject({ unchanged: { unverified: 1, notices: 1, unread: 1, network: 1 } });
  expect(messages(third)).toEqual([
    'run',
    'no longer unverified',
    'notice gone',
    'read again',
    'network trusted',
  ]);
  expect(tell([found, more]).map(messages)[1]).toEqual(['run', 'notice', 'notice gone']);
});

test('a task that waits to be stopped is told once, and one that is stopped each time', () => {
  const stop = {
    cluster: 'blue',
    service: 'orders',
    task: 'arn:1',
    reason: 'timeout',
    detail: 'why',
  } as const;
  const waiting: Given = { stops: [{ ...stop, status: 'waiting' }] };
  const told = tell([waiting, waiting, { stops: [{ ...stop, status: 'stopped' }] }]);
  expect(told.map(messages)).toEqual([['run', 'task waits'], ['run'], ['run', 'task stopped']]);
});

test('what is as before is told in full at debug', () => {
  const [, second = []] = tell([held(), held()], {}, 'debug');
  expect(second.map(({ message, level }) => [message, level])).toEqual([
    ['run', 'INFO'],
    ['held back', 'DEBUG'],
  ]);
});

test('a run without news is told at the level that is asked for', () => {
  expect(tell([held(), held()], { uneventful: 'debug' }).map(messages)).toEqual([['run', 'held back'], []]);
});

test('a run over a part of the zone says nothing of the rest', () => {
  const { log, records } = keptLog();
  const news = createNews(log);
  const run = (given: Given, isPartial: boolean) => {
    news({ result: runResult(given), report: reportOf(given) }, { ...WHOLE, isPartial });
  };
  run(held(ONE), false);
  run(held(TWO), true);
  run({}, true);
  run(held(ONE), false);
  expect(messages(records())).toEqual([
    'run',
    'held back',
    'run',
    'held back',
    'run',
    'run',
    'no longer held back',
  ]);
});

test('of what is new a run tells 50 of a kind, and how many more there are', () => {
  const withheld = Array.from({ length: 60 }, (_, i) => ({ ...WITHHELD, value: `10.0.1.${i}` }));
  const [first = [], second = []] = tell([{ withheld }, {}]);
  expect(first.filter(({ message }) => message === 'withheld')).toHaveLength(50);
  expect(first.at(-1)).toMatchObject({ message: 'more', of: 'withheld', count: 10 });
  expect(second.at(-1)).toMatchObject({ message: 'more', of: 'no longer withheld', count: 10 });
});

describe('what another look, run or tool was first with', () => {
  const taken = Array.from({ length: 84 }, (_, i) => groupOf(srvSet(i + 1)));
  const written = taken.map((group) => ({
    ...group,
    changes: group.changes.map(({ recordSet }) => ({ action: 'CREATE', recordSet }) as const),
    removed: [],
    reasons: ['missing'] as const,
  }));

  test.each([
    { groups: taken, message: 'already gone' },
    { groups: written, message: 'already there' },
  ])('is a number in the record of the run, and told in full at debug: $message', ({ groups, message }) => {
    const given = { groups, outcomes: groups.map((group) => [group, alreadyDone(group)] as const) };
    const [told = []] = tell([given]);
    expect(messages(told)).toEqual(['run']);
    expect(told[0]).toMatchObject({ level: 'INFO', summary: { alreadyDone: 84 } });

    const [[, ...full] = []] = tell([given], {}, 'debug');
    expect(full).toHaveLength(84);
    expect(full).toEqual(full.map(() => expect.objectContaining({ level: 'DEBUG', message })));
  });
});
