import { describe, expect, it } from 'vitest';
import { alreadyDone, type ChangeGroup, type ChangeReason } from '../../src/model/change.ts';
import type { Container } from '../../src/model/inventory.ts';
import { withValues } from '../../src/model/record-set.ts';
import type { Withheld } from '../../src/model/registration.ts';
import { buildReport } from '../../src/report/build-report.ts';
import { renderText } from '../../src/report/render-text.ts';
import {
  foreign,
  type Given,
  groupOf,
  linesOf,
  live,
  reportOf,
  runResult,
  scope,
  srvSet,
  stale,
  unhealthy,
  unverified,
} from './support.ts';

const EVIDENCE = {
  instance: 'i-1',
  host: 'ip-10-0-0-1',
  status: 503,
  attempts: 3,
  task: 'arn:aws:ecs:1:task/blue/1',
};
const NAME = '_calc._tcp';

const removal: Given = {
  judgements: [stale(srvSet(1), EVIDENCE), live(srvSet(2))],
  groups: [groupOf(srvSet(1))],
};

describe('the first line', () => {
  it('sums up the zone', () => {
    const judgements = [
      stale(srvSet(1)),
      unhealthy(srvSet(2)),
      live(srvSet(3)),
      live(srvSet(4)),
      foreign(srvSet(5)),
    ];
    const awsCalls = { 'ecs:ListTasks': 2, 'ecs:DescribeTasks': 3 };
    expect(linesOf({ judgements }, { awsCalls })[0]).toBe(
      'discovery.internal. (Z1): 5 entries: 2 live, 1 stale, 1 unhealthy, 0 unverified, 1 foreign. 5 AWS calls in 812ms.',
    );
  });

  it('counts one of each in the singular', () => {
    expect(linesOf({ judgements: [live(srvSet(1))] }, { awsCalls: { 'ecs:ListTasks': 1 } })[0]).toMatch(
      /: 1 entry: 1 live, .* 1 AWS call in /,
    );
  });
});

