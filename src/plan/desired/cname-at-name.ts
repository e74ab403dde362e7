import type { ChangeGroup, CnameReason } from '../../model/change.ts';
import { writtenName } from '../../model/dns-name.ts';
import { type RecordSet, recordSetKey, valuesOf, withValues } from '../../model/record-set.ts';
import type { CnameStatus, KeptCname, StaleCname } from '../match/cname-status.ts';
import {
  CNAME_FORM,
  comparable,
  type ManagedCname,
  managedCnameSet,
  targetOf,
} from '../match/managed-cnames.ts';
import { type DesiredCname, type PlannedCname, withhold } from './cname-outcomes.ts';

/** All that is known of one name. */
export interface NameFacts {
  /** Of the services that are to have a CNAME here. */
  readonly wanted: readonly DesiredCname[];
  /** All record sets of the name. */
  readonly sets: readonly RecordSet[];
  /** Those of them that this worker made, each with what is known of its service. */
  readonly statuses: readonly CnameStatus[];
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
  const { wanted, statuses } = facts;
  const here = setsAt(name, facts);
  const having =
    wanted.length === 1 ? wanted : wanted.filter((desired) => recordOf(desired, here) !== undefined);
  const planned = wanted.map((desired) => {
    if (!having.includes(desired)) return ambiguous(desired, wanted, having);
    const record = recordOf(desired, here);
    const isShared = having.some((other) => other !== desired && recordOf(other, here) === record);
    // Two services behind one balancer: neither may write anew what the other has as well.
    return isShared && record !== undefined
      ? ({ kind: 'present', desired, recordSet: record } as const)
      : outcome(desired, here);
  });
  return { planned, ...departures(statuses, wanted, planned) };
}

/** What stands at the name, told apart by who made it. */
interface SetsAtName extends NameFacts {
  readonly name: string;
  readonly own: ReadonlyMap<string, ManagedCname>;
  readonly foreign: readonly RecordSet[];
  /** The CNAME that is not weighted, if it is all that is foreign here. */
  readonly plain: RecordSet | undefined;
}

