import { expect, test } from 'vitest';
import { functionLog } from '../../src/lambda/function-log.ts';
import { logJournal } from '../../src/lambda/log-journal.ts';
import { logRun } from '../../src/log/run-records.ts';
import { alreadyDone, type ChangeGroup } from '../../src/model/change.ts';
import { valuesOf, withValues } from '../../src/model/record-set.ts';
import {
  type Given,
  groupOf,
  reportOf,
  runResult,
  scope,
  srvSet,
  stale,
  unhealthy,
  ZONE,
} from '../report/support.ts';
import { capture, undocumentedFields, withMessage } from './support.ts';

function log(given: Given) {
  const printed = capture();
  const run = { result: runResult(given), report: reportOf(given) };
  logRun(functionLog('ecs-dns'), run, 295_000);
  return printed();
}

const [GONE, OTHER, KEPT] = [srvSet(1), srvSet(2), srvSet(3)];

test('a set that loses one of its values is one record, with what stays of it', () => {
  const value = valuesOf(GONE)[0] ?? '';
  const shared = withValues(GONE, [value, '1 1 32769 ip-10-0-0-9']);
  const group = groupOf(shared, [value]);

  const printed = log({ groups: [group], outcomes: [[group, { status: 'applied' }]] });

  expect(withMessage(printed, 'removed')).toEqual([
    expect.objectContaining({ recordSet: shared, replacedBy: GONE, status: 'applied' }),
  ]);
});

test('each way in which a change can end has its message and its level', () => {
  const groups = [GONE, OTHER, KEPT, srvSet(4), srvSet(5)].map((set) => groupOf(set));
  const [applied, conflict, failed, unsent, late] = groups;
  if (!applied || !conflict || !failed || !unsent || !late) throw new TypeError('five groups');

  const printed = log({
    groups,
    outcomes: [
      [applied, { status: 'applied' }],
      [conflict, { status: 'conflict', detail: 'was changed' }],
      [failed, { status: 'failed', detail: 'AccessDenied' }],
      [unsent, { status: 'unsent', detail: 'not sent: time ran out', code: 'deadline' }],
      [late, alreadyDone(late)],
    ],
  });

  const changes = printed.records.filter(({ message }) => message !== 'run');
  expect(changes.map(({ message, level, status, detail }) => [message, level, status, detail])).toEqual([
    ['removed', 'INFO', 'applied', undefined],
    ['not removed', 'WARN', 'conflict', 'was changed'],
    ['not removed', 'WARN', 'failed', 'AccessDenied'],
    ['planned', 'INFO', 'planned', 'not sent: time ran out'],
    ['already gone', 'INFO', 'already-done', 'another look, run or tool was first'],
  ]);
});

test('what is held back has a record each, and a suspicion stands in the record of the run', () => {
  const networkSelfTest = {
    scope: 'run',
    reason: 'timeout' as const,
    failing: 9,
    probed: 10,
    hosts: 4,
    detail: 'most time out',
  };
  const held = unhealthy(GONE);

  const printed = log({
    judgements: [held, stale(OTHER)],
    heldBack: [[held, 'panic-threshold', '9 of 10 fail']],
    incomplete: [scope('cluster/blue')],
    networkSelfTest,
  });

  expect(withMessage(printed, 'held back')).toEqual([
    expect.objectContaining({
      zone: 'Z1',
      name: GONE.Name,
      setIdentifier: GONE.SetIdentifier,
      value: valuesOf(GONE)[0],
      guardrail: 'panic-threshold',
      detail: '9 of 10 fail',
    }),
  ]);
  expect(withMessage(printed, 'run')).toEqual([
    expect.objectContaining({
      networkSelfTest,
      allowedMs: 295_000,
      incomplete: [{ scope: 'cluster/blue', operation: 'ecs:ListTasks', error: 'AccessDenied: not you' }],
    }),
  ]);
  expect(undocumentedFields(printed)).toEqual([]);
});

test('each task that may be stopped has a record, whose message and level tell what became of it', () => {
  const stop = {
    cluster: 'blue',
    service: 'orders',
    task: 'arn:aws:ecs:eu-west-1:111122223333:task/blue/1',
    reason: 'timeout',
    detail: 'why',
  } as const;
  const stops = (['stopped', 'planned', 'waiting', 'failed'] as const).map((status) => ({ ...stop, status }));

  const printed = log({ stops });

  const records = printed.records.filter(({ message }) => message !== 'run');
  expect(records.map(({ message, level, status }) => [message, level, status])).toEqual([
    ['task stopped', 'INFO', 'stopped'],
    ['task waits', 'INFO', 'planned'],
    ['task waits', 'INFO', 'waiting'],
    ['task not stopped', 'WARN', 'failed'],
  ]);
  const { service: ecsService, ...others } = stop;
  expect(records[0]).toMatchObject({ ...others, ecsService, service: 'ecs-dns', zone: 'Z1' });
  expect(undocumentedFields(printed)).toEqual([]);
});

