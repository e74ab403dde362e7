import { describe, expect, it } from 'vitest';
import { type RecordSet, recordSetKey } from '../../src/model/record-set.ts';
import { readRecordSets, readRecordSetsOf } from '../../src/route53/read-record-sets.ts';
import type { RecordCursor, RecordPage } from '../../src/route53/route53-api.ts';
import { DENIED, hostSet, inMemoryRoute53, multiValueSets, namedSet, srvSet } from './support.ts';

const keys = (found: readonly RecordSet[]) => found.map(recordSetKey).toSorted();

/** Five weighted sets of one name between two others, so that only all three cursors lead through them. */
const zone = [hostSet(1), ...multiValueSets(5), namedSet(1)];

describe('readRecordSets', () => {
  it.each([1, 2, 3, 300])('reads every set once with %d a page', async (pageSize) => {
    const api = inMemoryRoute53({ sets: zone, pageSize });
    const found = await readRecordSets('Z1', api, undefined);
    expect(found).toHaveLength(7);
    expect(keys(found)).toEqual(api.keys());
    expect(api.readings).toHaveLength(Math.ceil(7 / pageSize));
  });

  it('goes on with name, type and set identifier', async () => {
    const api = inMemoryRoute53({ sets: zone, pageSize: 3 });
    await readRecordSets('Z1', api, undefined);
    const { Name: name, Type: type, SetIdentifier: setIdentifier } = srvSet(3);
    expect(api.readings).toContainEqual({ name, type, setIdentifier });
  });

  it('reads an empty zone in one request', async () => {
    const api = inMemoryRoute53();
    expect(await readRecordSets('Z1', api, undefined)).toEqual([]);
    expect(api.readings).toEqual([{}]);
  });

  it('throws what a page throws', async () => {
    const api = inMemoryRoute53({ sets: zone, readError: DENIED });
    await expect(readRecordSets('Z1', api, undefined)).rejects.toBe(DENIED);
  });

  it.each<[string, (from: RecordCursor) => RecordCursor]>([
    ['the cursor it was asked with', (from) => from],
    ['always the same cursor', () => ({ name: 'a.', type: 'A' })],
    ['a cursor of nothing', () => ({})],
    ['two cursors by turns', ({ name }) => ({ name: name === 'a.' ? 'b.' : 'a.', type: 'A' })],
    ['three cursors by turns', ({ name }) => ({ name: name === 'a.' ? 'b.' : name === 'b.' ? 'c.' : 'a.' })],
  ])('does not follow %s for ever', async (_, next) => {
    let pages = 0;
    const listRecordSets = (_zone: string, from: RecordCursor): Promise<RecordPage> => {
      if (++pages > 9) throw new TypeError('asked without end');
      return Promise.resolve({ recordSets: [hostSet(1)], next: next(from) });
    };
    const reading = readRecordSets('Z1', { ...inMemoryRoute53(), listRecordSets }, undefined);
    await expect(reading).rejects.toThrow('the same page token came twice');
  });
});

describe('readRecordSetsOf', () => {
  it('reads the sets of the names and no others', async () => {
    const api = inMemoryRoute53({ sets: zone, pageSize: 2 });
    const found = await readRecordSetsOf('Z1', [hostSet(1).Name, srvSet(0).Name], api, undefined);
    expect(keys(found)).toEqual(keys([hostSet(1), ...multiValueSets(5)]));
  });

  it('reads a name once, however it is spelled', async () => {
    const api = inMemoryRoute53({ sets: zone });
    const found = await readRecordSetsOf(
      'Z1',
      ['IP-10-0-0-1.discovery.internal', hostSet(1).Name],
      api,
      undefined,
    );
    expect(keys(found)).toEqual(keys([hostSet(1)]));
    expect(api.readings).toHaveLength(1);
  });

  it('finds nothing under a name that is gone, and not its neighbour', async () => {
    const api = inMemoryRoute53({ sets: zone });
    expect(await readRecordSetsOf('Z1', ['_a._tcp.discovery.internal.'], api, undefined)).toEqual([]);
  });

  it.each([
    ['10 names are looked at one by one', 10, 10, 0],
    ['11 names are found by one reading of the zone', 11, 1, 0],
    ['11 names of a zone of 11 pages are looked at one by one', 11, 11, 11],
    ['12 names of a zone of 11 pages are found by one reading of the zone', 12, 1, 11],
  ])('%s', async (_, count, readings, zonePages) => {
    const named = multiValueSets(count, namedSet);
    const api = inMemoryRoute53({ sets: [...named, hostSet(1)] });
    const found = await readRecordSetsOf(
      'Z1',
      named.map(({ Name }) => Name),
      api,
      undefined,
      zonePages,
    );
    expect(keys(found).toSorted()).toEqual(keys(named).toSorted());
    expect(api.readings).toHaveLength(readings);
  });
});
