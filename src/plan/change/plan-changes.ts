import type { ChangeGroup } from '../../model/change.ts';
import { isScope, type Notice } from '../../model/inventory.ts';
import { type Protections, protectionOf } from '../../model/protection.ts';
import { recordSetKey } from '../../model/record-set.ts';
import type { Withheld } from '../../model/registration.ts';
import { targetKey } from '../../model/srv-value.ts';
import type { Judgement } from '../../model/verdict.ts';
import {
  type DesiredCname,
  type PlannedCname,
  plainCnameNotices,
  type WithheldCname,
} from '../desired/cname-outcomes.ts';
import type { CnamePlan } from '../desired/desired-cnames.ts';
import type { DesiredRecords } from '../desired/desired-records.ts';
import { asFound, guard, type HeldBack } from '../guard/guard.ts';
import type { GuardFacts } from '../guard/guardrail.ts';
import type { Judged, Removable } from '../judge/judge-entries.ts';
import type { NetworkSelfTest } from '../judge/network-self-test.ts';
import { corrections } from './drift-correction.ts';
import { mergeSets } from './merge-sets.ts';
import { moves } from './move-sets.ts';
import { afterSuccessors, removalGroups } from './plan-removals.ts';
import {
  answerRule,
  type JudgedRecord,
  nameOf,
  register,
  registrationGroups,
  type Unapproved,
  unapprovedAs,
  withhold,
} from './register.ts';
import { withSurvivors } from './survivors.ts';

/** What a run found, what it would change, and what it must not. */
export interface ChangePlan {
  readonly judgements: readonly Judgement[];
  /** How many entries the changes remove. */
  readonly removals: number;
  /** Those entries, with what they lead to. */
  readonly removing: readonly Removable[];
  readonly heldBack: readonly HeldBack[];
  /** What guardrails let pass although it is a lot, and CNAMEs that stay when their services end. */
  readonly notices: readonly Notice[];
  /** What is missing from the zone and is to be there. */
  readonly registrations: readonly JudgedRecord[];
  /** How many record sets are new, CNAMEs included. */
  readonly registered: number;
  /** What is missing and is not to be there, now or ever. */
  readonly withheld: readonly Withheld[];
  readonly groups: readonly ChangeGroup[];
  /** Where the worker suspects its own network of the failing probes; the widest scope first. */
  readonly networkSelfTests: readonly NetworkSelfTest[];
}

/** What is missing from the zone, as it would be judged. */
export interface Missing extends Omit<DesiredRecords, 'desired'> {
  readonly desiredRecords: readonly JudgedRecord[];
  /** What becomes of CNAMEs; `undefined` where none are made. */
  readonly cnames?: CnamePlan | undefined;
  /** The record set protections of the zone. */
  readonly protections: Protections;
  /** What an approved plan withholds; `undefined` where none is approved yet. */
  readonly unapproved?: Unapproved | undefined;
}

/**
 * Makes the plan: pure, and in the order of the judged entries. Without `missing` nothing is ever created but
 * what stays of a set that loses a value.
 */
export function planChanges(facts: GuardFacts, missing?: Missing): ChangePlan {
  const { judged, networkSelfTests } = facts;
  const { removals, heldBack, notices } = guard(facts);
  const judgements = judged.map(({ judgement }) => judgement);
  const found = {
    judgements,
    removals: removals.length,
    removing: removals,
    heldBack,
    notices: [...notices, ...plainCnameNotices(missing?.cnames?.planned ?? [])],
    networkSelfTests,
  };
  const recordSets = judgements.map(({ entry }) => entry.recordSet);
  const removing = removalGroups(removals, recordSets);
  const planned =
    missing === undefined
      ? { registrations: [], registered: 0, withheld: [], groups: removing }
      : planRegistrations(missing, facts, removals, removing);
  const groups = withSurvivors(planned.groups, removals, asFound(facts));
  return { ...found, ...planned, groups };
}

