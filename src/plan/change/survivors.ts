import { type ChangeGroup, deletedSets } from '../../model/change.ts';
import { isScope } from '../../model/inventory.ts';
import { groupBy } from '../../model/multimap.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../model/record-set.ts';
import type { Verdict } from '../../model/verdict.ts';
import { endpointCount, isStopping, rangeOf } from '../guard/endpoint-count.ts';
import type { GuardFacts } from '../guard/guardrail.ts';
import { isOnlyHoped } from '../judge/health-records.ts';
import { isForHealth, type Judged, type Removable } from '../judge/judge-entries.ts';
import type { Match } from '../match/match-kinds.ts';

/** What is best counted on to stay comes first. */
const RANKS: Readonly<Record<Verdict, number>> = {
  live: 0,
  unverified: 1,
  draining: 2,
  unhealthy: 3,
  stale: 4,
  protected: 4,
  foreign: 4,
};

/**
 * Gives every group that takes something for its health the sets without which `min-endpoints` would not have let it:
 * as many entries of the name as it has to keep, and one that is live where what goes works still; and one that takes a
 * duplicate the set that makes it one. In a run of a scope it is the same with what is told to stop. Route 53 carries
 * the group out only while they stand as they were read, whatever other workers have taken meanwhile.
 */
export function withSurvivors(
  groups: readonly ChangeGroup[],
  removals: readonly Removable[],
  facts: GuardFacts,
): readonly ChangeGroup[] {
  const { judged, limits } = facts;
  const isPart = isScope(facts.inventory);
  const isEndpoint = endpointCount(judged);
  const counts = (one: Judged) => isEndpoint(one) && !(isPart && isOnlyHoped(one));
  const forHealth = groupBy(
    removals.filter((one) => isForHealth(one) || (isPart && isStopping(one))),
    setKeyOf,
  );
  const going = new Set<Judged>(removals);
  const ranges = new Set([...forHealth].flatMap(([, some]) => some.map(rangeOf)));
  const staying = groupBy(
    judged.filter((one) => ranges.has(rangeOf(one)) && !going.has(one) && counts(one)),
    rangeOf,
  );
  const removed = groupBy(removals, setKeyOf);
  const goingSets = new Set(removals.map(setKeyOf));
  return groups.map((group) => {
    const keys = deletedSets(group).map(recordSetKey);
    const taken = keys.flatMap((key) => forHealth.get(key));
    const better = keys
      .flatMap((key) => removed.get(key).flatMap(({ match }) => duplicateIn(match) ?? []))
      .filter((set) => !goingSets.has(recordSetKey(set)));
    const [first] = taken;
    if (first === undefined) return withSets(group, better);
    const drains = taken.some(({ judgement }) => judgement.verdict === 'draining');
    const candidates = candidatesOf(staying.get(rangeOf(first)));
    const live = candidates.filter(({ rank }) => rank === RANKS.live);
    const needed = [
      ...atLeast(limits.minEndpoints, candidates, group),
      ...(drains ? atLeast(1, live, group) : []),
    ];
    return withSets(group, [...needed, ...better]);
  });
}

/** What stays of a duplicate is the set of its own that its place has. */
function duplicateIn(match: Match): RecordSet | undefined {
  return 'duplicateOf' in match ? match.duplicateOf : undefined;
}

function withSets(group: ChangeGroup, sets: readonly RecordSet[]): ChangeGroup {
  const survivors = [...new Map(sets.map((set) => [recordSetKey(set), set])).values()];
  return survivors.length === 0 ? group : { ...group, survivors };
}

interface Candidate {
  readonly recordSet: RecordSet;
  readonly rank: number;
  /** How many entries of it stay. */
  readonly entries: number;
}

/** The sets with what stays of them: the best of their entries says how good they are, the smallest goes first. */
function candidatesOf(staying: readonly Judged[]): readonly Candidate[] {
  const sets = groupBy(staying, ({ judgement }) => judgement.entry.recordSet);
  const candidates = [...sets].map(([recordSet, some]) => {
    const ranks = some.map(({ judgement }) => RANKS[judgement.verdict]);
    return { recordSet, rank: Math.min(...ranks), entries: some.length };
  });
  return candidates.toSorted(
    ({ recordSet: left, ...a }, { recordSet: right, ...b }) =>
      a.rank - b.rank ||
      valuesOf(left).length - valuesOf(right).length ||
      (recordSetKey(left) < recordSetKey(right) ? -1 : 1),
  );
}

/** The first sets that have so many entries together; what the group writes anew itself counts, and is none of them. */
function atLeast(count: number, candidates: readonly Candidate[], group: ChangeGroup): readonly RecordSet[] {
  const own = new Set(deletedSets(group).map(recordSetKey));
  const isOwn = ({ recordSet }: Candidate) => own.has(recordSetKey(recordSet));
  let left = count - candidates.filter(isOwn).reduce((sum, { entries }) => sum + entries, 0);
  return candidates
    .filter((one) => !isOwn(one))
    .flatMap(({ recordSet, entries }) => {
      if (left <= 0) return [];
      left -= entries;
      return [recordSet];
    });
}

function setKeyOf({ judgement }: Judged): string {
  return recordSetKey(judgement.entry.recordSet);
}
