import type { AttemptResult, UnhealthyReason } from '../model/probe.ts';

/** What the code of an error says of the endpoint, or of the checker: every code that is not listed is the checker's own. */
export function classifyError(error: unknown): AttemptResult {
  const errorCode = errorCodeOf(error);
  if (EXHAUSTED.test(errorCode)) return { kind: 'exhausted', errorCode };
  const reason = UNHEALTHY.get(errorCode) ?? (TLS_FAMILY.test(errorCode) ? 'tls' : undefined);
  return reason === undefined
    ? { kind: 'indeterminate', reason: 'checker-error', errorCode }
    : { kind: 'unhealthy', reason, errorCode };
}

/** What the process has run out of. */
const EXHAUSTED = /^(?:EMFILE|ENFILE|EADDRNOTAVAIL|EAGAIN|ENOBUFS|ENOMEM)$/;

const UNHEALTHY: ReadonlyMap<string, UnhealthyReason> = new Map([
  ['ECONNREFUSED', 'connection-refused'],
  // A connection that was closed before its answer.
  ['ECONNRESET', 'connection-reset'],
  ['EPIPE', 'connection-reset'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['EPROTO', 'tls'],
]);

/** The errors of OpenSSL and of Node's TLS. */
const TLS_FAMILY =
  /^(?:ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_|ERROR_IN_C|CRL_)/;

/** The code of an error of Node's, or its name where it has none. */
export function errorCodeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}
