import type { AwsClients } from '../aws/aws-clients.ts';
import type { Clock } from '../model/clock.ts';
import type { EventFormat } from './event-bus.ts';
import { NO_PUBLISHER, type Publisher } from './publisher.ts';

interface PublisherContext {
  readonly clients: Pick<AwsClients, 'eventBridge'>;
  readonly clock: Clock;
  /** Told, in one line, of events that could not be sent. */
  readonly report: (detail: string) => void;
}

interface PublisherSettings {
  readonly eventBus: string | undefined;
  readonly eventFormat: EventFormat;
}

/** The publisher of the bus that the settings name. What EventBridge needs is loaded only when there is one. */
export async function createPublisher(
  { eventBus: bus, eventFormat: format }: PublisherSettings,
  { clients, clock, report }: PublisherContext,
): Promise<Publisher> {
  if (bus === undefined) return NO_PUBLISHER;
  const { eventBusPublisher } = await import('./event-bus.ts');
  // A bus takes events in its own region alone.
  return eventBusPublisher({ bus, format }, () => clients.eventBridge(busRegion(bus)), clock, report);
}

/** The region of a bus that is given by its ARN; one that is given by its name is the worker's own. */
export function busRegion(bus: string): string | undefined {
  return /^arn:[^:]+:events:([^:]+):/.exec(bus)?.[1];
}
