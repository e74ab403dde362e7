import { normalizeName } from '../model/dns-name.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { RecordCursor, Route53Api } from './route53-api.ts';

/** Reads the whole zone, page by page with all three cursors. Throws what the first failing page throws. */
export async function readRecordSets(
  zoneId: string,
  api: Route53Api,
  signal: AbortSignal | undefined,
): Promise<readonly RecordSet[]> {
  return readFrom(zoneId, {}, () => true, api, signal);
}

const PAGE_SIZE = 300;

/** How many pages a zone of so many record sets has. */
export function pagesOf(recordSets: number): number {
  return Math.ceil(recordSets / PAGE_SIZE);
}

/** As far as one knows, a zone is small: beyond so many names all of it may as well be read. */
const MAX_LOOKS = 10;

/**
 * Reads the sets of the given names (as they were read) again: each name by itself, or the whole zone
 * where that takes fewer requests.
 */
export async function readRecordSetsOf(
  zoneId: string,
  names: readonly string[],
  api: Route53Api,
  signal: AbortSignal | undefined,
  zonePages = 0,
): Promise<readonly RecordSet[]> {
  const wanted = new Map(names.map((name) => [normalizeName(name), name]));
  if (wanted.size > Math.max(MAX_LOOKS, zonePages)) {
    const all = await readRecordSets(zoneId, api, signal);
    return all.filter(({ Name }) => wanted.has(normalizeName(Name)));
  }
  const parts: RecordSet[] = [];
  for (const [normal, name] of wanted) {
    const isOfName = ({ Name }: RecordSet) => normalizeName(Name) === normal;
    parts.push(...(await readFrom(zoneId, { name }, isOfName, api, signal)));
  }
  return parts;
}

/** Reads from a cursor until the last page, or until a set is no longer wanted. */
async function readFrom(
  zoneId: string,
  start: RecordCursor,
  isWanted: (set: RecordSet) => boolean,
  api: Route53Api,
  signal: AbortSignal | undefined,
): Promise<readonly RecordSet[]> {
  const sets: RecordSet[] = [];
  const seen = new Set<string>();
  let from: RecordCursor | undefined = start;
  while (from !== undefined) {
    const page = await api.listRecordSets(zoneId, from, signal);
    for (const set of page.recordSets) {
      if (!isWanted(set)) return sets;
      sets.push(set);
    }
    const cursor = JSON.stringify([page.next?.name, page.next?.type, page.next?.setIdentifier]);
    if (seen.has(cursor)) throw new Error('Route 53 sent the same page cursor twice');
    seen.add(cursor);
    from = page.next;
  }
  return sets;
}
