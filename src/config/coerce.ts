import type { TextKind } from './setting-traits.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const KEYWORD = /^(?:convention|zone)$/;

const COERCIONS: Readonly<Record<TextKind, (texts: readonly string[]) => unknown>> = {
  text: only,
  choice: only,
  duration: only,
  number: (texts) => coerceNumber(only(texts)),
  boolean: (texts) => coerceBoolean(only(texts)),
  list: splitList,
  'choice-or-list': (texts) => coerceChoiceOrList(splitList(texts)),
  'switch-or-list': (texts) => coerceSwitchOrList(splitList(texts)),
  headers: coerceHeaders,
};

/**
 * Turns the texts of a variable or flag into the value that a config file would hold. What does not
 * fit its kind is handed on as it is, for the schema to reject.
 */
export function coerceTexts(kind: TextKind, texts: readonly string[]): unknown {
  return COERCIONS[kind](texts);
}

/** Splits at commas; one empty text is the empty list. */
export function splitList(texts: readonly string[]): readonly string[] {
  if (texts.length === 1 && texts[0]?.trim() === '') return [];
  return texts.flatMap((text) => text.split(',')).map((item) => item.trim());
}

function only(texts: readonly string[]): string | readonly string[] {
  const [first] = texts;
  return texts.length === 1 && first !== undefined ? first : texts;
}

function coerceNumber(text: string | readonly string[]): unknown {
  return typeof text === 'string' && NUMBER.test(text) ? Number(text) : text;
}

function coerceBoolean(text: string | readonly string[]): unknown {
  if (text === 'true') return true;
  return text === 'false' ? false : text;
}

function coerceChoiceOrList(items: readonly string[]): unknown {
  const [first] = items;
  return items.length === 1 && first !== undefined && KEYWORD.test(first) ? first : items;
}

function coerceSwitchOrList(items: readonly string[]): unknown {
  const [first] = items;
  return items.length === 1 && (first === 'true' || first === 'false') ? first === 'true' : items;
}

/** One malformed or repeated header spoils the lot: a half-sent set of headers helps nobody. */
function coerceHeaders(texts: readonly string[]): unknown {
  const fields = new Map<string, string>();
  for (const text of texts) {
    const colon = text.indexOf(':');
    const name = text.slice(0, colon).trim();
    if (colon < 0 || fields.has(name)) return texts;
    fields.set(name, text.slice(colon + 1).trim());
  }
  return Object.fromEntries(fields);
}
