import type { AttemptResult, UnhealthyReason } from '../model/probe.ts';

/**
 * What the code of an error says of the endpoint, or of the checker.
 *
 * | codes                                                              | result                        |
 * |--------------------------------------------------------------------|-------------------------------|
 * | ECONNREFUSED                                                       | unhealthy: connection-refused |
 * | ECONNRESET, EPIPE: a connection that was closed before its answer  | unhealthy: connection-reset   |
 * | ETIMEDOUT, and the attempt's own time                              | unhealthy: timeout            |
 * | EHOSTUNREACH, EHOSTDOWN                                            | unhealthy: unreachable        |
 * | EPROTO, ERR_SSL_…, ERR_TLS_…, the certificate errors of OpenSSL    | unhealthy: tls                |
 * | EMFILE, ENFILE, EADDRNOTAVAIL, EAGAIN, ENOBUFS, ENOMEM             | exhausted                     |
 * | ENETUNREACH, EACCES, EPERM and every other code                    | indeterminate: checker-error  |
 */
export function classifyError(error: unknown): AttemptResult {
  const errorCode = errorCodeOf(error);
  if (EXHAUSTED.has(errorCode)) return { kind: 'exhausted', errorCode };
  const reason = UNHEALTHY.get(errorCode) ?? (TLS_FAMILY.test(errorCode) ? 'tls' : undefined);
  return reason === undefined
    ? { kind: 'indeterminate', reason: 'checker-error', errorCode }
    : { kind: 'unhealthy', reason, errorCode };
}

const EXHAUSTED: ReadonlySet<string> = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'EAGAIN',
  'ENOBUFS',
  'ENOMEM',
]);

const UNHEALTHY: ReadonlyMap<string, UnhealthyReason> = new Map([
  ['ECONNREFUSED', 'connection-refused'],
  ['ECONNRESET', 'connection-reset'],
  ['EPIPE', 'connection-reset'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['EPROTO', 'tls'],
]);

const TLS_FAMILY =
  /^(?:ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_|ERROR_IN_C|CRL_)/;

/** The code of an error of Node's, or its name where it has none. */
export function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}