test('what is registered, rewritten and withheld has a record each, and no rewriting is a removal', () => {
  const created = {
    ...groupOf(GONE),
    changes: [{ action: 'CREATE', recordSet: GONE }] as const,
    removed: [],
  };
  const missing = { ...created, reasons: ['missing'] as const };
  const corrected = {
    ...groupOf(OTHER),
    changes: [
      { action: 'DELETE', recordSet: OTHER },
      { action: 'CREATE', recordSet: { ...OTHER, Weight: 5 } },
    ] as const,
    removed: [],
    reasons: ['corrected'] as const,
  };
  const withheld = {
    name: 'web.discovery.internal.',
    type: 'A',
    value: '10.0.0.9',
    reason: 'name-taken',
    detail: 'it has a CNAME',
    evidence: {},
  } as const;

  const printed = log({
    groups: [missing, corrected],
    outcomes: [
      [missing, { status: 'applied' }],
      [corrected, { status: 'applied' }],
    ],
    withheld: [withheld],
  });

  expect(withMessage(printed, 'registered')).toMatchObject([
    { recordSet: { Name: GONE.Name }, reasons: ['missing'] },
  ]);
  expect(withMessage(printed, 'rewritten')).toMatchObject([
    { recordSet: { Weight: 5 }, reasons: ['corrected'] },
  ]);
  expect(withMessage(printed, 'withheld')).toMatchObject([{ name: withheld.name, reason: 'name-taken' }]);
  expect(withMessage(printed, 'removed')).toEqual([]);
  expect(undocumentedFields(printed)).toEqual([]);
});

test('what stays of a set is no registration, although another set of the group is one', () => {
  const [whole, rest] = [withValues(GONE, ['1 1 1 a', '1 1 2 b']), withValues(GONE, ['1 1 2 b'])];
  const group = {
    ...groupOf(whole, ['1 1 2 b']),
    changes: [
      { action: 'DELETE', recordSet: whole },
      { action: 'CREATE', recordSet: rest },
      { action: 'CREATE', recordSet: OTHER },
    ] as const,
    reasons: ['missing', 'task-gone'] as const,
  };

  const printed = log({ groups: [group], outcomes: [[group, { status: 'applied' }]] });

  expect(withMessage(printed, 'removed')).toMatchObject([{ recordSet: whole, replacedBy: rest }]);
  expect(withMessage(printed, 'registered')).toMatchObject([{ recordSet: OTHER }]);
  expect(reportOf({ groups: [group] }).changes.map(({ kind }) => kind)).toEqual([
    'removal',
    'removal',
    'registration',
  ]);
});

const CREATED = [{ action: 'CREATE', recordSet: GONE }] as const;
const NEW = { ...groupOf(GONE), changes: CREATED, removed: [], reasons: ['missing'] as const };

test.each<[string, string, Given['outcomes']]>([
  ['to register', 'INFO', undefined],
  ['not registered', 'WARN', [[NEW, { status: 'conflict', detail: 'why' }]]],
  ['not registered', 'WARN', [[NEW, { status: 'failed', detail: 'why' }]]],
])('what is to be registered is told as %s, %s', (message, level, outcomes) => {
  const printed = log({ groups: [NEW], ...(outcomes && { outcomes }) });
  const status = outcomes?.[0]?.[1].status ?? 'planned';
  expect(withMessage(printed, message)).toMatchObject([{ level, status }]);
});

test('what was there already is a number in the record of the run', () => {
  const printed = log({ groups: [NEW], outcomes: [[NEW, alreadyDone(NEW)]] });
  expect(printed.records.map(({ message }) => message)).toEqual(['run']);
  expect(printed.records).toMatchObject([{ summary: { alreadyDone: 1 } }]);
});

/** A CNAME of one service that makes room for that of another. */
function handover(targets: { readonly from: string; readonly to: string }): ChangeGroup {
  const cname = (service: string, target: string) => ({
    ...withValues(GONE, [target]),
    Name: 'web.discovery.internal.',
    Type: 'CNAME' as const,
    SetIdentifier: `ecs-dns:service:${service}`,
  });
  const [before, after] = [cname('blue/web', targets.from), cname('green/web', targets.to)];
  return {
    ...groupOf(before),
    changes: [
      { action: 'DELETE', recordSet: before },
      { action: 'CREATE', recordSet: after },
    ],
    reasons: ['missing', 'service-gone'],
  };
}

/** What the journal in the log tells of a group, which is written before it is sent. */
async function journalled(group: ChangeGroup) {
  const printed = capture();
  const journal = logJournal({ kind: 'default' }, functionLog('ecs-dns'));
  await journal.write(ZONE, [group]);
  return withMessage(printed(), 'removing').map(({ recordSet, replacedBy }) => ({ recordSet, replacedBy }));
}

test.each([
  ['a CNAME that is handed over', handover({ from: 'old.elb.test.', to: 'new.elb.test.' }), 1],
  ['one whose target stays', handover({ from: 'same.elb.test.', to: 'same.elb.test.' }), 0],
  [
    'a set that goes in one change with another that comes',
    {
      ...groupOf(GONE),
      changes: [...groupOf(GONE).changes, { action: 'CREATE', recordSet: OTHER }] as const,
      reasons: ['missing', 'task-gone'] as const,
    },
    1,
  ],
  [
    'a set of which values go while it is split',
    {
      ...groupOf(GONE),
      changes: [
        { action: 'DELETE', recordSet: withValues(GONE, ['1 1 1 a', '1 1 2 b']) },
        { action: 'CREATE', recordSet: withValues(OTHER, ['1 1 2 b']) },
      ] as const,
      reasons: ['split', 'task-gone'] as const,
    },
    1,
  ],
] as const)('%s: the log tells the removals that the journal tells', async (_, group, removals) => {
  const printed = log({ groups: [group], outcomes: [[group, { status: 'applied' }]] });

  const removed = withMessage(printed, 'removed').map(({ recordSet, replacedBy }) => ({
    recordSet,
    replacedBy,
  }));
  expect(removed).toEqual(await journalled(group));
  expect(removed).toHaveLength(removals);
  expect(removed.every(({ replacedBy }) => replacedBy === undefined)).toBe(true);
  const written = [...withMessage(printed, 'registered'), ...withMessage(printed, 'rewritten')];
  expect(written).toHaveLength(1);
});
