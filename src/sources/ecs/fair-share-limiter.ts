/** Calls the function when there is room for it. */
export type Limit = <T>(call: () => Promise<T>) => Promise<T>;

interface Lane {
  underWay: number;
  readonly waiting: (() => void)[];
}

/**
 * Bounds what is under way at once over several lanes together. Room that becomes free goes to the
 * lane that has the least of it, so that one with many calls, or with slow ones, never shuts out another.
 */
export function fairShareLimiter(concurrency: number): (lane: string) => Limit {
  const lanes = new Map<string, Lane>();
  let underWay = 0;

  const admit = () => {
    while (underWay < concurrency) {
      const lane = mostDeprived(lanes.values());
      const start = lane?.waiting.shift();
      if (lane === undefined || start === undefined) return;
      underWay += 1;
      lane.underWay += 1;
      start();
    }
  };

  return (name) => {
    const lane = lanes.get(name) ?? { underWay: 0, waiting: [] };
    lanes.set(name, lane);
    return async (call) => {
      await new Promise<void>((resolve) => {
        lane.waiting.push(resolve);
        admit();
      });
      try {
        return await call();
      } finally {
        underWay -= 1;
        lane.underWay -= 1;
        admit();
      }
    };
  };
}

function mostDeprived(lanes: Iterable<Lane>): Lane | undefined {
  let found: Lane | undefined;
  for (const lane of lanes) {
    if (lane.waiting.length > 0 && lane.underWay < (found?.underWay ?? Number.POSITIVE_INFINITY))
      found = lane;
  }
  return found;
}
