import { normalizeName } from '../model/dns-name.ts';
import type { ZoneSelector } from '../model/zone.ts';

const ZONE_ID = /^(?:\/hostedzone\/)?(Z[A-Z0-9]{1,31})$/;
const ZONE_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * Reads a zone id or an exact zone name; `undefined` for what can be neither. An id is told by its
 * upper-case Z and the lack of dots, as Route 53 gives them out (at most 32 characters).
 */
export function parseZoneSelector(text: string): ZoneSelector | undefined {
  const id = ZONE_ID.exec(text)?.[1];
  if (id !== undefined) return { kind: 'id', id };
  const name = normalizeName(text);
  return ZONE_NAME.test(name) ? { kind: 'name', name } : undefined;
}
