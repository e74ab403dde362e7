import { describe, expect, it } from 'vitest';
import { classifyError } from '../../src/probe/classify-error.ts';

const withCode = (code: string) => Object.assign(new Error('it broke'), { code });

describe('classifyError', () => {
  it.each([
    ['ECONNREFUSED', 'connection-refused'],
    ['ECONNRESET', 'connection-reset'],
    ['EPIPE', 'connection-reset'],
    ['ETIMEDOUT', 'timeout'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EHOSTDOWN', 'unreachable'],
    ['EPROTO', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['INVALID_PURPOSE', 'tls'],
    ['PATH_LENGTH_EXCEEDED', 'tls'],
    ['ERROR_IN_CERT_NOT_AFTER_FIELD', 'tls'],
    ['CRL_HAS_EXPIRED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ])("%s is the endpoint's: %s", (code, reason) => {
    expect(classifyError(withCode(code))).toEqual({ kind: 'unhealthy', reason, errorCode: code });
  });

  it.each([
    ['no more files', 'EMFILE'],
    ['no more files in the whole system', 'ENFILE'],
    ['no more local ports', 'EADDRNOTAVAIL'],
    ['no more memory', 'ENOMEM'],
    ['no more buffers', 'ENOBUFS'],
    ['no more of something', 'EAGAIN'],
  ])('%s is no attempt at all', (_, errorCode) => {
    expect(classifyError(withCode(errorCode))).toEqual({ kind: 'exhausted', errorCode });
  });

  it.each<[string, unknown, string]>([
    ['no network', withCode('ENETUNREACH'), 'ENETUNREACH'],
    ['no permission', withCode('EACCES'), 'EACCES'],
    ['a firewall of its own', withCode('EPERM'), 'EPERM'],
    ['a code that nobody foresaw', withCode('SURPRISE'), 'SURPRISE'],
    ['a code that is a word of the language', withCode('toString'), 'toString'],
    ['an error without a code', new RangeError('odd'), 'RangeError'],
    ['an error whose code is a number', Object.assign(new Error('odd'), { code: 23 }), 'Error'],
    ['what is no error', 'odd', 'UNKNOWN'],
  ])("%s is the checker's", (_, error, errorCode) => {
    expect(classifyError(error)).toEqual({ kind: 'indeterminate', reason: 'checker-error', errorCode });
  });
});
