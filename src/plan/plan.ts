import { type RecordSet, recordSetKey } from '../model/record-set.ts';
import type { Withheld } from '../model/registration.ts';
import type { Judgement } from '../model/verdict.ts';
import { afterSuccessors, type ChangeGroup, planChanges } from './changes.ts';
import { guard, type HeldBack } from './guard.ts';
import type { GuardFacts } from './guardrails/guardrail.ts';
import type { Judged, Removable } from './judge.ts';
import { corrections, type Wish } from './register/correct.ts';
import { gather } from './register/gather.ts';
import {
  type JudgedDraft,
  type Registered,
  register,
  registrationGroups,
  withholdForRoom,
} from './register/register.ts';
import type { SuspectVantage } from './vantage.ts';

/** What a run found, what it would change, and what it must not. */
export interface Plan {
  readonly judgements: readonly Judgement[];
  /** How many entries the changes remove. */
  readonly removals: number;
  /** Those entries, with what they lead to. */
  readonly removing: readonly Removable[];
  readonly heldBack: readonly HeldBack[];
  /** What is missing from the zone and is to be there. */
  readonly registrations: readonly JudgedDraft[];
  /** What is missing and is not to be there, now or ever. */
  readonly withheld: readonly Withheld[];
  readonly groups: readonly ChangeGroup[];
  /** Set when the checker suspects its own network of the failing probes. */
  readonly suspectVantage: SuspectVantage | undefined;
}

/** What is missing: drafts that were judged, and what could not even be drafted. */
export interface Missing {
  readonly drafts: readonly JudgedDraft[];
  readonly withheld: readonly Withheld[];
  /** By `entryKey`: what a value of a gathered set would be on its own. */
  readonly singles: ReadonlyMap<string, RecordSet>;
  /** By `entryKey`: what services ask of the records that are there already; only to correct them. */
  readonly wishes: ReadonlyMap<string, Wish>;
}

const NOTHING_MISSING: Missing = { drafts: [], withheld: [], singles: new Map(), wishes: new Map() };

/** Makes the plan: pure, and in the order of the judged entries. */
export function makePlan(facts: GuardFacts, missing = NOTHING_MISSING): Plan {
  const { judged, suspectVantage } = facts;
  const { removals, heldBack } = guard(facts);
  const { registrations, withheld } = registerMissing(judged, missing.drafts);
  const created = registrationGroups(registrations);
  const removing = inTheirOrder(planChanges(removals), created, judged, removals);
  const { groups, crowded } = gather({ judged, created, removing, singles: missing.singles });
  const unplaced = new Set(crowded.map(({ key }) => key));
  const isPlaced = ({ draft }: JudgedDraft) => !unplaced.has(recordSetKey(draft.recordSet));
  return {
    judgements: judged.map(({ judgement }) => judgement),
    removals: removals.length,
    removing: removals,
    heldBack,
    registrations: registrations.filter(isPlaced),
    withheld: [
      ...missing.withheld,
      ...withheld,
      ...registrations.filter((one) => !isPlaced(one)).map(withholdForRoom),
    ],
    groups: [...groups, ...corrections({ judged, wishes: missing.wishes, groups })],
    suspectVantage,
  };
}

/** Large zones of which nothing is missing are not gone through for it. */
function registerMissing(judged: readonly Judged[], drafts: readonly JudgedDraft[]): Registered {
  if (drafts.length === 0) return { registrations: [], withheld: [] };
  const sets = new Set(judged.map(({ judgement }) => recordSetKey(judgement.entry.recordSet)));
  return register({ drafts, judged, hasSet: (key) => sets.has(key) });
}

/** By the entries that stay and lead somewhere, as far as anybody can tell. */
function inTheirOrder(
  removing: readonly ChangeGroup[],
  created: readonly ChangeGroup[],
  judged: readonly Judged[],
  removals: readonly Removable[],
): readonly ChangeGroup[] {
  if (created.length === 0) return removing;
  const going = new Set<Judged>(removals);
  const staying = judged.filter(
    (one) => !going.has(one) && ['live', 'unverified'].includes(one.judgement.verdict),
  );
  const answered = new Set(staying.map(({ judgement: { entry } }) => `${entry.name} ${entry.type}`));
  return afterSuccessors(removing, created, (nameAndType) => answered.has(nameAndType));
}
