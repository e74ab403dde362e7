import { describeError } from '../aws/aws-error.ts';
import type { Clock } from '../model/clock.ts';
import { type EventEntry, entryOf } from './event-entries.ts';
import type { EventsApi } from './events-api.ts';
import type { Publisher } from './publisher.ts';
import { sendEvents } from './send-events.ts';

/** However long a run may take, its events take no longer than this. */
const MAX_MS = 60_000;
const TOO_LARGE = 'an event holds less than 256 KB';

/** Tells an EventBridge bus, by its name or ARN. `report` is told, a line for each cause, of events that are lost. */
export function eventBusPublisher(
  bus: string,
  api: EventsApi,
  clock: Clock,
  report: (detail: string) => void,
): Publisher {
  return {
    async publish(events, { signal, deadline = Number.POSITIVE_INFINITY }) {
      try {
        const all = events();
        const entries = all.map((event) => entryOf(bus, event)).filter(isEntry);
        const until = Math.min(deadline, clock.now() + MAX_MS);
        const causes = await sendEvents(entries, { api, clock, signal, deadline: until });
        const tooLarge = Array<string>(all.length - entries.length).fill(TOO_LARGE);
        for (const [cause, lost] of tally([...tooLarge, ...causes]))
          report(`eventBus: ${lost} of ${all.length} events were not sent to ${bus}: ${cause}`);
      } catch (error) {
        // The zone is changed already: whatever this is, the report has to come.
        report(`eventBus: events were not sent to ${bus}: ${describeError(error)}`);
      }
    },
  };
}

function isEntry(entry: EventEntry | undefined): entry is EventEntry {
  return entry !== undefined;
}

function tally(causes: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return counts;
}
