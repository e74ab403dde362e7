import { z } from 'zod';
import type { HealthHistory } from '../../model/health-history.ts';

/**
 * Remembers failures from run to run. A memory that is lost, corrupt or out of reach is an empty one:
 * everything starts over, which can only delay a removal. Both calls report what goes wrong, and never throw
 * for it.
 */
export interface HealthMemory {
  load(signal: AbortSignal | undefined): Promise<HealthHistory>;
  save(history: HealthHistory, signal: AbortSignal | undefined): Promise<void>;
}

/** Told in one line when the memory could not be read or written. */
export type WarningReport = (detail: string) => void;

/** Every run is the first. */
export const NO_MEMORY: HealthMemory = {
  load: async () => new Map(),
  save: async () => {},
};

const count = z.int().min(0);
const stored = z.object({
  version: z.literal(1),
  records: z.record(z.string(), z.tuple([count, count])),
});

/** The stored form: `{"version":1,"records":{"<container id> <port>/<protocol>":[failing,passing]}}`. */
export function encodeHistory(history: HealthHistory): string {
  const records = Object.fromEntries(
    [...history].map(([key, { failing, passing }]) => [key, [failing, passing]]),
  );
  return JSON.stringify({ version: 1, records });
}

/** Reads the stored form; throws for anything else. */
export function decodeHistory(text: string): HealthHistory {
  const { records } = stored.parse(JSON.parse(text));
  return new Map(Object.entries(records).map(([key, [failing, passing]]) => [key, { failing, passing }]));
}
