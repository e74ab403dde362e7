import type { ChangeGroup, ChangeOutcome } from '../model/change.ts';
import type { Clock } from '../model/clock.ts';
import type { Protections } from '../model/protection.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { Zone, ZoneSelector, ZoneVpc } from '../model/zone.ts';
import { checkApex } from './apex.ts';
import { applyChanges } from './apply-changes.ts';
import { explained, findZone } from './find-zone.ts';
import { isInSync } from './is-in-sync.ts';
import { readProtections } from './read-protections.ts';
import { pagesOf, readRecordSets, readRecordSetsOf } from './read-record-sets.ts';
import type { Route53Api } from './route53-api.ts';
import type { SendContext } from './send-batch.ts';

/** The hosted zone as a run sees it. */
export interface ZonePort {
  /** Throws a `RunError` unless there is exactly one such zone, free to be changed. */
  find(signal: AbortSignal | undefined): Promise<Zone>;
  /** The VPCs in which the zone is answered; none of a public zone. Rejects when they cannot be read. */
  vpcs(zone: Zone, signal: AbortSignal | undefined): Promise<readonly ZoneVpc[]>;
  /** All record sets. Throws a `RunError` when a single page cannot be read: half a zone is no zone, and neither is one without its apex. */
  read(zone: Zone, signal: AbortSignal | undefined): Promise<readonly RecordSet[]>;
  /** The record sets of the given names alone. Rejects when they cannot be read. */
  readNames(
    zone: Zone,
    names: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly RecordSet[]>;
  /** The record set protections of the zone. Rejects when they cannot be read. */
  readProtections(zone: Zone, signal: AbortSignal | undefined): Promise<Protections>;
  /** One outcome for every group, by its key; never throws for what Route 53 answers. `bounds` are those of `SendContext`. */
  apply(
    zone: Zone,
    groups: readonly ChangeGroup[],
    bounds: Partial<Omit<SendContext, 'api' | 'clock' | 'zonePages'>>,
  ): Promise<ReadonlyMap<string, ChangeOutcome>>;
  /** Whether every name server answers by a change that was applied. Rejects when that cannot be read. */
  isInSync(changeId: string, signal: AbortSignal | undefined): Promise<boolean>;
}

/** So long a process may rely on what it knows of the zone itself: its id and its name never change. */
const ZONE_KEPT_MS = 3_600_000;

/** The same zone, which is looked for once an hour; and anew after it could not be found. */
export function foundOnce(port: ZonePort, clock: Clock): ZonePort {
  let found: { readonly zone: Promise<Zone>; readonly at: number } | undefined;
  return {
    ...port,
    find: async (signal) => {
      if (found === undefined || clock.now() >= found.at + ZONE_KEPT_MS)
        found = { zone: port.find(signal), at: clock.now() };
      try {
        return await found.zone;
      } catch (error) {
        found = undefined;
        throw error;
      }
    },
  };
}

/**
 * The zone in Route 53.
 *
 * @example
 * const port = createZone(settings.zone, api, systemClock);
 * const zone = await port.find(undefined);
 * const recordSets = await port.read(zone, undefined);
 */
export function createZone(selector: ZoneSelector, api: Route53Api, clock: Clock): ZonePort {
  let size = 0;
  let counted: number | undefined;
  const zonePages = () => pagesOf(counted ?? size);
  return {
    find: async (signal) => {
      const { recordSetCount, ...zone } = await findZone(selector, api, signal);
      counted = recordSetCount;
      return zone;
    },
    vpcs: async (zone, signal) => (await api.getZone(zone.id, signal)).vpcs,
    read: async (zone, signal) => {
      const reading = readRecordSets(zone.id, api, signal, counted);
      const recordSets = await explained('route53:ListResourceRecordSets', signal, reading);
      checkApex(zone, recordSets);
      size = recordSets.length;
      return recordSets;
    },
    readNames: (zone, names, signal) => readRecordSetsOf(zone.id, names, api, signal, zonePages()),
    readProtections: (zone, signal) => readProtections(zone.id, api, signal),
    apply: (zone, groups, bounds) =>
      applyChanges(zone.id, groups, { signal: undefined, ...bounds, api, clock, zonePages: zonePages() }),
    isInSync: (changeId, signal) => isInSync(changeId, api, signal),
  };
}
