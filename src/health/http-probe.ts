import { isIPv6 } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import type { ProbeTarget } from '../model/probe.ts';

/** One request of a health check. `timeoutMs` bounds all of it, from the connect to the status line. */
export interface HttpCheck {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const MAX_HEADER_BYTES = 16_384;
const FIRST_FINAL_STATUS = 200;

/**
 * Sends one request and resolves with the status of its final answer. Redirects are not followed and
 * no body is read: the connection is destroyed as soon as the status is known. Every endpoint is its
 * own origin and asked once, so nothing is pooled. Rejects with undici's error, with the code
 * `PROBE_TIMEOUT` when time runs out, or with the signal's reason.
 */
export function requestStatus(
  target: ProbeTarget,
  check: HttpCheck,
  signal: AbortSignal | undefined,
): Promise<number> {
  const host = isIPv6(target.address) ? `[${target.address}]` : target.address;
  const client = new Client(`http://${host}:${target.port}`, {
    connectTimeout: check.timeoutMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MAX_HEADER_BYTES,
    pipelining: 1,
  });
  return new Promise<number>((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      client.destroy().then(settle, settle);
    };
    const fail = (error: unknown) => finish(() => reject(error));
    const onAbort = () => fail(signal?.reason);
    const timer = setTimeout(() => fail(new ProbeTimeout(check.timeoutMs)), check.timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    client.dispatch(
      {
        path: check.path,
        method: check.method,
        headers: { 'user-agent': 'ecs-dns-reconciler', ...check.headers },
      },
      statusHandler((status) => finish(() => resolve(status)), fail),
    );
    if (signal?.aborted) onAbort();
  });
}

function statusHandler(
  onStatus: (status: number) => void,
  onError: (error: unknown) => void,
): Dispatcher.DispatchHandler {
  return {
    onRequestStart: () => {},
    onResponseStart: (_controller, status) => {
      if (status >= FIRST_FINAL_STATUS) onStatus(status);
    },
    onResponseData: () => {},
    onResponseEnd: () => {},
    onResponseError: (_controller, error) => onError(error),
  };
}

/** The whole request took longer than it may. */
class ProbeTimeout extends Error {
  override readonly name = 'ProbeTimeout';
  readonly code = 'PROBE_TIMEOUT';

  constructor(timeoutMs: number) {
    super(`no answer within ${timeoutMs} ms`);
  }
}