describe('removals', () => {
  it('are none when nothing changes', () => {
    expect(linesOf({ judgements: [live(srvSet(1))] })).toContain('Nothing to remove.');
  });

  it('are listed with their reasons and what helps to understand them', () => {
    const lines = linesOf(removal);
    expect(lines).toContain('To remove: 1 entry.');
    expect(lines).toContain(
      `- stale: task-gone ${NAME} SRV 1 1 32761 ip-10-0-0-1 instance i-1, host ip-10-0-0-1, status 503, attempts 3`,
    );
    expect(lines.join('\n')).not.toContain('arn:');
  });

  it('leave out evidence that is empty', () => {
    const lines = linesOf({ ...removal, judgements: [stale(srvSet(1), { instance: '', status: 0 })] });
    expect(lines).toContain(`- stale: task-gone ${NAME} SRV 1 1 32761 ip-10-0-0-1 status 0`);
  });

  it('count entries and changes apart', () => {
    const set = srvSet(1, { ResourceRecords: [{ Value: '1 1 80 a' }, { Value: '1 1 81 b' }] });
    const lines = linesOf({ judgements: [stale(set, {}, '1 1 80 a')], groups: [groupOf(set, ['1 1 81 b'])] });
    expect(lines).toContain('To remove: 1 entry, in 2 changes: 1 record set keeps a value.');
    expect(lines.filter((line) => line.startsWith('-'))).toEqual([`- stale: task-gone ${NAME} SRV 1 1 80 a`]);
  });

  it('say how each ended', () => {
    const groups = [groupOf(srvSet(1)), groupOf(srvSet(2)), groupOf(srvSet(3))] as const;
    const lines = linesOf({
      judgements: [stale(srvSet(1)), unhealthy(srvSet(2)), stale(srvSet(3))],
      groups,
      outcomes: [
        [groups[0], { status: 'applied' }],
        [groups[1], { status: 'conflict', detail: 'it was not found' }],
        [groups[2], { status: 'failed', detail: 'AccessDenied: not you' }],
      ],
    });
    expect(lines[0]).toMatch(/^discovery\.internal\. \(Z1\): now 2 entries: 0 live, 1 stale, 1 unhealthy, /);
    expect(lines).toContain('Removed: 1 entry.');
    expect(lines.filter((line) => line.startsWith('- '))).toEqual([
      `- stale: task-gone ${NAME} SRV 1 1 32761 ip-10-0-0-1`,
    ]);
    expect(lines).toContain('Could not be removed: 2 entries: 1 in conflict, 1 failed.');
    expect(lines.filter((line) => line.startsWith('! '))).toEqual([
      `! conflict: it was not found ${NAME} SRV 1 1 32762 ip-10-0-0-2`,
      `! failed: AccessDenied: not you ${NAME} SRV 1 1 32763 ip-10-0-0-3`,
    ]);
  });

  it('tell apart what another look, run or tool had taken out before, which needs no look', () => {
    const groups = [groupOf(srvSet(1)), groupOf(srvSet(2))] as const;
    const lines = linesOf({
      judgements: [stale(srvSet(1)), stale(srvSet(2))],
      groups,
      outcomes: [
        [groups[0], { status: 'applied' }],
        [groups[1], alreadyDone(groups[1])],
      ],
    });
    expect(lines[0]).toMatch(/^discovery\.internal\. \(Z1\): now 0 entries: 0 live, 0 stale, /);
    expect(lines).toContain('Removed: 1 entry.');
    expect(lines).toContain('Already gone, by another look, run or tool: 1 entry.');
    expect(lines.filter((line) => /^[!*] /.test(line))).toEqual([
      `* stale: task-gone ${NAME} SRV 1 1 32762 ip-10-0-0-2`,
    ]);
    expect(lines.join('\n')).not.toContain('Could not');
  });

  it('say it of sets without a set identifier as well', () => {
    const { SetIdentifier: _, ...simple } = srvSet(1);
    const group = groupOf(simple);
    const lines = linesOf({
      judgements: [stale(simple)],
      groups: [group],
      outcomes: [[group, { status: 'applied' }]],
    });
    expect(lines).toContain('Removed: 1 entry.');
  });

  it('leave out an entry that no change is about', () => {
    const group = groupOf(srvSet(1));
    const lines = linesOf({
      judgements: [stale(srvSet(1)), stale(srvSet(2))],
      groups: [group],
      outcomes: [[group, { status: 'applied' }]],
    });
    expect(lines.filter((line) => line.startsWith('-'))).toEqual([
      `- stale: task-gone ${NAME} SRV 1 1 32761 ip-10-0-0-1`,
    ]);
  });
});

describe('what stays', () => {
  it('is listed with the guardrail that held it back, and not among the removals', () => {
    const held = stale(srvSet(2));
    const lines = linesOf({
      judgements: [stale(srvSet(1)), held],
      heldBack: [[held, 'removal-budget', '2 of 3 entries (67 %) exceed 50 %']],
      groups: [groupOf(srvSet(1))],
    });
    expect(lines).toContain('Held back: 1 entry.');
    expect(lines).toContain(
      `! stale: task-gone ${NAME} SRV 1 1 32762 ip-10-0-0-2 removal-budget: 2 of 3 entries (67 %) exceed 50 %`,
    );
    expect(lines.filter((line) => line.startsWith('-'))).toHaveLength(1);
  });

  it('tells a value that is held back from another value of its set', () => {
    const set = srvSet(1, { ResourceRecords: [{ Value: '1 1 80 a' }, { Value: '1 1 81 b' }] });
    const held = stale(set, {}, '1 1 80 a');
    const lines = linesOf({
      judgements: [held, stale(set, {}, '1 1 81 b')],
      heldBack: [[held, 'host-not-covered', 'why']],
      groups: [groupOf(set, ['1 1 80 a'])],
    });
    expect(lines.filter((line) => line.startsWith('-'))).toEqual([`- stale: task-gone ${NAME} SRV 1 1 81 b`]);
  });

  it('is listed when it is unverified', () => {
    const lines = linesOf({
      judgements: [unverified(srvSet(1), { errorCode: 'EMFILE' }), unverified(srvSet(2))],
    });
    expect(lines).toContain('Left as unverified: 2 entries.');
    expect(lines).toContain(
      `? unverified: address-unknown ${NAME} SRV 1 1 32761 ip-10-0-0-1 errorCode EMFILE`,
    );
  });

  it.each([
    { all: false, listed: [] },
    { all: true, listed: ['* live: healthy _calc._tcp SRV 1 1 32761 ip-10-0-0-1 status 200'] },
  ])(
    'is listed when it is live, if all are asked for ($all), and never when it is foreign',
    ({ all, listed }) => {
      const lines = linesOf({ judgements: [live(srvSet(1)), foreign(srvSet(2))] }, { all });
      expect(lines.filter((line) => line.includes('ip-10-0-0-'))).toEqual(listed);
    },
  );
});

