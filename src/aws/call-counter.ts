import type { Pluggable } from '@smithy/types';
import { isThrottling } from './aws-error.ts';
import { operationName } from './operation-name.ts';

/** Counts the requests sent, every attempt of every call: each one uses up quota. */
export interface CallCounter {
  /** What was counted since the last time it was asked. */
  drain(): CallCounts;
  /** The middleware for one client; `service` is the prefix that IAM uses. */
  // biome-ignore lint/suspicious/noExplicitAny: it never looks at input or output, so it fits every client
  plugin(service: string): Pluggable<any, any>;
}

/** Requests by `service:Operation`, sorted by that name, and how many of them were throttled. */
export interface CallCounts {
  readonly awsCalls: Readonly<Record<string, number>>;
  readonly awsThrottled: number;
}

/** A counter that starts at nothing. */
export function createCallCounter(): CallCounter {
  const calls = new Map<string, number>();
  let throttled = 0;
  const count = (operation: string) => calls.set(operation, (calls.get(operation) ?? 0) + 1);
  return {
    drain: () => {
      const awsCalls = Object.fromEntries([...calls].toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const counts = { awsCalls, awsThrottled: throttled };
      calls.clear();
      throttled = 0;
      return counts;
    },
    plugin: (service) => ({
      applyToStack: (stack) =>
        stack.add(
          (next, context) => async (args) => {
            count(operationName(service, context['commandName']));
            try {
              return await next(args);
            } catch (error) {
              if (isThrottling(error)) throttled += 1;
              throw error;
            }
          },
          // Behind the retry middleware, so that it runs once an attempt.
          { step: 'finalizeRequest', name: 'callCounter', priority: 'low' },
        ),
    }),
  };
}
