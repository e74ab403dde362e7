import { describeError } from '../aws/aws-error.ts';
import {
  type ChangeGroup,
  type ChangeOutcome,
  createdSets,
  deletedSets,
  isInForce,
  nameKeyOf,
} from '../model/change.ts';
import { entryKey } from '../model/entry.ts';
import type { IncompleteScope } from '../model/inventory.ts';
import { parseManagedIdentifier } from '../model/managed-identifier.ts';
import { isSameRecordSet, type RecordSet, recordSetKey } from '../model/record-set.ts';
import { parseSetIdentifier } from '../model/set-identifier.ts';
import type { Observation } from '../plan/observation.ts';
import { type Confirmation, isForHealth, makePlan, type Plan } from '../plan/plan.ts';
import { inSpan } from '../spans.ts';
import { askAgain } from './ask-again.ts';
import { withinOptions } from './check-approved.ts';
import { confirm } from './confirm.ts';
import { planObjection } from './plan-age.ts';
import type { RunContext } from './run.ts';
import { send, unsent } from './send.ts';

type Outcomes = ReadonlyMap<string, ChangeOutcome>;

/** What came of an approved plan. */
export interface ApplyResult {
  /** What the confirmation left of the plan, with the record sets that were changed in the end. */
  readonly plan: Plan;
  readonly outcomes: Outcomes;
  /** What the confirmation could not read. */
  readonly incomplete: readonly IncompleteScope[];
  /** Why nothing of it was sent, where it was too old for that. */
  readonly tooOld: string | undefined;
}

/**
 * Carries out a plan that was approved: confirms what is about to go as stale, asks again what is about to go for its
 * health, applies what is left of it, and tries those sets once again that another tool has changed meanwhile.
 */
export async function applyPlan(approved: Plan, context: RunContext): Promise<ApplyResult> {
  const { options } = context;
  const { observation, confirmation } = await inSpan('confirm', () => confirmAll(approved, context));
  const plan = withinOptions(makePlan(observation, options, confirmation), options);
  const tooOld = await planObjection(context);
  const first = tooOld === undefined ? await send(plan.groups, context) : unsent(plan.groups, tooOld);
  const second = await retryConflicts(confirmation, plan, first, { ...context, observation });
  return {
    plan: { ...plan, groups: plan.groups.map((group) => second.groups.get(group.key) ?? group) },
    outcomes: new Map([...first, ...second.outcomes]),
    incomplete: [...confirmation.look.incomplete, ...(confirmation.services?.incomplete ?? [])],
    tooOld,
  };
}

/** Looks once more at all that is about to go. */
async function confirmAll(
  approved: Plan,
  context: RunContext,
): Promise<{ readonly observation: Observation; readonly confirmation: Confirmation }> {
  const { ports, options } = context;
  const confirmed = await confirm(approved, context.observation, ports, options.signal);
  const { observation: read, unread } = await readForHealth(approved, context);
  return { observation: await askAgain(approved, read, context), confirmation: { ...confirmed, unread } };
}

/**
 * The observation with the names of which something goes for its health as they are now, so that the guardrails hold
 * for what is left there by then; `unread` says why they are not, and nothing may go for its health.
 */
async function readForHealth(
  { removing }: Plan,
  context: RunContext,
): Promise<{ readonly observation: Observation; readonly unread?: string }> {
  const { observation } = context;
  const names = removing.filter(isForHealth).map(({ judgement }) => judgement.entry.recordSet.Name);
  if (names.length === 0) return { observation };
  try {
    return { observation: await withFresh(new Set(names), context) };
  } catch (error) {
    context.options.signal?.throwIfAborted();
    return { observation, unread: describeError(error) };
  }
}

/** The very same observation where the names are as they were. */
async function withFresh(
  names: ReadonlySet<string>,
  { observation, ports, options: { signal } }: RunContext,
): Promise<Observation> {
  const fresh = await ports.zone.readNames(observation.zone, [...names], signal);
  const before = observation.recordSets.filter(({ Name }) => names.has(Name));
  if (areSameSets(fresh, before)) return observation;
  const others = observation.recordSets.filter(({ Name }) => !names.has(Name));
  return { ...observation, recordSets: [...others, ...fresh] };
}

interface Retried {
  readonly groups: ReadonlyMap<string, ChangeGroup>;
  readonly outcomes: Outcomes;
}

const NOT_RETRIED: Retried = { groups: new Map(), outcomes: new Map() };

/**
 * Reads the names in conflict once more, judges what is there now, and tries what still has to go once
 * again. A value that was not there at first may belong to a container that came after the inventory;
 * it was never approved, and stays.
 */
