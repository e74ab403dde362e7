import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { rejectedGroups } from '../../src/route53/rejection.ts';
import { awsError } from '../aws/support.ts';
import { groupOf, hostSet, srvSet } from './support.ts';

const set = (Name: string, SetIdentifier?: string, Type = 'SRV'): RecordSet => ({
  Name,
  Type,
  ...(SetIdentifier === undefined ? {} : { SetIdentifier }),
  ResourceRecords: [{ Value: '1 1 80 h' }],
});

const one = set('a.internal.', 'host-1:0123456789ab');
const two = set('a.internal.', 'host-2:0123456789ab');
const simple = set('simple.internal.');
const address = set('simple.internal.', undefined, 'A');
const wild = set('\\052.internal.', 'host-1:0123456789ab');
const quoted = set('a.internal.', "it's [odd], = really");
const plain = set('plain.internal.', 'blue');
const listed = set('plain.internal.', 'blue, green');
const groups = [one, two, simple, address, wild, quoted, plain, listed].map((recordSet) =>
  groupOf(recordSet),
);

const rejection = (message: string, messages?: readonly string[]) =>
  awsError('InvalidChangeBatch', { message, status: 400, ...(messages === undefined ? {} : { messages }) });

const named = (error: unknown) =>
  [...rejectedGroups(error, groups)].map(([{ changes }, text]) => [changes[0]?.recordSet, text] as const);
const setsNamed = (error: unknown) => named(error).map(([recordSet]) => recordSet);

const GONE =
  "Tried to delete resource record set [name='a.internal.', type='SRV', set-identifier='host-1:0123456789ab'] but it was not found";
const CHANGED =
  "Tried to delete resource record set [name='a.internal.', type='SRV', set-identifier='host-2:0123456789ab'] but the values provided do not match the current values";
const EXISTS =
  "Tried to create resource record set [name='simple.internal.', type='SRV'] but it already exists";
const NOT_WEIGHTED =
  'RRSet with DNS name plain.internal., SetIdentifier blue cannot be created as a non-weighted set exists with the same name and type.';

describe('which sets a rejection names', () => {
  it.each<[string, string, readonly RecordSet[]]>([
    ['one that was not found', `[${GONE}]`, [one]],
    ['one whose values differ', `[${CHANGED}]`, [two]],
    ['one that exists already, without a set identifier', `[${EXISTS}]`, [simple]],
    ['all of several messages', `[${GONE}, ${CHANGED}, ${EXISTS}]`, [one, two, simple]],
    ['one named twice once', `[${GONE}, ${GONE}]`, [one]],
    ['one without brackets around the messages', GONE, [one]],
    ['one by DNS name and set identifier', `[${NOT_WEIGHTED}]`, [plain]],
    [
      'one by a set identifier with a comma, and not the one that begins like it',
      `[${NOT_WEIGHTED.replace('blue', 'blue, green')}]`,
      [listed],
    ],
    ['one by a set identifier in quotes', NOT_WEIGHTED.replace('blue', "'blue, green'"), [listed]],
    [
      'one whose set identifier ends the text',
      'RRSet with DNS name plain.internal., SetIdentifier blue, green',
      [listed],
    ],
    [
      'both, told apart',
      `[${NOT_WEIGHTED.replace('blue', 'blue, green')}, ${NOT_WEIGHTED}]`,
      [listed, plain],
    ],
    ['both forms in one text', `[${NOT_WEIGHTED}, ${GONE}]`, [one, plain]],
    ['an escaped name', GONE.replace('a.internal.', '\\052.internal.'), [wild]],
    ['an escaped name, spelled out', GONE.replace('a.internal.', '*.internal.'), [wild]],
    ['a name without its trailing dot, in capitals', GONE.replace('a.internal.', 'A.INTERNAL'), [one]],
    [
      'a set identifier with quotes, brackets and commas',
      `[${GONE.replace('host-1:0123456789ab', "it's [odd], = really")}, ${CHANGED}]`,
      [quoted, two],
    ],
    [
      'a plain name with its type',
      'RRSet with DNS name simple.internal., type A cannot be created',
      [address],
    ],
    [
      'a plain name with its type in quotes',
      "RRSet with DNS name simple.internal., type 'SRV' cannot be created",
      [simple],
    ],
    ['none by a plain name that two sets bear', 'RRSet with DNS name simple.internal. cannot be created', []],
    [
      'none by a plain name and type of several sets',
      'RRSet with DNS name a.internal., type SRV cannot be created',
      [],
    ],
    ['none of a set that is in no group', GONE.replace('host-1', 'host-9'), []],
    ['none of the same name and another type', GONE.replace("'SRV'", "'CNAME'"), []],
    [
      'none of a message about nothing',
      '[Invalid Resource Record: FATAL problem: InvalidSRV encountered]',
      [],
    ],
    ['none of an empty message', '', []],
  ])('%s', (_, message, expected) => {
    expect(setsNamed(rejection(message))).toEqual(expected);
  });

  it.each<[string, string, readonly string[], readonly RecordSet[]]>([
    ['in the messages where the message is empty', '', [GONE, CHANGED], [one, two]],
    ['in the message where the messages are empty', `[${GONE}]`, [], [one]],
    ['in both, each once', `[${GONE}]`, [GONE, CHANGED], [one, two]],
  ])('looks %s', (_, message, messages, expected) => {
    expect(setsNamed(rejection(message, messages))).toEqual(expected);
  });

  it.each([
    ['what is no error', GONE],
    ['nothing', undefined],
    ['messages that are no list', Object.assign(new Error('odd'), { messages: GONE })],
  ])('finds none in %s', (_, error) => {
    expect(setsNamed(error)).toEqual([]);
  });

  it('never names a group without changes', () => {
    const empty = { ...groupOf(plain), changes: [] };
    expect(rejectedGroups(rejection(NOT_WEIGHTED), [empty]).size).toBe(0);
  });
});

describe('what a rejection says of a set', () => {
  it('is the message of that set and no other', () => {
    const error = rejection(`[${GONE}, ${CHANGED}, ${NOT_WEIGHTED}]`);
    expect(named(error)).toEqual([
      [one, GONE],
      [two, CHANGED],
      [plain, NOT_WEIGHTED],
    ]);
  });

  it('is the message alone where the messages come as a list', () => {
    expect(named(rejection('', [GONE, EXISTS]))).toEqual([
      [one, GONE],
      [simple, EXISTS],
    ]);
  });
});

it('tells the A set of a host from SRV sets', () => {
  const host = groupOf(hostSet(1));
  const { Name, SetIdentifier } = hostSet(1);
  const text = `[Tried to delete resource record set [name='${Name}', type='A', set-identifier='${SetIdentifier}'] but it was not found]`;
  expect([...rejectedGroups(rejection(text), [groupOf(srvSet(1)), host]).keys()]).toEqual([host]);
});
