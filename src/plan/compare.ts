import { entryKey } from '../model/entry.ts';
import { nameKey } from '../model/record-set.ts';
import type { Withheld } from '../model/registration.ts';
import type { Judgement } from '../model/verdict.ts';
import type { ChangePlan } from './change/plan-changes.ts';
import { diffKey, isSameDiff, type RecordDiff, recordDiffs } from './change/record-diff.ts';
import type { HeldBack } from './guard/guard.ts';

export type { RecordDiff } from './change/record-diff.ts';

/** Something that holds after a switch, and whether it holds without it as well. */
export interface ComparedItem<T> {
  readonly item: T;
  readonly eitherWay: boolean;
}

/** What a switch of settings changes: one decision against another, from the same facts. */
export interface Comparison {
  /** What is managed after the switch and stays exactly as it is, in the order of the zone. */
  readonly left: readonly Judgement[];
  /** What is not managed after the switch, and is left alone. */
  readonly foreign: readonly Judgement[];
  /** What is managed after the switch, and is not yet; as it is judged then. */
  readonly entering: readonly Judgement[];
  /** What is managed now, and is not after the switch; as it is judged now. */
  readonly leaving: readonly Judgement[];
  /** What only the switch brings about. */
  readonly gained: readonly RecordDiff[];
  /** What only a run without the switch would do. */
  readonly lost: readonly RecordDiff[];
  /** What a run does, with the switch or without. */
  readonly eitherWay: readonly RecordDiff[];
  /** After the switch. */
  readonly heldBack: readonly ComparedItem<HeldBack>[];
  /** After the switch. */
  readonly withheld: readonly ComparedItem<Withheld>[];
}

type Planned = Pick<ChangePlan, 'groups' | 'removing' | 'judgements' | 'heldBack' | 'withheld'>;

/** Compares what is decided now with what would be decided after a switch of settings. */
export function comparePlans(now: Planned, next: Planned): Comparison {
  const [before, after] = [recordDiffs(now), recordDiffs(next)];
  const [isBefore, isAfter] = [among(before), among(after)];
  const [managedNow, managedNext] = [managedOf(now), managedOf(next)];
  const touched = new Set(after.flatMap((diff) => (diff.kind === 'registered' ? [] : [entryKey(diff.from)])));
  const isLeft = ({ entry }: Judgement) => !touched.has(entryKey(entry));
  return {
    left: managedNext.filter(isLeft),
    foreign: next.judgements.filter((one) => one.verdict === 'foreign' && isLeft(one)),
    entering: without(managedNext, managedNow),
    leaving: without(managedNow, managedNext),
    gained: after.filter((diff) => !isBefore(diff)),
    lost: before.filter((diff) => !isAfter(diff)),
    eitherWay: after.filter(isBefore),
    heldBack: compare(next.heldBack, now.heldBack, heldKey),
    withheld: compare(next.withheld, now.withheld, withheldKey),
  };
}

/** Whether a switch changes anything: a record, or what is managed. */
export function isChange({ gained, lost, entering, leaving }: Comparison): boolean {
  return [gained, lost, entering, leaving].some((items) => items.length > 0);
}

function managedOf({ judgements }: Planned): readonly Judgement[] {
  return judgements.filter(({ verdict }) => verdict !== 'foreign');
}

function without(judgements: readonly Judgement[], others: readonly Judgement[]): readonly Judgement[] {
  const known = new Set(others.map(({ entry }) => entryKey(entry)));
  return judgements.filter(({ entry }) => !known.has(entryKey(entry)));
}

function among(diffs: readonly RecordDiff[]): (diff: RecordDiff) => boolean {
  const known = new Map(diffs.map((diff) => [diffKey(diff), diff]));
  return (diff) => {
    const same = known.get(diffKey(diff));
    return same !== undefined && isSameDiff(same, diff);
  };
}

function compare<T>(
  items: readonly T[],
  others: readonly T[],
  keyOf: (item: T) => string,
): readonly ComparedItem<T>[] {
  const known = new Set(others.map(keyOf));
  return items.map((item) => ({ item, eitherWay: known.has(keyOf(item)) }));
}

/** The numbers in a detail differ where more or less is managed, and hold back all the same. */
function heldKey({ judgement, guardrail }: HeldBack): string {
  return `${guardrail} ${entryKey(judgement.entry)}`;
}

function withheldKey({ name, type, value, reason }: Withheld): string {
  return `${reason} ${nameKey(name, type)} ${value}`;
}
