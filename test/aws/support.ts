import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RetryStrategyV2, StandardRetryToken } from '@smithy/types';
import type { Quota } from '../../src/model/quota.ts';

/** What an error of the SDK carries in addition to its name. */
export interface ErrorFields {
  readonly message?: string;
  /** The HTTP status of the answer, where there was one. */
  readonly status?: number;
  readonly code?: string;
  readonly errors?: readonly unknown[];
  readonly cause?: unknown;
  readonly messages?: readonly string[];
}

/** An error as the SDK throws it: its name, and the HTTP status in its metadata. */
export function awsError(name: string, { message = 'it was said', status, ...fields }: ErrorFields = {}) {
  const metadata = status === undefined ? {} : { $metadata: { httpStatusCode: status } };
  return Object.assign(new Error(message), { name, ...metadata, ...fields });
}

/** An error as a socket throws it. */
export function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code} 127.0.0.1:1`), { code });
}

/** One answer of the loopback service. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Client settings that lead to the loopback service, with keys of no account. */
export function accessTo(endpoint: string) {
  return {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
  };
}

/** A service on 127.0.0.1 that gives these answers in turn, the last one again and again. */
export async function startService(answers: readonly Answer[]) {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume();
    const { status, body } = answers[Math.min(requests++, answers.length - 1)] ?? { status: 500, body: '' };
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests: () => requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Retries at once, until `attempts` requests were sent in all. */
export function retriesWithoutDelay(attempts: number): RetryStrategyV2 {
  const token = (count: number): StandardRetryToken => ({
    getRetryCount: () => count,
    getRetryDelay: () => 0,
    getRetryCost: () => undefined,
  });
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0)),
    refreshRetryTokenForRetry: (last) => {
      const count = last.getRetryCount() + 1;
      return count < attempts
        ? Promise.resolve(token(count))
        : Promise.reject(new Error('no attempt is left'));
    },
    recordSuccess: () => {},
  };
}

/** The token bucket of an account, by the time at which requests arrive there. */
export function tokenBucket({ burst, perSecond }: Quota): (now: number) => boolean {
  let [tokens, filledAt] = [burst, 0];
  return (now) => {
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
