import type { RecordSet } from '../../model/record-set.ts';
import type { CnameFate, KeptCname, StaleCname } from '../match/cname-status.ts';
import { CNAME_FORM, comparable, type ManagedCname, targetOf } from '../match/managed-cnames.ts';
import {
  adoptionGroup,
  correctionGroup,
  creationGroup,
  handoverGroup,
  retargetingGroup,
} from './cname-groups.ts';
import { type CnameWish, type PlannedCname, withhold } from './cname-outcomes.ts';

/** All that is known of one name. */
export interface NameFacts {
  /** Of the services that are to have a CNAME here. */
  readonly wishes: readonly CnameWish[];
  /** All record sets of the name. */
  readonly sets: readonly RecordSet[];
  /** Those of them that this worker made, each with what is known of its service. */
  readonly fates: readonly CnameFate[];
  readonly correct: boolean;
  /** Whether the name gets records of another type in this run. */
  readonly isReserved: boolean;
}

/** What is to become of one name. */
export interface SettledName {
  readonly planned: readonly PlannedCname[];
  readonly removals: readonly StaleCname[];
  readonly kept: readonly KeptCname[];
}

/**
 * Settles who has a name. Of several services that want it, those have it whose record is there; where
 * none is, none gets it: which of them clients mean cannot be known.
 */
export function settleName(name: string, facts: NameFacts): SettledName {
  const { wishes, fates } = facts;
  const place = placeOf(name, facts);
  const having = wishes.length === 1 ? wishes : wishes.filter((wish) => recordOf(wish, place) !== undefined);
  const planned = wishes.map((wish) => {
    if (!having.includes(wish)) return ambiguous(wish, wishes, having);
    const record = recordOf(wish, place);
    const isShared = having.some((other) => other !== wish && recordOf(other, place) === record);
    // Two services behind one balancer: neither may write anew what the other has as well.
    return isShared && record !== undefined
      ? ({ kind: 'present', wish, recordSet: record } as const)
      : outcome(wish, place);
  });
  return { planned, ...departures(fates, wishes, planned) };
}

/** What stands at the name, told apart by who made it. */
interface Place extends NameFacts {
  readonly name: string;
  readonly own: ReadonlyMap<string, ManagedCname>;
  readonly foreign: readonly RecordSet[];
  /** The CNAME that is not weighted, if it is all that is foreign here. */
  readonly plain: RecordSet | undefined;
}

function placeOf(name: string, facts: NameFacts): Place {
  const own = new Map(facts.fates.map((fate) => [fate.own.cluster, fate.own]));
  const ours = new Set(facts.fates.map((fate) => fate.own.recordSet));
  const foreign = facts.sets.filter((set) => !ours.has(set));
  const [only] = foreign;
  const plain = only !== undefined && foreign.length === 1 && isPlain(only) ? only : undefined;
  return { ...facts, name, own, foreign, plain };
}

function isPlain({ Type, SetIdentifier, AliasTarget, TrafficPolicyInstanceId }: RecordSet): boolean {
  const isOrdinary = AliasTarget === undefined && TrafficPolicyInstanceId === undefined;
  return Type === 'CNAME' && SetIdentifier === undefined && isOrdinary;
}

/** The record that is a service's already: that of its cluster, or a plain one to its balancer. */
function recordOf(wish: CnameWish, { own, plain, wishes }: Place): RecordSet | undefined {
  const ours = own.get(wish.key)?.recordSet;
  const competing = wishes.filter(({ key }) => key === wish.key);
  if (ours !== undefined) return competing.length === 1 || leadsTo(ours, wish) ? ours : undefined;
  return plain !== undefined && leadsTo(plain, wish) ? plain : undefined;
}

function leadsTo(set: RecordSet, { service }: CnameWish): boolean {
  const target = targetOf(set);
  return service.balancers.some((dnsName) => comparable(dnsName) === target);
}

function ambiguous(
  wish: CnameWish,
  wishes: readonly CnameWish[],
  having: readonly CnameWish[],
): PlannedCname {
  const listed = (all: readonly CnameWish[]) =>
    all.map(({ service, cluster }) => `${service.name} of cluster ${cluster.name}`).join(' and ');
  const detail =
    having.length === 0
      ? `${listed(wishes)} want this name, and none of them has it`
      : `${listed(having)} has this name already`;
  return withhold(wish, 'service-ambiguous', detail);
}

