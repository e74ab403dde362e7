import type { RunState } from '../model/run-state.ts';
import { NO_STATES, type ZoneStates } from '../model/zone-states.ts';

/**
 * Keeps from run to run what `RunState` has. A state that is lost, corrupt or out of reach is an empty one: everything
 * starts over, which can only delay a removal. Both calls report what goes wrong, and never throw for it; but for an
 * abort, which `load` throws.
 */
export interface StateStore {
  load(signal: AbortSignal | undefined): Promise<ZoneStates>;
  /** Leaves the other zones of the store as their own runs have left them. */
  save(zoneId: string, state: RunState, signal: AbortSignal | undefined): Promise<void>;
}

/** Told in one line when the state could not be read or written. */
export type WarningReport = (detail: string) => void;

/** Every run is the first. */
export const NO_STATE_STORE: StateStore = {
  load: async () => NO_STATES,
  save: async () => {},
};
