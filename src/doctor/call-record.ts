import { setMaxListeners } from 'node:events';
import { formatDuration } from '../model/duration.ts';

export type CallRecord = ReturnType<typeof createCallRecord>;

/** No answer in time: what a firewall does that drops what it does not let in. */
export class NoAnswer extends Error {}

/** A record of nothing yet; a call that takes longer than `callTimeoutMs` counts as not answered. */
export function createCallRecord(callTimeoutMs: number) {
  const calls: string[] = [];
  const failures: { readonly operation: string; readonly error: unknown }[] = [];
  return {
    /** Makes a call with an end of its own, and keeps what it ended with; the error is thrown on. */
    async observe<T>(
      operation: string,
      signal: AbortSignal | undefined,
      call: (signal: AbortSignal) => Promise<T>,
    ): Promise<T> {
      calls.push(operation);
      const timeout = AbortSignal.timeout(callTimeoutMs);
      const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      setMaxListeners(0, either);
      try {
        return await call(either);
      } catch (cause) {
        signal?.throwIfAborted();
        const error = timeout.aborted
          ? new NoAnswer(`no answer within ${formatDuration(callTimeoutMs)}`)
          : cause;
        failures.push({ operation, error });
        throw error;
      }
    },
    /** How many calls `service:Operation` has had, or all of a `service`, and their errors in their order. */
    answersOf: (subject: string) => {
      const isOf = (operation: string) => operation === subject || operation.startsWith(`${subject}:`);
      return {
        calls: calls.filter(isOf).length,
        errors: failures.flatMap(({ operation, error }) => (isOf(operation) ? [error] : [])),
      };
    },
  };
}
