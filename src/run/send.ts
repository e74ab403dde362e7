import type { ChangeGroup, ChangeOutcome } from '../model/change.ts';
import { inSpan } from '../spans.ts';
import { expiryOf } from './plan-age.ts';
import type { RunContext } from './run.ts';
import { outcomeOfChanges } from './span-outcomes.ts';

type Outcomes = ReadonlyMap<string, ChangeOutcome>;

/** Nothing is sent before the journal has it: after a crash between any two calls it still tells all that went. */
export async function send(groups: readonly ChangeGroup[], context: RunContext): Promise<Outcomes> {
  if (groups.length === 0) return new Map();
  return inSpan('apply', () => sendAll(groups, context), outcomeOfChanges);
}

async function sendAll(groups: readonly ChangeGroup[], context: RunContext): Promise<Outcomes> {
  const { runId, ports, observation, options, inDoubt } = context;
  const { zone } = observation;
  const { signal, deadline } = options;
  await ports.journal.write(zone, groups, runId);
  const outcomes = await ports.zone.apply(zone, groups, {
    signal,
    deadline,
    runId,
    expiresAt: expiryOf(context),
    inDoubt,
  });
  await ports.journal.settle(outcomes);
  return outcomes;
}

/** The outcomes of groups that are not sent because their plan is too old. */
export function unsent(groups: readonly ChangeGroup[], why: string): Outcomes {
  const outcome = { status: 'unsent', detail: `not sent: ${why}`, code: 'plan-too-old' } as const;
  return new Map(groups.map(({ key }) => [key, outcome]));
}
