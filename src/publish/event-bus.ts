import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describeError } from '../aws/aws-error.ts';
import type { Clock } from '../model/clock.ts';
import { entryOf } from './event-entries.ts';
import type { Publisher } from './publisher.ts';
import { sendEvents } from './send-events.ts';

/** However long a run may take, its events take no longer than this. */
const MAX_MS = 60_000;
const TOO_LARGE = 'an event holds less than 256 KB';

/** Tells an EventBridge bus, by its name or ARN. `report` is told, a line for each cause, of events that are lost. */
export function eventBusPublisher(
  bus: string,
  client: () => Promise<EventBridgeClient>,
  clock: Clock,
  report: (detail: string) => void,
): Publisher {
  return {
    async publish(events, { signal, deadline = Number.POSITIVE_INFINITY }) {
      try {
        const all = events();
        const entries = all.flatMap((event) => entryOf(bus, event) ?? []);
        const until = Math.min(deadline, clock.now() + MAX_MS);
        const causes = await sendEvents(entries, { client, clock, signal, deadline: until });
        const counts = new Map([[TOO_LARGE, all.length - entries.length]]);
        for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
        for (const [cause, lost] of counts)
          if (lost > 0) report(`eventBus: ${lost} of ${all.length} events were not sent to ${bus}: ${cause}`);
      } catch (error) {
        // The zone is changed already: whatever this is, the report has to come.
        report(`eventBus: events were not sent to ${bus}: ${describeError(error)}`);
      }
    },
  };
}
