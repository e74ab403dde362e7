import { isUnknown } from '../../aws/aws-error.ts';
import { inBatches } from '../../model/in-batches.ts';
import type { Reading } from './read-pages.ts';

/** What was found under the names asked for, and which of them are unknown. */
export interface NamedReading<T> {
  readonly items: readonly T[];
  readonly unknown: readonly string[];
  /** Batches that could not be asked for, each with the error. */
  readonly faults: readonly { readonly names: readonly string[]; readonly error: unknown }[];
}

/**
 * Asks for names in full batches of `size`. A service that fails a whole batch for one name that it does
 * not know is asked again for both halves, until that name stands alone.
 */
export async function describeNamed<T>(
  names: readonly string[],
  size: number,
  describe: (batch: readonly string[]) => Promise<Reading<T>>,
): Promise<NamedReading<T>> {
  const parts = await Promise.all(
    inBatches([...new Set(names)].toSorted(), size).map((batch) => describeBatch(batch, describe)),
  );
  return joined(parts);
}

async function describeBatch<T>(
  batch: readonly string[],
  describe: (batch: readonly string[]) => Promise<Reading<T>>,
): Promise<NamedReading<T>> {
  const { items, error } = await describe(batch);
  if (error === undefined) return { items, unknown: [], faults: [] };
  if (!isUnknown(error)) return { items, unknown: [], faults: [{ names: batch, error }] };
  if (batch.length === 1) return { items, unknown: batch, faults: [] };
  const halves = inBatches(batch, Math.ceil(batch.length / 2));
  return joined(await Promise.all(halves.map((half) => describeBatch(half, describe))));
}

function joined<T>(parts: readonly NamedReading<T>[]): NamedReading<T> {
  return {
    items: parts.flatMap(({ items }) => items),
    unknown: parts.flatMap(({ unknown }) => unknown),
    faults: parts.flatMap(({ faults }) => faults),
  };
}
