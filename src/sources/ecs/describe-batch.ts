import type { LimitFunction } from 'p-limit';
import { inBatches } from '../../model/in-batches.ts';
import { type Described, ECS_PAGE_SIZE } from './ecs-api.ts';

/** What was described; `missing` are the ids that are gone, and every gap in the answers is a fault. */
export interface Descriptions<T> {
  readonly items: readonly T[];
  readonly missing: readonly string[];
  readonly faults: readonly unknown[];
}

/** Describes what has the given ids, in full batches. */
export async function describeAll<T>(
  ids: readonly string[],
  describe: (batch: readonly string[]) => Promise<Described<T>>,
  limit: LimitFunction,
  signal: AbortSignal | undefined,
): Promise<Descriptions<T>> {
  const parts = await Promise.all(
    inBatches(ids, ECS_PAGE_SIZE).map((batch) => limit(() => describeBatch(batch, describe, signal))),
  );
  return {
    items: parts.flatMap(({ items }) => items),
    missing: parts.flatMap(({ missing }) => missing),
    faults: parts.flatMap(({ faults }) => faults),
  };
}

/** The same of one batch. */
export async function describeBatch<T>(
  batch: readonly string[],
  describe: (batch: readonly string[]) => Promise<Described<T>>,
  signal: AbortSignal | undefined,
): Promise<Descriptions<T>> {
  try {
    return descriptionsOf(batch.length, await describe(batch));
  } catch (error) {
    signal?.throwIfAborted();
    return { items: [], missing: [], faults: [error] };
  }
}

/** `MISSING` is an id that is gone, which is an answer; every other gap is something left unread. */
export function descriptionsOf<T>(asked: number, { items, failures }: Described<T>): Descriptions<T> {
  const missing = failures.filter(({ reason }) => reason === 'MISSING').map(({ arn = '' }) => arn);
  const faults = failures
    .filter(({ reason }) => reason !== 'MISSING')
    .map(
      ({ arn = '?', reason = 'unknown failure', detail = '' }) => new Error(`${reason} for ${arn} ${detail}`),
    );
  const silent = asked - items.length - failures.length;
  if (silent > 0) faults.push(new Error(`${silent} of ${asked} were left out of the answer`));
  return { items, missing, faults };
}
