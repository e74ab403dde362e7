import type { ZoneState, ZoneStates } from '../model/zone-states.ts';

/** States without their least useful part, and which part that was. */
export interface ShrunkState {
  readonly state: ZoneStates;
  readonly dropped: string;
}

/**
 * Makes states smaller that are too large to be stored: half of a part at a time, in the order of what a run can
 * best do without, of the zone that has most of it. `undefined` when nothing is left that could go.
 */
export function shrinkState(state: ZoneStates): ShrunkState | undefined {
  const { hosts } = state;
  const [naming, { containers }] = largest(state, 'containers');
  if (containers.size > 0) {
    const kept = new Map([...containers].slice(0, Math.floor(containers.size / 2)));
    return { state: withPart(state, naming, { containers: kept }), dropped: 'containers seen earlier' };
  }
  if (hosts.size > 0) {
    const kept = upperHalf(hosts, ({ seenAt }) => seenAt);
    return { state: { ...state, hosts: kept }, dropped: 'hosts seen earlier' };
  }
  const [stale, { staleSince }] = largest(state, 'staleSince');
  if (staleSince.size > 0) {
    // What has been stale for longest is kept: it is the next to go.
    const kept = upperHalf(staleSince, (since) => -since);
    return { state: withPart(state, stale, { staleSince: kept }), dropped: 'entries stale for a time' };
  }
  const [failing, { health }] = largest(state, 'health');
  if (health.size === 0) return undefined;
  return { state: withPart(state, failing, { health: new Map() }), dropped: 'failures counted so far' };
}

type Part = Pick<ZoneState, 'containers' | 'staleSince' | 'health'>;

const NO_PART: Part = { containers: new Map(), staleSince: new Map(), health: new Map() };

/** The zone that has most of a part, by its id. */
function largest({ zones }: ZoneStates, part: keyof Part): readonly [string, Part] {
  const [first] = [...zones].toSorted(([, a], [, b]) => b[part].size - a[part].size);
  return first ?? ['', NO_PART];
}

function withPart({ hosts, zones }: ZoneStates, zoneId: string, part: Partial<Part>): ZoneStates {
  const change = (id: string, zone: ZoneState) => (id === zoneId ? { ...zone, ...part } : zone);
  return { hosts, zones: new Map([...zones].map(([id, zone]) => [id, change(id, zone)])) };
}

/** The half with the greater ranks, in the order it was in. */
function upperHalf<T>(map: ReadonlyMap<string, T>, rankOf: (value: T) => number): ReadonlyMap<string, T> {
  const ranked = [...map].toSorted(([, a], [, b]) => rankOf(b) - rankOf(a));
  const kept = new Set(ranked.slice(0, Math.floor(ranked.length / 2)).map(([key]) => key));
  return new Map([...map].filter(([key]) => kept.has(key)));
}
