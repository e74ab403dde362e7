import { describe, expect, test } from 'vitest';
import { parseJournal } from '../../src/journal/parse-journal.ts';
import { LOG_RECORDS, type LogMessage } from '../../src/log/log-records.ts';
import { RECORD_TEXTS } from '../../src/log/record-texts.ts';
import { ESCAPE, keptLog } from './support.ts';

const HOSTILE = `a\nb\rc\u2028d\u0085e${ESCAPE}[2Jf\u202eg\u0000h\ud800i`;
const UNPRINTED = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const ABOUT = {
  runId: '0f8e1234-aaaa',
  account: '123456789012',
  region: 'eu-west-1',
  zone: 'Z1',
  zoneName: 'x.test.',
};
const REMOVED = {
  recordSet: {
    Name: '_a._tcp.x.test.',
    Type: 'SRV',
    SetIdentifier: 'h:1',
    ResourceRecords: [{ Value: '1 1 80 host' }],
  },
  reasons: ['task-gone'],
  status: 'applied',
};

describe('as JSON', () => {
  test('a record is an object with time, level, message and what it is about', () => {
    const { log, records } = keptLog();
    log.about(ABOUT).write('removed', REMOVED);
    expect(records()).toEqual([
      {
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        level: 'INFO',
        service: 'ecs-dns',
        message: 'removed',
        ...ABOUT,
        ...REMOVED,
      },
    ]);
  });

  test('what is said of a run later wins over what was said before', () => {
    const { log, records } = keptLog();
    log.about({ zone: 'named' }).about({ zone: 'Z1' }).write('run stopped', {});
    expect(records()).toMatchObject([{ zone: 'Z1' }]);
  });
});

describe('as text', () => {
  test('a record is one line with its whole time, where no terminal wraps it', () => {
    const { log, lines } = keptLog({ format: 'text' });
    log.about(ABOUT).write('removed', REMOVED);
    log.write('failed', { detail: 'x '.repeat(200).trim() });
    expect(lines()).toEqual([
      expect.stringMatching(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO {2}0f8e1234 removed _a\._tcp SRV 1 1 80 host: task-gone$/,
      ),
      expect.stringMatching(/^\S{20} ERROR {10}failed (x )+x$/),
    ]);
  });

  test('a terminal gets lines of its width, with what follows under what it belongs to', () => {
    const { log, lines } = keptLog({ format: 'text', columns: 80 });
    log.about(ABOUT).write('run failed', { code: 'aws', detail: 'word '.repeat(60).trim() });
    expect(lines().length).toBeGreaterThan(4);
    expect(lines().every((line) => line.length <= 80)).toBe(true);
    expect(lines()[0]).toMatch(/^\d\d:\d\d:\d\d ERROR 0f8e1234 run failed word/);
    expect(
      lines()
        .slice(1)
        .every((line) => line.startsWith(`${' '.repeat(24)}word`)),
    ).toBe(true);
  });

  test('colours are there where they are wanted alone', () => {
    const [plain, colored] = [false, true].map((color) => {
      const { log, text } = keptLog({ format: 'text', color });
      log.write('runs skipped', { count: 2 });
      return text();
    });
    expect(plain).not.toContain(ESCAPE);
    expect(colored).toContain(`${ESCAPE}[33mWARN`);
  });

  test.each([
    [
      'a record set of many values',
      { ResourceRecords: [1, 2, 3, 4].map((n) => ({ Value: `v${n}` })) },
      '4 values',
    ],
    ['an alias', { AliasTarget: { DNSName: 'lb.test.' } }, 'lb.test.'],
  ])('%s is told in short', (_, fields, told) => {
    const { log, text } = keptLog({ format: 'text' });
    log.write('registered', { recordSet: { Name: 'a.', Type: 'A', ...fields }, reasons: ['missing'] });
    expect(text()).toMatch(new RegExp(`registered a\\. A ${told}\\n$`));
  });
});

test.each([
  ['debug', ['DEBUG', 'INFO', 'WARN', 'ERROR']],
  ['info', ['INFO', 'WARN', 'ERROR']],
  ['warn', ['WARN', 'ERROR']],
  ['error', ['ERROR']],
] as const)('from %s on', (level, written) => {
  const { log, records } = keptLog({ level });
  log.write('told', { detail: 'x' }, 'debug');
  log.write('told', { detail: 'x' });
  log.write('runs skipped', { count: 1 });
  log.write('failed', { detail: 'x' });
  expect(records().map((record) => record['level'])).toEqual(written);
});

