import type { HttpResponse } from '@smithy/types';
import { formatDuration } from '../model/duration.ts';
import { readBody } from './change-batch-errors.ts';
import { unreadable } from './unreadable-answer.ts';

/** What the SDK sends requests with. */
export interface RequestHandler {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's clients differ in what they call a request
  handle(request: any, options?: any): Promise<{ response: HttpResponse }>;
}

/** No complete answer in time; the SDK and `isAmbiguous` know it by its name. */
class RequestTimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Lets no request take longer than `limitMs`, from its first byte to the last one of the answer: the SDK's own
 * limits end with the headers, or begin anew with every byte. The answer is read here, within the limit, so that
 * the SDK finds it whole.
 */
export function boundRequests<H extends RequestHandler>(handler: H, limitMs: number): H {
  const handle: RequestHandler['handle'] = async (request, options) => {
    const outer: AbortSignal | undefined = options?.abortSignal;
    const control = new AbortController();
    const onAbort = () => control.abort(outer?.reason);
    if (outer?.aborted) onAbort();
    outer?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => control.abort(tooLate(limitMs)), limitMs);
    try {
      const { response } = await handler.handle(request, { ...options, abortSignal: control.signal });
      return { response: await readWhole(response, control.signal) };
    } catch (error) {
      throw control.signal.reason instanceof RequestTimeoutError ? control.signal.reason : error;
    } finally {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
    }
  };
  return Object.create(handler, { handle: { value: handle } }) as H;
}

function tooLate(limitMs: number): RequestTimeoutError {
  return new RequestTimeoutError(`no complete answer within ${formatDuration(limitMs)}`);
}

async function readWhole(response: HttpResponse, signal: AbortSignal): Promise<HttpResponse> {
  const stream: unknown = response.body;
  const end = () => {
    // The SDK lets go of a request as soon as it has the headers.
    if (isStream(stream)) stream.destroy(new Error('the request was given up'));
  };
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    const body = await readBody(response);
    const fault = response.statusCode === 200 ? unreadable(body) : undefined;
    if (fault !== undefined) throw Object.assign(fault, { $metadata: { httpStatusCode: 200 } });
    response.body = body;
    return response;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function isStream(body: unknown): body is { destroy(error: Error): void } {
  return typeof body === 'object' && body !== null && 'destroy' in body;
}
