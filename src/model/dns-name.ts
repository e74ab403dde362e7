/**
 * DNS names as Route 53 keeps them: lower case, trailing dot on output, any character outside
 * `a-z 0-9 - _ .` as a three-digit octal escape.
 * Source: Route 53 Developer Guide, "DNS domain name format".
 */

const OCTAL_ESCAPE = /\\([0-3][0-7]{2})/g;

/**
 * One spelling per name, for comparing only: lower case, octal escapes resolved, no trailing dot.
 * A record set is always changed under the name that was read, never under this one.
 */
export function normalizeName(name: string): string {
  const decoded = name.includes('\\')
    ? name.replace(OCTAL_ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
    : name;
  const lower = decoded.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/**
 * A normalised name as Route 53 writes it, without the trailing dot: every character that a name cannot have as it is, as
 * an octal escape. Texts for people have names in this form alone, be it in a table or in a sentence.
 */
export function writtenName(name: string): string {
  return name.replace(/[^a-z0-9_.-]/g, (character) => {
    const code = character.charCodeAt(0);
    return code > 0xff ? character : `\\${code.toString(8).padStart(3, '0')}`;
  });
}

/** The label before the first dot of a normalised name. */
export function firstLabel(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}

/** What follows the first label of a normalised name; empty for a single label. */
export function parentDomain(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
}

/** Whether `name` lies below `zone` (both normalised); a zone's apex does not lie below it. */
export function isBelow(name: string, zone: string): boolean {
  return name.length > zone.length + 1 && name.endsWith(`.${zone}`);
}

/** `name` without its zone's suffix (both normalised): the service name that discovery registers. */
export function relativeName(name: string, zone: string): string {
  return isBelow(name, zone) ? name.slice(0, -(zone.length + 1)) : name;
}

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/;

export function isAddress(name: string): boolean {
  return ADDRESS.test(name);
}

const PLAIN_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/** Whether a normalised name can stand in a zone as it is, without an escape. */
export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name);
}