const MESSAGES = Object.keys(LOG_RECORDS) as readonly LogMessage[];

/** All that any record holds, of the same text. */
function filled(message: LogMessage, text: unknown) {
  const fields = Object.keys(LOG_RECORDS[message].fields).map((field) => [field, text]);
  const recordSet = { Name: text, Type: text, ResourceRecords: [{ Value: text }] };
  return {
    ...Object.fromEntries(fields),
    ...('recordSet' in LOG_RECORDS[message].fields ? { recordSet } : {}),
  };
}

describe.each(['json', 'text'] as const)('whatever a record holds, as %s', (format) => {
  test.each(MESSAGES)('%s is one line that neither moves the cursor nor turns the text', (message) => {
    const { log, text } = keptLog({ format, level: 'debug' });
    log.about({ ...ABOUT, runId: HOSTILE, zoneName: HOSTILE }).write(message, filled(message, HOSTILE));
    expect(text().endsWith('\n')).toBe(true);
    expect(text().slice(0, -1)).not.toMatch(UNPRINTED);
  });

  test.each(MESSAGES)('%s is below 16 KiB', (message) => {
    const { log, lines } = keptLog({ format, level: 'debug' });
    const long = Array.from({ length: 2_000 }, (_, i) => `item ${i} \u202e`);
    log.about(ABOUT).write(message, filled(message, long));
    log.about(ABOUT).write(message, filled(message, long.join()));
    expect(lines()).toHaveLength(2);
    for (const line of lines()) expect(Buffer.byteLength(line)).toBeLessThan(16_384);
  });
});

test('JSON means the same as what was written', () => {
  const { log, records } = keptLog();
  log.write('failed', { detail: HOSTILE });
  expect(records()).toMatchObject([{ detail: HOSTILE.replace('\ud800', '\ud800') }]);
});

test('every record has words for people', () => {
  expect(Object.keys(RECORD_TEXTS).toSorted()).toEqual([...MESSAGES].toSorted());
});

test('what was removed can be restored from the log, but for a set that was too long for a line', () => {
  const { log, text } = keptLog();
  const values = Array.from({ length: 400 }, (_, i) => ({
    Value: `1 1 80 host-${i}.a-rather-long-domain.internal`,
  }));
  log.about(ABOUT).write('removed', REMOVED);
  log
    .about(ABOUT)
    .write('removed', { ...REMOVED, recordSet: { ...REMOVED.recordSet, ResourceRecords: values } });
  expect(parseJournal(text(), 'log').removals).toMatchObject([
    { zone: { id: 'Z1', name: 'x.test.' }, recordSet: REMOVED.recordSet, reasons: ['task-gone'] },
  ]);
});

test('of a set that keeps a value only what it loses is told as removed', () => {
  const set = {
    Name: '_a._tcp.discovery.internal.',
    Type: 'SRV',
    ResourceRecords: [{ Value: '1 1 80 host' }, { Value: '1 1 81 host' }],
  };
  const rest = { ...set, ResourceRecords: [{ Value: '1 1 80 host' }] };
  const told = (replacedBy: unknown) =>
    RECORD_TEXTS.removed({ recordSet: set, replacedBy, reasons: ['timeout'] });

  expect(told(rest)).toMatch(/ SRV 1 1 81 host: timeout$/);
  expect(told(undefined)).toMatch(/ SRV 1 1 80 host, 1 1 81 host: timeout$/);
  // It changes its form alone.
  expect(told(set)).toMatch(/ SRV 1 1 80 host, 1 1 81 host: timeout$/);
});

test('a guardrail of the name of the reason is not told twice', () => {
  const entry = {
    name: '_a._tcp',
    type: 'SRV',
    value: '1 1 80 host',
    verdict: 'unverified',
    detail: 'time ran out',
  };

  expect(RECORD_TEXTS['held back']({ ...entry, reason: 'deadline', guardrail: 'deadline' })).toMatch(
    /host: unverified deadline; time ran out$/,
  );
  expect(RECORD_TEXTS['held back']({ ...entry, reason: 'timeout', guardrail: 'deadline' })).toMatch(
    /host: unverified timeout; deadline: time ran out$/,
  );
});
