import type { HostedZone } from '@aws-sdk/client-route-53';
import type { Settings } from '../config/settings.ts';
import { RunError } from '../model/run-error.ts';
import { checkApex } from '../route53/apex.ts';
import { findZone } from '../route53/find-zone.ts';
import type { Route53Api } from '../route53/route53-api.ts';
import type { CallRecord } from './call-record.ts';
import { failWith, ok, type Result, skip } from './finding.ts';
import { sampledRoute53 } from './sampled-apis.ts';

/** Finds the zone and reads the first page of it. */
export async function examineZone(
  { zone: selector }: Settings,
  route53: Route53Api,
  record: CallRecord,
  signal: AbortSignal,
): Promise<Result> {
  const seen: HostedZone[] = [];
  const api = sampledRoute53(route53, record, (zone) => seen.push(zone));
  try {
    const zone = await findZone(selector, api, signal);
    // What it fails with is on record, under its own operation.
    const [page] = await Promise.allSettled([
      api.listRecordSets(zone.id, {}, signal),
      api.listProtections(zone.id, undefined, signal),
      // A zone that was found by its id was asked for already.
      selector.kind === 'name' && api.getZone(zone.id, signal),
    ]);
    signal.throwIfAborted();
    // The apex comes first in Route 53's order.
    if (page.status === 'fulfilled') checkApex(zone, page.value.recordSets);
    const isPrivate = seen.find((one) => one.Id?.endsWith(zone.id) === true)?.Config?.PrivateZone === true;
    const kind = isPrivate ? 'private' : 'public: anyone can look its names up';
    return ok(`${zone.name} (${zone.id}), ${kind}`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof RunError)) throw error;
    return ZONE_CODES.has(error.code)
      ? failWith(error.message.replace(/^zone: /, ''))
      : skip('the call that finds it fails');
  }
}

/** The others are the failure of a call, which has a line of its own. */
const ZONE_CODES: ReadonlySet<string> = new Set([
  'zone-not-found',
  'zone-ambiguous',
  'zone-linked',
  'zone-unreadable',
]);