it('lists what could not be read', () => {
  const lines = linesOf({
    incomplete: [scope('cluster/blue')],
    unreadUnknownHosts: [scope('hosts/a and 3 more')],
  });
  expect(lines).toContain('Could not be read: 2 scopes.');
  expect(lines).toContain('! cluster/blue ecs:ListTasks: AccessDenied: not you');
  expect(lines).toContain('! hosts/a and 3 more ecs:ListTasks: AccessDenied: not you');
});

it('lists what somebody should put right', () => {
  const notices = [{ subject: 'calc:7 app', detail: 'SERVICE_CHECK_HTTP: "x" is not a path' }];
  const lines = linesOf({ notices }, { warnings: ['the memory is not writable'] });
  expect(lines).toContain('To put right: 2 notices.');
  expect(lines).toContain('! calc:7 app SERVICE_CHECK_HTTP: "x" is not a path');
  expect(lines).toContain('! worker the memory is not writable');
});

it('has a blank line between its parts, one newline at its end and no blanks at the ends of lines', () => {
  const given = { ...removal, incomplete: [scope('cluster/blue')] };
  const text = renderText(reportOf(given), { color: false });
  expect(text.split('\n\n')).toHaveLength(3);
  expect(text).toMatch(/[^\n]\n$/);
  expect(text).not.toMatch(/[ \t]$/m);
});

describe('text from outside', () => {
  const hostile = 'x\u001b[2K\u001b[1A\r\nNothing to remove.\u202eevil\u2066\u0007\u009b';
  const shown = 'x\\u001b[2K\\u001b[1A\\u000d\\u000aNothing to remove.\\u202eevil\\u2066\\u0007\\u009b';
  const set = srvSet(1, { Name: hostile, ResourceRecords: [{ Value: hostile }] });
  const held = stale(srvSet(2, { Name: `held ${hostile}`, ResourceRecords: [{ Value: hostile }] }));
  const group = groupOf(set);
  const given: Given = {
    zone: { id: 'Z1', name: hostile },
    judgements: [
      stale(set, { host: hostile }),
      held,
      unverified(srvSet(3, { Name: hostile }), { service: hostile }),
    ],
    heldBack: [[held, 'host-not-covered', hostile]],
    groups: [group],
    incomplete: [scope(hostile, hostile)],
    notices: [{ subject: hostile, detail: hostile }],
    outcomes: [[group, { status: 'conflict', detail: hostile }]],
  };

  it.each([true, false])('shows what it hides, everywhere (colours: %s)', (color) => {
    const text = renderText(reportOf(given), { color });
    const ours = text.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
    expect(ours).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(ours.split(shown)).toHaveLength(15);
    expect(ours.split('\n').filter((line) => line.startsWith('Nothing'))).toEqual([]);
  });
});

