import { describe, expect, test } from 'vitest';
import { encodeOutcome, encodeRemoval } from '../../src/journal/journal-line.ts';
import { parseJournal } from '../../src/journal/parse-journal.ts';
import { recordSetKey } from '../../src/model/record-set.ts';
import type { Removal } from '../../src/model/removal.ts';
import { outcomeKey } from '../../src/model/removal.ts';
import { RunError } from '../../src/model/run-error.ts';
import { srv, TIME, ZONE } from './support.ts';

const [ONE, TWO] = [srv('one', ['1 1 1 a', '1 1 2 b']), srv('two')];
const REMOVALS: readonly Removal[] = [
  { zone: ZONE, recordSet: ONE, replacedBy: srv('one', ['1 1 2 b']), reasons: ['task-gone'], time: TIME },
  { zone: ZONE, recordSet: TWO, reasons: ['a-reason-of-later'], time: TIME + 1 },
];
const LINES = REMOVALS.map((removal) => encodeRemoval(removal));
const [FIRST = '', SECOND = ''] = LINES;

function errorOf(text: string): RunError {
  try {
    parseJournal(text, 'j.jsonl');
  } catch (error) {
    if (error instanceof RunError) return error;
  }
  throw new TypeError('it was to be refused');
}

function changed(line: string, change: (value: Record<string, unknown>) => void): string {
  const value: Record<string, unknown> = JSON.parse(line);
  change(value);
  return JSON.stringify(value);
}

describe('a journal', () => {
  test('gives back every removal, every field of it', () => {
    const { removals, tornLine } = parseJournal(`${LINES.join('\n')}\n`, 'j.jsonl');

    expect(removals).toMatchObject(REMOVALS);
    expect(removals.map(({ recordSet }) => recordSet)).toEqual([ONE, TWO]);
    expect(tornLine).toBeUndefined();
  });

  test('holds the version, the kind, and a line each that stands for itself', () => {
    expect(JSON.parse(FIRST)).toEqual({
      version: 1,
      kind: 'removal',
      time: '2030-01-02T03:04:05.678Z',
      zone: ZONE,
      recordSet: ONE,
      replacedBy: srv('one', ['1 1 2 b']),
      reasons: ['task-gone'],
    });
  });

  test('tells how removals ended, and the last outcome of a set counts', () => {
    const failed = encodeOutcome(ZONE, ONE, { status: 'failed', detail: 'AccessDenied' }, TIME);
    const applied = encodeOutcome(ZONE, ONE, { status: 'applied', changeId: 'C123' }, TIME);
    const conflict = encodeOutcome(ZONE, TWO, { status: 'conflict', detail: 'changed' }, TIME);

    const { outcomes } = parseJournal([...LINES, failed, conflict, applied].join('\n'), 'j.jsonl');

    expect(outcomes.get(outcomeKey('Z1', recordSetKey(ONE)))).toMatchObject({ status: 'applied' });
    expect(outcomes.get(outcomeKey('Z1', recordSetKey(TWO)))).toMatchObject({
      status: 'conflict',
      detail: 'changed',
    });
  });

  test('may hold fields of a later release', () => {
    const line = changed(FIRST, (value) => {
      value['run'] = 'abc';
      value['zone'] = { ...ZONE, account: '1' };
    });

    expect(parseJournal(line, 'j.jsonl').removals).toMatchObject([{ zone: ZONE, recordSet: ONE }]);
  });

  test.each([
    ['cut off in the middle', SECOND.slice(0, 100)],
    ['cut off right behind its start', SECOND.slice(0, 3)],
    ['cut off before its end', SECOND.slice(0, -1)],
  ])('whose last line is %s tells so, and the rest counts', (_, torn) => {
    expect(parseJournal(`${FIRST}\n${torn}`, 'j.jsonl')).toMatchObject({
      removals: [{ recordSet: ONE }],
      tornLine: 2,
    });
  });

  test.each<[string, string, RegExp]>([
    [
      'cut off in the middle of the file',
      `${FIRST.slice(0, 90)}\n${SECOND}\n`,
      /^j\.jsonl, line 1: it is not valid JSON: mend the line, or take it out and restore the rest$/,
    ],
    [
      'of a later version',
      `${FIRST}\n\n${changed(SECOND, (value) => {
        value['version'] = 2;
      })}\n`,
      /^j\.jsonl, line 3: it has the version 2, which this release does not know: /,
    ],
    [
      'of an unknown kind',
      changed(FIRST, (value) => {
        value['kind'] = 'addition';
      }),
      /line 1: kind: Invalid/,
    ],
    [
      'without its record set',
      changed(FIRST, (value) => {
        delete value['recordSet'];
      }),
      /line 1: recordSet: Invalid/,
    ],
    [
      'with values of another form',
      changed(FIRST, (value) => {
        value['recordSet'] = { ...ONE, ResourceRecords: ['1 1 1 a'] };
      }),
      /line 1: recordSet\.ResourceRecords\.0: Invalid/,
    ],
    [
      'with a time that is none',
      changed(FIRST, (value) => {
        value['time'] = 'yesterday';
      }),
      /line 1: time: is no time/,
    ],
  ])('with a line %s is refused, by its number', (_, text, message) => {
    const error = errorOf(text);
    expect(error.code).toBe('journal');
    expect(error.message).toMatch(message);
  });

  test.each<[string, string, RegExp]>([
    ['is empty', '', /^j\.jsonl holds no removal: name a file that apply or watch has written/],
    ['is something else', '{"a":1}\nhello\n', /^j\.jsonl holds no removal: /],
    [
      'has one line, which is cut off',
      FIRST.slice(0, 50),
      /holds no removal but for line 1, which was cut off/,
    ],
    ['only tells outcomes', encodeOutcome(ZONE, ONE, { status: 'applied' }, TIME), /holds no removal: /],
  ])('that %s is refused', (_, text, message) => {
    expect(errorOf(text).message).toMatch(message);
  });
});

