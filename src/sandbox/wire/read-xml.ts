import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Json } from '../service.ts';
import { objectOf } from './json.ts';

const REFERENCE = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(amp|lt|gt|quot|apos));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

// The parser's own entity handling counts references against a limit that a batch of TXT values exceeds.
function decodeReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (_, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10));
    return NAMED[name ?? ''] ?? '';
  });
}

/**
 * Reads an XML document into plain objects: every leaf a string, exactly as sent; the elements named
 * in `lists` always arrays. Returns `undefined` for what is not well-formed.
 */
export function readXml(xml: string, lists: readonly string[]): Json | undefined {
  if (XMLValidator.validate(xml) !== true) return undefined;
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    removeNSPrefix: true,
    isArray: (name) => lists.includes(name),
    tagValueProcessor: (_, value) => decodeReferences(value),
  });
  const root: unknown = parser.parse(xml);
  return objectOf(root);
}
