/** What a pass is to look at: these containers, or all. */
export interface Work {
  readonly isFull: boolean;
  readonly containers: ReadonlySet<string>;
}

export interface PendingWork {
  readonly addAll: () => void;
  readonly addContainer: (containerId: string) => void;
  /** Everything so far, which is pending no longer. */
  readonly take: () => Work;
  /** Resolves as soon as there is any; with false when the signal aborts. */
  arrives(signal: AbortSignal): Promise<boolean>;
}

/** More containers than this are as well looked at by a pass over all. */
const MAX_CONTAINERS = 50;

/** What is to be looked at, without what happened there: however much happens, it takes no more room. */
export function createPendingWork(): PendingWork {
  let isFull = false;
  let containers = new Set<string>();
  let wake: () => void = () => {};
  const add = (change: () => void) => {
    change();
    if (containers.size > MAX_CONTAINERS) isFull = true;
    wake();
  };
  return {
    addAll: () =>
      add(() => {
        isFull = true;
      }),
    addContainer: (id) => add(() => void (isFull || containers.add(id))),
    take: () => {
      const work = { isFull, containers };
      [isFull, containers] = [false, new Set()];
      return work;
    },
    arrives: (signal) =>
      new Promise((resolve) => {
        const end = () => {
          signal.removeEventListener('abort', end);
          wake = () => {};
          resolve(!signal.aborted);
        };
        wake = end;
        signal.addEventListener('abort', end, { once: true });
        if (signal.aborted || isFull || containers.size > 0) end();
      }),
  };
}
