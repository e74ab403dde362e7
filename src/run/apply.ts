import type { ChangeOutcome } from '../model/change.ts';
import { type ChangeGroup, deletedSets } from '../model/change.ts';
import { entryKey } from '../model/entry.ts';
import type { IncompleteScope } from '../model/inventory.ts';
import { parseManagedIdentifier } from '../model/managed-identifier.ts';
import { isSameRecordSet, type RecordSet, recordSetKey } from '../model/record-set.ts';
import { parseSetIdentifier } from '../model/set-identifier.ts';
import { type Decision, decide } from '../plan/decide.ts';
import type { Removable } from '../plan/judge/judge-entries.ts';
import type { Matched } from '../plan/match/match-kinds.ts';
import { type Confirmed, confirm } from './confirm.ts';
import { matchZone } from './observe.ts';
import type { Ports } from './ports.ts';
import type { Observation, RunOptions } from './run.ts';

/** What came of an approved plan. */
export interface ApplyResult {
  /** What the confirmation left of the desired, with the record sets that were changed in the end. */
  readonly decision: Decision;
  readonly outcomes: ReadonlyMap<string, ChangeOutcome>;
  /** What the confirmation could not read. */
  readonly incomplete: readonly IncompleteScope[];
}

/**
 * Carries out a desired that was approved: looks once more at what is about to go as stale, applies what
 * is left of it, and tries those sets once again that were changed by others meanwhile.
 */
export async function applyPlan(
  desired: Decision,
  observation: Observation,
  ports: Ports,
  options: RunOptions,
): Promise<ApplyResult> {
  const { removing } = desired.plan;
  const confirmed = await confirm(removing, observation, ports, options);
  const decision = reconsider(removing, confirmed.matched, confirmed);
  const first = await apply(decision.plan.groups, observation, ports, options);
  const second = await retryConflicts(decision, first, confirmed, ports, options);
  const groups = decision.plan.groups.map((group) => second.groups.get(group.key) ?? group);
  return {
    decision: { ...decision, plan: { ...decision.plan, groups } },
    outcomes: new Map([...first, ...second.outcomes]),
    incomplete: [...confirmed.look.incomplete, ...confirmed.unseen],
  };
}

/** Decides again, by what is known now; only what was to be removed before may be removed still. */
function reconsider(
  removing: readonly Removable[],
  matched: readonly Matched[],
  { look, inventory, cnames, observation }: Confirmed,
): Decision {
  const approved = new Set(removing.map(({ judgement }) => entryKey(judgement.entry)));
  return decide(matched, { ...observation.facts, inventory, cnames }, { approved, look });
}

/** Nothing is sent before the journal has it: after a crash between any two calls it still tells all that went. */
async function apply(
  groups: readonly ChangeGroup[],
  { zone }: Observation,
  ports: Ports,
  options: RunOptions,
): Promise<ReadonlyMap<string, ChangeOutcome>> {
  if (groups.length === 0) return new Map();
  await ports.journal.write(zone, groups);
  const outcomes = await ports.zone.apply(zone, groups, options);
  await ports.journal.settle(outcomes);
  return outcomes;
}

interface Retried {
  readonly groups: ReadonlyMap<string, ChangeGroup>;
  readonly outcomes: ReadonlyMap<string, ChangeOutcome>;
}

const NO_OUTCOMES: Retried['outcomes'] = new Map();
const NOT_RETRIED: Retried = { groups: new Map(), outcomes: new Map() };

/**
 * Reads the names in conflict once more, judges what is there now, and tries what still has to go once
 * again. A value that was not there at first may belong to a container that came after the inventory;
 * it was never approved, and stays.
 */
