import { z } from 'zod';
import type { IncompleteScope, Notice } from '../model/inventory.ts';

export const count = z.int().min(0);

export function countsOf<const K extends string>(names: readonly K[]) {
  return z.object(Object.fromEntries(names.map((name) => [name, count])) as Record<K, typeof count>);
}

/** How many of the items have each of the values in the field, zeros too. */
export function countEach<F extends string, V extends string>(
  values: readonly V[],
  items: Iterable<{ readonly [K in F]?: NoInfer<V> | undefined }>,
  field: F,
): Record<V, number> {
  const counts = Object.fromEntries(values.map((value) => [value, 0])) as Record<V, number>;
  for (const { [field]: value } of items) if (value !== undefined) counts[value] += 1;
  return counts;
}

/** The fields of a value that a document tells, in its order. */
export function told<S extends z.ZodObject>(shape: S, value: z.input<S>): z.output<S> {
  return shape.parse(value);
}

export const zoneSchema = z.object({ id: z.string(), name: z.string() });

/** How a change stands or ended, as documents tell it. */
export const CHANGE_STATUSES = ['planned', 'applied', 'already-done', 'conflict', 'failed'] as const;

export const PROBE_KINDS = ['healthy', 'unhealthy', 'indeterminate'] as const;

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

/** What the head of a document is made of. Times in epoch milliseconds. */
interface HeadFacts<M extends string> {
  readonly mode: M;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** The time that an operator took to answer is no time of the run. */
  readonly askedMs?: number | undefined;
  /** All that may have been read; what was not asked for is absent. */
  readonly readings: {
    readonly inventory?: Reading;
    readonly unknownHosts?: Reading;
    readonly probeResults?: { readonly grace: Reading };
    /** The load-balanced ECS services. */
    readonly services?: Reading | undefined;
    /** What target groups say. */
    readonly targetHealth?: Reading | undefined;
    /** What the confirmation could not read. */
    readonly unconfirmed?: readonly IncompleteScope[];
  };
  readonly notices: readonly Notice[];
}

export function headOf<M extends string>(
  { mode, startedAt, finishedAt, askedMs = 0, readings, notices }: HeadFacts<M>,
  { awsCalls, awsThrottled, warnings }: DocumentOptions,
): z.infer<typeof documentSchema> & { mode: M } {
  const { inventory, unknownHosts, probeResults, services, targetHealth, unconfirmed = [] } = readings;
  const read = [inventory, unknownHosts, probeResults?.grace, services, targetHealth];
  const incomplete = [...read.flatMap((reading) => reading?.incomplete ?? []), ...unconfirmed];
  return {
    version: 1,
    mode,
    startedAt: new Date(startedAt).toISOString(),
    durationMs: Math.max(0, Math.round(finishedAt - startedAt - askedMs)),
    incomplete: incomplete.map(({ scope, operation, error }) => ({ scope, operation, error })),
    notices: [...notices, ...warnings.map((detail) => ({ subject: 'worker', detail }))],
    awsCalls,
    awsThrottled,
  };
}
