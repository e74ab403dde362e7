import { describeError, errorName } from '../aws/aws-error.ts';
import { fitsRequest, packBatches } from '../model/batches.ts';
import {
  alreadyDone,
  batchChanges,
  type ChangeGroup,
  type ChangeOutcome,
  createdSets,
  isInForce,
} from '../model/change.ts';
import { isSameRecordSet, type RecordSet, recordSetKey } from '../model/record-set.ts';
import { lookBounds } from './look-bounds.ts';
import { readRecordSetsOf } from './read-record-sets.ts';
import { isProtection, rejectedGroups } from './rejection.ts';
import { type SendContext, type SendResult, sendBatch } from './send-batch.ts';

type Outcomes = Map<string, ChangeOutcome>;

const OUT_OF_TIME: ChangeOutcome = { status: 'unsent', detail: 'not sent: time ran out', code: 'deadline' };
const TOO_OLD: ChangeOutcome = {
  status: 'unsent',
  detail: 'not sent: what it was planned from is older than guardrails.maxPlanAge allows',
  code: 'plan-too-old',
};
const STOPPED: ChangeOutcome = { status: 'failed', detail: 'not sent: the run was stopped' };

/**
 * Applies groups in as few batches as the limits allow. A batch that is rejected goes again without
 * the groups that the rejection names; where it names none, halves of it are tried, until the culprit
 * stands alone.
 */
export async function applyChanges(
  zoneId: string,
  groups: readonly ChangeGroup[],
  context: SendContext,
): Promise<ReadonlyMap<string, ChangeOutcome>> {
  const outcomes: Outcomes = new Map();
  const written = new Map<string, RecordSet>();
  const looking = lookBounds(context);
  for (const group of groups.filter((one) => !fitsRequest(one))) {
    outcomes.set(group.key, { status: 'failed', detail: 'the set exceeds the size of a Route 53 request' });
  }
  try {
    for (const batch of packBatches(groups.filter(fitsRequest))) {
      await settle(batch, false, { zoneId, outcomes, written, looking: looking.signal, ...context });
    }
  } finally {
    looking.release();
  }
  return outcomes;
}

interface SettleContext extends SendContext {
  readonly zoneId: string;
  readonly outcomes: Outcomes;
  /** By key: what was written so far. */
  readonly written: Map<string, RecordSet>;
  /** Bounds the looks at what became of lost replies. */
  readonly looking: AbortSignal;
}

/** Sends groups until each has its outcome; `lostReply` tells that they may have been applied before. */
async function settle(
  groups: readonly ChangeGroup[],
  lostReply: boolean,
  context: SettleContext,
): Promise<void> {
  const ready = withoutOrphans(groups, context.outcomes);
  if (ready.length === 0) return;
  const changes = batchChanges(ready, context.written);
  const result = await sendBatch(context.zoneId, changes, context);
  switch (result.kind) {
    case 'applied':
      return record(ready, { status: 'applied', changeId: result.changeId }, context);
    case 'out-of-time':
      return notSent(ready, OUT_OF_TIME, lostReply, context);
    case 'too-old':
      return notSent(ready, TOO_OLD, lostReply, context);
    case 'aborted':
      return notSent(ready, STOPPED, lostReply, context);
    case 'unanswered':
      return result.lostReply || lostReply
        ? look(ready, () => failure(result.error), context)
        : record(ready, failure(result.error), context);
    case 'rejected':
      return settleRejected(ready, { ...result, lostReply: result.lostReply || lostReply }, context);
  }
}

/** What an earlier attempt may have done counts for more than why there is no further one. */
async function notSent(
  groups: readonly ChangeGroup[],
  outcome: ChangeOutcome,
  lostReply: boolean,
  context: SettleContext,
): Promise<void> {
  if (lostReply) return look(groups, () => outcome, context);
  return record(groups, outcome, context);
}

async function settleRejected(
  groups: readonly ChangeGroup[],
  { error, lostReply }: Extract<SendResult, { kind: 'rejected' }>,
  context: SettleContext,
): Promise<void> {
  const name = errorName(error);
  if (!CONTENT_ERRORS.has(name)) return settleNamed(groups, () => failure(error), lostReply, context);
  const named = rejectedGroups(error, groups);
  if (named.size > 0) {
    const conflict = (group: ChangeGroup) => conflictOf(named.get(group) ?? describeError(error));
    await settleNamed([...named.keys()], conflict, lostReply, context);
    const others = groups.filter((group) => !named.has(group));
    return settle(others, lostReply, context);
  }
  if (groups.length === 1) {
    const outcome = name === 'InvalidChangeBatch' ? conflictOf(describeError(error)) : failure(error);
    return settleNamed(groups, () => outcome, lostReply, context);
  }
  const middle = Math.ceil(groups.length / 2);
  await settle(groups.slice(0, middle), lostReply, context);
  return settle(groups.slice(middle), lostReply, context);
}

/**
 * After a lost reply, "not found" may be the echo of our own success; else what was "not found", or "already exists", may
 * be what another writer has done meanwhile: only the zone can tell.
 */
