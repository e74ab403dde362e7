import type { RunFailure } from '../run/run.ts';

/** Why an invocation counts as failed although the run itself threw nothing; stable codes. */
export type InvocationErrorCode = 'unknown-event' | 'only-plans' | RunFailure['code'] | 'out-of-time';

/** Thrown so that Lambda counts the invocation as failed. The message is one line. */
export class InvocationError extends Error {
  override readonly name = 'InvocationError';
  readonly code: InvocationErrorCode;

  constructor(code: InvocationErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
