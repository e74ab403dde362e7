import { setMaxListeners } from 'node:events';

/** What was answered so far: how many calls there were, and the errors among them, in their order. */
export interface Answers {
  readonly calls: number;
  readonly errors: readonly unknown[];
}

/** Listens to the calls of one examination. */
export interface CallRecord {
  /** Makes a call with an end of its own, and keeps what it ended with; the error is thrown on. */
  observe<T>(
    operation: string,
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** What `service:Operation` has answered, or all of a `service`. */
  answersOf(subject: string): Answers;
}

/** No answer in time: what a firewall does that drops what it does not let in. */
export class NoAnswer extends Error {}

/** A record of nothing yet; a call that takes longer than `callTimeoutMs` counts as not answered. */
export function createCallRecord(callTimeoutMs: number): CallRecord {
  const calls: string[] = [];
  const failures: { readonly operation: string; readonly error: unknown }[] = [];
  return {
    async observe(operation, signal, call) {
      calls.push(operation);
      const timeout = AbortSignal.timeout(callTimeoutMs);
      const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      setMaxListeners(0, either);
      try {
        return await call(either);
      } catch (cause) {
        signal?.throwIfAborted();
        const error = timeout.aborted ? new NoAnswer(`no answer within ${callTimeoutMs} ms`) : cause;
        failures.push({ operation, error });
        throw error;
      }
    },
    answersOf: (subject) => {
      const isOf = (operation: string) => operation === subject || operation.startsWith(`${subject}:`);
      return {
        calls: calls.filter(isOf).length,
        errors: failures.flatMap(({ operation, error }) => (isOf(operation) ? [error] : [])),
      };
    },
  };
}
