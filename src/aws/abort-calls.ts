import { SMITHY_CONTEXT_KEY } from '@smithy/types';
import type { AnyPluggable } from './call-counter.ts';

/**
 * Ends a call as soon as its signal aborts, with the signal's reason, wherever the call is: the SDK heeds the signal
 * while a request is under way, and neither in its pauses between attempts nor while it looks for credentials.
 */
export const endOnAbort: AnyPluggable = {
  applyToStack: (stack) =>
    stack.add(
      (next, context) => (args) => {
        const signal = signalOf(context[SMITHY_CONTEXT_KEY]);
        return signal === undefined ? next(args) : orAborted(next(args), signal);
      },
      { step: 'initialize', name: 'endOnAbort', priority: 'high' },
    ),
};

/** The signal that a call was given. */
export function signalOf(context: Readonly<Record<string, unknown>> | undefined): AbortSignal | undefined {
  const signal = context?.['abortSignal'];
  return signal instanceof AbortSignal ? signal : undefined;
}

/** What the work comes to, unless the signal aborts before. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
