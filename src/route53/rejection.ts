import { batchChanges, type ChangeGroup } from '../model/change.ts';
import { normalizeName } from '../model/dns-name.ts';
import { groupBy } from '../model/multimap.ts';
import { type RecordSet, recordSetKey } from '../model/record-set.ts';

/**
 * The two forms in which Route 53's messages name a record set; the messages of one batch come as
 * one text, `[message, message]`.
 */
const REST = String.raw`([^[\]\n]*?)(?=, Tried to |, RRSet with |\]|\n|$)`;
const BRACKETED = new RegExp(
  String.raw`(?:Tried to \w+ resource record set )?\[name='([^']*)', type='([^']*)'(?:, set-identifier='(.*?)')?\]${REST}`,
  'g',
);
const PLAIN = new RegExp(
  String.raw`RRSet with DNS name ([^\s,]+)(?:, type '?([A-Z]+)'?)?(?:, SetIdentifier '?(.+?)'?(?= cannot |$))?${REST}`,
  'g',
);

/**
 * Which groups of a rejected batch the rejection names, each with what is said of it. Empty when the
 * message names none of them, or none that can be told from the others.
 */
export function rejectedGroups(
  error: unknown,
  groups: readonly ChangeGroup[],
): ReadonlyMap<ChangeGroup, string> {
  const named = new Map<ChangeGroup, string>();
  const keyed = groups.flatMap((group) => [...keysOf(group)].map((key) => ({ key, group })));
  const byKey = groupBy(keyed, ({ key }) => key);
  for (const match of textOf(error).matchAll(BRACKETED)) {
    const [text, name = '', type = '', setIdentifier] = match;
    const key = recordSetKey({ Name: name, Type: type, SetIdentifier: setIdentifier });
    for (const { group } of byKey.get(key)) named.set(group, text.trim());
  }
  for (const [text, name = '', type, setIdentifier] of textOf(error).matchAll(PLAIN)) {
    const fitting = groups.filter((group) => {
      const keys = keysOf(group);
      return group.changes.some(({ recordSet: { Type, SetIdentifier } }) => {
        const wanted = { Name: name, Type: type ?? Type, SetIdentifier: setIdentifier ?? SetIdentifier };
        return keys.has(recordSetKey(wanted));
      });
    });
    const [group] = fitting;
    if (group !== undefined && fitting.length === 1) named.set(group, text.trim());
  }
  return named.size > 0 ? named : new Map(protectedGroups(textOf(error), groups));
}

/** Route 53 names each protected set; in which words is not documented. */
const PROTECTED = /\bprotect(ed|ion)/i;
/** What a message says of a set by its name and identifier, which may hold any word. */
const NAMES = /\[name='.*?'\]|\bSetIdentifier \S+|(?<!\S)\S*?\w\.\w\S*/g;

export function isProtection(text: string): boolean {
  return PROTECTED.test(text.replaceAll(NAMES, ' '));
}

/** A protection covers all sets of a name and type: each group that has one whose name and type are told. */
function protectedGroups(
  text: string,
  groups: readonly ChangeGroup[],
): readonly (readonly [ChangeGroup, string])[] {
  if (!isProtection(text)) return [];
  const words = new Set(text.split(/[^A-Za-z0-9._\\-]+/).map((word) => normalizeName(word)));
  const isNamed = ({ Name, Type }: RecordSet) =>
    words.has(normalizeName(Name)) && words.has(Type.toLowerCase());
  return groups
    .filter(({ changes }) => changes.some(({ recordSet }) => isNamed(recordSet)))
    .map((group) => [group, text] as const);
}

/** What a survivor fails by is the failure of all groups that need it. */
function keysOf(group: ChangeGroup): ReadonlySet<string> {
  return new Set(batchChanges([group]).map(({ recordSet }) => recordSetKey(recordSet)));
}

/** SDK v3 keeps the modelled `messages` apart from the message; either may be empty. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const messages: unknown = Reflect.get(error, 'messages');
  return [error.message, ...(Array.isArray(messages) ? messages : [])].join('\n');
}
