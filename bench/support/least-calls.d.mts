import type { Fleet } from '../../src/sandbox/fleet/generate-fleet.ts';

export function leastCalls(
  fleet: Pick<Fleet, 'world' | 'zone' | 'planted'>,
  options: { readonly health: boolean },
): Readonly<Record<string, number>>;
