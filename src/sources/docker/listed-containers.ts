import pLimit from 'p-limit';
import type { Clock } from '../../model/clock.ts';
import type { EngineApi, Inspection } from './engine-api.ts';
import { isUp } from './host-containers.ts';

/** What the engine said of a container; `unread` where it runs, and could not be described. */
export type Known = Inspection | 'unread';

/** An engine that has just come up may list nothing for a moment. */
const SETTLE_MS = 1_500;
const CONCURRENT_REQUESTS = 8;

/**
 * The containers that run, each described when it is new, or when something has happened to it: of the others nothing
 * changes. Bounded by what runs.
 *
 * | a container that ran                       | is                       |
 * |--------------------------------------------|--------------------------|
 * | is listed                                  | there                    |
 * | is not, and was heard to die               | gone                     |
 * | is not, and was not heard of               | asked for by itself      |
 * | none is listed, first or after an outage   | asked again, a moment later |
 */
export function listedContainers(engine: EngineApi, clock: Clock) {
  const limit = pLimit(CONCURRENT_REQUESTS);
  let known: ReadonlyMap<string, Known> = new Map();
  const changed = new Set<string>();
  let isSettled = false;

  const inspect = async (id: string, signal: AbortSignal | undefined): Promise<Known | undefined> => {
    try {
      return await limit(() => engine.inspect(id, signal));
    } catch {
      signal?.throwIfAborted();
      return known.get(id) ?? 'unread';
    }
  };
  const look = async (ids: Iterable<string>, signal: AbortSignal | undefined) => {
    const all = [...new Set(ids)];
    const seen = await Promise.all(all.map(async (id) => [id, await inspect(id, signal)] as const));
    return new Map(
      seen.flatMap(([id, one]) => (one === undefined || !runs(one) ? [] : [[id, one] as const])),
    );
  };
  const list = async (signal: AbortSignal | undefined): Promise<readonly string[]> => {
    const first = await engine.listRunning(signal);
    if (first.length > 0 || isSettled) return first;
    await clock.sleep(SETTLE_MS, signal);
    return engine.listRunning(signal);
  };
  const describe = async (
    fresh: ReadonlySet<string>,
    isThorough: boolean,
    signal: AbortSignal | undefined,
  ) => {
    const ids = await list(signal);
    isSettled = true;
    const listed = new Set(ids);
    const unheard = [...known.keys()].filter((id) => !listed.has(id) && !fresh.has(id));
    const isKnown = (id: string) => {
      const before = known.get(id);
      return before !== undefined && !fresh.has(id) && !(isThorough && before === 'unread');
    };
    const kept = [...known].filter(([id]) => listed.has(id) && isKnown(id));
    const looked = await look([...ids.filter((id) => !isKnown(id)), ...unheard], signal);
    return new Map([...kept, ...looked]);
  };
  return {
    changed: (id: string) => {
      changed.add(id);
    },
    disconnected: () => {
      isSettled = false;
    },
    /** Those of the ids that run. */
    look,
    /** All that run; a thorough reading tries once more what could not be described. Rejects when the engine cannot be asked. */
    read: async (
      isThorough: boolean,
      signal: AbortSignal | undefined,
    ): Promise<ReadonlyMap<string, Known>> => {
      const fresh = new Set(changed);
      changed.clear();
      try {
        known = await describe(fresh, isThorough, signal);
        return known;
      } catch (error) {
        for (const id of fresh) changed.add(id);
        throw error;
      }
    },
  };
}

function runs(known: Known): boolean {
  return known === 'unread' || isUp(known);
}
