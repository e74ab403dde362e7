import { isIPv4, isIPv6 } from 'node:net';
import type { AddressRange } from '../model/address-range.ts';

const RANGE = /^([0-9A-Fa-f.:]+)(?:\/(0|[1-9]\d{0,2}))?$/;

/**
 * Reads `10.0.0.0/8`, `fd00::/8` or one address; `undefined` for anything else. Bits behind the
 * prefix are kept as written: they do not change what the range holds.
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const fields = RANGE.exec(text);
  const address = fields?.[1] ?? '';
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  if (family === undefined) return undefined;
  const bits = family === 'ipv4' ? 32 : 128;
  const prefixLength = Number(fields?.[2] ?? bits);
  return prefixLength <= bits ? { family, address, prefixLength } : undefined;
}
