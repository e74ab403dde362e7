import { type Change, type ChangeGroup, nameKeyOf } from '../../model/change.ts';
import { normalizeName } from '../../model/dns-name.ts';
import { groupBy, Multimap } from '../../model/multimap.ts';
import { type RecordSet, recordSetKey, valuesOf, withValues } from '../../model/record-set.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { Removable } from '../judge/judge-entries.ts';
import { isAddressType } from '../match/managed-addresses.ts';
import { namesOnTheWay } from '../match/onward-names.ts';

/**
 * Turns removals of entries into the fewest changes of record sets; addresses after the SRV sets that need them, by the
 * CNAMEs and aliases of the zone (`recordSets`) as well.
 */
export function removalGroups(
  removals: readonly Removable[],
  recordSets: Iterable<RecordSet> = [],
): readonly ChangeGroup[] {
  const losing = [...groupBy(removals, ({ judgement }) => judgement.entry.recordSet)];
  const srv = losing.filter(([{ Type }]) => !isAddressType(Type));
  const hosts = losing.filter(([{ Type }]) => isAddressType(Type));
  const pointing = keysByTarget(srv, namesOnTheWay(recordSets));
  return [
    ...srv.map((one) => changeGroup(one, [])),
    ...hosts.map((one) => changeGroup(one, pointingAt(one[0], pointing))),
  ];
}

/** A set with the removals of its entries. */
type LosingSet = readonly [RecordSet, readonly Removable[]];

function changeGroup([recordSet, going]: LosingSet, after: readonly string[]): ChangeGroup {
  const removed = new Set(going.map(({ judgement }) => judgement.entry.value));
  const staying = valuesOf(recordSet).filter((value) => !removed.has(value));
  const rest: readonly Change[] =
    staying.length === 0 ? [] : [{ action: 'CREATE', recordSet: withValues(recordSet, staying) }];
  return {
    key: recordSetKey(recordSet),
    changes: [{ action: 'DELETE', recordSet }, ...rest],
    removed: [...removed],
    reasons: [...new Set(going.map(({ judgement }) => judgement.reason))].toSorted(),
    after,
  };
}

function keysByTarget(
  srv: readonly LosingSet[],
  onTheWay: (name: string) => Iterable<string>,
): Multimap<string, string> {
  const keys = new Multimap<string, string>();
  for (const [recordSet, going] of srv) {
    for (const { judgement } of going) {
      const target = parseSrvValue(judgement.entry.value)?.target;
      if (target === undefined) continue;
      for (const name of onTheWay(target)) keys.add(name, recordSetKey(recordSet));
    }
  }
  return keys;
}

function pointingAt(host: RecordSet, pointing: Multimap<string, string>): readonly string[] {
  const names = [normalizeName(host.Name), normalizeName(host.SetIdentifier ?? '')];
  return [...new Set(names.flatMap((name) => pointing.get(name)))];
}

/**
 * Makes what empties a name wait for what is created under it: a name is never without an answer while there
 * is one to give. `answered` has the names and types (`nameKey`) that have an answer whatever goes.
 */
export function afterSuccessors(
  removing: readonly ChangeGroup[],
  created: readonly ChangeGroup[],
  answered: ReadonlySet<string>,
): readonly ChangeGroup[] {
  const successors = groupBy(created, nameKeyOf);
  return removing.map((group) => {
    const name = nameKeyOf(group);
    const keys = answered.has(name) ? [] : successors.get(name).map(({ key }) => key);
    return keys.length === 0 ? group : { ...group, after: [...group.after, ...keys] };
  });
}
