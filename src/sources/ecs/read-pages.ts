import { pageGuard } from '../../aws/page-guard.ts';

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

/** A cluster of as many tasks as a hundred of its services may have, and more than an account has of anything else. */
const MAX_PAGES = 5_000;

/**
 * Reads a listing to its last page. A page that fails ends the reading, and what came before it is
 * kept; so does a listing that would go on for ever. An abort is thrown on. `onPage` is shown the items
 * of every page as it comes.
 */
export async function readPages<T>(
  readPage: (token: string | undefined) => Promise<Page<T>>,
  signal: AbortSignal | undefined,
  onPage: (items: readonly T[]) => void = () => {},
  maxPages = MAX_PAGES,
): Promise<Reading<T>> {
  const items: T[] = [];
  const guard = pageGuard(maxPages);
  let token: string | undefined;
  try {
    do {
      const page = await readPage(token);
      items.push(...page.items);
      onPage(page.items);
      token = page.nextToken === '' ? undefined : page.nextToken;
      if (token !== undefined) guard(page.items.at(-1), token);
    } while (token !== undefined);
    return { items };
  } catch (error) {
    signal?.throwIfAborted();
    return { items, error };
  }
}