async function retryConflicts(
  { plan }: Decision,
  outcomes: ReadonlyMap<string, ChangeOutcome>,
  confirmed: Confirmed,
  ports: Ports,
  options: RunOptions,
): Promise<Retried> {
  const conflicts = plan.groups.filter(({ key }) => outcomes.get(key)?.status === 'conflict');
  if (conflicts.length === 0) return NOT_RETRIED;
  const { observation, inventory, cnames } = confirmed;
  const keys = new Set(conflicts.map(({ key }) => key));
  const recordSets = await readAgain(conflicts, observation, ports, options.signal);
  if (recordSets === undefined) return NOT_RETRIED;
  const removing = plan.removing.filter(({ judgement }) => keys.has(recordSetKey(judgement.entry.recordSet)));
  const matched = matchZone({ zone: observation.zone, recordSets, inventory }, options, cnames);
  const { groups } = reconsider(removing, matched, confirmed).plan;
  const isDone = (key: string) => outcomes.get(key)?.status === 'applied';
  const again = worthRetrying(groups, conflicts, isDone);
  // Without a journal there is no second attempt, and what the first one did is still to be reported.
  const second = await apply(again, observation, ports, options).catch(() => NO_OUTCOMES);
  // Where time ran out before the second attempt, the conflict of the first one is the truth.
  const settled = new Map([...second].filter(([, { status }]) => status !== 'unsent'));
  const tried = again.filter(({ key }) => settled.has(key));
  return { groups: new Map(tried.map((group) => [group.key, group])), outcomes: settled };
}

/** The zone as it was read, but for the sets of some names, as they are now; `undefined` when they cannot be read. */
async function readAgain(
  groups: readonly ChangeGroup[],
  { zone, recordSets }: Observation,
  ports: Ports,
  signal: AbortSignal | undefined,
): Promise<readonly RecordSet[] | undefined> {
  const names = new Set(groups.flatMap(({ changes }) => changes.map(({ recordSet }) => recordSet.Name)));
  try {
    const fresh = await ports.zone.readNames(zone, [...names], signal);
    return [...recordSets.filter(({ Name }) => !names.has(Name)), ...fresh];
  } catch {
    // Whether it cannot be read or the run is to stop: the conflict stands, and the report tells it.
    return undefined;
  }
}

/**
 * What was refused as it is would be refused again; unless it only waited for another group. Of what was
 * written to meanwhile, only a set that names its container, or its task, is surely as stale as before: the
 * same host and port, or the same host name, may be another's since the inventory was taken.
 */
function worthRetrying(
  groups: readonly ChangeGroup[],
  refused: readonly ChangeGroup[],
  isDone: (key: string) => boolean,
): readonly ChangeGroup[] {
  const before = new Map(refused.map((group) => [group.key, deletedSets(group)]));
  const isUnchanged = (group: ChangeGroup) => areSameSets(deletedSets(group), before.get(group.key) ?? []);
  // Nothing goes before what it has to come after: a name would be emptied, or an entry lead nowhere.
  const changed = groups.filter((group) => !isUnchanged(group) && namesContainer(group));
  const retried = new Set(changed.filter(({ after }) => after.every(isDone)).map(({ key }) => key));
  const hasWaited = (group: ChangeGroup) =>
    isUnchanged(group) &&
    group.after.some((other) => retried.has(other)) &&
    group.after.every((other) => retried.has(other) || isDone(other));
  return groups.filter((group) => retried.has(group.key) || hasWaited(group));
}

function namesContainer(group: ChangeGroup): boolean {
  const sets = deletedSets(group);
  return sets.length > 0 && sets.every(isNamingContainer);
}

function isNamingContainer({ SetIdentifier }: RecordSet): boolean {
  const isTasks = parseManagedIdentifier(SetIdentifier)?.kind === 'task';
  return isTasks || parseSetIdentifier(SetIdentifier) !== undefined;
}

function areSameSets(sets: readonly RecordSet[], others: readonly RecordSet[]): boolean {
  const isSame = (set: RecordSet, other: RecordSet | undefined) =>
    other !== undefined && isSameRecordSet(set, other);
  return sets.length > 0 && sets.length === others.length && sets.every((set, i) => isSame(set, others[i]));
}
