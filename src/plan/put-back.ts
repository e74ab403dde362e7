import { type ChangeGroup, deletedSets } from '../model/change.ts';
import { entryKey } from '../model/entry.ts';
import { groupBy } from '../model/multimap.ts';
import { type ProbeTarget, probeKey } from '../model/probe.ts';
import { type RecordSet, recordSetKey, withValues } from '../model/record-set.ts';
import { nameOf } from './change/register.ts';
import { isForHealth, type Judged, type Removable } from './judge/judge-entries.ts';
import { probeTargetOf } from './judge/probe-targets.ts';
import type { Carried } from './parts.ts';

/**
 * What was taken out although it ran, of names that were to keep something else. Between the batch and now, another
 * writer may have taken that: then it was the last.
 */
export function takenForHealth({ plan, outcomes }: Carried): readonly Removable[] {
  const applied = plan.groups.filter(({ key }) => outcomes.get(key)?.status === 'applied');
  const deleted = new Set(applied.flatMap(deletedSets).map(recordSetKey));
  const taken = plan.removing.filter((one) => isForHealth(one) && deleted.has(setKeyOf(one)));
  const going = new Set<Judged>(plan.removing);
  const kept = new Set(plan.judged.filter((one) => !going.has(one) && mayHelp(one)).map(nameOf));
  return taken.filter((one) => kept.has(nameOf(one)));
}

function mayHelp({ judgement: { verdict } }: Judged): boolean {
  return verdict === 'live' || verdict === 'unverified' || verdict === 'unhealthy';
}

/** Where that is to be asked once more whose name has no set left, by `entryKey`; `sets` are those that the names have now. */
export function lostTargets(
  taken: readonly Removable[],
  sets: readonly RecordSet[],
  rule: Parameters<typeof probeTargetOf>[1],
): ReadonlyMap<string, ProbeTarget> {
  const there = new Set(sets.map(({ Name, Type }) => `${Name} ${Type}`));
  const isLost = ({ judgement }: Removable) => {
    const { Name, Type } = judgement.entry.recordSet;
    return !there.has(`${Name} ${Type}`);
  };
  return new Map(
    taken.filter(isLost).flatMap(({ match, judgement }) => {
      const target = probeTargetOf(match, rule);
      return target === undefined ? [] : [[entryKey(judgement.entry), target] as const];
    }),
  );
}

/** What puts back those that answer, as they were. `healthy` has the endpoints that do, by `probeKey`. */
export function putBackGroups(
  taken: readonly Removable[],
  targets: ReadonlyMap<string, ProbeTarget>,
  healthy: ReadonlySet<string>,
): readonly ChangeGroup[] {
  const answering = taken.filter(({ judgement }) => {
    const target = targets.get(entryKey(judgement.entry));
    return target !== undefined && healthy.has(probeKey(target));
  });
  const bySet = groupBy(answering, ({ judgement }) => judgement.entry.recordSet);
  return [...bySet].map(([set, own]): ChangeGroup => {
    const values = own.map(({ judgement }) => judgement.entry.value);
    const change = { action: 'CREATE', recordSet: withValues(set, values) } as const;
    const key = `${recordSetKey(set)} (put back)`;
    return { key, changes: [change], removed: [], reasons: ['put-back'], after: [] };
  });
}

function setKeyOf({ judgement }: Judged): string {
  return recordSetKey(judgement.entry.recordSet);
}
