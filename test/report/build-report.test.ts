import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../src/model/probe.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { Judgement } from '../../src/model/verdict.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import {
  foreign,
  type Given,
  groupOf,
  live,
  reportOf,
  runResult,
  scope,
  srvSet,
  stale,
  unhealthy,
  unverified,
} from './support.ts';

const several = srvSet(1, { ResourceRecords: [{ Value: '1 1 80 a' }, { Value: '1 1 81 b' }] });
const [gone, narrowed] = [groupOf(srvSet(2)), groupOf(several, ['1 1 81 b'])];
const held = unhealthy(srvSet(3));

const everything: Given = {
  judgements: [
    stale(several, { task: 'arn:task' }, '1 1 80 a'),
    live(several),
    stale(srvSet(2)),
    held,
    unverified(srvSet(4)),
    foreign(srvSet(5)),
    live(srvSet(6)),
  ],
  heldBack: [[held, 'panic-threshold', '3 of 4 are failing']],
  groups: [narrowed, gone],
  incomplete: [scope('cluster/blue')],
  unreadUnknownHosts: [scope('hosts/ip-10-0-0-9')],
  unreadGrace: [scope('services/blue/calc')],
};

const applied: Given = {
  ...everything,
  outcomes: [
    [narrowed, { status: 'applied' }],
    [gone, { status: 'conflict', detail: 'it was not found' }],
  ],
};

const awsCalls = { 'ecs:ListTasks': 3, 'route53:ListResourceRecordSets': 1 };

