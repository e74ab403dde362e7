import type { Pluggable } from '@smithy/types';

/** Counts the requests sent, every attempt of every call: each one uses up quota. */
export interface CallCounter {
  /** Requests since the last time it was asked, by `service:Operation`, sorted by that name. */
  drain(): Readonly<Record<string, number>>;
  /** The middleware for one client; `service` is the prefix that IAM uses. */
  // biome-ignore lint/suspicious/noExplicitAny: it never looks at input or output, so it fits every client
  plugin(service: string): Pluggable<any, any>;
}

/** A counter that starts at nothing. */
export function createCallCounter(): CallCounter {
  const calls = new Map<string, number>();
  const count = (operation: string) => calls.set(operation, (calls.get(operation) ?? 0) + 1);
  return {
    drain: () => {
      const counts = Object.fromEntries([...calls].toSorted(([a], [b]) => (a < b ? -1 : 1)));
      calls.clear();
      return counts;
    },
    plugin: (service) => ({
      applyToStack: (stack) =>
        stack.add(
          (next, context) => (args) => {
            count(`${service}:${(context['commandName'] ?? 'Unknown').replace(/Command$/, '')}`);
            return next(args);
          },
          // Behind the retry middleware, so that it runs once an attempt.
          { step: 'finalizeRequest', name: 'callCounter', priority: 'low' },
        ),
    }),
  };
}
