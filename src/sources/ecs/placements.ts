import type { Placement } from '../../model/inventory.ts';

/** As many as there are subnets: one object serves all tasks and hosts of one, because fleets are large. */
const known = new Map<string, Placement>();

/** Where something stands in the network; `undefined` where AWS tells neither zone nor subnet. */
export function placed(
  availabilityZone: string | undefined,
  subnetId: string | undefined,
): Placement | undefined {
  if (availabilityZone === undefined && subnetId === undefined) return undefined;
  const key = `${availabilityZone} ${subnetId}`;
  const placement = known.get(key) ?? { availabilityZone, subnetId };
  known.set(key, placement);
  return placement;
}
