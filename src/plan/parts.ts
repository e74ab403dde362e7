import {
  type ChangeGroup,
  type ChangeOutcome,
  createdSets,
  deletedSets,
  isInForce,
} from '../model/change.ts';
import { normalizeName } from '../model/dns-name.ts';
import { entryKey, sortEntries } from '../model/entry.ts';
import type { Notice } from '../model/inventory.ts';
import { groupBy } from '../model/multimap.ts';
import { type RecordSet, recordSetKey } from '../model/record-set.ts';
import { recentRemovals } from '../model/run-state.ts';
import type { Judgement } from '../model/verdict.ts';
import { nameOf } from './change/register.ts';
import { mayStillAnswer } from './guard/endpoint-count.ts';
import { isUnheard } from './judge/health-records.ts';
import { isForHealth, type Judged, type Removable } from './judge/judge-entries.ts';
import type { Observation } from './observation.ts';
import type { Plan } from './plan.ts';

type Outcomes = ReadonlyMap<string, ChangeOutcome>;

/**
 * The part of a plan that may be carried out while slow endpoints are still asked: what their answers cannot alter.
 *
 * | a change                        | is in it                                                                        |
 * |---------------------------------|---------------------------------------------------------------------------------|
 * | creates a set                   | if its own endpoint has been heard; on a host that is drained, if nothing that is |
 * |                                 | still asked has its name, or is to get it: that is better                       |
 * | takes a whole set that is stale | if it was heard itself, or need not be, and nothing that is still asked is to be |
 * |                                 | registered under its name: that comes first. Nor where it keeps something from  |
 * |                                 | being registered: that was not asked, and the next run registers it. Nor one    |
 * |                                 | that could not be asked, where something of its name still is: it may be the    |
 * |                                 | last that answers                                                               |
 * | takes anything for its health   | no: thresholds are shares of all that is asked                                  |
 * | writes a set anew               | no: another answer may change it once more                                      |
 *
 * `unheard` has the stale entries that are still asked themselves, by `entryKey`.
 */
export function decidedPart(plan: Plan, unheard: ReadonlySet<string>): Plan {
  const awaited = plan.desiredRecords.filter(({ judgement }) => judgement.reason === 'deadline');
  const awaitedNames = new Set(awaited.map(nameOf));
  const isAsked = (one: Judged) => isUnheard(one) || unheard.has(entryKey(one.judgement.entry));
  const askedNames = new Set(plan.judged.filter(isAsked).map(nameOf));
  const isMakeshift = (one: Judged) =>
    one.judgement.verdict === 'draining' && (awaitedNames.has(nameOf(one)) || askedNames.has(nameOf(one)));
  const undecided = new Set([...awaited, ...plan.registrations.filter(isMakeshift)].map(setKeyOf));
  const mayBeLast = (one: Judged) => mayStillAnswer(one) && askedNames.has(nameOf(one));
  const takenNames = new Set(
    plan.withheld.filter(({ reason }) => reason === 'name-taken').map(({ name }) => normalizeName(name)),
  );
  const isDecided = (one: Removable) =>
    !isForHealth(one) &&
    !unheard.has(entryKey(one.judgement.entry)) &&
    !awaitedNames.has(nameOf(one)) &&
    !mayBeLast(one);
  const going = groupBy(plan.removing, setKeyOf);
  const mayGo = (key: string, { Name }: RecordSet) =>
    !takenNames.has(normalizeName(Name)) && going.get(key).every(isDecided);
  const isInIt = ({ changes: [change, ...others], key }: ChangeGroup) =>
    change !== undefined &&
    others.length === 0 &&
    (change.action === 'CREATE' ? !undecided.has(key) : mayGo(key, change.recordSet));
  return withGroups(plan, closed(plan.groups.filter(isInIt)));
}

/** The groups without those that have to come after one that is missing. */
export function closed(groups: readonly ChangeGroup[]): readonly ChangeGroup[] {
  const keys = new Set(groups.map(({ key }) => key));
  const kept = groups.filter(({ after }) => after.every((key) => keys.has(key)));
  return kept.length === groups.length ? kept : closed(kept);
}

/** The plan with nothing but some of its groups, each of which creates or deletes one set. */
function withGroups(plan: Plan, groups: readonly ChangeGroup[]): Plan {
  const [deleted, created] = [keysOf(groups, deletedSets), keysOf(groups, createdSets)];
  const removing = plan.removing.filter((one) => deleted.has(setKeyOf(one)));
  const registrations = plan.registrations.filter(({ desired }) =>
    created.has(recordSetKey(desired.recordSet)),
  );
  const counts = { removals: removing.length, registered: created.size };
  return { ...plan, ...counts, removing, registrations, groups };
}

function keysOf(
  groups: readonly ChangeGroup[],
  setsOf: (group: ChangeGroup) => readonly RecordSet[],
): ReadonlySet<string> {
  return new Set(groups.flatMap(setsOf).map(recordSetKey));
}

