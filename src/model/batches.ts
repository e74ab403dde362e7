import { type ChangeGroup, deletedSets } from './change.ts';
import { valuesOf } from './record-set.ts';

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

/** Elements and characters of all changes of a group together. */
export function weightOf(group: ChangeGroup): Weight {
  const values = group.changes.flatMap(({ recordSet }) => valuesOf(recordSet));
  return { elements: values.length, characters: values.reduce((sum, value) => sum + value.length, 0) };
}

/** Whether a group can be sent at all: groups are never split, and a single set can exceed a request. */
export function fitsRequest(group: ChangeGroup): boolean {
  const { elements, characters } = weightOf(group);
  return elements <= MAX_ELEMENTS && characters <= MAX_CHARACTERS;
}

/**
 * Packs groups into as few requests as first-fit decreasing finds, never splitting a group and never
 * putting one into an earlier request than a group it comes after. Groups that fit no request are
 * left to the caller: pass only those for which `fitsRequest` holds.
 */
export function packBatches(groups: readonly ChangeGroup[]): readonly (readonly ChangeGroup[])[] {
  const batches: Batch[] = [];
  const placed = new Map<string, number>();
  const depthOf = depths(groups);
  const weighed = groups.map((group) => ({ group, weight: weightOf(group), depth: depthOf(group) }));
  for (const { group, weight } of weighed.toSorted(byDepthThenWeight)) {
    const earliest = Math.max(0, ...group.after.map((key) => placed.get(key) ?? 0));
    placed.set(group.key, place(batches, group, weight, earliest));
  }
  return batches.map(({ members }) => members);
}

interface Batch {
  readonly members: ChangeGroup[];
  elements: number;
  characters: number;
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
    const depth =
      known.get(group) ??
      Math.max(
        0,
        ...group.after.flatMap((key) => {
          const before = byKey.get(key);
          return before === undefined ? [] : [depthOf(before) + 1];
        }),
      );
    known.set(group, depth);
    return depth;
  };
  return depthOf;
}

function load({ elements, characters }: Weight): number {
  return Math.max(elements / MAX_ELEMENTS, characters / MAX_CHARACTERS);
}

function place(batches: Batch[], group: ChangeGroup, weight: Weight, earliest: number): number {
  const open = batches.find((batch, index) => index >= earliest && hasRoom(batch, weight));
  if (open === undefined) return batches.push({ members: [group], ...weight }) - 1;
  open.members.push(group);
  open.elements += weight.elements;
  open.characters += weight.characters;
  return batches.indexOf(open);
}

function hasRoom(batch: Batch, weight: Weight): boolean {
  return (
    batch.elements + weight.elements <= MAX_ELEMENTS && batch.characters + weight.characters <= MAX_CHARACTERS
  );
}
