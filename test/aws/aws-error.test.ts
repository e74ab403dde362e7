import { describe, expect, it } from 'vitest';
import {
  describeError,
  errorName,
  isAccessDenied,
  isAmbiguous,
  isCredentialsError,
  isThrottling,
  isUnreachable,
} from '../../src/aws/aws-error.ts';
import { awsError, networkError } from './support.ts';

type Kind = 'throttling' | 'credentials' | 'access' | 'ambiguous' | 'unreachable';

function kindsOf(error: unknown): readonly Kind[] {
  const kinds: readonly (readonly [Kind, boolean])[] = [
    ['throttling', isThrottling(error)],
    ['credentials', isCredentialsError(error)],
    ['access', isAccessDenied(error)],
    ['ambiguous', isAmbiguous(error)],
    ['unreachable', isUnreachable(error)],
  ];
  return kinds.flatMap(([kind, applies]) => (applies ? [kind] : []));
}

const refusedTwice = new AggregateError([networkError('ECONNREFUSED'), networkError('ECONNREFUSED')]);
const wrapped = awsError('Error', { cause: networkError('EAI_AGAIN') });

describe('what an error is', () => {
  it.each<[string, unknown, readonly Kind[]]>([
    ['Throttling with HTTP 400', awsError('Throttling', { status: 400 }), ['throttling']],
    ['ThrottlingException with HTTP 400', awsError('ThrottlingException', { status: 400 }), ['throttling']],
    ['RequestLimitExceeded with HTTP 503', awsError('RequestLimitExceeded', { status: 503 }), ['throttling']],
    ['TooManyRequestsException', awsError('TooManyRequestsException', { status: 429 }), ['throttling']],
    ['SlowDown', awsError('SlowDown', { status: 503 }), ['throttling']],
    ['PriorRequestNotComplete', awsError('PriorRequestNotComplete', { status: 400 }), ['throttling']],
    ['no credentials', awsError('CredentialsProviderError'), ['credentials']],
    ['an expired token', awsError('ExpiredTokenException', { status: 400 }), ['credentials']],
    ['an unknown key', awsError('UnrecognizedClientException', { status: 400 }), ['credentials']],
    ['a wrong signature', awsError('SignatureDoesNotMatch', { status: 403 }), ['credentials']],
    ['Route 53 forbids it', awsError('AccessDenied', { status: 403 }), ['access']],
    ['ECS forbids it', awsError('AccessDeniedException', { status: 400 }), ['access']],
    ['EC2 forbids it', awsError('UnauthorizedOperation', { status: 403 }), ['access']],
    ['HTTP 500', awsError('InternalFailure', { status: 500 }), ['ambiguous']],
    ['HTTP 503 with a name of no model', awsError('Unknown', { status: 503 }), ['ambiguous']],
    ['HTTP 400', awsError('InvalidChangeBatch', { status: 400 }), []],
    ['HTTP 400 with a network code', awsError('Odd', { status: 400, code: 'ECONNRESET' }), []],
    ['a timeout without a code', awsError('TimeoutError'), ['ambiguous']],
    ['a reset', networkError('ECONNRESET'), ['ambiguous']],
    ['a reset that the SDK calls a timeout', awsError('TimeoutError', { code: 'ECONNRESET' }), ['ambiguous']],
    ['a broken pipe', networkError('EPIPE'), ['ambiguous']],
    ['an unreachable network', networkError('ENETUNREACH'), ['ambiguous', 'unreachable']],
    ['a code of undici', networkError('UND_ERR_SOCKET'), []],
    ['a wrong argument', networkError('ERR_INVALID_ARG_VALUE'), []],
    [
      'a header that cannot be sent, as a cause',
      awsError('Error', { cause: networkError('ERR_INVALID_CHAR') }),
      [],
    ],
    ['HTTP 200 whose text was cut off', awsError('SyntaxError', { status: 200 }), ['ambiguous']],
    ['HTTP 204 without the text that was due', awsError('Error', { status: 204 }), ['ambiguous']],
    ['HTTP 301', awsError('PermanentRedirect', { status: 301 }), []],
    ['refused', networkError('ECONNREFUSED'), ['ambiguous', 'unreachable']],
    ['no such name', networkError('ENOTFOUND'), ['ambiguous', 'unreachable']],
    ['refused at both addresses of a name', refusedTwice, ['ambiguous', 'unreachable']],
    ['the name server is away, as a cause', wrapped, ['ambiguous', 'unreachable']],
    ['no route to the host', networkError('EHOSTUNREACH'), ['ambiguous', 'unreachable']],
    ['an aggregate of nothing', new AggregateError([]), []],
    ['a code that is no network code', awsError('Error', { code: 'not-a-code' }), []],
    ['metadata without a status', Object.assign(new Error('x'), { $metadata: {} }), []],
    [
      'metadata that is none',
      Object.assign(new Error('x'), { $metadata: null, code: 'EPIPE' }),
      ['ambiguous'],
    ],
    ['an ordinary error', new Error('x'), []],
    ['a string', 'Throttling', []],
    ['nothing', undefined, []],
  ])('%s', (_, error, kinds) => {
    expect(kindsOf(error)).toEqual(kinds);
  });

  it('is never told by the message', () => {
    expect(kindsOf(new Error('ThrottlingException: Rate exceeded, AccessDenied, ECONNREFUSED'))).toEqual([]);
  });
});

describe('errorName', () => {
  it.each<[string, unknown, string]>([
    ['the name that AWS gave', awsError('NoSuchHostedZone'), 'NoSuchHostedZone'],
    ['Error for what is no error', 'NoSuchHostedZone', 'Error'],
  ])('gives %s', (_, error, name) => {
    expect(errorName(error)).toBe(name);
  });
});

describe('describeError', () => {
  it.each<[string, unknown, string]>([
    ['a name and a message', awsError('AccessDenied', { message: 'not you' }), 'AccessDenied: not you'],
    ['a plain error', new Error('it broke'), 'it broke'],
    ['lines and tabs', awsError('Odd', { message: '  one\n\ttwo\r\n three ' }), 'Odd: one two three'],
    ['an aggregate without a message', refusedTwice, 'AggregateError: ECONNREFUSED'],
    ['no message and no code', awsError('Odd', { message: '' }), 'Odd: no message'],
    ['no name', awsError('', { message: 'nameless' }), 'nameless'],
    ['a string', 'as it is', 'as it is'],
    ['nothing', undefined, 'undefined'],
  ])('puts %s on one line', (_, error, text) => {
    expect(describeError(error)).toBe(text);
  });

  it('never shows a stack', () => {
    expect(describeError(new TypeError('x is not a function'))).toBe('TypeError: x is not a function');
  });
});
