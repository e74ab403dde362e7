import { EMPTY_STATE, type RunState, type SeenHost } from './run-state.ts';

/** The part of a state that is of one zone: all but the hosts, which are of the inventory. */
export type ZoneState = Omit<RunState, 'hosts'>;

/** What runs over several zones leave in one store. */
export interface ZoneStates {
  readonly hosts: RunState['hosts'];
  /** By the id of the zone. */
  readonly zones: ReadonlyMap<string, ZoneState>;
}

export const NO_STATES: ZoneStates = { hosts: new Map(), zones: new Map() };

/** What was kept for so long without a run, of a zone or of a host, is forgotten. */
export const KEPT_MS = 7 * 24 * 3_600_000;
/** More zones than so many are no use of one store, and would let it grow without a bound. */
const MAX_ZONES = 100;

/** What a run over a zone is to know. */
export function stateOfZone({ hosts, zones }: ZoneStates, zoneId: string): RunState {
  return { ...EMPTY_STATE, ...zones.get(zoneId), hosts };
}

/** What is kept once a run over a zone has ended; of the others as it is, but for what is too old. */
export function withZone(states: ZoneStates, zoneId: string, { hosts, ...own }: RunState): ZoneStates {
  const endOf = ({ lastRun }: ZoneState) => lastRun?.finishedAt ?? Number.NEGATIVE_INFINITY;
  const now = endOf(own);
  const others = [...states.zones]
    .filter(([id, other]) => id !== zoneId && endOf(other) > now - KEPT_MS)
    .toSorted(([, a], [, b]) => endOf(b) - endOf(a))
    .slice(0, MAX_ZONES - 1);
  return {
    hosts: newestOf(states.hosts, hosts, now - KEPT_MS),
    zones: new Map([...others, [zoneId, own]]),
  };
}

/** Each host as it was seen last, by whichever zone's run. */
function newestOf(before: RunState['hosts'], seen: RunState['hosts'], oldest: number): RunState['hosts'] {
  const isNews = (key: string, { seenAt }: SeenHost) => seenAt >= (before.get(key)?.seenAt ?? oldest);
  const kept = [...before].filter(([, { seenAt }]) => seenAt > oldest);
  return new Map([...kept, ...[...seen].filter(([key, host]) => isNews(key, host))]);
}

/**
 * A state as far as it can be of the past. The clock of the run that left it may have been ahead, or this one may have
 * been set back: what would lie in the future begins now, so that nothing is due the earlier for it.
 */
export function notOfTheFuture(state: RunState, now: number): RunState {
  const atMost = (time: number) => Math.min(time, now);
  const { hosts, removals, staleSince, running } = state;
  const shrunkSince = running?.shrunkSince;
  return {
    ...state,
    hosts: new Map([...hosts].map(([key, host]) => [key, { ...host, seenAt: atMost(host.seenAt) }])),
    removals: removals.map((row) => ({ ...row, at: atMost(row.at) })),
    staleSince: new Map([...staleSince].map(([key, since]) => [key, atMost(since)])),
    running: running && {
      ...running,
      shrunkSince: shrunkSince === undefined ? undefined : atMost(shrunkSince),
    },
  };
}

/**
 * A state in which the time between the last run and this one counts for at most so much. While no run looks, nothing
 * is seen to be stale; and a clock that was set ahead tells of time that did not pass.
 */
export function withoutPause(state: RunState, now: number, mostMs: number): RunState {
  const { lastRun, staleSince, running } = state;
  const lost = lastRun === undefined ? 0 : now - lastRun.finishedAt - mostMs;
  if (lost <= 0) return state;
  const shrunkSince = running?.shrunkSince;
  return {
    ...state,
    staleSince: new Map([...staleSince].map(([key, since]) => [key, since + lost])),
    running: running && {
      ...running,
      shrunkSince: shrunkSince === undefined ? undefined : shrunkSince + lost,
    },
  };
}
