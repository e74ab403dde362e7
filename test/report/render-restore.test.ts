import { expect, test } from 'vitest';
import type { ChangeOutcome } from '../../src/model/change.ts';
import { type RecordSet, recordSetKey, withValues } from '../../src/model/record-set.ts';
import { outcomeKey, type ParsedJournal, type Removal } from '../../src/model/removal.ts';
import { planRestore } from '../../src/plan/restore.ts';
import { buildRestoreReport } from '../../src/report/build-restore-report.ts';
import { type RestoreTextOptions, renderRestore } from '../../src/report/render-restore.ts';
import { srvSet, ZONE } from './support.ts';

const AT = Date.UTC(2030, 0, 2, 3, 4, 5);
const [MISSING, THERE, CHANGED] = [srvSet(1), srvSet(2), srvSet(3)];
const WHOLE = withValues(srvSet(4), ['1 1 1 a', '1 1 2 b']);
const REST = withValues(WHOLE, ['1 1 2 b']);

function removal(recordSet: RecordSet, replacedBy?: RecordSet): Removal {
  return { zone: ZONE, recordSet, replacedBy, reasons: ['task-gone'], time: AT };
}

const REMOVALS = [removal(MISSING), removal(THERE), removal(CHANGED), removal(WHOLE, REST)];
const FOUND = [THERE, withValues(CHANGED, ['1 1 9 z']), REST];

function render(
  outcomes?: ReadonlyMap<string, ChangeOutcome>,
  journal: Partial<ParsedJournal> = {},
  options: Partial<RestoreTextOptions> = {},
  found: readonly RecordSet[] = FOUND,
): string {
  const plan = planRestore(journal.removals ?? REMOVALS, found, ZONE);
  const report = buildRestoreReport(
    { zone: ZONE, plan, startedAt: AT, finishedAt: AT + 400, outcomes },
    {
      journal: { removals: REMOVALS, outcomes: new Map(), tornLine: undefined, ...journal },
      dryRun: outcomes === undefined,
      awsCalls: { 'route53:ListResourceRecordSets': 2 },
      awsThrottled: 0,
      warnings: [],
    },
  );
  return renderRestore(report, { color: false, ...options });
}

test('what would come back, and what is left because somebody has changed it', () => {
  expect(render()).toBe(
    [
      'discovery.internal. (Z1): 4 removed record sets: 1 missing, 1 reduced, 1 there, 1 changed since. 2 AWS calls in 400ms.',
      'Names are relative to the zone.',
      'Marks: + comes back, ~ gets its values back, ! needs a look.',
      '',
      'To put back: 2 record sets, removed 2030-01-02T03:04:05.000Z.',
      '    REASON     NAME        TYPE  VALUE                  SET',
      '  + task-gone  _calc._tcp  SRV   1 1 32761 ip-10-0-0-1  ip-10-0-0-1:000000000001',
      '  ~ task-gone  _calc._tcp  SRV   1 1 1 a + 1 1 2 b      ip-10-0-0-4:000000000004',
      '',
      'Changed since, and left as it is: 1 record set, removed 2030-01-02T03:04:05.000Z.',
      '    WHY          REASON     NAME        TYPE  VALUE                  SET',
      '  ! now 1 1 9 z  task-gone  _calc._tcp  SRV   1 1 32763 ip-10-0-0-3  ip-10-0-0-3:000000000003',
      '',
    ].join('\n'),
  );
});

const ENDED = new Map<string, ChangeOutcome>([
  [recordSetKey(MISSING), { status: 'applied' }],
  [recordSetKey(WHOLE), { status: 'conflict', detail: 'it already exists' }],
]);

test('how it ended: what is back, and apart from it what is not', () => {
  const text = render(ENDED);

  expect(text).toContain('4 removed record sets: 1 put back, 1 not put back, 1 there, 1 changed since.');
  expect(text).toMatch(/^Put back: 1 record set, removed .*\n.*\n {2}\+ task-gone .*ip-10-0-0-1/m);
  expect(text).toMatch(
    /^Could not be put back: 1 record set, .*\n.*\n {2}! conflict: it already exists {2}task-gone .*ip-10-0-0-4:/m,
  );
});

test('what another look, run or tool had put back before is told as that', () => {
  const ended = new Map<string, ChangeOutcome>([
    [recordSetKey(MISSING), { status: 'already-done', code: 'already-there', detail: 'before' }],
    [recordSetKey(WHOLE), { status: 'applied' }],
  ]);
  const text = render(ended);

  expect(text).toContain(
    '1 put back, 1 put back before by another look, run or tool, 1 there, 1 changed since.',
  );
  expect(text).toMatch(
    /^Put back before by another look, run or tool: 1 record set, .*\n.*\n {2}\* task-gone .*ip-10-0-0-1/m,
  );
  expect(text).not.toContain('Could not be put back');
});

test('what another look, run or tool had taken out before the run is told with that, and left to it', () => {
  const text = render(undefined, { removals: [{ ...removal(MISSING), isOfAnother: true }] });

  expect(text).toMatch(/! another look, run or tool had taken it out before the run could {2}task-gone/);
  expect(text).toContain('Nothing to put back.');
});

test('a set that was changed in another way than its values says how', () => {
  const found = [{ ...MISSING, Weight: 9, TTL: 5 }];

  expect(render(undefined, { removals: [removal(MISSING)] }, {}, found)).toMatch(
    / ! now Weight 9, TTL 5 +task-gone/,
  );
});

test('only the outcomes are told to an operator who has just read the rest above the question', () => {
  const text = render(ENDED, {}, { isSeen: true });

  expect(text).toMatch(/^Put back: 1 record set\.$/m);
  expect(text).toContain('Could not be put back: 1 record set');
  expect(text).not.toContain('ip-10-0-0-1');
  expect(text).not.toContain('Changed since, and');
});

test('times of removal are a column where they differ', () => {
  const later = { ...removal(MISSING), time: AT + 60_000 };

  const text = render(undefined, { removals: [later, ...REMOVALS.slice(1)] });

  expect(text).toMatch(/^To put back: 2 record sets\.\n +REASON .* REMOVED$/m);
  expect(text).toMatch(/ 2030-01-02T03:05:05\.000Z$/m);
});

test('fits a terminal of 80 columns, whatever the set identifiers', () => {
  const id = 'ab'.repeat(32);
  const set = { ...MISSING, SetIdentifier: `ip-10-0-0-1.eu-central-1.compute.internal:${id}` };

  const text = render(undefined, { removals: [removal(set)] }, { width: 80 });

  expect(text).toContain('ip-10-0-0-1.eu-central-1.compute.internal:abababababab');
  expect(text).not.toContain(id);
  for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});

test('a removal that the journal says was not carried out is told as that', () => {
  const key = outcomeKey(ZONE.id, recordSetKey(MISSING));
  const outcomes = new Map([[key, { status: 'unsent', detail: 'time ran out', code: 'deadline' } as const]]);

  expect(render(undefined, { outcomes })).toMatch(/ip-10-0-0-1:\S+ +2030\S+Z, told as unsent$/m);
});

test('what the journal gives cause to say', () => {
  const other = { ...removal(MISSING), zone: { id: 'Z2', name: undefined } };

  const text = render(undefined, { removals: [...REMOVALS, other], tornLine: 7 });

  expect(text).toContain('About the journal: 2 notices.');
  expect(text).toContain('line 7 of the journal, its last one, is cut off');
  expect(text).toContain('1 removal from other zones: restore Z2 by itself');
});