async function settleNamed(
  groups: readonly ChangeGroup[],
  outcomeOf: (group: ChangeGroup) => ChangeOutcome,
  lostReply: boolean,
  context: SettleContext,
): Promise<void> {
  const isOurs = ({ changes }: ChangeGroup) =>
    lostReply || changes.every(({ recordSet }) => context.inDoubt?.has(recordSetKey(recordSet)));
  const inDoubt = groups.filter(isOurs);
  if (inDoubt.length > 0) await look(inDoubt, outcomeOf, context);
  const others = groups.filter((group) => !isOurs(group));
  const open = others.filter((group) => mayBeDone(group, outcomeOf(group)));
  for (const group of others) record([group], outcomeOf(group), context);
  if (open.length > 0) await lookWhoWasFirst(open, outcomeOf, context);
}

/** Whether another writer may have done what a group was to: not where Route 53 refuses it as such, or has another set. */
function mayBeDone({ changes }: ChangeGroup, outcome: ChangeOutcome): boolean {
  if (outcome.status !== 'conflict' || outcome.code !== undefined) return false;
  return changes.some(({ action }) => action === 'CREATE') || !IS_THERE.test(outcome.detail);
}

/** A set that was to go is there, and other than it was read. */
const IS_THERE = /do not match the current values/;

/**
 * Reads the groups' names again: what the zone already holds is applied, the rest is `otherwise`. Even
 * a run that is being stopped looks, because its report has to be true; but not for long.
 */
async function look(
  groups: readonly ChangeGroup[],
  otherwise: (group: ChangeGroup) => ChangeOutcome,
  context: SettleContext,
): Promise<void> {
  try {
    const isHeld = await heldRule(groups, context);
    for (const group of groups)
      record([group], isHeld(group) ? { status: 'applied' } : otherwise(group), context);
  } catch (error) {
    const detail = `no answer, and the zone could not be read to see whether it was applied: ${describeError(error)}`;
    for (const group of groups)
      context.outcomes.set(group.key, { status: 'failed', detail, code: 'no-answer' });
  }
}

/** The same where it cannot have been this run; what cannot be read is what Route 53 has said of it. */
async function lookWhoWasFirst(
  groups: readonly ChangeGroup[],
  otherwise: (group: ChangeGroup) => ChangeOutcome,
  context: SettleContext,
): Promise<void> {
  const isHeld = await heldRule(groups, context).catch(() => () => false);
  for (const group of groups) record([group], isHeld(group) ? alreadyDone(group) : otherwise(group), context);
}

/** Tells, by their names as they are now, which groups the zone holds. */
async function heldRule(
  groups: readonly ChangeGroup[],
  { zoneId, api, looking, zonePages }: SettleContext,
): Promise<(group: ChangeGroup) => boolean> {
  const names = groups.flatMap(({ changes }) => changes.map(({ recordSet }) => recordSet.Name));
  const sets = await readRecordSetsOf(zoneId, names, api, looking, zonePages);
  const current = new Map(sets.map((set) => [recordSetKey(set), set]));
  return (group) => isThere(group, current);
}

/** Whether the zone holds what the group asks for: of each of its sets the last that it says of it. */
function isThere({ changes }: ChangeGroup, current: ReadonlyMap<string, RecordSet>): boolean {
  const last = new Map(changes.map((change) => [recordSetKey(change.recordSet), change]));
  return [...last].every(([key, { action, recordSet }]) => {
    const there = current.get(key);
    if (action === 'DELETE') return there === undefined;
    return there !== undefined && isSameRecordSet(there, recordSet);
  });
}

/** A group must not be sent when one that it comes after was not applied: an entry would lead nowhere. */
function withoutOrphans(groups: readonly ChangeGroup[], outcomes: Outcomes): readonly ChangeGroup[] {
  return groups.filter((group) => {
    const blocker = group.after.find((key) => outcomes.has(key) && !isInForce(outcomes.get(key)));
    if (blocker === undefined) return true;
    const before = outcomes.get(blocker);
    const isUnsent = before?.status === 'unsent';
    outcomes.set(group.key, isUnsent ? before : conflictOf(`not sent: ${blocker} has to come first`));
    return false;
  });
}

function record(
  groups: readonly ChangeGroup[],
  outcome: ChangeOutcome,
  { outcomes, written }: SettleContext,
): void {
  for (const group of groups) {
    outcomes.set(group.key, outcome);
    if (isInForce(outcome)) for (const set of createdSets(group)) written.set(recordSetKey(set), set);
  }
}

/** Errors that speak of what is in the batch; with any other error no part of it would fare better. */
const CONTENT_ERRORS: ReadonlySet<string> = new Set(['InvalidChangeBatch', 'InvalidInput']);

function conflictOf(detail: string): ChangeOutcome {
  return { status: 'conflict', detail, ...(isProtection(detail) && { code: 'name-protected' }) };
}

function failure(error: unknown): ChangeOutcome {
  return { status: 'failed', detail: describeError(error) };
}
