import type { Report } from '../../report/report-schema.ts';
import type { Fleet } from './generate-fleet.ts';
import type { Planted } from './planted.ts';

/** The fleet with nothing in its zone but what other people keep there: all of its own is still to be registered. */
export function unregistered(fleet: Fleet): Fleet {
  const isForeign = ({ expected }: Planted) => expected === 'foreign';
  for (const { name, type, setIdentifier } of fleet.planted.filter((one) => !isForeign(one))) {
    fleet.zone.delete({ Name: name, Type: type, SetIdentifier: setIdentifier });
  }
  return { ...fleet, planted: fleet.planted.filter(isForeign), registrable: fleet.planted.filter(isLive) };
}

function isLive({ expected }: Planted): boolean {
  return expected === 'live';
}

/**
 * Holds a report (with live entries) against what was to be registered: one line for everything healthy that
 * the zone does not have now; none when all is well. What runs on a host that is drained is not to be there.
 */
export function checkRegistered(registrable: readonly Planted[], report: Report): readonly string[] {
  const live = new Set(report.entries.filter(({ verdict }) => verdict === 'live').map(placeOf));
  const drained = new Set(report.withheld.filter(({ reason }) => reason === 'draining').map(placeOf));
  const isMissing = (planted: Planted) => !live.has(placeOf(planted)) && !drained.has(placeOf(planted));
  return registrable
    .filter(({ type }) => type !== 'A')
    .filter(isMissing)
    .map(({ name, type, value }) => `${name} ${type} ${value}: healthy, but not in the zone`);
}

function placeOf({ name, type, value }: Pick<Planted, 'name' | 'type' | 'value'>): string {
  return `${name} ${type} ${value}`;
}
