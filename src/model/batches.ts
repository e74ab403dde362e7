import { batchChanges, type ChangeGroup, deletedSets } from './change.ts';
import { recordSetKey, valuesOf } from './record-set.ts';

/**
 * The limits of one ChangeResourceRecordSets request: ResourceRecord elements, and characters of
 * their values. A DELETE and a CREATE each count once.
 * Source: Route 53 Developer Guide, "Quotas on ChangeResourceRecordSets".
 */
export const MAX_ELEMENTS = 1_000;
export const MAX_CHARACTERS = 32_000;

/** What a group weighs in a request. */
export interface Weight {
  readonly elements: number;
  readonly characters: number;
}

/** With all of its survivors. */
export function weightOf(group: ChangeGroup): Weight {
  const values = batchChanges([group]).flatMap(({ recordSet }) => valuesOf(recordSet));
  return { elements: values.length, characters: values.reduce((sum, value) => sum + value.length, 0) };
}

/** Whether a group can be sent at all: groups are never split, and a single set can exceed a request. */
export function fitsRequest(group: ChangeGroup): boolean {
  return hasRoom({ elements: 0, characters: 0 }, weightOf(group));
}

/**
 * Packs groups into as few requests as first-fit decreasing finds, never splitting a group and never
 * putting one into an earlier request than a group it comes after. Groups that fit no request are
 * left to the caller: pass only those for which `fitsRequest` holds.
 */
export function packBatches(groups: readonly ChangeGroup[]): readonly (readonly ChangeGroup[])[] {
  const batches: OpenBatch[] = [];
  const placed = new Map<string, number>();
  const depthOf = depths(groups);
  const weighed = groups.map((group) => ({ group, weight: weightOf(group), depth: depthOf(group) }));
  for (const { group, weight } of weighed.toSorted(byDepthThenWeight)) {
    const earliest = Math.max(0, ...group.after.map((key) => placed.get(key) ?? 0));
    const open = batches.find((batch, i) => i >= earliest && hasRoom(batch, weightIn(batch, group, weight)));
    const batch = open ?? { members: [], asserted: new Set(), elements: 0, characters: 0 };
    const index = open === undefined ? batches.push(batch) - 1 : batches.indexOf(open);
    const { elements, characters } = weightIn(batch, group, weight);
    batch.members.push(group);
    batch.elements += elements;
    batch.characters += characters;
    for (const set of group.survivors ?? []) batch.asserted.add(recordSetKey(set));
    placed.set(group.key, index);
  }
  return batches.map(({ members }) => members);
}

interface OpenBatch {
  readonly members: ChangeGroup[];
  /** The keys of the survivors of its groups. */
  readonly asserted: Set<string>;
  elements: number;
  characters: number;
}

/** A batch asserts a survivor once, however many of its groups need it. */
function weightIn({ asserted }: OpenBatch, group: ChangeGroup, alone: Weight): Weight {
  if (group.survivors === undefined) return alone;
  const survivors = group.survivors.filter((set) => !asserted.has(recordSetKey(set)));
  return weightOf({ ...group, survivors });
}

interface Weighed {
  readonly group: ChangeGroup;
  readonly weight: Weight;
  readonly depth: number;
}

/**
 * Groups are placed after those that they come after; what only creates before what takes away; the heaviest
 * first, because they are hardest to place.
 */
function byDepthThenWeight(left: Weighed, right: Weighed): number {
  const takes = Math.sign(deletedSets(left.group).length) - Math.sign(deletedSets(right.group).length);
  return takes || left.depth - right.depth || load(right.weight) - load(left.weight);
}

/** How many groups in a row have to come before a group; a group never comes after itself. */
function depths(groups: readonly ChangeGroup[]): (group: ChangeGroup) => number {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  const known = new Map<ChangeGroup, number>();
  const depthOf = (group: ChangeGroup): number => {
    const before = () => group.after.flatMap((key) => byKey.get(key) ?? []).map((one) => depthOf(one) + 1);
    const depth = known.get(group) ?? Math.max(0, ...before());
    known.set(group, depth);
    return depth;
  };
  return depthOf;
}

/** The share of a request that a weight takes, by the limit that it comes nearer to. */
function load({ elements, characters }: Weight): number {
  return Math.max(elements / MAX_ELEMENTS, characters / MAX_CHARACTERS);
}

function hasRoom(batch: Weight, { elements, characters }: Weight): boolean {
  return batch.elements + elements <= MAX_ELEMENTS && batch.characters + characters <= MAX_CHARACTERS;
}
