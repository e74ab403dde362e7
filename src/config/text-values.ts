const NUMBER = /^-?\d+(?:\.\d+)?$/;
const KEYWORDS: ReadonlyMap<unknown, string> = new Map(['convention', 'zone'].map((word) => [word, word]));
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

const FORMS = {
  text: { read: only },
  choice: { read: only },
  duration: { read: only, placeholder: '<duration>' },
  number: {
    read: (texts) => (NUMBER.test(String(only(texts))) ? Number(only(texts)) : only(texts)),
    placeholder: '<number>',
  },
  boolean: {
    read: (texts) => BOOLEANS.get(only(texts)) ?? only(texts),
    placeholder: '[boolean]',
    isSwitch: true,
  },
  list: { read: splitList, isRepeatable: true },
  'choice-or-list': { read: (texts) => wordOrList(texts, KEYWORDS), isRepeatable: true },
  'switch-or-list': {
    read: (texts) => wordOrList(texts, BOOLEANS),
    placeholder: '[patterns]',
    isSwitch: true,
    isRepeatable: true,
  },
  headers: { read: headersOf, placeholder: '<header>', isRepeatable: true },
} satisfies Readonly<Record<string, TextForm>>;

/** How a setting is written as text; decides how variables and flags are turned into values. */
export type TextKind = keyof typeof FORMS;

export const TEXT_FORMS: Readonly<Record<TextKind, TextForm>> = FORMS;

/** Splits at commas; one empty text is the empty list. */
export function splitList(texts: readonly string[]): readonly string[] {
  if (texts.length === 1 && texts[0]?.trim() === '') return [];
  return texts.flatMap((text) => text.split(',')).map((item) => item.trim());
}

function only(texts: readonly string[]): unknown {
  return texts.length === 1 ? texts[0] : texts;
}

/** A list of one word may be a value of its own. */
function wordOrList(texts: readonly string[], words: ReadonlyMap<unknown, unknown>): unknown {
  const items = splitList(texts);
  return words.get(only(items)) ?? items;
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
