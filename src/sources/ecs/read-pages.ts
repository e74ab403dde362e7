/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

/** What a reading brought, and the error that cut it short, if one did. */
export interface Reading<T> {
  readonly items: readonly T[];
  readonly error?: unknown;
}

/**
 * Reads a listing to its last page. A page that fails ends the reading, and what came before it is
 * kept; so does a token that comes twice, which would go on for ever. An abort is thrown on. `onPage`
 * is shown the items of every page as it comes.
 */
export async function readPages<T>(
  readPage: (token: string | undefined) => Promise<Page<T>>,
  signal: AbortSignal | undefined,
  onPage: (items: readonly T[]) => void = () => {},
): Promise<Reading<T>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  try {
    do {
      const page = await readPage(token);
      items.push(...page.items);
      onPage(page.items);
      token = page.nextToken === '' ? undefined : page.nextToken;
      if (token !== undefined && seen.has(token)) throw new Error('the same page token came twice');
      if (token !== undefined) seen.add(token);
    } while (token !== undefined);
    return { items };
  } catch (error) {
    signal?.throwIfAborted();
    return { items, error };
  }
}

/** Cuts a list into full batches of `size`; only the last one may be smaller. */
export function inBatches<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const batches: T[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return batches;
}
