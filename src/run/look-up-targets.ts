import type { Endpoint } from '../model/inventory.ts';
import { NO_TARGET_HEALTH, type TargetHealthLookup } from '../model/target-health.ts';
import type { Ports } from './ports.ts';

/** Asks the target groups of the endpoints, where there are any: most runs ask none. */
export async function lookUpTargets(
  endpoints: readonly Endpoint[],
  source: Ports['inventory'],
  signal: AbortSignal | undefined,
): Promise<TargetHealthLookup> {
  return endpoints.length === 0 ? NO_TARGET_HEALTH : source.readTargetHealth(endpoints, signal);
}
