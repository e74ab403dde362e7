import { isLabelAgentSet } from '../../model/agent-form.ts';
import { type ChangeGroup, nameKeyOf } from '../../model/change.ts';
import { entryKey } from '../../model/entry.ts';
import { groupBy } from '../../model/multimap.ts';
import { nameKey, type RecordSet, recordSetKey, valuesOf } from '../../model/record-set.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { RecordForm } from '../desired/desired-context.ts';
import { isMultiValue } from '../desired/zone-index.ts';
import type { Judged } from '../judge/judge-entries.ts';

/**
 * The changes that give records the TTL, weight and priority that their services ask for (by `entryKey`), under names
 * of which no group changes anything. A TTL is that of all sets of a name and type, and changes with all of them in
 * one batch; not where one of them is foreign, unless that is an alias, which has no TTL.
 */
export function corrections(
  judged: readonly Judged[],
  overrides: ReadonlyMap<string, RecordForm>,
  groups: readonly ChangeGroup[],
): readonly ChangeGroup[] {
  if (overrides.size === 0) return [];
  const busy = new Set(groups.map(nameKeyOf));
  const names = groupBy(judged, ({ judgement: { entry } }) => nameKey(entry.name, entry.type));
  return [...names].flatMap(([name, entries]) => (busy.has(name) ? [] : correctName(entries, overrides)));
}

function correctName(
  entries: readonly Judged[],
  overrides: ReadonlyMap<string, RecordForm>,
): readonly ChangeGroup[] {
  const ours = entries.filter(({ judgement }) => judgement.verdict !== 'foreign');
  const sets = [...new Set(ours.map(({ judgement }) => judgement.entry.recordSet))];
  const form = (set: RecordSet) => formFor(set, overrides);
  // The label agent's sets are known by their TTL.
  const isOurs = entries.filter(hasTtl).length === ours.length && !sets.some((set) => isLabelAgentSet(set));
  const ttl = isOurs ? sets.map((set) => form(set)?.ttl).find((one) => one !== undefined) : undefined;
  const changed = sets
    .map((set) => ({ set, right: correctSet(set, form(set), ttl) }))
    .filter(({ set, right }) => set !== right);
  const [first] = changed;
  if (first === undefined) return [];
  const isTtlWrong = changed.some(({ set, right }) => set.TTL !== right.TTL);
  return isTtlWrong ? [correction(first.set, changed)] : changed.map((one) => correction(one.set, [one]));
}

function hasTtl({ judgement: { entry } }: Judged): boolean {
  return entry.recordSet.AliasTarget === undefined;
}

/** What is desired for the values of a set, which are all of one service. */
function formFor(recordSet: RecordSet, overrides: ReadonlyMap<string, RecordForm>): RecordForm | undefined {
  return valuesOf(recordSet)
    .map((value) => overrides.get(entryKey({ recordSet, value })))
    .find((desired) => desired !== undefined);
}

/** The very same set where nothing of it is wrong. */
function correctSet(set: RecordSet, desired: RecordForm | undefined, ttl: number | undefined): RecordSet {
  const right: RecordSet = {
    ...set,
    TTL: ttl ?? set.TTL,
    ...(desired === undefined || set.Weight === undefined || isMultiValue(set)
      ? {}
      : { Weight: desired.weight }),
    ResourceRecords: valuesOf(set).map((value) => ({ Value: correctValue(set.Type, value, desired) })),
  };
  const isRight =
    right.TTL === set.TTL &&
    right.Weight === set.Weight &&
    valuesOf(right).every((value, index) => value === valuesOf(set)[index]);
  return isRight ? set : right;
}

/** The target is left as it is spelled. */
function correctValue(type: string, value: string, desired: RecordForm | undefined): string {
  const srv = type === 'SRV' ? parseSrvValue(value) : undefined;
  if (srv === undefined || desired === undefined) return value;
  const isRight = srv.priority === desired.priority && srv.weight === desired.weight;
  const [, , port, target] = value.trim().split(/\s+/);
  return isRight ? value : `${desired.priority} ${desired.weight} ${port} ${target}`;
}

function correction(
  first: RecordSet,
  changed: readonly { readonly set: RecordSet; readonly right: RecordSet }[],
): ChangeGroup {
  return {
    key: recordSetKey(first),
    changes: [
      ...changed.map(({ set }) => ({ action: 'DELETE' as const, recordSet: set })),
      ...changed.map(({ right }) => ({ action: 'CREATE' as const, recordSet: right })),
    ],
    removed: [],
    reasons: ['corrected'],
    after: [],
  };
}
