/** AWS filters what is on a page after it has cut it, so that some may be empty; so many in a row are none of its. */
const MAX_IDLE_PAGES = 100;

/** Shown the last item of every page but the last one, and the token that follows. Throws for a listing without end. */
export type PageGuard = (lastItem: unknown, token: string) => void;

/**
 * Watches over one listing, which ends where a token comes twice, where pages bring nothing new, and after
 * `maxPages`: more than there can be.
 */
export function pageGuard(maxPages: number): PageGuard {
  const tokens = new Set<string>();
  const seen = new Set<unknown>([undefined]);
  let idle = 0;
  return (lastItem, token) => {
    const item = typeof lastItem === 'object' ? JSON.stringify(lastItem) : lastItem;
    idle = seen.has(item) ? idle + 1 : 0;
    seen.add(item);
    if (tokens.has(token)) throw new Error('the same page token came twice');
    tokens.add(token);
    if (idle >= MAX_IDLE_PAGES)
      throw new Error(`${idle} pages in a row had nothing new, and one more was to come`);
    if (tokens.size >= maxPages) throw new Error(`${maxPages} pages were read, and one more was to come`);
  };
}
