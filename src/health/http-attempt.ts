import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { isIPv6 } from 'node:net';
import type { HealthCheck } from '../model/health-check.ts';
import type { ProbeTarget } from '../model/probe.ts';
import { matchesStatus } from '../model/status-matcher.ts';
import type { AttemptResult, StartAttempt } from './attempt.ts';
import { classifyError, errorCodeOf } from './classify-error.ts';
import { SocketAttempt } from './socket-attempt.ts';

/** Route 53's own health checks look for their text in as many bytes. */
const BODY_LIMIT_BYTES = 5_120;
const EXCERPT_BYTES = 200;
/** A bad status is a result; only this long is the start of its body waited for. */
const EXCERPT_PATIENCE_MS = 100;
const HEADER_LIMIT_BYTES = 16_384;
const MAX_INFORMATIONAL = 10;

/**
 * One HTTP or HTTPS request on a socket of its own: every endpoint is its own origin and is asked
 * once, so an agent or a pool would only cost. Redirects are not followed, bodies are never decoded,
 * and no more of one is read than the verdict needs.
 */
export const startHttpAttempt: StartAttempt = (target, settle) => {
  const { check } = target;
  const attempt = new SocketAttempt(target, settle);
  const message = openRequest(target, attempt);
  if (message === undefined) return attempt;
  let informational = 0;
  message.on('information', () => {
    if (++informational > MAX_INFORMATIONAL) attempt.decide(TOO_MANY_INFORMATIONAL);
  });
  message.on('response', (response) => judgeResponse(response, check, attempt));
  // A 101 is an answer like any other: nothing was asked to be upgraded.
  message.on('upgrade', (response) => attempt.decide(statusResult(response.statusCode ?? 0, check)));
  message.on('error', (error) => attempt.decide(classifyError(error)));
  message.end();
  return attempt;
};

/** `undefined` for a request that Node will not send: that is no fault of the endpoint's. */
function openRequest(target: ProbeTarget, attempt: SocketAttempt): ClientRequest | undefined {
  const { method, path } = target.check;
  try {
    return request({
      createConnection: () => attempt.socket,
      method,
      path,
      headers: headersOf(target),
      setHost: false,
      maxHeaderSize: HEADER_LIMIT_BYTES,
    });
  } catch (error) {
    attempt.decide({ kind: 'indeterminate', reason: 'checker-error', errorCode: errorCodeOf(error) });
    return undefined;
  }
}

const TOO_MANY_INFORMATIONAL: AttemptResult = {
  kind: 'unhealthy',
  reason: 'protocol-error',
  errorCode: 'TOO_MANY_1XX',
};

/** The parser takes HTTP/0.9 and HTTP/2.0 in a status line; neither is what was asked for. */
const OTHER_PROTOCOL: AttemptResult = {
  kind: 'unhealthy',
  reason: 'protocol-error',
  errorCode: 'HTTP_VERSION',
};

function judgeResponse(response: IncomingMessage, check: HealthCheck, attempt: SocketAttempt): void {
  const result = statusResult(response.statusCode ?? 0, check);
  response.on('error', () => {});
  if (response.httpVersionMajor !== 1) attempt.decide(OTHER_PROTOCOL);
  else if (result.kind === 'healthy') {
    // The answer to HEAD has no body to look into.
    const text = check.method === 'HEAD' ? undefined : check.bodyContains;
    if (text === undefined) attempt.decide(result);
    else findInBody(response, { text, mayQuote: !sendsSecrets(check) }, result, attempt);
  } else if (sendsSecrets(check)) {
    // An endpoint may well repeat what it was sent.
    attempt.decide(result);
  } else {
    excerptBody(response, result, attempt);
  }
}

function sendsSecrets({ basicAuth, headers }: HealthCheck): boolean {
  return basicAuth !== undefined || Object.keys(headers).length > 0;
}

type BadStatus = Extract<AttemptResult, { kind: 'unhealthy' }>;

function statusResult(
  status: number,
  { matcher }: HealthCheck,
): BadStatus | Extract<AttemptResult, { kind: 'healthy' }> {
  return matchesStatus(matcher, status)
    ? { kind: 'healthy', status }
    : { kind: 'unhealthy', reason: 'http-status', status };
}

/** Reads until the text is there, the body ends, or the limit is reached. */
function findInBody(
  response: IncomingMessage,
  { text, mayQuote }: { readonly text: string; readonly mayQuote: boolean },
  found: AttemptResult,
  attempt: SocketAttempt,
): void {
  const wanted = Buffer.from(text);
  let body = Buffer.alloc(0);
  const missing = () => {
    const result = { kind: 'unhealthy', reason: 'body-mismatch', status: response.statusCode ?? 0 } as const;
    attempt.decide(mayQuote ? { ...result, body: excerpt(body) } : result);
  };
  response.on('data', (chunk: Buffer) => {
    body = Buffer.concat([body, chunk.subarray(0, BODY_LIMIT_BYTES - body.length)]);
    if (body.includes(wanted)) attempt.decide(found);
    else if (body.length >= BODY_LIMIT_BYTES) missing();
  });
  response.on('end', missing);
}

/** Keeps the start of a bad answer's body as evidence, if it comes soon. */
function excerptBody(response: IncomingMessage, result: BadStatus, attempt: SocketAttempt): void {
  let body = Buffer.alloc(0);
  const timer = setTimeout(() => conclude(), EXCERPT_PATIENCE_MS);
  const conclude = () => {
    clearTimeout(timer);
    attempt.decide(body.length === 0 ? result : { ...result, body: excerpt(body) });
  };
  response.on('data', (chunk: Buffer) => {
    body = Buffer.concat([body, chunk.subarray(0, EXCERPT_BYTES - body.length)]);
    if (body.length >= EXCERPT_BYTES) conclude();
  });
  response.on('end', conclude);
  response.on('close', conclude);
}

function excerpt(body: Buffer): string {
  return body.subarray(0, EXCERPT_BYTES).toString('utf8');
}

/**
 * The request's headers, flat: name, value, name, value. All but the Host are the same for every
 * endpoint that shares a check, and are put together once.
 */
function headersOf({ address, port, check }: ProbeTarget): readonly string[] {
  let common = commonHeaders.get(check);
  if (common === undefined) {
    common = commonHeadersOf(check);
    commonHeaders.set(check, common);
  }
  if (common.includes('host')) return common;
  const literal = isIPv6(address) ? `[${address}]` : address;
  return ['host', `${literal}:${port}`, ...common];
}

const commonHeaders = new WeakMap<HealthCheck, readonly string[]>();

/** The check's own headers over ours, whatever their case. */
function commonHeadersOf({ hostName, basicAuth, headers }: HealthCheck): readonly string[] {
  const all = new Map([
    ['user-agent', 'ecs-dns-reconciler'],
    ['accept', '*/*'],
    ['connection', 'close'],
  ]);
  if (hostName !== undefined) all.set('host', hostName);
  if (basicAuth !== undefined) all.set('authorization', `Basic ${Buffer.from(basicAuth).toString('base64')}`);
  for (const [name, value] of Object.entries(headers)) all.set(name.toLowerCase(), value);
  return [...all].flat();
}
