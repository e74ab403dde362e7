/** One SRV record. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/**
 * The order in which a client tries SRV records: lower priorities first, and within one priority drawn by weight, of
 * which a weight of 0 is hardly ever drawn first. `random` gives numbers from 0 up to 1. Source: RFC 2782.
 */
export function orderTargets(targets: readonly Target[], random: () => number): readonly Target[] {
  const priorities = [...new Set(targets.map(({ priority }) => priority))].toSorted((a, b) => a - b);
  return priorities.flatMap((wanted) =>
    draw(
      targets.filter(({ priority }) => priority === wanted),
      random,
    ),
  );
}

function draw(targets: readonly Target[], random: () => number): readonly Target[] {
  // Those of weight 0 come first, so that only a draw of exactly 0 meets one of them while others are left.
  const left = targets.toSorted((a, b) => a.weight - b.weight);
  const drawn: Target[] = [];
  while (left.length > 0) {
    const sum = left.reduce((total, { weight }) => total + weight, 0);
    drawn.push(...left.splice(indexAt(left, Math.floor(random() * (sum + 1))), 1));
  }
  return drawn;
}

/** The first at which the weights so far come to what was chosen. */
function indexAt(targets: readonly Target[], chosen: number): number {
  let reached = 0;
  for (const [index, { weight }] of targets.entries()) {
    reached += weight;
    if (reached >= chosen) return index;
  }
  return targets.length - 1;
}
