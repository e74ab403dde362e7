import { Logger } from '@aws-lambda-powertools/logger';
import { expect, test } from 'vitest';
import { logRun } from '../../src/lambda/log-run.ts';
import { valuesOf, withValues } from '../../src/model/record-set.ts';
import type { Report } from '../../src/report/report-schema.ts';
import { groupOf, reportOf, scope, srvSet, stale, unhealthy } from '../report/support.ts';
import { capture, undocumentedFields, withMessage } from './support.ts';

function log(report: Report) {
  const printed = capture();
  logRun(new Logger({ serviceName: 'ecs-dns' }), report, 295_000);
  return printed();
}

const [GONE, OTHER, KEPT] = [srvSet(1), srvSet(2), srvSet(3)];

test('a set that loses one of its values is one record, with what stays of it', () => {
  const value = valuesOf(GONE)[0] ?? '';
  const shared = withValues(GONE, [value, '1 1 32769 ip-10-0-0-9']);
  const group = groupOf(shared, [value]);

  const printed = log(reportOf({ groups: [group], outcomes: [[group, { status: 'applied' }]] }));

  expect(withMessage(printed, 'removed')).toEqual([
    expect.objectContaining({ recordSet: shared, replacedBy: GONE, status: 'applied' }),
  ]);
});

test('each way in which a change can end has its message and its level', () => {
  const groups = [GONE, OTHER, KEPT, srvSet(4)].map((set) => groupOf(set));
  const [applied, conflict, failed, unsent] = groups;
  if (!applied || !conflict || !failed || !unsent) throw new TypeError('four groups');

  const printed = log(
    reportOf({
      groups,
      outcomes: [
        [applied, { status: 'applied' }],
        [conflict, { status: 'conflict', detail: 'was changed' }],
        [failed, { status: 'failed', detail: 'AccessDenied' }],
        [unsent, { status: 'unsent', detail: 'not sent: time ran out' }],
      ],
    }),
  );

  const changes = printed.records.filter(({ message }) => message !== 'run');
  expect(changes.map(({ message, level, status, detail }) => [message, level, status, detail])).toEqual([
    ['removed', 'INFO', 'applied', undefined],
    ['not removed', 'WARN', 'conflict', 'was changed'],
    ['not removed', 'WARN', 'failed', 'AccessDenied'],
    ['planned', 'INFO', 'planned', 'not sent: time ran out'],
  ]);
});

test('what is held back has a record each, and a suspicion stands in the record of the run', () => {
  const networkSelfTest = {
    reason: 'timeout' as const,
    failing: 9,
    probed: 10,
    hosts: 4,
    detail: 'most time out',
  };
  const held = unhealthy(GONE);

  const printed = log(
    reportOf({
      judgements: [held, stale(OTHER)],
      heldBack: [[held, 'panic-threshold', '9 of 10 fail']],
      incomplete: [scope('cluster/blue')],
      networkSelfTest,
    }),
  );

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

  const printed = log(reportOf({ stops }));

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

  const printed = log(
    reportOf({
      groups: [missing, corrected],
      outcomes: [
        [missing, { status: 'applied' }],
        [corrected, { status: 'applied' }],
      ],
      withheld: [withheld],
    }),
  );

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

test.each([
  ['planned', 'to register', 'INFO'],
  ['conflict', 'not registered', 'WARN'],
  ['failed', 'not registered', 'WARN'],
] as const)('what is to be registered and ends as %s is told as %s', (status, message, level) => {
  const changes = [{ action: 'CREATE', recordSet: GONE }] as const;
  const group = { ...groupOf(GONE), changes, removed: [], reasons: ['missing'] as const };
  const outcomes = status === 'planned' ? {} : { outcomes: [[group, { status, detail: 'why' }] as const] };
  const printed = log(reportOf({ groups: [group], ...outcomes }));
  expect(withMessage(printed, message)).toMatchObject([{ level, status }]);
});
