import type { AnnouncedEvent } from './event-schema.ts';

/** When telling has to end; what has not been told by then is left out. */
export interface AnnounceBounds {
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds. */
  readonly deadline?: number | undefined;
}

/** Tells others what was changed. */
export interface Announcer {
  /**
   * `events` is only asked where there is somebody to tell. Never rejects, not even for what that throws: what
   * could not be told is a trouble of the report.
   */
  announce(events: () => readonly AnnouncedEvent[], bounds: AnnounceBounds): Promise<void>;
}

/** Tells nobody. */
export const NO_ANNOUNCER: Announcer = { announce: async () => {} };
