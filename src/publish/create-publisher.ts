import type { AwsClients } from '../aws/aws-clients.ts';
import type { Clock } from '../model/clock.ts';
import { busRegion } from './bus-region.ts';
import { type Announcer, NO_ANNOUNCER } from './publisher.ts';

/** What an announcer is made of beside the name of its bus. */
interface AnnouncerContext {
  readonly clients: Pick<AwsClients, 'eventBridge'>;
  readonly clock: Clock;
  /** Told, in one line, of events that could not be sent. */
  readonly report: (detail: string) => void;
}

/** The announcer of the bus that the settings name. What EventBridge needs is loaded only when there is one. */
export async function createAnnouncer(
  bus: string | undefined,
  { clients, clock, report }: AnnouncerContext,
): Promise<Announcer> {
  if (bus === undefined) return NO_ANNOUNCER;
  const [{ eventBusAnnouncer }, { eventsApi }] = await Promise.all([
    import('./event-bus.ts'),
    import('./events-api.ts'),
  ]);
  // A bus takes events in its own region alone.
  return eventBusAnnouncer(
    bus,
    eventsApi(() => clients.eventBridge(busRegion(bus))),
    clock,
    report,
  );
}
