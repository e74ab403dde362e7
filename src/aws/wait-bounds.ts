import type { HandlerExecutionContext, Pluggable } from '@smithy/types';

/** How long a request may wait for its turn. Once it is sent, it is waited for whatever happens. */
export interface WaitBounds {
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds after which it is not sent any more. */
  readonly deadline: number;
}

/** The request was given up while it waited for its turn: it was surely not sent. */
export class NotSentError extends Error {
  constructor(cause: unknown) {
    super('not sent: there was no time left to wait for a turn', { cause });
    this.name = 'NotSentError';
  }
}

const KEY = 'ecsDnsWaitBounds';

/** The middleware that bounds the wait of one command. */
// biome-ignore lint/suspicious/noExplicitAny: it never looks at input or output, so it fits every command
export function boundWait(bounds: WaitBounds): Pluggable<any, any> {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next, context) => (args) => {
          context[KEY] = bounds;
          return next(args);
        },
        { step: 'initialize', name: 'waitBounds' },
      ),
  };
}

/** The bounds that a command was given, if it was. */
export function waitBoundsOf(context: HandlerExecutionContext): WaitBounds | undefined {
  return context[KEY] as WaitBounds | undefined;
}
