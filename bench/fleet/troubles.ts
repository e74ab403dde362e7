import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import type { Expectation } from '../../src/sandbox/fleet/planted.ts';
import type { Machine } from '../../src/sandbox/world/machine.ts';

/** What is the matter with one endpoint, and the port of the machine at which it is. */
export interface Trouble {
  readonly behaviour: Behaviour;
  readonly expectation: Expectation;
  readonly port: number;
}

/** Deals troubles out evenly to endpoints. */
export interface Troubles {
  /** Counts one endpoint more; `undefined` when it is to be well. */
  next(machine: Machine): Trouble | undefined;
}

// What is in trouble has ports of its own, so that all the others can share their listeners.
const HANGING = {
  behaviour: { kind: 'hang' },
  expectation: { expected: 'unhealthy', reason: 'timeout' },
  firstPort: 16_000,
} as const;
const REFUSING = {
  behaviour: { kind: 'refuse' },
  expectation: { expected: 'unhealthy', reason: 'connection-refused' },
  firstPort: 17_000,
} as const;

/** Shares are those of all endpoints that are counted; `portOffset` is added to all ports. */
export function createTroubles(shares: {
  readonly hangingShare: number;
  readonly refusingShare: number;
  readonly portOffset: number;
}): Troubles {
  let index = -1;
  const taken = new Map<Machine, number>();
  return {
    next: (machine) => {
      index += 1;
      const kind = kindAt(index, shares);
      if (kind === undefined) return undefined;
      const count = taken.get(machine) ?? 0;
      taken.set(machine, count + 1);
      const { behaviour, expectation, firstPort } = kind;
      return { behaviour, expectation, port: firstPort + shares.portOffset + count };
    },
  };
}

function kindAt(index: number, shares: { readonly hangingShare: number; readonly refusingShare: number }) {
  if (isDue(index, shares.hangingShare, 0)) return HANGING;
  return isDue(index, shares.refusingShare, 0.5) ? REFUSING : undefined;
}

/** Whether a count that grows by `share` an endpoint passes a whole number here. */
function isDue(index: number, share: number, start: number): boolean {
  return Math.floor(start + (index + 1) * share) > Math.floor(start + index * share);
}
