import { NO_STATES, stateOfZone, withZone } from '../../../src/model/zone-states.ts';
import type { StateStore } from '../../../src/state/state-store.ts';
import type { Session } from '../aws/session.ts';

/** The item in which runs leave their state: of two at once, the second does not write over what the first has. */
export class StateItem {
  #states = NO_STATES;
  #version = 0;

  storeFor(session: Session): StateStore {
    let read: number | undefined;
    return {
      load: (signal) =>
        session.call('state:Load', signal, () => {
          const { removals, lastRun } = stateOfZone(this.#states, session.world.zone.id);
          if (read === undefined) session.noteRemovals(removals);
          read = this.#version;
          session.newestKnownRun = lastRun?.startedAt;
          return this.#states;
        }),
      save: (zoneId, state, signal) =>
        session.call('state:Save', signal, () => {
          if (read !== this.#version) return;
          this.#states = withZone(this.#states, zoneId, state);
          this.#version++;
        }),
    };
  }
}
