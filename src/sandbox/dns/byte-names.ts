const ESCAPE = /\\([0-3][0-7]{2})/g;
const UNSAFE = /[^A-Za-z0-9_-]/g;

/**
 * Lets dns-packet read and write names in Route 53's form, whose escapes are any bytes: on its own it takes the
 * bytes of a label for UTF-8, and a dot in a label for its end.
 */
export function withByteNames(buffer: Buffer): Buffer {
  const write = buffer.write.bind(buffer);
  const toText = buffer.toString.bind(buffer);
  return Object.assign(buffer, {
    write: (text: string, offset: number) => write(unescaped(text), offset, 'latin1'),
    toString: (_encoding: string, start: number, end: number) => escaped(toText('latin1', start, end)),
  });
}

/** A label as Route 53 writes it, but for its case; each character is a byte. */
function escaped(label: string): string {
  return label.replace(UNSAFE, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** Text with each escape made the byte that it means. */
export function unescaped(text: string): string {
  return text.replace(ESCAPE, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** Whether a name has a form in bytes: labels of 1 to 63, and 255 in all. Source: RFC 1035, section 2.3.4. */
export function isWireName(name: string): boolean {
  if (name === '.') return true;
  const labels = name
    .replace(/\.$/, '')
    .split('.')
    .map((label) => unescaped(label).length);
  const total = labels.reduce((sum, length) => sum + length + 1, 1);
  return total <= 255 && labels.every((length) => length >= 1 && length <= 63);
}
