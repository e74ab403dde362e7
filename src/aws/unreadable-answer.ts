/** A success that is no answer: nothing at all, a page for people, or one without what was asked for. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
}

/** What an answer has to hold. An empty list is an answer; a list that is not there is none. */
export function required<T>(member: T | undefined, name: string): T {
  const isThere = member !== undefined && member !== null;
  if (isThere) return member;
  throw new UnreadableAnswerError(`the answer has no ${name}`);
}

/** The same of a list: SDK v3 hands on whatever stands in its place. */
export function requiredList<T>(member: readonly T[] | undefined, name: string): readonly T[] {
  const found: unknown = required(member, name);
  if (Array.isArray(found)) return found as readonly T[];
  throw new UnreadableAnswerError(`${name} of the answer is no list`);
}

const MAX_SHOWN = 60;
const MARKUP_FOR_PEOPLE = /^\s*<(?:!doctype\s+html|html|head|body)[\s>]/i;

/** Why the body of a success cannot be an answer of AWS, which always sends one, and never HTML. */
export function unreadable(body: Buffer): UnreadableAnswerError | undefined {
  if (body.length === 0) return new UnreadableAnswerError('the answer is empty');
  const start = body.toString('utf8', 0, MAX_SHOWN);
  if (!MARKUP_FOR_PEOPLE.test(start)) return undefined;
  return new UnreadableAnswerError(`the answer is HTML, as a proxy sends it: ${start.replace(/\s+/g, ' ')}`);
}
