import type { TextKind } from './setting.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const KEYWORD = /^(?:convention|zone)$/;
const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** How the values of one kind are written as a variable or flag. */
interface TextForm {
  /** The value that a config file would hold. What does not fit is handed on, for the schema to reject. */
  readonly read: (texts: readonly string[]) => unknown;
  /** What the help shows for the value; the setting's own word unless it says otherwise. */
  readonly placeholder?: string;
  /** Whether a flag can be given bare, as `--cname`, and as `--no-cname`. */
  readonly isSwitch?: true;
  /** Whether every occurrence of a flag adds a value; otherwise the last one counts. */
  readonly isRepeatable?: true;
}

/** How each kind of value is written as a variable or flag. */
export const TEXT_FORMS: Readonly<Record<TextKind, TextForm>> = {
  text: { read: only },
  choice: { read: only },
  duration: { read: only, placeholder: '<duration>' },
  number: { read: (texts) => numberOf(only(texts)), placeholder: '<number>' },
  boolean: { read: (texts) => booleanOf(only(texts)), placeholder: '[boolean]', isSwitch: true },
  list: { read: splitList, isRepeatable: true },
  'choice-or-list': {
    read: (texts) => single(splitList(texts), (item) => (KEYWORD.test(item) ? item : undefined)),
    isRepeatable: true,
  },
  'switch-or-list': {
    read: (texts) => single(splitList(texts), (item) => BOOLEANS.get(item)),
    placeholder: '[patterns]',
    isSwitch: true,
    isRepeatable: true,
  },
  headers: { read: headersOf, placeholder: '<header>', isRepeatable: true },
};

/** Splits at commas; one empty text is the empty list. */
export function splitList(texts: readonly string[]): readonly string[] {
  if (texts.length === 1 && texts[0]?.trim() === '') return [];
  return texts.flatMap((text) => text.split(',')).map((item) => item.trim());
}

function only(texts: readonly string[]): unknown {
  return texts.length === 1 ? texts[0] : texts;
}

/** A list of one word that is a value of its own. */
function single(items: readonly string[], read: (item: string) => unknown): unknown {
  const [item = ''] = items;
  return (items.length === 1 ? read(item) : undefined) ?? items;
}

function numberOf(text: unknown): unknown {
  return typeof text === 'string' && NUMBER.test(text) ? Number(text) : text;
}

function booleanOf(text: unknown): unknown {
  return BOOLEANS.get(text) ?? text;
}

/** One malformed or repeated header spoils the lot: an endpoint has no use for half of its headers. */
function headersOf(texts: readonly string[]): unknown {
  const fields = new Map<string, string>();
  for (const text of texts) {
    const colon = text.indexOf(':');
    const name = text.slice(0, colon).trim();
    if (colon < 0 || fields.has(name)) return texts;
    fields.set(name, text.slice(colon + 1).trim());
  }
  return Object.fromEntries(fields);
}
