import { z } from 'zod';
import type { IncompleteScope, Notice } from '../model/inventory.ts';

export const count = z.int().min(0);

/** The hosted zone that a document is about. */
export const zoneSchema = z.object({ id: z.string(), name: z.string() });

/** What every document has: version 1 of its kind, when it was made, and what stood in the way. */
export const documentSchema = z.object({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  durationMs: count,
  /** What could not be read, with the call that failed and AWS's own error. */
  incomplete: z.array(z.object({ scope: z.string(), operation: z.string(), error: z.string() })),
  /** What an operator should put right, each with what it is about. */
  notices: z.array(z.object({ subject: z.string(), detail: z.string() })),
  awsCalls: z.record(z.string(), count),
  /** How many of those requests AWS rejected as too many. */
  awsThrottled: count,
});

type Head = z.infer<typeof documentSchema>;

/** What a door knows of the making of a document. */
export interface DocumentOptions {
  /** Requests sent to AWS, by `service:Operation`. */
  readonly awsCalls: Readonly<Record<string, number>>;
  readonly awsThrottled: number;
  /** What went wrong without ending the work, a line each. */
  readonly warnings: readonly string[];
}

interface Reading {
  readonly incomplete: readonly IncompleteScope[];
}

/** All that may have been read; what was not asked for is absent. */
export interface Readings {
  readonly inventory?: Reading;
  readonly unknownHosts?: Reading;
  readonly probeResults?: { readonly grace: Reading };
  /** The load-balanced ECS services. */
  readonly services?: Reading | undefined;
  /** What the confirmation could not read. */
  readonly unconfirmed?: readonly IncompleteScope[];
}

/** What could not be read, in whatever step, as documents list it. */
export function incompleteOf(readings: Readings): Head['incomplete'] {
  const { inventory, unknownHosts, probeResults, services, unconfirmed = [] } = readings;
  const read = [inventory, unknownHosts, probeResults?.grace, services];
  return [...read.flatMap((reading) => reading?.incomplete ?? []), ...unconfirmed].map(
    ({ scope, operation, error }) => ({ scope, operation, error }),
  );
}

/** What the head of a document is made of. Times in epoch milliseconds. */
export interface HeadFacts<M extends string> {
  readonly mode: M;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly readings: Readings;
  readonly notices: readonly Notice[];
}

/** What begins every document. */
export function headOf<M extends string>(
  { mode, startedAt, finishedAt, readings, notices }: HeadFacts<M>,
  { awsCalls, awsThrottled, warnings }: DocumentOptions,
): Head & { mode: M } {
  return {
    version: 1,
    mode,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.max(0, Math.round(finishedAt - startedAt)),
    incomplete: incompleteOf(readings),
    notices: [
      ...notices.map((notice) => ({ ...notice })),
      ...warnings.map((detail) => ({ subject: 'worker', detail })),
    ],
    awsCalls: { ...awsCalls },
    awsThrottled,
  };
}
