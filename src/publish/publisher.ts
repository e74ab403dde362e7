import type { PublishedEvent } from './event-schema.ts';

/** When telling has to end; what has not been told by then is left out. */
export interface PublishBounds {
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds. */
  readonly deadline?: number | undefined;
}

export interface Publisher {
  /**
   * `events` is only asked where there is a bus to tell. Never rejects, not even for what that throws: what
   * could not be told is a warning of the report.
   */
  publish(events: () => readonly PublishedEvent[], bounds: PublishBounds): Promise<void>;
}

export const NO_PUBLISHER: Publisher = { publish: async () => {} };
