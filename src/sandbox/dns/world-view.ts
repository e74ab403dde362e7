import type { HostedZone } from '../world/hosted-zone.ts';
import { nameSortKey, storedName } from '../world/record-name.ts';
import { DEFAULT_VPC } from '../world/vpc.ts';
import type { World } from '../world/world.ts';
import { awsNameOf } from './aws-names.ts';
import { type NameView, namesUpwards, type ZoneView } from './name-view.ts';

/** Whose names are asked for: those of a VPC's resolver, or those of everyone. */
export type Audience = 'vpc' | 'public';

/**
 * The zones of a world as they are at each question. In a VPC a private zone that has the name, or one above it, wins
 * wholly: what it lacks is not looked for in a public one.
 * Source: Route 53 Developer Guide, "Considerations when working with a private hosted zone".
 */
export function viewOf(world: World, audience: Audience): NameView {
  const isVpc = audience === 'vpc';
  return {
    region: world.region,
    recursive: isVpc,
    zoneOf(name) {
      const zones = [...world.hostedZones.values()].filter(
        (zone) => !zone.isPrivate || (isVpc && isSeen(zone)),
      );
      const closest = (ones: readonly HostedZone[]) =>
        namesUpwards(name)
          .map((above) => ones.find((zone) => zone.name === above))
          .find((zone) => zone !== undefined);
      const zone = closest(zones.filter(({ isPrivate }) => isPrivate)) ?? closest(zones);
      return zone === undefined ? undefined : zoneViewOf(zone);
    },
    awsName: (name) => awsNameOf(world, name, isVpc),
  };
}

function isSeen({ vpcs }: HostedZone): boolean {
  return vpcs === undefined || vpcs.some(({ VPCId }) => VPCId === DEFAULT_VPC);
}

function zoneViewOf({ name, records }: HostedZone): ZoneView {
  return {
    name,
    setsAt: (at) => records.group(at),
    reaches: (at) => {
      // The names below a name sort right behind it.
      const [next] = records.from(nameSortKey(at), 1);
      return next !== undefined && nameSortKey(storedName(next.Name)).startsWith(nameSortKey(at));
    },
  };
}
