import { valuesOf } from '../model/record-set.ts';
import type { ChangeGroup } from './changes.ts';

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
  const weighed = groups.map((group) => ({ group, weight: weightOf(group) }));
  for (const { group, weight } of weighed.toSorted(byDependencyThenWeight)) {
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
}

/** Groups that come after others are placed last; the heaviest first, because they are hardest to place. */
function byDependencyThenWeight(left: Weighed, right: Weighed): number {
  const dependent = Number(left.group.after.length > 0) - Number(right.group.after.length > 0);
  return dependent || load(right.weight) - load(left.weight);
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
