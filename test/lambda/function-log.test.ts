import { expect, test } from 'vitest';
import { parseJournal } from '../../src/journal/parse-journal.ts';
import { functionLog } from '../../src/lambda/function-log.ts';
import { logJournal } from '../../src/lambda/log-journal.ts';
import { groupOf, srv, ZONE } from '../journal/support.ts';
import { capture, undocumentedFields, withMessage } from './support.ts';

/** Of an event of CloudWatch Logs; Docker splits at a sixteenth of that. */
const [EVENT_BYTES, LINE_BYTES] = [262_144, 16_384];
const HOSTILE = 'a\nb\u202ec\u2028d\u001b[2J';

const linesOf = (text: string) => text.split('\n').slice(0, -1);

test('a list that is too long for a line ends early, with a count', () => {
  const printed = capture();
  const incomplete = Array.from({ length: 5_000 }, (_, i) => ({
    scope: `cluster/${i}`,
    error: 'AccessDenied',
  }));

  functionLog('ecs-dns').about({ runId: 'run-1' }).write('run', { mode: 'apply', incomplete });

  const [line = '', ...others] = linesOf(printed().text);
  const [run] = withMessage(printed(), 'run');
  const kept = run?.['incomplete'] as readonly unknown[];
  expect(others).toEqual([]);
  expect(Buffer.byteLength(line)).toBeLessThan(LINE_BYTES);
  expect(run).toMatchObject({ runId: 'run-1', mode: 'apply', cut: { incomplete: 5_000 - kept.length } });
  expect(undocumentedFields(printed())).toEqual([]);
});

test('the largest set that Route 53 takes is whole in the journal, within an event, and can be restored', async () => {
  const printed = capture();
  // A request has 32,000 characters of values at the most; a backslash is two in JSON.
  const values = Array.from({ length: 400 }, (_, i) =>
    `1 1 ${1000 + i} ${'\\052'.repeat(17)}`.padEnd(80, 'a'),
  );
  const set = srv('large', values);
  const log = functionLog('ecs-dns');

  await logJournal({ kind: 'default' }, log).write(ZONE, [groupOf(set, values.slice(1))], 'run-1');
  log.about({ zone: ZONE.id }).write('removed', {
    recordSet: set,
    replacedBy: srv('large', values.slice(1)),
    reasons: ['task-gone'],
    status: 'applied',
  });

  expect(values.join('').length).toBe(32_000);
  for (const line of linesOf(printed().text)) expect(Buffer.byteLength(line)).toBeLessThan(EVENT_BYTES / 2);
  const { removals, outcomes } = parseJournal(printed().text, 'log');
  expect(removals.map(({ recordSet }) => recordSet)).toEqual([set, set]);
  expect(outcomes.size).toBe(1);
});

test('what would break or turn a line is an escape that means the same', () => {
  const printed = capture();

  functionLog('ecs-dns').write('run failed', { code: 'aws', detail: HOSTILE });

  expect(linesOf(printed().text)).toHaveLength(1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(printed().text.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/);
  expect(withMessage(printed(), 'run failed')).toMatchObject([{ detail: HOSTILE }]);
});

test.each([
  ['info', ['INFO', 'ERROR']],
  ['error', ['ERROR']],
] as const)('the level of the settings counts: %s', (level, written) => {
  const printed = capture();
  const log = functionLog('ecs-dns');
  log.setLevel(level);
  log.write('run', { mode: 'plan' });
  log.write('run failed', { code: 'aws' });
  expect(printed().records.map((record) => record['level'])).toEqual(written);
});
