import { type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { Scope } from '../model/scope.ts';
import { hasEnding, type Starting, startingIn } from '../plan/scope-plan.ts';
import { NO_STATE_STORE } from '../state/state-store.ts';
import { askScope, readScope } from './observe-scope.ts';
import type { FleetPorts } from './ports.ts';
import { reconcileObserved } from './reconcile.ts';
import type { RunOptions, RunResult } from './run.ts';

/** What came of a run of scopes. */
export interface ScopeResult {
  /** One for each time that something was planned, in their order. */
  readonly results: readonly RunResult[];
  /** The tasks that are still starting: they are worth another look soon. */
  readonly waiting: readonly Scope[];
}

/** How long a run of scopes waits for what starts, how often it asks, and how long one round of questions may take. */
export interface Patience {
  readonly patienceMs: number;
  readonly everyMs: number;
  readonly roundMs: number;
}

/** What hangs is asked again in the next round, and holds up nothing else. */
export const PATIENCE: Patience = { patienceMs: 10_000, everyMs: 1_000, roundMs: 1_000 };

/**
 * A run that looks at nothing but the given scopes: the ordinary plan of what runs there, and of the names that it has.
 * What ends goes at once, and what starts is asked every second until it is healthy, or the patience is at its end.
 * Nothing goes for its health, or for being missing: that takes a look at everything. It reads and leaves no state.
 *
 * @example
 * const { waiting } = await reconcileScope([{ kind: 'task', cluster, taskArn }], ports, options);
 */
export async function reconcileScope(
  given: readonly Scope[],
  ports: FleetPorts,
  options: RunOptions,
  { patienceMs, everyMs, roundMs }: Patience = PATIENCE,
): Promise<ScopeResult> {
  const { clock } = ports;
  const stateless = { ...ports, state: NO_STATE_STORE };
  const runner = scopeRunner(stateless, { ...options, stopping: undefined }, roundMs);
  const until = clock.now() + patienceMs;
  const results: RunResult[] = [];
  let { tasks, targets, isAsked } = await runner.pass(given, 'ask', results);
  let pauseMs = everyMs;
  while (tasks.length > 0 && clock.now() < until) {
    if (isAsked) await clock.sleep(pauseMs, options.signal);
    const outcomes = await runner.ask(targets);
    const isPassing = (target: ProbeTarget) => outcomes.get(probeKey(target))?.kind === 'healthy';
    isAsked = true;
    if (targets.length > 0 && !targets.some(isPassing)) continue;
    // Of what has no target yet ECS has to tell more first, and it is not asked every second.
    if (targets.length === 0) pauseMs *= 2;
    ({ tasks, targets } = await runner.pass(tasks, outcomes, results));
  }
  return { results, waiting: tasks };
}

type Outcomes = ReadonlyMap<string, ProbeOutcome>;

function scopeRunner(ports: FleetPorts, options: RunOptions, roundMs: number) {
  const { clock, prober } = ports;
  const { signal, health } = options;
  const roundEnd = () => Math.min(clock.now() + roundMs, options.deadline ?? Number.POSITIVE_INFINITY);
  return {
    /** Reads, plans and applies once; what ends waits for no answer of what starts. */
    pass: async (
      scopes: readonly Scope[],
      known: Outcomes | 'ask',
      results: RunResult[],
    ): Promise<Starting & { readonly isAsked: boolean }> => {
      const reading = await readScope(scopes, ports, options, signal);
      const isAsked = known !== 'ask' || !hasEnding(reading.inventory);
      const outcomes = isAsked ? known : new Map<string, ProbeOutcome>();
      const questions = { outcomes, deadline: roundEnd() };
      const observation = await askScope(reading, questions, ports, options, signal);
      const asked = { stopping: undefined, incomplete: [] };
      const { result, plan } = await reconcileObserved(observation, asked, ports, options);
      results.push(result);
      const { gracePeriodMs } = health;
      return { ...startingIn(plan, { now: clock.now(), gracePeriodMs }), isAsked };
    },
    ask: (targets: readonly ProbeTarget[]): Promise<Outcomes> => {
      const once = targets.map((target) => ({ ...target, check: { ...target.check, attempts: 1 } }));
      return prober.probe(once, { deadline: roundEnd() }, signal);
    },
  };
}
