import { errors } from 'undici';
import type { AttemptResult } from '../model/probe.ts';
import type { Conclusion } from './attempt.ts';
import { classifyError, errorCodeOf } from './classify-error.ts';

/**
 * What an error says of an endpoint of which an answer was awaited. undici's parser is strict, and many a client is
 * not: what begins as HTTP and then breaks a rule is no proof that the endpoint is of no use.
 *
 * | what went wrong                                         | what it means                      |
 * |---------------------------------------------------------|------------------------------------|
 * | the answer does not begin as HTTP                       | another protocol: `protocol-error` |
 * | any other rule of the parser, or one of undici's limits | `malformed-answer`                 |
 * | anything else                                           | by its code: `classifyError`       |
 */
export function classifyAnswerError(error: unknown, isFirstAnswer: boolean): AttemptResult {
  if (error instanceof errors.HTTPParserError) {
    const errorCode = ruleOf(error);
    const rest = 'data' in error ? String(error.data) : '';
    const isOther = isFirstAnswer && errorCode === NO_HTTP && !OTHER_CASE.test(rest);
    return isOther ? { kind: 'unhealthy', reason: 'protocol-error', errorCode } : malformedAnswer(errorCode);
  }
  const errorCode = errorCodeOf(error);
  return LIMITS.has(errorCode) ? malformedAnswer(errorCode) : classifyError(error);
}

export function malformedAnswer(errorCode: string): Conclusion {
  return { kind: 'indeterminate', reason: 'malformed-answer', errorCode };
}

const NO_HTTP = 'EXPECTED_HTTP_RTSP_OR_ICE';

/** What is left of a version in other letters than capitals, from the first that is none. */
const OTHER_CASE = /^h?t?t?p?\/\d/i;

/** An answer of a kind or of a length that undici does not take. */
const LIMITS: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  // A 100 or a 101 that was not asked for.
  'UND_ERR_SOCKET',
]);

/** The parser's own words for the rule, in the form of a code: undici 7 gives no other. */
function ruleOf(error: Error): string {
  const words = /\((.*)\)$/.exec(error.message)?.[1] ?? error.message;
  return words.replaceAll("'", '').match(/\w+/g)?.join('_').toUpperCase() ?? error.name;
}
