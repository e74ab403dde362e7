import type { EngineEvent } from '../sources/docker/engine-api.ts';

/** What was heard of containers, until the engine says the same when it is asked. */
export interface HeardEvents {
  /** False for what was heard before: nothing has changed. */
  readonly add: (event: EngineEvent) => boolean;
  /** Holds what was heard of some containers against which of them run; gives back those to be asked for again. */
  readonly settle: (containerIds: Iterable<string>, running: ReadonlySet<string>) => readonly string[];
  /** All of which something was heard since they were last asked for. */
  readonly all: () => readonly string[];
}

/** What has died right after its start never says that it runs. */
const MAX_LOOKS = 5;
/** Of more than that no memory is kept: a pass over all has seen them, and the next one will. */
const MAX_CONTAINERS = 50;
/** More containers with a health check than a host runs. */
const MAX_HEALTHS = 1000;

/** An engine may tell of an event before it says so when it is asked: then it is asked again, a few times. */
export function createHeardEvents(): HeardEvents {
  const heard = new Map<string, { readonly action: EngineEvent['action']; readonly looks: number }>();
  const healths = new Map<string, string | undefined>();
  return {
    add: ({ containerId, action, health }) => {
      if (action === 'health' && health !== undefined && healths.get(containerId) === health) return false;
      if (healths.size >= MAX_HEALTHS) healths.clear();
      if (action === 'health') healths.set(containerId, health);
      else healths.delete(containerId);
      if (heard.size >= MAX_CONTAINERS) heard.clear();
      heard.set(containerId, { action, looks: 0 });
      return true;
    },
    settle: (containerIds, running) =>
      [...containerIds].filter((id) => {
        const one = heard.get(id);
        const isSo = (one?.action !== 'die') === running.has(id);
        if (one === undefined || isSo || one.looks >= MAX_LOOKS) {
          heard.delete(id);
          return false;
        }
        heard.set(id, { ...one, looks: one.looks + 1 });
        return true;
      }),
    all: () => [...heard.keys()],
  };
}
