import { describe, expect, test } from 'vitest';
import { recordSetKey } from '../../src/model/record-set.ts';
import { type EventEntry, entryBytes, entryOf, packEntries } from '../../src/publish/event-entries.ts';
import type { PublishedEvent } from '../../src/publish/event-schema.ts';
import { eventsOf } from '../../src/publish/events-of.ts';
import { checked, srv, TIME, ZONE } from './support.ts';

const LIMIT = 256 * 1024;

function entry(Detail: string): EventEntry {
  return { EventBusName: 'bus', Source: 's', DetailType: 'd', Detail, Time: new Date(TIME) };
}

/** An entry of exactly so many bytes. */
const sized = (bytes: number) => entry('x'.repeat(bytes - 16));

/** The removal of a value of a set with many of them, each described at length. */
function removal(values: number, describedBy: number): PublishedEvent {
  const all = Array.from({ length: values }, (_, i) => `1 1 ${i} host`);
  const [before, after] = [srv(all), srv(['other'])];
  const [event] = eventsOf({
    zone: ZONE,
    groups: [
      {
        key: recordSetKey(before),
        changes: [
          { action: 'DELETE', recordSet: before },
          { action: 'CREATE', recordSet: after },
        ],
        reasons: ['task-gone'],
      },
    ],
    outcomes: new Map([[recordSetKey(before), { status: 'applied' }]]),
    describe: (_, value) => ({ value, task: 't'.repeat(describedBy) }),
    time: TIME,
  });
  if (event === undefined) throw new TypeError('nothing was published');
  return event;
}

describe('the size of an entry', () => {
  test.each([
    { what: 'ASCII', detail: '{}', bytes: 14 + 1 + 1 + 2 },
    { what: 'two bytes a character', detail: '"ä"', bytes: 14 + 1 + 1 + 4 },
    { what: 'four bytes a character', detail: '"😀"', bytes: 14 + 1 + 1 + 6 },
  ])('counts $what', ({ detail, bytes }) => {
    expect(entryBytes(entry(detail))).toBe(bytes);
  });
});

describe('the entry of an event', () => {
  test('holds all of it when it fits', () => {
    const event = removal(3, 10);
    expect(entryOf('bus', event)).toEqual({
      EventBusName: 'bus',
      Source: 'ecs-dns',
      DetailType: 'ECS DNS Record Removed',
      Detail: JSON.stringify(event.detail),
      Time: new Date(TIME),
    });
  });

  test('is shortened to what changed when it does not', () => {
    const event = removal(400, 1_000);
    expect(Buffer.byteLength(JSON.stringify(event.detail))).toBeGreaterThan(LIMIT);

    const sent = entryOf('bus', event);

    const detail = JSON.parse(sent?.Detail ?? '');
    checked({ source: sent?.Source, 'detail-type': sent?.DetailType, detail });
    const { id, recordSet, reasons } = event.detail;
    expect(detail).toMatchObject({ version: 1, id, recordSet, reasons, shortened: true });
    expect(detail.values[399]).toEqual({ value: '1 1 399 host' });
    expect(detail).not.toHaveProperty('replacedBy');
  });

  test('is none when even that is too large', () => {
    expect(entryOf('bus', removal(8_000, 1))).toBeUndefined();
  });
});

describe('requests', () => {
  test.each([
    { what: 'of nothing', sizes: [], batches: [] },
    { what: 'of one', sizes: [100], batches: [1] },
    { what: 'of ten', sizes: Array<number>(10).fill(100), batches: [10] },
    { what: 'of more than ten', sizes: Array<number>(21).fill(100), batches: [10, 10, 1] },
    { what: 'just below the limit', sizes: [LIMIT / 2, LIMIT / 2 - 1], batches: [2] },
    { what: 'at the limit', sizes: [LIMIT / 2, LIMIT / 2], batches: [1, 1] },
    { what: 'with a large one between small ones', sizes: [100, LIMIT - 1, 100, 100], batches: [1, 1, 2] },
  ])('$what', ({ sizes, batches }) => {
    const entries = sizes.map(sized);
    expect(entries.map(entryBytes)).toEqual(sizes);

    const packed = packEntries(entries);

    expect(packed.map((batch) => batch.length)).toEqual(batches);
    expect(packed.flat()).toEqual(entries);
  });
});
