/** The bytes of an element's tags. */
export interface XmlTag {
  readonly name: Buffer;
  readonly open: Buffer;
  readonly close: Buffer;
}

/** The tags of an element that has no attributes. */
export function xmlTag(name: string): XmlTag {
  return {
    name: Buffer.from(`<${name}`),
    open: Buffer.from(`<${name}>`),
    close: Buffer.from(`</${name}>`),
  };
}

const LESS_THAN = 0x3c;
const GREATER_THAN = 0x3e;
const AMPERSAND = 0x26;
const BLANK = 0x20;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);
const ENTITY = /&[^&;]*;?/g;
const INTEGER = /^\d{1,15}$/;

/**
 * Goes over an XML document from one expected element to the next, without a tree and without copying
 * more than the texts. It throws a `SyntaxError` at whatever it does not expect, valid or not.
 */
export class XmlCursor {
  readonly #bytes: Buffer;
  #at = 0;
  /** Texts that stand in a row are often the same, such as the names of weighted sets. */
  readonly #last = new Map<XmlTag, string>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Goes past the bytes if they come next. */
  skip(expected: Buffer): boolean {
    this.#skipBlanks();
    const [bytes, start] = [this.#bytes, this.#at];
    for (let i = 0; i < expected.length; i++) {
      if (bytes[start + i] !== expected[i]) return false;
    }
    this.#at = start + expected.length;
    return true;
  }

  enters({ open }: XmlTag): boolean {
    return this.skip(open);
  }

  leaves({ close }: XmlTag): boolean {
    return this.skip(close);
  }

  enter(tag: XmlTag): void {
    if (!this.enters(tag)) this.giveUp();
  }

  leave(tag: XmlTag): void {
    if (!this.leaves(tag)) this.giveUp();
  }

  /** Enters an element whatever attributes it has. */
  enterWithAttributes({ name }: XmlTag): void {
    const isThere = this.skip(name);
    const next = this.#bytes[this.#at];
    const end = this.#bytes.indexOf(GREATER_THAN, this.#at);
    const isNamedSo = next === GREATER_THAN || isBlank(next);
    if (!isThere || !isNamedSo || end < 0 || this.#bytes[end - 1] === 0x2f) this.giveUp();
    this.#at = end + 1;
  }

  /** The text of an element that was entered, and the way out of it; not empty, no blanks around it. */
  text(tag: XmlTag): string {
    const [bytes, start] = [this.#bytes, this.#at];
    let [at, isAscii, hasEntities] = [start, true, false];
    let byte = bytes[at];
    for (; byte !== undefined && byte !== LESS_THAN; byte = bytes[++at]) {
      if (byte === AMPERSAND) hasEntities = true;
      else if (byte < BLANK) this.giveUp();
      else if (byte > 0x7e) isAscii = false;
    }
    if (at === start || bytes[start] === BLANK || bytes[at - 1] === BLANK) this.giveUp();
    const text = bytes.toString(isAscii ? 'latin1' : 'utf8', start, at);
    this.#at = at;
    this.leave(tag);
    return this.#shared(tag, hasEntities ? decode(text) : text);
  }

  integer(tag: XmlTag): number {
    const text = this.text(tag);
    if (!INTEGER.test(text)) this.giveUp();
    return Number(text);
  }

  flag(tag: XmlTag): boolean {
    const text = this.text(tag);
    if (text !== 'true' && text !== 'false') this.giveUp();
    return text === 'true';
  }

  expectEnd(): void {
    this.#skipBlanks();
    if (this.#at < this.#bytes.length) this.giveUp();
  }

  giveUp(): never {
    throw new SyntaxError(`not expected at byte ${this.#at}`);
  }

  #skipBlanks(): void {
    while (isBlank(this.#bytes[this.#at])) this.#at += 1;
  }

  #shared(tag: XmlTag, text: string): string {
    const last = this.#last.get(tag);
    if (last === text) return last;
    this.#last.set(tag, text);
    return text;
  }
}

function decode(text: string): string {
  return text.replace(ENTITY, (entity) => {
    const character = ENTITIES.get(entity);
    if (character === undefined) throw new SyntaxError(`${entity} is not one of the five`);
    return character;
  });
}

function isBlank(byte: number | undefined): boolean {
  return byte === BLANK || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
