import { describeError } from '../aws/aws-error.ts';
import { type ProbeOutcome, type ProbeTarget, probeKey } from '../model/probe.ts';
import type { Scope } from '../model/scope.ts';
import { type Starting, startingIn } from '../plan/scope-plan.ts';
import { inSpan, type SpanOutcome } from '../spans.ts';
import { NO_STATE_STORE } from '../state/state-store.ts';
import { askedOnce } from './ask-endpoints.ts';
import { askScope, readScope } from './observe-scope.ts';
import type { FleetPorts } from './ports.ts';
import { reconcileObserved } from './reconcile.ts';
import { type RunFailure, type RunOptions, type RunResult, runFailure } from './run.ts';
import { outcomeOfProbes } from './span-outcomes.ts';

/** What came of a run of scopes. */
export interface ScopeResult {
  /** One for each time that something was planned, in their order. */
  readonly results: readonly RunResult[];
  /** The tasks that are still starting, and those that stop as the last of their name: they are worth another look soon. */
  readonly waiting: readonly Scope[];
  /** What ended it before its patience did, after something was planned. */
  readonly error?: unknown;
}

/** How long a run of scopes waits for what starts, how often it asks, and how long one round of questions may take. */
export interface Patience {
  readonly patienceMs: number;
  readonly everyMs: number;
  readonly roundMs: number;
}

/** So many rounds an answer may take of what is asked by itself. */
const SLOW_ROUNDS = 3;

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
export function reconcileScope(
  given: readonly Scope[],
  ports: FleetPorts,
  options: RunOptions,
  patience: Patience = PATIENCE,
): Promise<ScopeResult> {
  return inSpan('look', () => lookAtScopes(given, ports, options, patience), outcomeOfLook);
}

async function lookAtScopes(
  given: readonly Scope[],
  ports: FleetPorts,
  options: RunOptions,
  { patienceMs, everyMs, roundMs }: Patience,
): Promise<ScopeResult> {
  const { clock } = ports;
  const stateless = { ...ports, state: NO_STATE_STORE };
  const runner = scopeRunner(stateless, { ...options, stopping: undefined }, roundMs);
  const until = clock.now() + patienceMs;
  const results: RunResult[] = [];
  let { tasks, targets } = await runner.pass(given, new Map(), results);
  let pauseMs = everyMs;
  try {
    while (tasks.length > 0 && clock.now() < until) {
      await clock.sleep(pauseMs, options.signal);
      const outcomes = await runner.ask(targets);
      const isPassing = (target: ProbeTarget) => outcomes.get(probeKey(target))?.kind === 'healthy';
      if (targets.length > 0 && !targets.some(isPassing)) continue;
      // Of what has no target yet ECS has to tell more first, and another writer may take its time: neither is asked every second.
      if (targets.length === 0 || isRefused(results.at(-1))) pauseMs *= 2;
      ({ tasks, targets } = await runner.pass(tasks, outcomes, results));
    }
    return { results, waiting: tasks };
  } catch (error) {
    // What was changed until then is to be told.
    return { results, waiting: tasks, error };
  }
}

function isRefused(result: RunResult | undefined): boolean {
  return [...(result?.outcomes?.values() ?? [])].some(({ status }) => status === 'conflict');
}

type Outcomes = ReadonlyMap<string, ProbeOutcome>;

function scopeRunner(ports: FleetPorts, options: RunOptions, roundMs: number) {
  const { clock, prober } = ports;
  const { signal, health } = options;
  const within = (ms: number) => Math.min(clock.now() + ms, options.deadline ?? Number.POSITIVE_INFINITY);
  return {
    /** Reads, asks, plans and applies once. */
    pass: async (scopes: readonly Scope[], known: Outcomes, results: RunResult[]): Promise<Starting> => {
      const observation = await inSpan('observe', async () => {
        const reading = await readScope(scopes, ports, options, signal);
        const questions = { known, deadline: within(roundMs) };
        return askScope(reading, questions, ports, options, signal);
      });
      const asked = { stopping: undefined, incomplete: [] };
      const { result, plan } = await reconcileObserved({ observation, asked }, ports, options);
      results.push(result);
      const when = { now: clock.now(), gracePeriodMs: health.gracePeriodMs };
      return startingIn(plan, result.outcomes, when);
    },
    /** Nothing else waits for these answers, so that slow ones are heard too. */
    ask: (targets: readonly ProbeTarget[]): Promise<Outcomes> =>
      inSpan(
        'probe',
        () => prober.probe(targets.map(askedOnce), { deadline: within(SLOW_ROUNDS * roundMs) }, signal),
        outcomeOfProbes,
      ),
  };
}

/** What a span tells of a look. */
function outcomeOfLook(result: ScopeResult): SpanOutcome {
  const { results, waiting } = result;
  const attributes = { 'ecs_dns.passes': results.length, 'ecs_dns.waiting': waiting.length };
  return { attributes, failure: scopeFailure(result)?.detail };
}

/**
 * Why a run of scopes has not done all that it was for: a change that failed, or a reading, or its end; `undefined` where
 * it has. Then whatever named the scopes is to come again.
 */
export function scopeFailure({ results, waiting, error }: ScopeResult): RunFailure | undefined {
  const failures = results.map(runFailure).filter((one) => one !== undefined);
  const [unread] = results.flatMap(({ inventory, services }) => [
    ...inventory.incomplete,
    ...(services?.incomplete ?? []),
  ]);
  const detail = unread && `${unread.scope} could not be read: ${unread.operation}: ${unread.error}`;
  if (failures[0] !== undefined) return failures[0];
  if (detail !== undefined) return { code: 'unreadable', detail };
  if (error === undefined) return undefined;
  return {
    code: 'cut-short',
    detail: `it ended with ${waiting.length} still starting: ${describeError(error)}`,
  };
}
