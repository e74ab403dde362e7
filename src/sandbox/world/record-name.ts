const ESCAPE = /\\([0-3][0-7]{2})/y;
const PLAIN = /^[a-z0-9_-]$/;

function stored(char: string): string {
  const lower = char.toLowerCase();
  if (PLAIN.test(lower)) return lower;
  return `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`;
}

/**
 * A name as Route 53 keeps it: lower case, with its trailing dot, and every character outside
 * `a-z 0-9 - _ .` as a three-digit octal escape.
 * Source: Route 53 Developer Guide, "DNS domain name format".
 */
export function storedName(name: string): string {
  if (/^[a-z0-9_.-]*\.$/.test(name)) return name;
  let result = '';
  for (let i = 0; i < name.length; ) {
    ESCAPE.lastIndex = i;
    const found = ESCAPE.exec(name);
    const char = name.charAt(i);
    if (found !== null) result += stored(String.fromCharCode(Number.parseInt(found[1] ?? '', 8)));
    else result += char === '.' ? '.' : stored(char);
    i += found === null ? 1 : 4;
  }
  return result.endsWith('.') ? result : `${result}.`;
}

/**
 * What Route 53 sorts names by: the labels from the right, with the dot at the end, as ASCII text.
 * Source: API reference, ListResourceRecordSets and ListHostedZonesByName ("note the trailing dot").
 */
export function nameSortKey(name: string): string {
  return `${name.slice(0, -1).split('.').toReversed().join('.')}.`;
}
