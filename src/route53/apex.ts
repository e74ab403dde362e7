import { normalizeName } from '../model/dns-name.ts';
import type { RecordSet } from '../model/record-set.ts';
import { RunError } from '../model/run-error.ts';
import type { Zone } from '../model/zone.ts';

/** Route 53 makes both with the zone, and refuses to delete them. */
const APEX_TYPES = ['SOA', 'NS'];

/** Throws a `RunError` for a reading of a zone that cannot be Route 53's: without the sets that every zone has. */
export function checkApex({ id, name }: Zone, recordSets: readonly RecordSet[]): void {
  const apex = normalizeName(name);
  const types = new Set(
    recordSets.filter(({ Name }) => normalizeName(Name) === apex).map(({ Type }) => Type),
  );
  const missing = APEX_TYPES.filter((type) => !types.has(type));
  if (missing.length === 0) return;
  const seen = `${recordSets.length} record sets, without ${missing.join(' and ')} at the apex`;
  throw new RunError(
    'zone-unreadable',
    `zone: the answer for ${name} (${id}) is no hosted zone, it has ${seen}: see what answers in place of Route 53, such as a proxy, or what AWS_ENDPOINT_URL names`,
  );
}
