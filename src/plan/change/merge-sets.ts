import { fitsRequest } from '../../model/batches.ts';
import { type Change, type ChangeGroup, type ChangeReason, nameKeyOf } from '../../model/change.ts';
import { entryKey } from '../../model/entry.ts';
import { formatManagedIdentifier } from '../../model/managed-identifier.ts';
import { groupBy } from '../../model/multimap.ts';
import { MAX_WEIGHT, nameKey, type RecordSet, recordSetKey, valuesOf } from '../../model/record-set.ts';
import { MAX_SETS_OF_NAME } from '../desired/desired-context.ts';
import { isMultiValue, routingOf } from '../desired/zone-index.ts';
import type { Judged } from '../judge/judge-entries.ts';

/** A record set takes so many values. Source: Route 53 Developer Guide, "Quotas on records". */
export const MAX_VALUES_OF_SET = 400;

const MANY = formatManagedIdentifier({ kind: 'multi-value' });

/** What merging looks at: the entries of the zone, and what is about to be created and removed. */
export interface MergeInput {
  readonly judged: readonly Judged[];
  readonly created: readonly ChangeGroup[];
  readonly removing: readonly ChangeGroup[];
  /** By `entryKey`: the set of its own that a value of a merged set would have. */
  readonly singleValueSets: ReadonlyMap<string, RecordSet>;
}

/**
 * All groups of a run, in which those of a name may have become one; and what found no room.
 * Route 53 takes 100 sets of a name and type with one value each, or one set with 400 values. What changes
 * from one form to the other does so in one batch, so that the name is answered for throughout. A set of weight 0 next to
 * others, and one with a health check of Route 53, stay as they are.
 *
 * | the name has                  | and is to have          | what is done                                   |
 * |-------------------------------|-------------------------|------------------------------------------------|
 * | sets of one value             | at most 100 of them     | they are created and removed one by one        |
 * |                               | … and more on the way   | all of its changes are one group               |
 * |                               | more                    | merged: all that are ours become one set     |
 * | one set with all values       | more than 100 of them   | the set is written anew                        |
 * |                               | at most 100             | split: each value gets a set of its own again |
 */
export function mergeSets(input: MergeInput) {
  const { created, removing, judged } = input;
  const names = namesToPlan(input);
  if (names.size === 0) return { groups: [...created, ...removing], overflow: [] };
  const entries = groupBy(
    judged.filter((one) => names.has(nameAndType(one))),
    nameAndType,
  );
  const [createdBy, removingBy] = [groupBy(created, nameKeyOf), groupBy(removing, nameKeyOf)];
  const merged = new Map<string, ChangeGroup>();
  const overflow: ChangeGroup[] = [];
  for (const name of names) {
    const own = { created: createdBy.get(name), removing: removingBy.get(name) };
    const planned = planSets(entries.get(name), own, input.singleValueSets);
    overflow.push(...planned.overflow);
    if (planned.group === undefined) continue;
    for (const { key } of [...own.created, ...own.removing]) merged.set(key, planned.group);
    merged.set(planned.group.key, planned.group);
  }
  const left = new Set(overflow);
  const groups = [...created, ...removing].filter((group) => !left.has(group));
  return { groups: replaceMerged(groups, merged), overflow };
}

function nameAndType({ judgement: { entry } }: Judged): string {
  return nameKey(entry.name, entry.type);
}

/** Those that have a merged set, or are about to have more sets than there can be. */
function namesToPlan({ judged, created }: MergeInput): ReadonlySet<string> {
  const creating = groupBy(created, nameKeyOf);
  const sets = [...new Map(judged.map((one) => [one.judgement.entry.recordSet, nameAndType(one)]))];
  const single = groupBy(
    sets.filter(([set, name]) => creating.has(name) && !isMultiValue(set)),
    ([, name]) => name,
  );
  return new Set([
    ...sets.flatMap(([set, name]) => (isMultiValue(set) ? [name] : [])),
    ...[...creating].flatMap(([name, groups]) =>
      single.get(name).length + groups.length > MAX_SETS_OF_NAME ? [name] : [],
    ),
  ]);
}

/** What is created and removed under one name. */
type Own = Pick<MergeInput, 'created' | 'removing'>;

interface PlannedSets {
  /** `undefined` where the changes of the name stay as they are. */
  readonly group: ChangeGroup | undefined;
  readonly overflow: readonly ChangeGroup[];
}

function planSets(
  entries: readonly Judged[],
  own: Own,
  singleValueSetsOf: MergeInput['singleValueSets'],
): PlannedSets {
  const current = currentSetsOf(entries, own.removing);
  const { many, singleValueSets, foreign, staying } = current;
  const kept = singleValueSets.filter((set) => staying(set).length > 0).length;
  const values = many === undefined ? [] : staying(many);
  const total = foreign + kept + own.created.length + values.length;
  if (total > MAX_SETS_OF_NAME) return fitting(own, (created) => inOneSet(created, own, current));
  const group = many === undefined ? together(own) : split(many, values, own, singleValueSetsOf);
  return { group, overflow: [] };
}

type CurrentSets = ReturnType<typeof currentSetsOf>;

