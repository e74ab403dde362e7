import { printable } from '../../model/printable.ts';

/** Markup that `html` has made: what went into it is escaped, and it is not escaped again. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** What may stand in markup; `undefined` is nothing, and a list is its items one after the other. */
export type Content = string | number | Markup | undefined | readonly Content[];

/**
 * Markup from a template. Texts and numbers are escaped, for elements and for attributes in quotes alike; control and
 * format characters become visible, as they do on a terminal. Names of tags, attributes without quotes, addresses
 * of links and the contents of `<style>` may hold nothing from outside.
 *
 * @example
 * html`<b title="${name}">${name}</b>`
 */
export function html(texts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(texts.map((text, i) => (i === 0 ? text : `${textOf(contents[i - 1])}${text}`)).join(''));
}

/** A text in which what stands between backticks is code, as descriptions write it. */
export function prose(text: string): Markup {
  const parts = text.split('`');
  // Of an odd backtick there is no other end.
  if (parts.length % 2 === 0) return html`${text}`;
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : html`<code>${part}</code>`))}`;
}

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.toString();
  return isList(content) ? content.map(textOf).join('') : escapeText(String(content));
}

function isList(content: Exclude<Content, undefined | Markup>): content is readonly Content[] {
  return Array.isArray(content);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escapeText(text: string): string {
  return printable(text).replace(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '');
}