const RECORD = {
  level: 'INFO',
  timestamp: '2030-01-02T03:04:05.678Z',
  service: 'ecs-dns',
  message: 'removing',
  zone: 'Z1',
  zoneName: 'zone.test.',
  recordSet: ONE,
  replacedBy: srv('one', ['1 1 2 b']),
  reasons: ['task-gone'],
};
const REMOVED = { ...RECORD, message: 'removed', recordSet: TWO, replacedBy: undefined, status: 'applied' };
const RECORDS = [
  JSON.stringify({ ...RECORD, message: 'run', recordSet: undefined }),
  JSON.stringify(RECORD),
  JSON.stringify(REMOVED),
  JSON.stringify({ ...RECORD, message: 'not removed', status: 'conflict', detail: 'changed' }),
  JSON.stringify({ ...RECORD, message: 'planned', recordSet: srv('three'), status: 'planned' }),
  JSON.stringify({ _aws: { Timestamp: 1 }, Entries: 3 }),
];

describe('what another writer had taken out before a run', () => {
  const GONE = { status: 'already-done', code: 'already-gone', detail: 'before' } as const;
  const removal = (runId: string) =>
    encodeRemoval({ zone: ZONE, recordSet: TWO, reasons: [], time: TIME }, runId);
  const end = (runId: string, outcome: Parameters<typeof encodeOutcome>[2]) =>
    encodeOutcome(ZONE, TWO, outcome, TIME, runId);
  const CONFLICT = { status: 'conflict', detail: 'changed' } as const;

  test.each<[string, readonly string[], readonly (boolean | undefined)[]]>([
    ['no removal of that run', [removal('a'), end('a', GONE)], [true]],
    ['none of its attempts', [removal('a'), end('a', CONFLICT), removal('a'), end('a', GONE)], [true, true]],
    [
      'a removal of the run that was first',
      [removal('a'), removal('b'), end('b', { status: 'applied' }), end('a', GONE)],
      [true, undefined],
    ],
    ['nothing where it was tried once more', [removal('a'), end('a', { status: 'applied' })], [undefined]],
  ])('is %s', (_, lines, expected) => {
    const { removals } = parseJournal(lines.join('\n'), 'j.jsonl');
    expect(removals.map(({ isOfAnother }) => isOfAnother)).toEqual(expected);
  });

  test('is told by the log of the Lambda as well', () => {
    const records = [
      { ...RECORD, runId: 'a' },
      { ...RECORD, runId: 'b' },
      { ...RECORD, runId: 'b', message: 'removed', status: 'applied' },
      { ...RECORD, runId: 'a', message: 'already gone', ...GONE },
    ];
    const { removals } = parseJournal(records.map((one) => JSON.stringify(one)).join('\n'), 'log.txt');
    expect(removals.map(({ isOfAnother }) => isOfAnother)).toEqual([true, undefined, undefined]);
  });
});

describe('the log of the Lambda', () => {
  const cells = (message: string) =>
    `EVENTS\t3790\t1700000000001\t2030/01/02/[$LATEST]0123\t${message}\n\t1700000000000`;
  test.each<[string, string]>([
    ['a record a line', `${RECORDS.join('\n')}\n`],
    [
      'what filter-log-events prints as text',
      [
        'SEARCHEDLOGSTREAMS\t2030/01/02/[$LATEST]0123\tTrue',
        cells('START RequestId: 8476a536 Version: $LATEST'),
        ...RECORDS.map(cells),
        cells('REPORT RequestId: 8476a536\tDuration: 812 ms\t'),
      ].join('\n'),
    ],
    ['what it prints of the messages alone', RECORDS.join('\n\t')],
    [
      'what it prints as JSON',
      JSON.stringify(
        { events: RECORDS.map((message) => ({ message: `${message}\n`, timestamp: 1 })) },
        null,
        4,
      ),
    ],
    ['what logs tail prints', RECORDS.map((record) => `2030-01-02T03:04:05 ${record}`).join('\n')],
  ])('as %s: removals and outcomes, and nothing else', (_, text) => {
    const { removals, outcomes, tornLine } = parseJournal(text, 'log.txt');

    expect(removals).toEqual([
      {
        zone: ZONE,
        recordSet: ONE,
        replacedBy: srv('one', ['1 1 2 b']),
        reasons: ['task-gone'],
        time: TIME,
      },
      { zone: ZONE, recordSet: TWO, replacedBy: undefined, reasons: ['task-gone'], time: TIME },
    ]);
    expect([...outcomes.values()]).toMatchObject([
      { status: 'applied' },
      { status: 'conflict', detail: 'changed' },
    ]);
    expect(tornLine).toBeUndefined();
  });

  test('of a release that did not write the name of the zone', () => {
    const { zoneName: _, ...old } = REMOVED;

    expect(parseJournal(JSON.stringify(old), 'log.txt').removals).toMatchObject([
      { zone: { id: 'Z1', name: undefined } },
    ]);
  });

  test('with a record of a removal that is not whole is refused', () => {
    const text = `${JSON.stringify({ ...RECORD, zone: undefined })}\n${RECORDS.join('\n')}`;

    expect(errorOf(text).message).toMatch(/^j\.jsonl, line 1: zone: Invalid/);
  });
});