describe('colours', () => {
  const ESCAPE = String.fromCharCode(27);

  it('are none unless they are asked for', () => {
    expect(renderText(reportOf(removal), { color: false })).not.toContain(ESCAPE);
  });

  it('change nothing but the looks', () => {
    const coloured = renderText(reportOf(removal), { color: true });
    expect(coloured).toContain(ESCAPE);
    expect(coloured.replace(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(
      renderText(reportOf(removal), { color: false }),
    );
  });
});

describe('registrations', () => {
  const created = (
    reasons: readonly ChangeReason[],
    values: readonly string[] = ['1 1 80 a'],
  ): ChangeGroup => ({
    ...groupOf(srvSet(1)),
    changes: [{ action: 'CREATE', recordSet: withValues(srvSet(1), values) }],
    reasons,
    removed: [],
  });

  it('are listed with the values that they have', () => {
    const lines = linesOf({ groups: [created(['missing'])] });
    expect(lines).toContain('To register: 1 entry.');
    expect(lines.find((line) => line.trim().startsWith('+'))).toMatch(/missing _calc\._tcp.* SRV .*1 1 80 a/);
    expect(lines).toContain('Nothing to remove.');
  });

  it('say how they ended', () => {
    const group = created(['missing']);
    const lines = linesOf({
      groups: [group],
      outcomes: [[group, { status: 'conflict', detail: 'it already exists' }]],
    });
    expect(lines).toContain('Could not be registered: 1 entry: 1 in conflict.');
    expect(lines.join('\n')).toContain('conflict: it already exists');
  });

  it('say of what another look, run or tool had written that it is there', () => {
    const group = created(['missing']);
    const lines = linesOf({ groups: [group], outcomes: [[group, alreadyDone(group)]] });
    expect(lines).toContain('Registered: 0 entries.');
    expect(lines).toContain('Already registered, by another look, run or tool: 1 entry.');
  });

  it('are apart from what is only rewritten', () => {
    const many = ['1 1 80 a', '1 1 81 b', '1 1 82 c', '1 1 83 d'];
    const group: ChangeGroup = {
      ...created(['corrected']),
      changes: [
        { action: 'DELETE', recordSet: srvSet(1) },
        { action: 'CREATE', recordSet: withValues(srvSet(1), many) },
      ],
    };
    const lines = linesOf({ groups: [group] });
    expect(lines).toContain('To rewrite: 4 entries in 1 record set.');
    expect(lines.find((line) => line.trim().startsWith('~'))).toMatch(/corrected .*4 values/);
    expect(lines).toContain('Nothing to remove.');
  });
});

describe('what is not registered', () => {
  const withheld = (reason: Withheld['reason'], over: Partial<Withheld> = {}): Withheld => ({
    name: NAME,
    type: 'SRV',
    value: '1 1 80 a',
    reason,
    detail: undefined,
    evidence: {},
    ...over,
  });

  it('is listed with what is in the way', () => {
    const lines = linesOf({
      withheld: [withheld('name-taken', { detail: 'it has a CNAME', evidence: { service: 'x' } })],
    });
    expect(lines).toContain('Not registered: 1 entry.');
    expect(lines.join('\n')).toMatch(/name-taken .*1 1 80 a .*it has a CNAME/);
  });

  it('is listed with what its check has seen', () => {
    expect(
      linesOf({ withheld: [withheld('http-status', { evidence: { status: 503 } })] }).join('\n'),
    ).toMatch(/http-status .*status 503/);
  });
});

describe('what is starting', () => {
  const container = (over: Partial<Container>): Container => ({
    id: undefined,
    name: 'app',
    taskArn: 'arn:task/1',
    cluster: { name: 'blue', arn: 'arn:cluster/blue' } as Container['cluster'],
    host: undefined,
    phase: 'starting',
    startedAt: undefined,
    essential: true,
    ecsHealth: 'UNKNOWN',
    ecsService: undefined,
    reachedAt: [],
    networkInterface: undefined,
    addressName: undefined,
    serviceNames: ['_calc._tcp'],
    ...over,
  });
  const unnamed = container({ serviceNames: [] });
  const running = container({ phase: 'running' });

  it.each([
    ['a container with a name', [container({})], /^1 container is starting, and not registered yet/m],
    [
      'what is named by its address',
      [container({ serviceNames: [], addressName: 'a' }), container({})],
      /^2 containers are starting/m,
    ],
    ['none without a name, and none that runs', [unnamed, running], /^(?![\s\S]*starting)/],
  ])('is counted under sync: %s', (_, containers, expected) => {
    const result = runResult();
    const given = { ...result, inventory: { ...result.inventory, containers } };
    const told = (isSync: boolean) =>
      renderText(
        buildReport(given, { mode: 'plan', all: false, isSync, awsCalls: {}, awsThrottled: 0, warnings: [] }),
        {
          color: false,
        },
      );
    expect(told(true)).toMatch(expected);
    expect(told(false)).not.toContain('starting');
  });
});
