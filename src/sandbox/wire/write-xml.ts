import { optionalText } from './json.ts';

const SPECIAL = /[&<>"']|\p{Cc}/gu;
const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text made safe for element content; control characters become numeric references. */
export function escapeXml(text: string): string {
  return text.replace(SPECIAL, (char) => NAMED[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);
}

/** `<name>value</name>`, or nothing when there is no value. */
export function textElement(name: string, value: unknown): string {
  const text = optionalText(value);
  return text === undefined ? '' : `<${name}>${escapeXml(text)}</${name}>`;
}

/** `<name>` around children that are XML already. */
export function element(name: string, ...children: readonly string[]): string {
  return `<${name}>${children.join('')}</${name}>`;
}

/** A whole document with the namespace its root lives in. */
export function xmlDocument(root: string, namespace: string, ...children: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${children.join('')}</${root}>`;
}
