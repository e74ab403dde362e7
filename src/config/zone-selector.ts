import { normalizeName } from '../model/dns-name.ts';
import type { ZoneSelector } from '../model/zone.ts';

const ZONE_ID = /^(?:\/hostedzone\/([A-Z0-9]{1,32})|(Z[A-Z0-9]{1,31}|(?=.*\d)[A-Z0-9]{12,32}))$/;
const ZONE_NAME = /^(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*$/;

/**
 * Reads a zone id or an exact zone name; `undefined` for what can be neither. Route 53's ids are upper
 * case without dots, at most 32 characters, and begin with Z; an emulator's may begin with any letter.
 */
export function parseZoneSelector(text: string): ZoneSelector | undefined {
  const [, prefixed, bare] = ZONE_ID.exec(text) ?? [];
  const id = prefixed ?? bare;
  if (id !== undefined) return { kind: 'id', id };
  const name = normalizeName(text);
  return ZONE_NAME.test(name) ? { kind: 'name', name } : undefined;
}
