import { normalizeName } from '../model/dns-name.ts';
import type { Protections } from '../model/protection.ts';
import { nameKey } from '../model/record-set.ts';
import type { Route53Api } from './route53-api.ts';

/** Reads which names and types of the zone are protected, page by page. Throws what the first failing page throws. */
export async function readProtections(
  zoneId: string,
  api: Route53Api,
  signal: AbortSignal | undefined,
): Promise<Protections> {
  const protections = new Map<string, string>();
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await api.listProtections(zoneId, token, signal);
    for (const { name, type, comment } of page.protections)
      protections.set(nameKey(normalizeName(name), type), comment);
    token = page.nextToken;
    if (token !== undefined && seen.has(token)) throw new Error('Route 53 sent the same page token twice');
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
  return protections;
}
