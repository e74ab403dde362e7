import type { UnhealthyReason } from '../model/probe.ts';

/** What a failed request says of the endpoint, or that it says something of the checker. */
export type ProbeFailure =
  | { readonly kind: 'unhealthy'; readonly reason: UnhealthyReason; readonly errorCode: string }
  | { readonly kind: 'indeterminate'; readonly reason: 'checker-error'; readonly errorCode: string };

/**
 * | codes                                                                         | outcome            |
 * |-------------------------------------------------------------------------------|--------------------|
 * | ECONNREFUSED                                                                  | connection-refused |
 * | ECONNRESET, EPIPE, a connection closed before an answer                       | connection-reset   |
 * | ETIMEDOUT, undici's timeouts, the probe's own timer                           | timeout            |
 * | EHOSTUNREACH, EHOSTDOWN                                                       | unreachable        |
 * | what is no HTTP/1.1 answer, or exceeds its limits                             | protocol-error     |
 * | EMFILE, ENFILE, EADDRNOTAVAIL, ENETUNREACH, EACCES, … and what nobody foresaw | indeterminate      |
 */
const UNHEALTHY_CODES: Readonly<Record<string, UnhealthyReason>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-reset',
  UND_ERR_SOCKET: 'connection-reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  PROBE_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  UND_ERR_HEADERS_OVERFLOW: 'protocol-error',
};

/** llhttp's parser errors. */
const PARSER_CODE = /^HPE_/;

/** Tells by its code whether an error is the endpoint's or the checker's. */
export function classifyError(error: unknown): ProbeFailure {
  const errorCode = codeOf(error);
  const reason = PARSER_CODE.test(errorCode) ? 'protocol-error' : UNHEALTHY_CODES[errorCode];
  return reason === undefined
    ? { kind: 'indeterminate', reason: 'checker-error', errorCode }
    : { kind: 'unhealthy', reason, errorCode };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' ? code : error.name;
}
