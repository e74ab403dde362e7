import type { Pluggable } from '@smithy/types';
import { isThrottling } from './aws-error.ts';

/** A middleware that fits every client: it never looks at input or output. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK's types know no other way to say so
export type AnyPluggable = Pluggable<any, any>;

/** `service:Operation`, as IAM names it, of a command of the SDK. */
export function operationName(service: string, commandName: string | undefined): string {
  return `${service}:${(commandName ?? 'Unknown').replace(/Command$/, '')}`;
}

/** Requests by `service:Operation`, sorted by that name, and how many of them were throttled. */
export interface CallCounts {
  readonly awsCalls: Readonly<Record<string, number>>;
  readonly awsThrottled: number;
}

/** Counts the requests sent, every attempt of every call: each one uses up quota. */
export function createCallCounter() {
  const calls = new Map<string, number>();
  let throttled = 0;
  const count = (operation: string) => calls.set(operation, (calls.get(operation) ?? 0) + 1);
  return {
    /** Begins a count: what it returns tells what was sent since, whatever else is counted meanwhile. */
    begin(): () => CallCounts {
      const [callsBefore, throttledBefore] = [new Map(calls), throttled];
      return () => {
        const since = [...calls].map(([name, sent]) => [name, sent - (callsBefore.get(name) ?? 0)] as const);
        const sent = since.filter(([, number]) => number > 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
        return { awsCalls: Object.fromEntries(sent), awsThrottled: throttled - throttledBefore };
      };
    },
    /** The middleware for one client; `service` is the prefix that IAM uses. */
    plugin: (service: string): AnyPluggable => ({
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
