import { type IncomingMessage, request } from 'node:http';
import { isIPv6 } from 'node:net';
import type { HealthCheck } from '../model/health-check.ts';
import type { ProbeTarget } from '../model/probe.ts';
import { matchesStatus } from '../model/status-matcher.ts';
import type { AttemptResult, StartAttempt } from './attempt.ts';
import { classifyError } from './classify-error.ts';
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
  const message = request({
    createConnection: () => attempt.socket,
    method: check.method,
    path: check.path,
    headers: headersOf(target),
    setHost: false,
    maxHeaderSize: HEADER_LIMIT_BYTES,
  });
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

const TOO_MANY_INFORMATIONAL: AttemptResult = {
  kind: 'unhealthy',
  reason: 'protocol-error',
  errorCode: 'TOO_MANY_1XX',
};

function judgeResponse(response: IncomingMessage, check: HealthCheck, attempt: SocketAttempt): void {
  const result = statusResult(response.statusCode ?? 0, check);
  response.on('error', () => {});
  if (result.kind === 'healthy') {
    // The answer to HEAD has no body to look into.
    const text = check.method === 'HEAD' ? undefined : check.bodyContains;
    if (text === undefined) attempt.decide(result);
    else findInBody(response, text, result, attempt);
  } else {
    excerptBody(response, result, attempt);
  }
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
  text: string,
  found: AttemptResult,
  attempt: SocketAttempt,
): void {
  const wanted = Buffer.from(text);
  let body = Buffer.alloc(0);
  const missing = () => attempt.decide({ ...mismatch(response.statusCode ?? 0), body: excerpt(body) });
  response.on('data', (chunk: Buffer) => {
    body = Buffer.concat([body, chunk.subarray(0, BODY_LIMIT_BYTES - body.length)]);
    if (body.includes(wanted)) attempt.decide(found);
    else if (body.length >= BODY_LIMIT_BYTES) missing();
  });
  response.on('end', missing);
}

function mismatch(status: number) {
  return { kind: 'unhealthy', reason: 'body-mismatch', status } as const;
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
