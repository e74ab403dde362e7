import { normalizeName } from './dns-name.ts';
import { nameKey } from './record-set.ts';

/** The four fields of an SRV value (RFC 2782); `target` is normalised for comparing. */
export interface SrvValue {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

const SRV_VALUE = /^(\d{1,5})\s+(\d{1,5})\s+(\d{1,5})\s+(\S+)$/;
const MAX_UINT16 = 65_535;

/** Reads `priority weight port target`; `undefined` for anything that is not four well-formed fields. */
export function parseSrvValue(value: string): SrvValue | undefined {
  const fields = SRV_VALUE.exec(value.trim());
  if (fields === null) return undefined;
  const [priority, weight, port] = [Number(fields[1]), Number(fields[2]), Number(fields[3])];
  if (priority > MAX_UINT16 || weight > MAX_UINT16 || port > MAX_UINT16 || port === 0) return undefined;
  const target = normalizeName(String(fields[4]));
  return target === '' ? undefined : { priority, weight, port, target };
}

/** Where an SRV value leads, whatever its priority and weight; a value of any other type as it is. */
export function comparableValue(type: string, value: string): string {
  const srv = type === 'SRV' ? parseSrvValue(value) : undefined;
  return srv === undefined ? value : `${srv.port} ${srv.target}`;
}

/** What a value leads to under a name (normalised), however the value is spelled. */
export function targetKey(name: string, type: string, value: string): string {
  return `${nameKey(name, type)} ${comparableValue(type, value)}`;
}
