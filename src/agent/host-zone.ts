import { firstLabel, isPlainName, normalizeName } from '../model/dns-name.ts';
import type { Zone } from '../model/zone.ts';
import { explained } from '../route53/find-zone.ts';
import type { ZonePort } from '../route53/zone-port.ts';

/** What the passes of an agent read of the zone. */
export interface HostZone {
  readonly wrap: (zone: ZonePort) => ZonePort;
  /** Narrows the readings to come to the sets of some names, relative to the zone; `undefined` for all of it. */
  readonly narrow: (names: ReadonlySet<string> | undefined) => void;
}

/**
 * The zone, of which a pass for a few containers reads their names and that of their host alone. It is found once, and
 * anew whenever all of it is read.
 */
export function createHostZone(hostName: string): HostZone {
  let names: ReadonlySet<string> | undefined;
  let found: Zone | undefined;
  return {
    narrow: (wanted) => {
      names = wanted;
    },
    wrap: (port) => ({
      ...port,
      find: async (signal) => {
        if (names === undefined || found === undefined) found = await port.find(signal);
        return found;
      },
      read: (zone, signal) =>
        names === undefined
          ? port.read(zone, signal)
          : explained(
              'route53:ListResourceRecordSets',
              signal,
              port.readNames(zone, namesIn(zone, [...names, firstLabel(hostName)]), signal),
            ),
    }),
  };
}

/** A name that Route 53 would not take gets no record, and is not asked for. */
function namesIn({ name }: Zone, relative: readonly string[]): readonly string[] {
  const zoneName = normalizeName(name);
  const full = [...new Set(relative)].map((one) => `${one}.${zoneName}`);
  return full.filter(isPlainName).map((one) => `${one}.`);
}