/** What a name has and is to keep, set by set; `singleValueSets` are ours. */
function currentSetsOf(entries: readonly Judged[], removing: readonly ChangeGroup[]) {
  const removed = new Map(removing.map(({ key, removed: values }) => [key, new Set(values)]));
  const isOurs = (one: Judged) =>
    one.judgement.verdict !== 'foreign' && routingOf(one.judgement.entry.recordSet) !== undefined;
  const setsOf = (some: readonly Judged[]) => [
    ...new Set(some.map(({ judgement }) => judgement.entry.recordSet)),
  ];
  const ours = setsOf(entries.filter(isOurs));
  const isWeighted = entries.some(({ judgement }) => (judgement.entry.recordSet.Weight ?? 0) > 0);
  // In one set with others they would be answered with, which they are not now, or not always.
  const isApart = ({ Weight, HealthCheckId }: RecordSet) =>
    HealthCheckId !== undefined || (Weight === 0 && isWeighted);
  return {
    many: ours.find(isMultiValue),
    singleValueSets: ours.filter((set) => !isMultiValue(set)),
    isApart,
    foreign: setsOf(entries.filter((one) => !isOurs(one))).length,
    staying: (set: RecordSet) => valuesOf(set).filter((value) => !removed.get(recordSetKey(set))?.has(value)),
  };
}

/** As many of what is to be created as there is room for, in a set and in a request. */
function fitting(own: Own, make: (created: readonly ChangeGroup[]) => ChangeGroup | undefined): PlannedSets {
  for (let count = Math.min(own.created.length, MAX_VALUES_OF_SET); count >= 0; count--) {
    const group = make(own.created.slice(0, count));
    if (group !== undefined && isAllowed(group)) return { group, overflow: own.created.slice(count) };
  }
  return { group: undefined, overflow: own.created };
}

function isAllowed(group: ChangeGroup): boolean {
  const most = Math.max(...group.changes.map(({ recordSet }) => valuesOf(recordSet).length));
  return most <= MAX_VALUES_OF_SET && fitsRequest(group);
}

/** All values that are ours in one set; what is there already stays where it is, as long as there is room. */
function inOneSet(
  created: readonly ChangeGroup[],
  { removing }: Own,
  { many, singleValueSets, isApart, foreign, staying }: CurrentSets,
): ChangeGroup | undefined {
  const apart = singleValueSets.filter(isApart).length;
  const room = MAX_SETS_OF_NAME - foreign - 1;
  const isRoomy = many !== undefined && singleValueSets.length <= room;
  const absorbed = isRoomy ? [] : singleValueSets.filter((set) => !isApart(set));
  const before = [...(many === undefined ? [] : [many]), ...absorbed];
  const added = created.flatMap(({ changes }) => changes.map(({ recordSet }) => recordSet));
  const [model] = [...before, ...added];
  const values = [...new Set([...before.flatMap(staying), ...added.flatMap(valuesOf)])];
  const isAsBefore = absorbed.length + created.length + removing.length === 0;
  if (model === undefined || values.length === 0 || room < apart || isAsBefore) return undefined;
  const after = multiValueSet(model, values);
  const untouched = new Set(singleValueSets.filter((set) => !absorbed.includes(set)).map(recordSetKey));
  const others = removing.filter(({ key }) => untouched.has(key)).flatMap(({ changes }) => changes);
  const changes = [...others, ...before.map(deletion), creation(after)];
  return mergedGroup(recordSetKey(after), [...created, ...removing], changes, ['merged']);
}

function multiValueSet(
  { Name, Type, TTL, MultiValueAnswer }: RecordSet,
  values: readonly string[],
): RecordSet {
  const routing =
    MultiValueAnswer === true ? { MultiValueAnswer } : { Weight: Math.min(MAX_WEIGHT, values.length) };
  const ResourceRecords = values.map((Value) => ({ Value }));
  return { Name, Type, SetIdentifier: MANY, ...routing, TTL, ResourceRecords };
}

/** A set for each value; `undefined` while there is none, or one whose owner is unknown. */
function split(
  many: RecordSet,
  staying: readonly string[],
  { created, removing }: Own,
  singleValueSetsOf: MergeInput['singleValueSets'],
): ChangeGroup | undefined {
  const sets = staying.flatMap((value) => singleValueSetsOf.get(entryKey({ recordSet: many, value })) ?? []);
  if (sets.length === 0 || sets.length < staying.length) return undefined;
  const key = recordSetKey(many);
  const others = [...removing, ...created].filter((group) => group.key !== key);
  const changes = [deletion(many), ...sets.map(creation), ...others.flatMap((group) => group.changes)];
  return mergedGroup(key, [...created, ...removing], changes, ['split']);
}

/** More sets than there can be for a moment: what goes makes room for what comes. */
function together({ created, removing }: Own): ChangeGroup | undefined {
  const changes = [...removing, ...created].flatMap((group) => group.changes);
  const [first] = created;
  return first && mergedGroup(first.key, [...created, ...removing], changes);
}

/** One group of several, carried out in one batch or not at all; it comes after all that they come after. */
function mergedGroup(
  key: string,
  groups: readonly ChangeGroup[],
  changes: readonly Change[],
  reasons: readonly ChangeReason[] = [],
): ChangeGroup {
  return {
    key,
    changes,
    removed: groups.flatMap(({ removed }) => removed),
    reasons: [...new Set([...groups.flatMap((group) => group.reasons), ...reasons])].toSorted(),
    after: [...new Set(groups.flatMap(({ after }) => after))],
  };
}

/** The same groups, each of those that were merged as the one that it has become part of. */
function replaceMerged(
  groups: readonly ChangeGroup[],
  merged: ReadonlyMap<string, ChangeGroup>,
): readonly ChangeGroup[] {
  const distinct = new Set([...groups.map((group) => merged.get(group.key) ?? group), ...merged.values()]);
  return [...distinct].map((group) => {
    const after = new Set(group.after.map((key) => merged.get(key)?.key ?? key));
    after.delete(group.key);
    return { ...group, after: [...after] };
  });
}

function creation(recordSet: RecordSet): Change {
  return { action: 'CREATE', recordSet };
}

function deletion(recordSet: RecordSet): Change {
  return { action: 'DELETE', recordSet };
}
