import { AwsError } from '../../../src/sandbox/error-answer.ts';
import type { Json, Service } from '../../../src/sandbox/service.ts';
import type { World as Account } from '../../../src/sandbox/world/world.ts';
import type { Operation } from '../history.ts';
import { serviceError } from './errors.ts';
import type { Session } from './session.ts';

/** One request of a run, as it meets the other side. */
export interface Asked {
  readonly operation: Operation;
  readonly input: Json;
  /** The number of the call in its run. */
  readonly call: number;
  /** What the run had written down when it sent the request, and when that was. */
  readonly journaled: string;
  readonly sentAt: number;
  /** Carries the request out on an account, with another input if one is given. */
  readonly carryOut: (account: Account, input?: Json) => Json;
}

/** What the worker's own adapters want of an SDK client. */
interface SdkCommand {
  readonly input: object;
}

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** What the worker's adapters use of an SDK client: by way of the session, it asks the sandbox's service. */
export function sdkClient(session: Session, service: Service, answer: (asked: Asked) => Json) {
  return {
    send: (command: SdkCommand, options?: SendOptions) => {
      const name = command.constructor.name.replace(/Command$/, '');
      const operation = `${service.name}:${name}` as Operation;
      const input = { ...command.input };
      const { journal: journaled } = session;
      const sentAt = session.world.now;
      const carryOut = (account: Account, other: Json = input) =>
        inSdkWords(session, operation, () =>
          service.execute(
            { world: account, now: () => session.world.now },
            { operation: name, input: other },
          ),
        );
      return session.call(operation, options?.abortSignal, (call) =>
        answer({ operation, input, call, journaled, sentAt, carryOut }),
      );
    },
  };
}

/** What AWS says when it is asked for more than it takes at once. */
const LIMITS = /can have at most|cannot be empty|maximum number of filter values|limit of \d+ exceeded/;

/** Lets a refusal of the sandbox's be an error as the SDK throws it. */
export function inSdkWords<T>(session: Session, operation: Operation, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (LIMITS.test(error.message)) session.onLimit(`${operation}: ${error.message}`);
    throw serviceError(error.code, error.message, error.status);
  }
}