/**
 * | at the name                              | outcome                                               |
 * |------------------------------------------|-------------------------------------------------------|
 * | this service's own CNAME                 | see `ofOwn`                                           |
 * | records of others, or soon some          | see `ofForeign`                                       |
 * | the CNAME of another cluster's service … |                                                       |
 * | … that is not known to be gone           | withheld, service-ambiguous                           |
 * | … that is gone                           | handed over                                           |
 * | nothing                                  | created                                               |
 */
function outcome(wish: CnameWish, place: Place): PlannedCname {
  const { own, fates, foreign, isReserved, correct } = place;
  const ours = own.get(wish.key);
  if (ours !== undefined) return ofOwn(wish, ours.recordSet, correct);
  if (foreign.length > 0 || isReserved) return ofForeign(wish, place);
  const competing = fates.find(({ kind }) => kind !== 'stale');
  if (competing !== undefined) {
    const detail = `the CNAME of cluster ${competing.own.cluster} has this name, and its service is not known to be gone`;
    return withhold(wish, 'service-ambiguous', detail);
  }
  const stale = fates.find((fate) => fate.kind === 'stale');
  return toOnlyBalancer(wish, (target) => ({
    kind: 'create',
    wish,
    group: stale === undefined ? creationGroup(wish, target) : handoverGroup(stale, wish, target),
  }));
}

/** What was changed by hand beside the target stays as it is, unless it is to be put right. */
function ofOwn(wish: CnameWish, recordSet: RecordSet, correct: boolean): PlannedCname {
  if (!leadsTo(recordSet, wish)) {
    return toOnlyBalancer(wish, (target) => ({
      kind: 'replace',
      wish,
      group: retargetingGroup(recordSet, target, correct),
    }));
  }
  const isAsMade = recordSet.TTL === CNAME_FORM.TTL && recordSet.Weight === CNAME_FORM.Weight;
  return correct && !isAsMade
    ? { kind: 'replace', wish, group: correctionGroup(recordSet) }
    : { kind: 'present', wish, recordSet };
}

function ofForeign(wish: CnameWish, place: Place): PlannedCname {
  const { plain, correct } = place;
  if (plain !== undefined && leadsTo(plain, wish)) {
    return correct
      ? { kind: 'replace', wish, group: adoptionGroup(plain, wish) }
      : { kind: 'present', wish, recordSet: plain };
  }
  // It may point at the very balancer that could not be found out.
  if (plain !== undefined && wish.service.unresolved.length > 0) return balancerUnknown(wish);
  return withhold(wish, 'name-taken', takenBy(wish, place));
}

function takenBy({ service }: CnameWish, { name, foreign, plain }: Place): string {
  if (plain !== undefined)
    return `${name} is a CNAME to ${targetOf(plain)}, and not to ${service.balancers.join(' or ')}`;
  if (foreign.length === 0) return `${name} gets records of another type, and a CNAME stands alone`;
  const kinds = foreign.map(({ Type, SetIdentifier }) =>
    SetIdentifier === undefined ? Type : `${Type} ${SetIdentifier}`,
  );
  return `${name} has records that this worker did not make: ${[...new Set(kinds)].toSorted().join(', ')}`;
}

/** Where there is a choice of balancers, the worker does not choose: clients would notice a wrong one. */
function toOnlyBalancer(wish: CnameWish, plan: (target: string) => PlannedCname): PlannedCname {
  const { balancers, unresolved } = wish.service;
  const [target, ...others] = balancers;
  if (target === undefined || unresolved.length > 0) return balancerUnknown(wish);
  if (others.length === 0) return plan(target);
  const detail = `it is behind ${balancers.join(' and ')}: a CNAME to one of them, made by hand, is taken over`;
  return withhold(wish, 'several-balancers', detail);
}

function balancerUnknown(wish: CnameWish): PlannedCname {
  return withhold(wish, 'balancer-unknown', wish.service.unresolved.join('; '));
}

/** A stale CNAME goes where nobody wants its name, or somebody else has it or gets it; else it stays. */
function departures(
  fates: readonly CnameFate[],
  wishes: readonly CnameWish[],
  planned: readonly PlannedCname[],
): Pick<SettledName, 'removals' | 'kept'> {
  const stale = fates.filter((fate) => fate.kind === 'stale');
  const kept = fates.filter((fate) => fate.kind === 'kept');
  const isServed = planned.some(({ kind }) => kind !== 'withheld');
  if (wishes.length === 0 || isServed) return { removals: stale, kept };
  const spared = stale.map(({ own }): KeptCname => {
    const detail = 'other services want this name, and none of them gets it yet';
    return { own, reason: 'name-wanted', detail };
  });
  return { removals: [], kept: [...kept, ...spared] };
}
