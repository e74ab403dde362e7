import { describe, expect, test } from 'vitest';
import { cronSchedule, everySchedule } from '../../src/watch/schedule.ts';

const NOON = Date.UTC(2030, 0, 2, 12);
const MINUTE = 60_000;

describe('every so often', () => {
  const schedule = everySchedule(5 * MINUTE);

  test('begins at once, and goes on from the time that was due, however late it is', () => {
    expect(schedule.first(NOON)).toBe(NOON);
    expect(schedule.next(NOON, NOON + MINUTE)).toBe(NOON + 5 * MINUTE);
    expect(schedule.next(NOON, NOON + 12 * MINUTE)).toBe(NOON + 5 * MINUTE);
  });

  test('does not wait for a clock that was set back', () => {
    expect(schedule.next(NOON, NOON - 60 * MINUTE)).toBe(NOON - 55 * MINUTE);
  });

  test('says so', () => {
    expect(schedule.description).toBe('every 5m');
  });
});

describe('a cron expression', () => {
  test.each([
    { expression: '*/5 * * * *', first: NOON + 5 * MINUTE, second: NOON + 10 * MINUTE },
    { expression: '*/20 * * * * *', first: NOON + 20_000, second: NOON + 40_000 },
    { expression: '@hourly', first: NOON + 60 * MINUTE, second: NOON + 120 * MINUTE },
    {
      expression: '2,7 13 * * WED',
      first: Date.UTC(2030, 0, 2, 13, 2),
      second: Date.UTC(2030, 0, 2, 13, 7),
    },
    { expression: '0 0 29 2 *', first: Date.UTC(2032, 1, 29), second: Date.UTC(2036, 1, 29) },
  ])('$expression', ({ expression, first, second }) => {
    const schedule = cronSchedule(expression);
    // Read in the time zone of the process; the offset makes the expectation one of local time.
    const local = (time: number) => time + new Date(time).getTimezoneOffset() * MINUTE;

    expect(schedule.first(local(NOON))).toBe(local(first));
    expect(schedule.next(local(first), local(first))).toBe(local(second));
    expect(schedule.description).toBe(`at ${expression}`);
  });

  test('waits for the time after the one that was due, even when it is asked too early', () => {
    const schedule = cronSchedule('*/5 * * * *');

    expect(schedule.next(NOON, NOON - 1)).toBe(NOON + 5 * MINUTE);
  });

  test.each([
    { expression: '', says: /--cron: "" is not valid \(.*\); write "\*\/5/ },
    { expression: '61 * * * *', says: /"61 \* \* \* \*" is not valid \(Invalid value for minute: 61\)/ },
    { expression: '* * *', says: /is not valid/ },
    { expression: '* * * * * * 2030', says: /5 or 6 parts/ },
    { expression: 'every five minutes', says: /is not valid/ },
    { expression: '0 0 30 2 *', says: /does not come again and again/ },
    { expression: '2999-01-01T00:00:00', says: /does not come again and again/ },
  ])('$expression is an error of one line', ({ expression, says }) => {
    expect(() => cronSchedule(expression)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(says) }),
    );
    expect(() => cronSchedule(expression)).not.toThrow(/\n/);
  });
});
