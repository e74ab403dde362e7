import { setMaxListeners } from 'node:events';
import type { AwsService } from './aws-services.ts';

/** What an operation has answered so far: how many calls there were, and the errors among them. */
export interface Answers {
  readonly calls: number;
  readonly errors: readonly unknown[];
}

/** Listens to the calls of one examination. */
export interface CallRecord {
  /** Makes a call with an end of its own, and keeps what it ended with; the error is thrown on. */
  readonly observe: <T>(
    operation: string,
    signal: AbortSignal | undefined,
    call: (signal: AbortSignal) => Promise<T>,
  ) => Promise<T>;
  answersOf(operation: string): Answers | undefined;
  /** The errors of all calls to a service, in the order in which they came. */
  errorsOf(service: AwsService): readonly unknown[];
  /** Whether anything was asked of a service at all. */
  wasAsked(service: AwsService): boolean;
}

/** No answer in time: what a firewall does that drops what it does not let in. */
export class NoAnswer extends Error {}

/** A record of nothing yet; a call that takes longer than `callTimeoutMs` counts as not answered. */
export function createCallRecord(callTimeoutMs: number): CallRecord {
  const answers = new Map<string, { calls: number; errors: unknown[] }>();
  const ofService = (service: AwsService) =>
    [...answers].filter(([operation]) => operation.startsWith(`${service}:`)).map(([, answer]) => answer);
  return {
    async observe(operation, signal, call) {
      const answer = answers.get(operation) ?? { calls: 0, errors: [] };
      answers.set(operation, answer);
      answer.calls += 1;
      const timeout = AbortSignal.timeout(callTimeoutMs);
      const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
      setMaxListeners(0, either);
      try {
        return await call(either);
      } catch (error) {
        signal?.throwIfAborted();
        const known = timeout.aborted ? new NoAnswer(`no answer within ${callTimeoutMs} ms`) : error;
        answer.errors.push(known);
        throw known;
      }
    },
    answersOf: (operation) => answers.get(operation),
    errorsOf: (service) => ofService(service).flatMap(({ errors }) => errors),
    wasAsked: (service) => ofService(service).length > 0,
  };
}