function setKeyOf({ judgement }: Judged): string {
  return recordSetKey(judgement.entry.recordSet);
}

/** What was carried out of a plan, with its outcomes. */
export interface Carried<O extends Outcomes | undefined = Outcomes> {
  readonly plan: Plan;
  readonly outcomes: O;
}

/** What was applied, and by key what may have been: no answer came. */
export interface AppliedPart extends Carried {
  readonly unanswered: ReadonlyMap<string, Unanswered>;
}

interface Unanswered {
  readonly group: ChangeGroup;
  readonly outcome: ChangeOutcome;
}

/** The part that was applied, or done before. What was not is planned once more with the rest of its run. */
export function appliedPart({ plan, outcomes }: Carried): AppliedPart {
  const applied = new Map([...outcomes].filter(([, outcome]) => isInForce(outcome)));
  const unanswered = plan.groups.flatMap((group) => {
    const outcome = outcomes.get(group.key);
    const isOpen = outcome?.status === 'failed' && outcome.code === 'no-answer';
    return isOpen ? [[group.key, { group, outcome }] as const] : [];
  });
  return {
    plan: withGroups(
      plan,
      plan.groups.filter(({ key }) => applied.has(key)),
    ),
    outcomes: applied,
    unanswered: new Map(unanswered),
  };
}

/**
 * What was observed, as a part of its plan has left it. What that removed counts in the budgets of the rest, and what it
 * created does not, so that both together keep within what one plan would be allowed to.
 */
export function afterPart(observation: Observation, { groups, removing }: Plan): Observation {
  const { state, now, recordSets } = observation;
  const gone = keysOf(groups, deletedSets);
  const removals = [...recentRemovals(state, now), { at: now, stale: removing.length, unhealthy: 0 }];
  return {
    ...observation,
    recordSets: [...recordSets.filter((set) => !gone.has(recordSetKey(set))), ...groups.flatMap(createdSets)],
    matchings: new Map(),
    created: keysOf(groups, createdSets),
    state: { ...state, removals },
  };
}

/** Both parts of a run's plan as one, of the zone as it was when the run began. */
export function joinParts(
  { plan: first, outcomes: ofFirst, unanswered }: AppliedPart,
  { plan: rest, outcomes: ofRest = unsent(rest) }: Carried<Outcomes | undefined>,
): Carried {
  const created = keysOf(first.groups, createdSets);
  const wasThere = ({ entry }: Judgement) => !created.has(recordSetKey(entry.recordSet));
  const gone = first.removing.map(({ judgement }) => judgement);
  // What has become crowded since is written anew with the sets that the first part has created.
  const ofRestKeys = new Set(rest.groups.map(({ key }) => key));
  const keyOf = keyRule(ofRestKeys);
  const own = first.groups.map((group) => ({
    ...group,
    key: keyOf(group.key),
    after: group.after.map(keyOf),
  }));
  // What may have been carried out is told, whatever the rest makes of it.
  const open = [...unanswered.values()].filter(({ group }) => !ofRestKeys.has(group.key));
  const plan = {
    ...rest,
    judgements: inZoneOrder([...rest.judgements.filter(wasThere), ...gone]),
    notices: distinct([...(gone.length === 0 ? [] : first.notices), ...rest.notices]),
    removals: first.removals + rest.removals,
    removing: [...first.removing, ...rest.removing],
    registrations: [...first.registrations, ...rest.registrations],
    registered: first.registered + rest.registered,
    groups: [...own, ...open.map(({ group }) => group), ...rest.groups],
  };
  const ownOutcomes = [...ofFirst].map(([key, outcome]) => [keyOf(key), outcome] as const);
  const ofOthers = [...ofRest].map(([key, outcome]) => {
    // It was sent, with the first part.
    const before = outcome.status === 'unsent' ? unanswered.get(key) : undefined;
    return [key, before?.outcome ?? outcome] as const;
  });
  const ofOpen = open.map(({ group, outcome }) => [group.key, outcome] as const);
  return { plan, outcomes: new Map([...ownOutcomes, ...ofOpen, ...ofOthers]) };
}

/** A run that is cut short after its first part sends nothing more. */
function unsent({ groups }: Plan): Outcomes {
  const outcome = { status: 'unsent', detail: 'not sent: the run ended before', code: 'deadline' } as const;
  return new Map(groups.map(({ key }) => [key, outcome]));
}

/** Keys of the first part that tell its groups from those of the rest. */
function keyRule(taken: ReadonlySet<string>): (key: string) => string {
  return (key) => (taken.has(key) ? `${key} (first)` : key);
}

function distinct(notices: readonly Notice[]): readonly Notice[] {
  return [...new Map(notices.map((one) => [`${one.subject} ${one.detail}`, one])).values()];
}

function inZoneOrder(judgements: readonly Judgement[]): readonly Judgement[] {
  const byEntry = groupBy(judgements, ({ entry }) => entry);
  return sortEntries(judgements.map(({ entry }) => entry)).flatMap((entry) => byEntry.get(entry));
}