/** Registers what is missing and may be there, within what Route 53 takes, and corrects what is there. */
function planRegistrations(
  { desiredRecords, withheld, singleValueSets, moved, overrides, cnames, protections, unapproved }: Missing,
  { judged, inventory }: GuardFacts,
  removals: readonly Removable[],
  removing: readonly ChangeGroup[],
): Pick<ChangePlan, 'registrations' | 'registered' | 'withheld' | 'groups'> {
  const protectionOfRecord = ({ desired: { recordSet } }: JudgedRecord) =>
    protectionOf(recordSet, protections);
  const open = desiredRecords.filter((one) => protectionOfRecord(one) === undefined);
  const isOpen = ({ judgement: { entry } }: Judged) =>
    protectionOf(entry.recordSet, protections) === undefined;
  const changeable = judged.filter(isOpen);
  const cnamePlan = cnames && withoutBarred(cnames, protections, unapproved);
  const going = new Set<Judged>(removals);
  // A dead entry that goes with this plan keeps no live one of weight 0 from being an answer.
  const staying = judged.filter((one) => !going.has(one));
  const sound = register(open, staying, { isPart: isScope(inventory), unapproved });
  const created = registrationGroups(sound.registrations);
  const answered = new Set(staying.filter(answerRule(staying)).map(nameOf));
  const { groups, overflow } = mergeSets({
    judged: changeable,
    created,
    removing: afterSuccessors(removing, created, answered),
    singleValueSets,
  });
  const unplaced = new Set(overflow.map(({ key }) => key));
  const isPlaced = ({ desired }: JudgedRecord) => !unplaced.has(recordSetKey(desired.recordSet));
  const registrations = sound.registrations.filter(isPlaced);
  const left = sound.registrations.filter((one) => !isPlaced(one));
  // What a set is to look like follows from all that have its name.
  const isPart = isScope(inventory);
  const moving = isPart ? [] : moves(changeable, moved, groups);
  const written = withCnames([...groups, ...moving], cnamePlan);
  return {
    registrations,
    registered: registrations.length + written.created,
    withheld: [
      ...withheld,
      ...sound.withheld,
      ...desiredRecords.flatMap((one) => withholdProtected(one, protectionOfRecord(one))),
      ...left.map((one) => withhold(one, 'set-limit')),
      ...(cnamePlan?.withheld ?? []).map(withholdCname),
    ],
    groups: [
      ...written.groups,
      ...(isPart ? [] : corrections(changeable, overrides, [...groups, ...moving])),
    ],
  };
}

/** The address of a target is told with the entries that need it. */
function withholdProtected(one: JudgedRecord, protection: string | undefined): readonly Withheld[] {
  const isTold = protection !== undefined && one.desired.role === 'entry';
  return isTold ? [withhold(one, 'name-protected', protection)] : [];
}

/** The same plan without the CNAMEs of protected names, and without those that the approved plan withholds. */
function withoutBarred(plan: CnamePlan, protections: Protections, unapproved?: Unapproved): CnamePlan {
  const planned = plan.planned.map((one): PlannedCname => {
    if (!('group' in one)) return one;
    const { desired } = one;
    const protection = protectionOf({ Name: desired.name, Type: 'CNAME' }, protections);
    if (protection !== undefined)
      return { kind: 'withheld', desired, reason: 'name-protected', detail: protection };
    const before = unapproved?.get(targetKey(desired.name, 'CNAME', balancersOf(desired)));
    return before === undefined
      ? one
      : { kind: 'withheld', desired, reason: 'not-approved', detail: unapprovedAs(before) };
  });
  return { ...plan, planned, withheld: planned.filter((one) => one.kind === 'withheld') };
}

/**
 * All groups of a run with the CNAMEs that are created or written anew. What is stale goes like any other
 * entry; where its name is handed over to another service, both is one change, if it may go at all.
 */
function withCnames(groups: readonly ChangeGroup[], { removals, planned }: Partial<CnamePlan> = {}) {
  const going = new Set(groups.map(({ key }) => key));
  const stale = new Set(removals?.map(({ own }) => recordSetKey(own.recordSet)));
  const written = (planned ?? [])
    .flatMap((one) => ('group' in one ? [one] : []))
    .filter(({ group }) => !stale.has(group.key) || going.has(group.key));
  const replaced = new Set(written.map(({ group }) => group.key));
  return {
    groups: [...written.map(({ group }) => group), ...groups.filter(({ key }) => !replaced.has(key))],
    created: written.filter(({ kind }) => kind === 'create').length,
  };
}

function withholdCname({ desired, reason, detail }: WithheldCname): Withheld {
  const { name, service } = desired;
  const evidence = { service: service.name };
  return { name: `${name}.`, type: 'CNAME', value: balancersOf(desired), reason, detail, evidence };
}

function balancersOf({ service }: DesiredCname): string {
  return service.balancers.join(', ');
}
