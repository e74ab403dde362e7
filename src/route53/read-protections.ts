import { pageGuard } from '../aws/page-guard.ts';
import { normalizeName } from '../model/dns-name.ts';
import type { Protections } from '../model/protection.ts';
import { nameKey } from '../model/record-set.ts';
import type { Route53Api } from './route53-api.ts';

/** More than one protection for each of very many record sets. */
const MAX_PAGES = 1_000;

/** Reads which names and types of the zone are protected, page by page. Throws what the first failing page throws. */
export async function readProtections(
  zoneId: string,
  api: Route53Api,
  signal: AbortSignal | undefined,
): Promise<Protections> {
  const protections = new Map<string, string>();
  const guard = pageGuard(MAX_PAGES);
  let token: string | undefined;
  do {
    const page = await api.listProtections(zoneId, token, signal);
    for (const { name, type, comment } of page.protections)
      protections.set(nameKey(normalizeName(name), type), comment);
    token = page.nextToken;
    if (token !== undefined) guard(page.protections.at(-1), token);
  } while (token !== undefined);
  return protections;
}
