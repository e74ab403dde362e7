import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { sendOptions } from '../aws/send-options.ts';
import { boundWait, type WaitBounds } from '../aws/wait-bounds.ts';
import type { EventEntry } from './event-entries.ts';

/** Why EventBridge did not take one entry of a request. */
export interface EntryFailure {
  readonly code: string;
  readonly message: string;
}

/** The one call to EventBridge. */
export interface EventsApi {
  /** One answer for each entry, in their order; `undefined` where it was taken. */
  putEvents(entries: readonly EventEntry[], wait: WaitBounds): Promise<readonly (EntryFailure | undefined)[]>;
}

/** The call through the SDK's client, which is only built once there is something to send. */
export function eventsApi(client: () => Promise<EventBridgeClient>): EventsApi {
  return {
    async putEvents(entries, wait) {
      const command = new PutEventsCommand({ Entries: [...entries] });
      command.middlewareStack.use(boundWait(wait));
      const { Entries = [] } = await (await client()).send(command, sendOptions(wait.signal));
      return entries.map((_, i) => {
        const { EventId, ErrorCode = 'Unknown', ErrorMessage = '' } = Entries[i] ?? {};
        return EventId === undefined ? { code: ErrorCode, message: ErrorMessage } : undefined;
      });
    },
  };
}
