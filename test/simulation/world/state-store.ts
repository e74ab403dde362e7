import { EMPTY_STATE } from '../../../src/model/run-state.ts';
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
          if (session.world.history.setup.shapes.includes('shared-state'))
            this.#runElsewhere(session.world.now);
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

  /** A run over another zone has just ended, that began later and has removed a lot. */
  #runElsewhere(now: number): void {
    this.#states = withZone(this.#states, 'Z0ELSEWHERE', {
      ...EMPTY_STATE,
      hosts: this.#states.hosts,
      removals: [{ at: now, stale: 500, unhealthy: 500 }],
      running: {
        tasks: new Map([['arn:aws:ecs:us-east-1:123456789012:cluster/cluster-0 gone', 500]]),
        shrunkSince: 1,
      },
      lastRun: { id: 'elsewhere', startedAt: now, finishedAt: now },
    });
  }
}
