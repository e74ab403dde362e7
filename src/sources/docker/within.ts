import { formatDuration } from '../../model/duration.ts';

/**
 * Does a piece of work that ends when its time is up, or the signal aborts. Nothing of it stays with a signal that lives
 * long.
 */
export async function within<T>(
  limitMs: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = new AbortController();
  const onAbort = () => control.abort(signal?.reason);
  const timer = setTimeout(
    () => control.abort(new Error(`no answer within ${formatDuration(limitMs)}`)),
    limitMs,
  );
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(control.signal);
  } catch (error) {
    throw control.signal.aborted ? control.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
