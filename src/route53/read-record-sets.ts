import { pageGuard } from '../aws/page-guard.ts';
import { normalizeName } from '../model/dns-name.ts';
import { type RecordSet, recordSetKey } from '../model/record-set.ts';
import type { RecordCursor, Route53Api } from './route53-api.ts';

/**
 * Reads the whole zone, page by page with all three cursors. Throws what the first failing page throws. `counted` is
 * how many sets Route 53 has counted in it.
 */
export async function readRecordSets(
  zoneId: string,
  api: Route53Api,
  signal: AbortSignal | undefined,
  counted?: number,
): Promise<readonly RecordSet[]> {
  return readFrom(zoneId, {}, () => true, api, signal, counted);
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

/** Many times the record sets that a zone may have, whatever its quota. */
const MAX_PAGES = 10_000;
/** Sets that other tools may add while a zone of any size is read: as many as a small zone may have. */
const GROWTH = 3_000;

/** Reads from a cursor until the last page, or until a set is no longer wanted. */
async function readFrom(
  zoneId: string,
  start: RecordCursor,
  isWanted: (set: RecordSet) => boolean,
  api: Route53Api,
  signal: AbortSignal | undefined,
  counted?: number,
): Promise<readonly RecordSet[]> {
  const sets: RecordSet[] = [];
  const guard = pageGuard(MAX_PAGES);
  const most = counted === undefined ? Number.POSITIVE_INFINITY : 2 * counted + GROWTH;
  let from: RecordCursor | undefined = start;
  while (from !== undefined) {
    const page = await api.listRecordSets(zoneId, from, signal);
    for (const set of page.recordSets) {
      if (!isWanted(set)) return sets;
      sets.push(set);
    }
    from = page.next;
    if (from === undefined) break;
    const last = sets.at(-1);
    guard(last && recordSetKey(last), JSON.stringify([from.name, from.type, from.setIdentifier]));
    if (sets.length > most) {
      const counts = `${sets.length} record sets were read where Route 53 counts ${counted}`;
      throw new Error(`${counts}, and one more page was to come`);
    }
  }
  return sets;
}
