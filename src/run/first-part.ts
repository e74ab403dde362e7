import type { IncompleteScope } from '../model/inventory.ts';
import { heardSoFar } from '../plan/heard-so-far.ts';
import type { Observation } from '../plan/observation.ts';
import { type AppliedPart, appliedPart, decidedPart } from '../plan/parts.ts';
import { makePlan } from '../plan/plan.ts';
import { inSpan } from '../spans.ts';
import { confirm } from './confirm.ts';
import { planObjection } from './plan-age.ts';
import { planWithProtections } from './plan-with-protections.ts';
import type { Ports } from './ports.ts';
import { previewOf } from './preview.ts';
import type { RunContext, RunOptions } from './run.ts';
import { send } from './send.ts';

/** What was applied while slow endpoints were still asked. */
export interface FirstPart extends AppliedPart {
  /** What was known by then. */
  readonly observation: Observation;
  /** What the confirmation could not read. */
  readonly incomplete: readonly IncompleteScope[];
}

/**
 * Planning keeps this process from its sockets. Up to so many record sets that is a tenth of a second, and no answer that
 * is under way is missed for it.
 */
const MAX_RECORD_SETS = 5_000;

/**
 * Carries out what is decided of a run while slow endpoints are still asked: `begin` is given what is known by then, and
 * `end` resolves once nothing of it is under way. Throws where nothing may be sent without a journal.
 */
export function firstPart(runId: string, ports: Ports, options: RunOptions) {
  let applying: Promise<FirstPart | undefined> = Promise.resolve(undefined);
  return {
    begin: (observation: Observation): void => {
      if (observation.recordSets.length > MAX_RECORD_SETS) return;
      applying = applyDecided({ runId, observation, ports, options });
      // It is waited for at the end: until then a failure must not end the process.
      applying.catch(() => {});
    },
    end: (): Promise<FirstPart | undefined> => applying,
  };
}

async function applyDecided(context: RunContext): Promise<FirstPart | undefined> {
  const { runId, ports, options } = context;
  const { seen, unheard } = heardSoFar(context.observation);
  const planning = () => planWithProtections(seen, ports, options, options.signal);
  const { observation, plan } = await inSpan('plan', planning);
  const decided = decidedPart(plan, unheard);
  const preview = previewOf(decided, observation, runId);
  const isApproved = decided.groups.length > 0 && (await inSpan('approve', () => options.approve(preview)));
  if (!isApproved) return undefined;
  const confirming = () => confirm(decided, observation, ports, options.signal);
  const confirmation = await inSpan('confirm', confirming);
  const confirmed = decidedPart(makePlan(observation, options, confirmation), unheard);
  // Why it is too old, the end of the run will tell.
  if ((await planObjection(context)) !== undefined) return undefined;
  const outcomes = await send(confirmed.groups, { ...context, observation });
  return {
    ...appliedPart({ plan: confirmed, outcomes }),
    observation,
    incomplete: confirmation.look.incomplete,
  };
}
