import { EMPTY_STATE, type RunState } from '../../../src/model/run-state.ts';
import type { StateStore } from '../../../src/state/state-store.ts';
import type { Session } from '../aws/session.ts';

/** The item in which runs leave their state: of two at once, the second does not write over what the first has. */
export class StateItem {
  #state = EMPTY_STATE;
  #version = 0;

  storeFor(session: Session): StateStore {
    let read: number | undefined;
    return {
      load: (signal) =>
        session.call('state:Load', signal, () => {
          if (read === undefined) session.noteRemovals(this.#state.removals);
          read = this.#version;
          session.newestKnownRun = this.#state.lastRun?.startedAt;
          return this.#state;
        }),
      save: (state, signal) =>
        session.call('state:Save', signal, () => {
          if (read === this.#version) this.#put(state);
        }),
    };
  }

  #put(state: RunState): void {
    this.#state = state;
    this.#version++;
  }
}
