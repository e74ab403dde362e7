import type { ChangeOutcome } from '../../../src/model/change.ts';
import { type ChangeGroup, createdSets, deletedSets } from '../../../src/model/change.ts';
import { isSameRecordSet, type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import type { RunResult } from '../../../src/run/run.ts';
import type { Session } from '../aws/session.ts';
import type { Write } from '../world/zone-store.ts';
import type { Report } from './violation.ts';

/** Holds what a run says of itself against what it did. */
export function checkResult(session: Session, result: RunResult, report: Report): void {
  const { groups } = result.plan;
  const { outcomes, cutShort = '' } = result;
  // A run is told to end from outside; an error of the code's own is a flaw.
  if (/\b(?:Type|Range|Reference)Error: /.test(cutShort)) report('broke-down', cutShort);
  const keys = new Set(groups.map(({ key }) => key));
  if (keys.size !== groups.length) report('outcome', 'two groups have one key');
  const writes = session.world.zone.writes.filter(({ by }) => by === session.number);
  if (outcomes === undefined) {
    if (writes.length > 0) report('outcome', 'changes without outcomes');
    return;
  }
  if (outcomes.size !== groups.length)
    report('outcome', `${outcomes.size} outcomes for ${groups.length} groups`);
  for (const group of groups) checkGroup(group, outcomes.get(group.key), writes, session, report);
  for (const write of writes)
    if (!keys.has(write.key) && !isOverwritten(write, session))
      report('account', `${write.key} is in no group`);
}

function checkGroup(
  group: ChangeGroup,
  outcome: ChangeOutcome | undefined,
  writes: readonly Write[],
  session: Session,
  report: Report,
): void {
  // One that was carried out without an answer, and undone by another writer, is tried once more: what counts is the last.
  const own = writes.findLast(({ key }) => key === group.key);
  if (outcome === undefined) {
    report('outcome', `${group.key} has none`);
  } else if (outcome.status === 'applied') {
    checkApplied(group, own, session, report);
  } else if (outcome.status === 'already-done' && !wasDoneByOthers(group, session)) {
    report('outcome', `${group.key} is already done, but by no other writer`);
  } else if (outcome.status === 'conflict' && isNeedless(group, outcome.detail, session)) {
    report('outcome', `${group.key} is in conflict, but another writer has done the same: ${outcome.detail}`);
  } else if (
    own !== undefined &&
    isAskedFor(own, group) &&
    !isHonestlyUnknown(outcome, session) &&
    !isOverwritten(own, session)
  ) {
    report('outcome', `${group.key} is ${outcome.status}, but was carried out: ${outcome.detail}`);
  }
}

/** Whether a write is what a group asks for: a first part of the run may have taken out what the rest is to create. */
function isAskedFor({ key, after }: Write, group: ChangeGroup): boolean {
  return (after === undefined) === (wantedOf(group).get(key) === undefined);
}

/** What a group asks for, by the keys of its sets. */
function wantedOf({ changes }: ChangeGroup): ReadonlyMap<string, RecordSet | undefined> {
  return new Map(
    changes.map(({ action, recordSet }) => [
      recordSetKey(recordSet),
      action === 'CREATE' ? recordSet : undefined,
    ]),
  );
}

function isSame(there: RecordSet | undefined, wanted: RecordSet | undefined): boolean {
  if (there === undefined || wanted === undefined) return there === wanted;
  return isSameRecordSet(there, wanted);
}

/** Whether another writer has made of each set what the group asks for, since the run began. */
function wasDoneByOthers(group: ChangeGroup, { world, startedAt, number }: Session): boolean {
  const since = world.zone.writes.filter(({ time, by }) => time >= startedAt && by !== number);
  return [...wantedOf(group)].every(([wantedKey, wanted]) =>
    since.some(({ key, after }) => key === wantedKey && isSame(after, wanted)),
  );
}

/** Whether the zone held all that was asked for when it was asked, and has done so ever since; what refused it was just that. */
function isNeedless(group: ChangeGroup, detail: string, session: Session): boolean {
  const { world, requests, isDisturbed } = session;
  const asked = requests.findLast(({ changes }) => {
    const keys = new Set(changes.map(({ recordSet }) => recordSetKey(recordSet)));
    return keys.has(group.key);
  });
  if (asked === undefined || isDisturbed || !detail.startsWith('Tried to ')) return false;
  // A protection refuses what the zone already holds as well, and says nothing of that.
  if (group.changes.some(({ recordSet }) => world.zone.isProtected(recordSet)) && PROTECTED.test(detail))
    return false;
  return [...wantedOf(group)].every(([wantedKey, wanted]) => {
    const last = world.zone.writes.findLast(({ key }) => key === wantedKey);
    return isSame(world.zone.get(wantedKey), wanted) && (last === undefined || last.order < asked.writesFrom);
  });
}

const PROTECTED = / but it is protected by a resource record set protection(?:: |$)/;

function checkApplied(group: ChangeGroup, own: Write | undefined, session: Session, report: Report): void {
  const [wanted] = createdSets(group);
  if (own === undefined) {
    const there = session.world.zone.get(group.key);
    const agrees =
      wanted === undefined ? there === undefined : there !== undefined && isSameRecordSet(there, wanted);
    if (!agrees && !othersWrote(group.key, session))
      report('outcome', `${group.key} is applied, but was not carried out`);
    return;
  }
  const [removed] = deletedSets(group);
  const isRecorded =
    removed === undefined || own.before === undefined
      ? removed === own.before
      : isSameRecordSet(removed, own.before) && recordSetKey(removed) === own.key;
  if (!isRecorded) report('account', `${group.key} was not what the run says`);
  const isRest =
    own.after === undefined
      ? wanted === undefined
      : wanted !== undefined && isSameRecordSet(own.after, wanted);
  if (!isRest) report('account', `what is left of ${group.key} is not what the run says`);
}

function othersWrote(key: string, { world, startedAt, number }: Session): boolean {
  return world.zone.writes.some(
    (write) => write.key === key && write.time >= startedAt && write.by !== number,
  );
}

/** A change whose reply was lost, and whose set another writer wrote again before the worker could look. */
function isOverwritten(own: Write, { world, requests }: Session): boolean {
  const isLost = requests.some(
    ({ replyLost, writesFrom, writesTo }) => replyLost && writesFrom <= own.order && own.order < writesTo,
  );
  return (
    isLost &&
    world.zone.writes.some(({ key, order, by }) => key === own.key && order > own.order && by !== own.by)
  );
}

/** A change that got no answer, and a zone that cannot be read: then it cannot be told, and the run says so. */
function isHonestlyUnknown(outcome: ChangeOutcome, { requests }: Session): boolean {
  const tellsSo = outcome.status === 'failed' && outcome.detail.includes('could not be read');
  return tellsSo && requests.some(({ carriedOut, replyLost }) => carriedOut && replyLost);
}