describe('the document', () => {
  it.each([
    ['of a plan', reportOf(everything, { awsCalls })],
    ['of a plan with live entries', reportOf(everything, { all: true })],
    ['of changes', reportOf(applied, { mode: 'apply', awsCalls })],
    ['of nothing', reportOf()],
    ['of changes that nobody approved', reportOf(everything, { mode: 'apply' })],
  ])('fits its schema and survives JSON: %s', (_, report) => {
    expect(reportSchema.strict().parse(report)).toEqual(report);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('says when, where and how', () => {
    expect(reportOf({ durationMs: 812.4 }, { mode: 'apply', awsCalls })).toMatchObject({
      version: 1,
      mode: 'apply',
      zone: { id: 'Z1', name: 'discovery.internal.' },
      startedAt: '2030-01-02T03:04:05.000Z',
      durationMs: 812,
      awsCalls,
    });
  });

  it('never took less than no time, whatever the clock did', () => {
    expect(reportOf({ durationMs: -5 }).durationMs).toBe(0);
  });
});

describe('the summary', () => {
  it('counts entries by verdict, and what is to be done', () => {
    expect(reportOf(everything).summary).toEqual({
      entries: 7,
      live: 2,
      stale: 2,
      unhealthy: 1,
      draining: 0,
      unverified: 1,
      protected: 0,
      foreign: 1,
      removals: 2,
      registrations: 0,
      withheld: 0,
      heldBack: 1,
      applied: 0,
      alreadyDone: 0,
      conflicts: 0,
      failed: 0,
    });
  });

  it('counts changes by how they ended', () => {
    expect(reportOf(applied).summary).toMatchObject({ applied: 2, conflicts: 1, failed: 0 });
  });

  it('counts failed changes', () => {
    const failed = { status: 'failed', detail: 'AccessDenied' } as const;
    const outcomes = [
      [narrowed, failed],
      [gone, failed],
    ] as const;
    expect(reportOf({ ...everything, outcomes }).summary).toMatchObject({
      applied: 0,
      conflicts: 0,
      failed: 3,
    });
  });

  it('is all nought for an empty zone', () => {
    expect(new Set(Object.values(reportOf().summary))).toEqual(new Set([0]));
  });
});

describe('the entries', () => {
  it('leave live ones out', () => {
    const verdicts = reportOf(everything).entries.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['stale', 'stale', 'unhealthy', 'unverified', 'foreign']);
  });

  it('are all of them, in the order of the zone, when all are asked for', () => {
    const verdicts = reportOf(everything, { all: true }).entries.map(({ verdict }) => verdict);
    expect(verdicts).toEqual(['stale', 'live', 'stale', 'unhealthy', 'unverified', 'foreign', 'live']);
  });

  it('have names and values as Route 53 prints them', () => {
    const set = srvSet(1, { Name: '\\052.Discovery.internal.', SetIdentifier: 'Host:ABC' });
    expect(reportOf({ judgements: [stale(set, { task: 'arn:task', attempts: 3 })] }).entries).toEqual([
      {
        name: '\\052.Discovery.internal.',
        type: 'SRV',
        setIdentifier: 'Host:ABC',
        value: '1 1 32761 ip-10-0-0-1',
        verdict: 'stale',
        reason: 'task-gone',
        evidence: { task: 'arn:task', attempts: 3 },
      },
    ]);
  });

  it('have no set identifier where the set has none', () => {
    const { SetIdentifier: _, ...simple } = srvSet(1);
    expect(reportOf({ judgements: [foreign(simple)] }).entries[0]).not.toHaveProperty('setIdentifier');
  });
});

describe('the changes', () => {
  it('carry the whole set that was read, so that it can be put back', () => {
    const set: RecordSet = srvSet(1, { Name: '\\052.internal.', TTL: 7, Weight: 3, HealthCheckId: 'h' });
    expect(reportOf({ groups: [groupOf(set)] }).changes).toEqual([
      { action: 'DELETE', recordSet: set, kind: 'removal', reasons: ['task-gone'], status: 'planned' },
    ]);
  });

  it('are a deletion and a creation where values stay', () => {
    const changes = reportOf({ groups: [narrowed] }).changes;
    expect(changes.map(({ action, recordSet }) => [action, recordSet.ResourceRecords])).toEqual([
      ['DELETE', several.ResourceRecords],
      ['CREATE', [{ Value: '1 1 81 b' }]],
    ]);
  });

  it('say how they ended, and why', () => {
    const changes = reportOf(applied).changes;
    expect(changes.map(({ status, detail }) => [status, detail])).toEqual([
      ['applied', undefined],
      ['applied', undefined],
      ['conflict', 'it was not found'],
    ]);
  });

  it('have no values where the set has none', () => {
    const { ResourceRecords: _, ...alias } = srvSet(1);
    expect(reportOf({ groups: [groupOf(alias)] }).changes[0]?.recordSet.ResourceRecords).toEqual([]);
  });
});

it('says what was held back, by which guardrail, with the numbers', () => {
  expect(reportOf(everything).heldBack).toEqual([
    {
      name: '_calc._tcp.discovery.internal.',
      type: 'SRV',
      setIdentifier: 'ip-10-0-0-3:000000000003',
      value: '1 1 32763 ip-10-0-0-3',
      verdict: 'unhealthy',
      reason: 'http-status',
      guardrail: 'panic-threshold',
      detail: '3 of 4 are failing',
    },
  ]);
});

it('lists what could not be read, of the inventory, of hosts and of grace periods', () => {
  expect(reportOf(everything).incomplete).toEqual(
    ['cluster/blue', 'hosts/ip-10-0-0-9', 'services/blue/calc'].map((name) => ({
      scope: name,
      operation: 'ecs:ListTasks',
      error: 'AccessDenied: not you',
    })),
  );
});

describe('the notices', () => {
  it('are those of the inventory, then what went wrong beside the run', () => {
    const notices = [{ subject: 'calc:7 app', detail: 'SERVICE_CHECK_HTTP: "x" is not a path' }];
    expect(reportOf({ notices }, { warnings: ['the memory is not writable'] }).notices).toEqual([
      ...notices,
      { subject: 'worker', detail: 'the memory is not writable' },
    ]);
  });

  const named = '_calc._tcp.discovery.internal. 1 1 32761 ip-10-0-0-1';
  const [passing, failing] = [live(srvSet(1)), unhealthy(srvSet(1))];
  const says = (seen: string, ecs: string) => [
    { subject: named, detail: `ECS calls the container ${ecs}, but ${seen}` },
  ];

  it.each<[string, Judgement, Judgement['evidence'], readonly object[]]>([
    [
      'ECS finds unhealthy what is healthy',
      passing,
      { ecsHealth: 'UNHEALTHY', attempts: 1 },
      says('the probe finds it healthy', 'UNHEALTHY'),
    ],
    [
      'ECS finds healthy what is not',
      failing,
      { ecsHealth: 'HEALTHY', attempts: 3 },
      says('the probe ends with http-status', 'HEALTHY'),
    ],
    [
      'ECS finds healthy what fails, though not often enough yet',
      failing,
      { ecsHealth: 'HEALTHY', attempts: 3, failure: 'timeout' },
      says('the probe ends with timeout', 'HEALTHY'),
    ],
    [
      'the answer breaks a rule of HTTP',
      { ...failing, verdict: 'unverified', reason: 'malformed-answer' } as const,
      { ecsHealth: 'HEALTHY', attempts: 1, errorCode: 'INVALID_HEADER_TOKEN' },
      [
        {
          subject: named,
          detail: 'its answer begins as HTTP and then breaks its rules: INVALID_HEADER_TOKEN',
        },
      ],
    ],
    [
      'the probe came to no conclusion',
      { ...failing, verdict: 'unverified', reason: 'checker-error' } as const,
      { ecsHealth: 'HEALTHY', attempts: 1 },
      [],
    ],
    ['both find it healthy', passing, { ecsHealth: 'HEALTHY', attempts: 1 }, []],
    ['both find it unhealthy', failing, { ecsHealth: 'UNHEALTHY', attempts: 3 }, []],
    ['ECS does not say', failing, { attempts: 3 }, []],
    ['nobody has probed it', passing, { ecsHealth: 'UNHEALTHY', attempts: 0 }, []],
    ['nobody was to probe it', passing, { ecsHealth: 'UNHEALTHY' }, []],
  ])('tell where ECS and the probe disagree: %s', (_, judgement, evidence, notices) => {
    expect(reportOf({ judgements: [{ ...judgement, evidence }] }).notices).toEqual(notices);
  });
});

describe("the suspicion of the checker's own network", () => {
  const networkSelfTest = {
    scope: 'run',
    reason: 'timeout',
    failing: 3,
    probed: 4,
    hosts: 3,
    detail: '3 of 4 probes',
  } as const;

  it('is there when there is one', () => {
    const report = reportOf({ networkSelfTest });
    expect(reportSchema.parse(report).networkSelfTest).toEqual(networkSelfTest);
  });

  it('is absent otherwise', () => {
    expect(reportOf()).not.toHaveProperty('networkSelfTest');
  });
});

describe('what was not sent before time ran out', () => {
  const groups = [groupOf(srvSet(1)), groupOf(srvSet(2))] as const;
  const report = reportOf({
    judgements: [stale(srvSet(1)), stale(srvSet(2)), live(srvSet(3))],
    groups,
    outcomes: [
      [groups[0], { status: 'applied' }],
      [groups[1], { status: 'unsent', detail: 'time ran out', code: 'deadline' }],
    ],
  });

  it('is still planned', () => {
    expect(report.changes.map(({ status }) => status)).toEqual(['applied', 'planned']);
    expect(report.summary).toMatchObject({ applied: 1, failed: 0, conflicts: 0 });
  });

  it('is held back by the deadline, once', () => {
    expect(report.heldBack).toMatchObject([
      {
        value: '1 1 32762 ip-10-0-0-2',
        reason: 'task-gone',
        guardrail: 'deadline',
        detail: 'time ran out before it could be removed',
      },
    ]);
    expect(report.summary.heldBack).toBe(1);
  });
});

describe('the tally of probes', () => {
  it('counts distinct endpoints by outcome', () => {
    const result = runResult();
    const one = { attempts: 1, durationMs: 5 };
    const outcomes = new Map<string, ProbeOutcome>([
      ['10.0.0.1 80', { kind: 'healthy', ...one }],
      ['10.0.0.2 80', { kind: 'healthy', ...one }],
      ['10.0.0.3 80', { kind: 'unhealthy', reason: 'timeout', ...one }],
      ['10.0.0.4 80', { kind: 'indeterminate', reason: 'deadline', ...one }],
    ]);
    const report = buildReport(
      { ...result, probeResults: { ...result.probeResults, outcomes } },
      { mode: 'plan', awsCalls: {}, awsThrottled: 3, all: false, warnings: [] },
    );
    expect(report.probes).toEqual({ healthy: 2, unhealthy: 1, indeterminate: 1 });
    expect(report.awsThrottled).toBe(3);
  });
});