async function retryConflicts(
  confirmation: Confirmation,
  plan: Plan,
  outcomes: Outcomes,
  context: RunContext,
): Promise<Retried> {
  const { options } = context;
  const conflicts = plan.groups.filter(({ key }) => outcomes.get(key)?.status === 'conflict');
  if (conflicts.length === 0) return NOT_RETRIED;
  const keys = new Set(conflicts.map(({ key }) => key));
  const fresh = await readAgain(conflicts, context);
  if (fresh === undefined) return NOT_RETRIED;
  const removing = plan.removing.filter(({ judgement }) => keys.has(recordSetKey(judgement.entry.recordSet)));
  const approved = new Set(removing.map(({ judgement }) => entryKey(judgement.entry)));
  const confirmed = { ...confirmation, plan, approved, services: undefined };
  const { groups } = withinOptions(makePlan(fresh, options, confirmed), options);
  const lost = lostSince(plan.groups, fresh, conflicts);
  const isThere = (key: string) => isInForce(outcomes.get(key)) && !lost.has(key);
  const again = worthRetrying(groups, conflicts, isThere);
  // Without a journal there is no second attempt, and what the first one did is still to be reported.
  const second = await send(again, context).catch((): Outcomes => new Map());
  // Where time ran out before the second attempt, the conflict of the first one is the truth.
  const settled = new Map([...second].filter(([, { status }]) => status !== 'unsent'));
  const tried = again.filter(({ key }) => settled.has(key));
  return { groups: new Map(tried.map((group) => [group.key, group])), outcomes: settled };
}

/** The groups of which another writer has taken out again what they wrote: nothing may come after them. */
function lostSince(
  groups: readonly ChangeGroup[],
  { recordSets }: Observation,
  conflicts: readonly ChangeGroup[],
): ReadonlySet<string> {
  const there = new Set(recordSets.map(recordSetKey));
  const readAnew = new Set(conflicts.map(nameKeyOf));
  const isLost = (group: ChangeGroup) =>
    readAnew.has(nameKeyOf(group)) && createdSets(group).some((set) => !there.has(recordSetKey(set)));
  return new Set(groups.filter(isLost).map(({ key }) => key));
}

/** The observation with the names of some groups as they are now; `undefined` when they cannot be read. */
async function readAgain(
  groups: readonly ChangeGroup[],
  context: RunContext,
): Promise<Observation | undefined> {
  const names = groups.flatMap(({ changes }) => changes.map(({ recordSet }) => recordSet.Name));
  try {
    return await withFresh(new Set(names), context);
  } catch {
    // Whether it cannot be read or the run is to stop: the conflict stands, and the report tells it.
    return undefined;
  }
}

/**
 * What was refused as it is would be refused again; unless it only waited for another group, or leaned on a survivor that
 * another writer has taken, and leans on others now. Of what was
 * written to meanwhile, only a set that names its container, or its task, is surely as stale as before: the
 * same host and port, or the same host name, may be another's since the inventory was taken.
 */
function worthRetrying(
  groups: readonly ChangeGroup[],
  refused: readonly ChangeGroup[],
  isThere: (key: string) => boolean,
): readonly ChangeGroup[] {
  const before = new Map(refused.map((group) => [group.key, group]));
  const isUnchanged = (group: ChangeGroup) => {
    const old = before.get(group.key);
    return old !== undefined && areSameSets(deletedSets(group), deletedSets(old));
  };
  const leansAnew = ({ key, survivors = [] }: ChangeGroup) =>
    survivors.length > 0 && !areSameSets(survivors, before.get(key)?.survivors ?? []);
  // Nothing goes before what it has to come after: a name would be emptied, or an entry lead nowhere.
  const changed = groups.filter((group) => (isUnchanged(group) ? leansAnew(group) : namesContainer(group)));
  const retried = new Set(changed.filter(({ after }) => after.every(isThere)).map(({ key }) => key));
  const hasWaited = (group: ChangeGroup) =>
    isUnchanged(group) &&
    group.after.some((other) => retried.has(other)) &&
    group.after.every((other) => retried.has(other) || isThere(other));
  return groups.filter((group) => retried.has(group.key) || hasWaited(group));
}

function namesContainer(group: ChangeGroup): boolean {
  const sets = deletedSets(group);
  const isNaming = ({ SetIdentifier: id }: RecordSet) =>
    parseManagedIdentifier(id)?.kind === 'task' || parseSetIdentifier(id) !== undefined;
  return sets.length > 0 && sets.every(isNaming);
}

function areSameSets(sets: readonly RecordSet[], others: readonly RecordSet[]): boolean {
  const isSame = (set: RecordSet, other: RecordSet | undefined) =>
    other !== undefined && isSameRecordSet(set, other);
  return sets.length > 0 && sets.length === others.length && sets.every((set, i) => isSame(set, others[i]));
}
