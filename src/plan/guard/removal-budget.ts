import { formatDuration } from '../../model/duration.ts';
import { entryKey } from '../../model/entry.ts';
import { recentRemovals } from '../../model/run-state.ts';
import { formatShare, LARGE_COUNT, reachesShare } from '../../model/share.ts';
import type { Removable } from '../judge/judge-entries.ts';
import {
  counted,
  type Evaluation,
  type GuardFacts,
  type Guardrail,
  type GuardrailWords,
  sameForAll,
} from './guardrail.ts';

const BUDGET_WORDS: GuardrailWords = {
  holdsBack:
    'every stale entry, or every unhealthy one, when they are too large a share of the managed entries, those removed in the last hour included',
  byDefault: '30 % of stale and 50 % of unhealthy ones, from 10 managed entries on',
  liftedBy:
    '`guardrails.removalBudgetPercent`, `guardrails.unhealthyBudgetPercent`, `--force`; of stale ones, where a `state` is kept, by `guardrails.budgetDelay`',
  example: '412 of 600 managed entries (69 %), at least 30 %',
};

/**
 * Holds back all stale, or all unhealthy, removals of a run that take too large a share of the managed entries,
 * together with the same kind of removals of the last hour.
 *
 * | the share is         | the removals                                                                      |
 * |----------------------|-----------------------------------------------------------------------------------|
 * | below the limit      | go                                                                                |
 * | of a small zone      | go: of fewer than 10 entries a share says nothing                                 |
 * | at the limit, forced | go                                                                                |
 * | at the limit         | stay; but for those that were stale, confirmed and silent in every run of the     |
 * |                      | budget delay: they go, no more in an hour than the budget has room for            |
 */
export const removalBudget = budget('stale', 'removalBudgetPercent');
export const unhealthyBudget = budget('unhealthy', 'unhealthyBudgetPercent');

const wholeMinutes = (ms: number) => Math.floor(ms / 60_000) * 60_000;

type Kind = 'stale' | 'unhealthy';

function budget(kind: Kind, setting: 'removalBudgetPercent' | 'unhealthyBudgetPercent'): Guardrail {
  return {
    name: 'removal-budget',
    words: BUDGET_WORDS,
    evaluate: (candidates, facts) => {
      const limit = facts.limits[setting];
      const taken = takenOf(candidates, kind, facts);
      const { now, earlier, managed } = taken;
      const taking = () => describeTaken(taken, limit);
      if (limit === 100) return sameForAll(false, () => `${taking()}, of which none is too many`);
      if (!reachesShare(now + earlier, managed, limit))
        return sameForAll(false, () => `${taking()}, less than ${limit} %`);
      const over = () => `${taking()}, at least ${limit} %`;
      if (managed < LARGE_COUNT) {
        const why = `${over()}; they go, because budgets count from ${LARGE_COUNT} managed entries on`;
        return { ...sameForAll(false, () => why), notice: now === 0 ? undefined : why };
      }
      if (facts.limits.force) return sameForAll(false, () => `${over()}, which is lifted`);
      if (kind === 'unhealthy') return sameForAll(true, over);
      return afterDelay(candidates, facts, over, roomIn(taken, limit));
    },
  };
}

/** What a run would take of the managed entries, with what earlier runs took of them in the last hour. */
interface Taken {
  readonly now: number;
  readonly earlier: number;
  /** With those that are gone since an hour ago. */
  readonly managed: number;
}

function takenOf(candidates: readonly Removable[], kind: Kind, { judged, state, now }: GuardFacts): Taken {
  const past = recentRemovals(state, now);
  const gone = past.reduce((sum, { stale, unhealthy }) => sum + stale + unhealthy, 0);
  const there = judged.filter(({ judgement }) => judgement.verdict !== 'foreign').length;
  const earlier = past.reduce((sum, row) => sum + row[kind], 0);
  return { now: candidates.length, earlier, managed: there + gone };
}

function describeTaken({ now, earlier, managed }: Taken, limit: number): string {
  const taken = earlier === 0 ? String(now) : `${now} and ${earlier} removed in the last hour,`;
  return `${taken} of ${managed} managed entries (${formatShare(now + earlier, managed, limit)})`;
}

/** How many may go before the limit is reached. */
function roomIn({ earlier, managed }: Taken, limit: number): number {
  return Math.max(0, Math.ceil((managed * limit) / 100) - 1 - earlier);
}

/** What was stale in every run of the delay goes after all, in the order of the zone, as many as there is room for. */
function afterDelay(
  candidates: readonly Removable[],
  { state: { staleSince }, now, limits: { budgetDelayMs } }: GuardFacts,
  over: () => string,
  room: number,
): Evaluation {
  const sinceOf = ({ judgement }: Removable) => staleSince.get(entryKey(judgement.entry));
  const isDue = (since: number | undefined) => since !== undefined && since <= now - budgetDelayMs;
  const due = candidates.filter((candidate) => isDue(sinceOf(candidate)));
  const going = new Set(due.slice(0, room));
  const delay = formatDuration(budgetDelayMs);
  const why = () =>
    `${over()}; ${counted(going.size, 'entry goes', 'entries go')} all the same, stale, confirmed and silent in every run of ${delay}`;
  return {
    objection: (candidate) => {
      if (going.has(candidate)) return undefined;
      const since = sinceOf(candidate);
      if (since === undefined) return over();
      const sure = `${over()}; confirmed and silent for ${formatDuration(wholeMinutes(now - since))}`;
      return isDue(since)
        ? `${sure}, and due when the hour has room for it`
        : `${sure}, and due after ${delay}`;
    },
    passing: why,
    notice: going.size === 0 ? undefined : why(),
  };
}
