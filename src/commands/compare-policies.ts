import { compareDecisions } from '../plan/compare.ts';
import { decide } from '../plan/decide.ts';
import { observe, observeFor } from '../run/observe.ts';
import type { Ports } from '../run/ports.ts';
import type { Compared, Policy, RunOptions } from '../run/run.ts';

/**
 * Decides twice from one observation: for `now`, which is in force, and for `options`, to which it is to be
 * switched; who is asked, and how, is as `options` say for both. It changes nothing and remembers nothing.
 * Throws a `RunError` for whatever a run cannot do without.
 */
export async function compare(ports: Ports, options: RunOptions, now: Policy): Promise<Compared> {
  const observation = await observe(ports, options, now);
  const decideFor = (policy: Policy) => {
    const { matched, facts } = observeFor(observation, policy, options);
    return decide(matched, facts);
  };
  const decision = decideFor(options);
  const comparison = compareDecisions(decideFor(now), decision);
  return { observation, finishedAt: ports.clock.now(), decision, comparison };
}