function setsAt(name: string, facts: NameFacts): SetsAtName {
  const own = new Map(facts.statuses.map((status) => [status.own.cluster, status.own]));
  const ours = new Set(facts.statuses.map((status) => status.own.recordSet));
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
function recordOf(desired: DesiredCname, { own, plain, wanted }: SetsAtName): RecordSet | undefined {
  const ours = own.get(desired.key)?.recordSet;
  const competing = wanted.filter(({ key }) => key === desired.key);
  if (ours !== undefined) return competing.length === 1 || leadsTo(ours, desired) ? ours : undefined;
  return plain !== undefined && leadsTo(plain, desired) ? plain : undefined;
}

function leadsTo(set: RecordSet, { service }: DesiredCname): boolean {
  const target = targetOf(set);
  return service.balancers.some((dnsName) => comparable(dnsName) === target);
}

function ambiguous(
  desired: DesiredCname,
  wanted: readonly DesiredCname[],
  having: readonly DesiredCname[],
): PlannedCname {
  const listed = (all: readonly DesiredCname[]) =>
    all.map(({ service, cluster }) => `${service.name} of cluster ${cluster.name}`).join(' and ');
  const detail =
    having.length === 0
      ? `${listed(wanted)} want this name, and none of them has it`
      : `${listed(having)} has this name already`;
  return withhold(desired, 'service-ambiguous', detail);
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
function outcome(desired: DesiredCname, here: SetsAtName): PlannedCname {
  const { own, statuses, foreign, isReserved, correct } = here;
  const ours = own.get(desired.key);
  if (ours !== undefined) return ofOwn(desired, ours.recordSet, correct);
  if (foreign.length > 0 || isReserved) return ofForeign(desired, here);
  const competing = statuses.find(({ kind }) => kind !== 'stale');
  if (competing !== undefined) {
    const detail = `the CNAME of cluster ${competing.own.cluster} has this name, and its service is not known to be gone`;
    return withhold(desired, 'service-ambiguous', detail);
  }
  const stale = statuses.find((status) => status.kind === 'stale');
  return toOnlyBalancer(desired, (target) => {
    const before = stale?.own.recordSet;
    const after = managedCnameSet(before?.Name ?? `${desired.name}.`, desired.key, target);
    const reasons = ['missing', ...(stale === undefined ? [] : [stale.reason])] as const;
    return { kind: 'create', desired, group: exchange(before, after, reasons) };
  });
}

/** What was changed by hand apart from the target stays as it is, unless it is to be put right. */
function ofOwn(desired: DesiredCname, recordSet: RecordSet, correct: boolean): PlannedCname {
  const replacing = (after: RecordSet, reason: CnameReason) =>
    ({ kind: 'replace', desired, group: exchange(recordSet, after, [reason]) }) as const;
  const form = correct ? CNAME_FORM : {};
  if (!leadsTo(recordSet, desired)) {
    return toOnlyBalancer(desired, (target) =>
      replacing({ ...withValues(recordSet, [target]), ...form }, 'balancer-replaced'),
    );
  }
  const isAsMade = recordSet.TTL === CNAME_FORM.TTL && recordSet.Weight === CNAME_FORM.Weight;
  return correct && !isAsMade
    ? replacing({ ...recordSet, ...form }, 'corrected')
    : { kind: 'present', desired, recordSet };
}

function ofForeign(desired: DesiredCname, here: SetsAtName): PlannedCname {
  const { plain, correct } = here;
  if (plain !== undefined && leadsTo(plain, desired)) {
    if (!correct) return { kind: 'present', desired, recordSet: plain };
    // The value stays to the letter: it is known to work.
    const own = withValues(managedCnameSet(plain.Name, desired.key, ''), valuesOf(plain));
    return { kind: 'replace', desired, group: exchange(plain, own, ['adopted']) };
  }
  // It may point at the very balancer that could not be found out.
  if (plain !== undefined && desired.service.unresolved.length > 0) return balancerUnknown(desired);
  return withhold(desired, 'name-taken', takenBy(desired, here));
}

/** One change, without a moment between: known by the set that it deletes, or else by the one that it creates. */
function exchange(
  before: RecordSet | undefined,
  after: RecordSet,
  reasons: readonly CnameReason[],
): ChangeGroup {
  const created = { action: 'CREATE', recordSet: after } as const;
  if (before === undefined) {
    return { key: recordSetKey(after), changes: [created], removed: [], reasons, after: [] };
  }
  const removed = valuesOf(before).filter((value) => !valuesOf(after).includes(value));
  const changes = [{ action: 'DELETE', recordSet: before } as const, created];
  return { key: recordSetKey(before), changes, removed, reasons, after: [] };
}

function takenBy({ service }: DesiredCname, { name, foreign, plain }: SetsAtName): string {
  if (plain !== undefined)
    return `${writtenName(name)} is a CNAME to ${targetOf(plain)}, and not to ${service.balancers.join(' or ')}`;
  if (foreign.length === 0)
    return `${writtenName(name)} gets records of another type, and a CNAME stands alone`;
  const kinds = foreign.map(({ Type, SetIdentifier }) =>
    SetIdentifier === undefined ? Type : `${Type} ${SetIdentifier}`,
  );
  return `${writtenName(name)} has records that this worker did not make: ${[...new Set(kinds)].toSorted().join(', ')}`;
}

/** Where there is a choice of balancers, the worker does not choose: clients would notice a wrong one. */
function toOnlyBalancer(desired: DesiredCname, plan: (target: string) => PlannedCname): PlannedCname {
  const { balancers, unresolved } = desired.service;
  const [target, ...others] = balancers;
  if (target === undefined || unresolved.length > 0) return balancerUnknown(desired);
  if (others.length === 0) return plan(target);
  const detail = `it is behind ${balancers.join(' and ')}: a CNAME to one of them, made by hand, is taken over`;
  return withhold(desired, 'several-balancers', detail);
}

function balancerUnknown(desired: DesiredCname): PlannedCname {
  return withhold(desired, 'balancer-unknown', desired.service.unresolved.join('; '));
}

/** A stale CNAME goes where no service wants its name, or another one has it or gets it; else it stays. */
function departures(
  statuses: readonly CnameStatus[],
  wanted: readonly DesiredCname[],
  planned: readonly PlannedCname[],
): Pick<SettledName, 'removals' | 'kept'> {
  const stale = statuses.filter((status) => status.kind === 'stale');
  const kept = statuses.filter((status) => status.kind === 'kept');
  const isServed = planned.some(({ kind }) => kind !== 'withheld');
  if (wanted.length === 0 || isServed) return { removals: stale, kept };
  const detail = 'other services want this name, and none of them gets it yet';
  const spared = stale.map(({ own }): KeptCname => ({ own, reason: 'name-wanted', detail }));
  return { removals: [], kept: [...kept, ...spared] };
}
