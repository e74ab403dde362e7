import { normalizeName } from '../../../src/model/dns-name.ts';
import { isSameRecordSet, type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import type { Request, Session } from '../aws/session.ts';
import { MINUTE } from '../history.ts';
import { isAlive, isOfOtherAccount, isRunning, type SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import type { Write, ZoneStore } from '../world/zone-store.ts';
import { checkAnswers } from './answers.ts';
import { couldNotTell } from './cut-off.ts';
import { checkGuardrails } from './guardrails.ts';
import { checkJournal } from './journal.ts';
import { judgementOf } from './judgements.ts';
import { checkLook, couldNotAsk } from './looks.ts';
import { checkCreation } from './registrations.ts';
import {
  isCalled,
  isOfCloudMap,
  isOfTask,
  isOnward,
  servedBy,
  type TrueEntry,
  targetOf,
  trueEntries,
} from './truth.ts';
import type { Report } from './violation.ts';

/** Holds one change request against the truth, right after the zone has answered it. */
export function checkRequest(session: Session, zone: ZoneStore, report: Report): void {
  const { world, startedAt } = session;
  const request = session.requests.at(-1);
  if (request === undefined) return;
  checkAge(request, session, report);
  for (const { action, recordSet } of request.changes) checkChange(action, recordSet, session, zone, report);
  if (!request.carriedOut) return;
  const writes = zone.writes.slice(request.writesFrom, request.writesTo);
  for (const write of writes) checkWrite(write, session, report);
  checkJournal(request, writes, zone, report);
  // Where a name of the zone leads on to is known by what the zone was when it was read.
  if (world.onward.hasMovedSince(startedAt)) return;
  checkAnswers(session, zone, writes, report);
  checkGuardrails(session, writes, report);
  if (session.isLook) checkLook(session, writes, report);
}

/** As the guardrail has it; a batch may wait for its turn once it is decided. */
const MAX_PLAN_AGE_MS = 10 * MINUTE;
const TURN_MS = 30_000;

/** Nothing is sent by a plan whose observation is too old, nor once the run has been told of a newer one that ended. */
function checkAge({ sentAt }: Request, { startedAt, newestKnownRun, spec }: Session, report: Report): void {
  if (sentAt - startedAt > MAX_PLAN_AGE_MS + TURN_MS)
    report('late-plan', `a batch was sent ${Math.round((sentAt - startedAt) / 1_000)} s after the run began`);
  // Whose clock is behind takes the end of another run for one of the far future, which tells nothing of the order.
  const isOnTime = spec.clockBehindMs === undefined;
  if (isOnTime && newestKnownRun !== undefined && newestKnownRun > startedAt)
    report('late-plan', 'a batch was sent although a newer run is known to have ended');
}

function checkChange(
  action: string,
  set: RecordSet,
  session: Session,
  zone: ZoneStore,
  report: Report,
): void {
  const key = recordSetKey(set);
  if (isKnownToBeProtected(set, session)) report('protected', `${action} ${key}`);
  if (zone !== session.world.zone || zone.foreignKeys.has(key))
    report('foreign', `${action} ${key} in ${zone.id}`);
  if (action !== 'DELETE') return;
  const shown = session.shown.get(key) ?? [];
  if (!shown.some((one) => isSameRecordSet(one, set)))
    report('exact', `DELETE of ${key} as it was never shown`);
}

/** A run of a scope does not read what is protected: Route 53 refuses it. */
function isKnownToBeProtected(set: RecordSet, { world, startedAt, isDisturbed, isLook }: Session): boolean {
  const { from = Number.POSITIVE_INFINITY } = world.history.setup.protection ?? {};
  return from < startedAt && !isDisturbed && !isLook && world.zone.isProtected(set);
}

function checkWrite(write: Write, session: Session, report: Report): void {
  const { before, after } = write;
  if (before === undefined) {
    checkCreation(write, session, report);
    return;
  }
  const left = new Set(after === undefined ? [] : valuesOf(after));
  const had = new Set(valuesOf(before));
  for (const value of left) if (!had.has(value)) report('addition', `${write.key} got ${value}`);
  if (before.Type === 'A') checkHost(before, session, report);
  const removed = trueEntries(before, session.world).filter(({ value }) => !left.has(value));
  for (const entry of removed) checkRemoval(entry, session, report);
}

function checkRemoval(entry: TrueEntry, session: Session, report: Report): void {
  const { world, startedAt, shownAt } = session;
  const { owner, set, value } = entry;
  if (isDrained(entry, session)) return;
  if (isOnward(entry, world) && world.onward.hasMovedSince(startedAt)) return;
  // A name of the zone that has no address any more leads no client anywhere.
  if (world.onward.isGone(targetOf(entry))) return;
  // What is in the zone when it is read was there before the inventory was taken.
  const since = shownAt.get(recordSetKey(set)) ?? startedAt;
  const judgement = judgementOf(session, recordSetKey(set), value);
  if (judgement?.verdict === 'unhealthy' && couldNotTell(value, session)) return;
  const text = `${recordSetKey(set)} → ${value} as ${judgement?.verdict} ${judgement?.reason}`;
  if (owner !== undefined && world.isUpSince(owner, since)) {
    // A value of several, or of an older form, may go while a set of its own leads to the same port.
    if (judgement?.reason === 'duplicate' && leadsThere(setsButOwn(session), entry, owner.containerId, world))
      return;
    report('live-entry', `${text}: ${owner.arn} is up`);
    return;
  }
  const isStale = judgement?.verdict === 'stale';
  if (
    isStale &&
    owner !== undefined &&
    isOfOtherAccount(owner.service) &&
    isKnownToBeOthers(owner, session)
  ) {
    report('not-ours', `${text}: ${owner.arn} runs in another account`);
    return;
  }
  const isSuccessor = servedBy(entry, world);
  if (isSuccessor === undefined || !world.isUpSince(isSuccessor, since)) return;
  if (session.isLook && couldNotAsk(entry, session)) return;
  if (isOfTask(set) && isRefused(isSuccessor, session)) return;
  if (!hasOtherWay(entry, isSuccessor.containerId, session))
    report('last-way', `${text}: only it leads to ${isSuccessor.arn}`);
}

/** Whether Route 53 has refused the set that a task was to get of its own, in place of one that is gone. */
function isRefused(task: SimTask, { refused, world }: Session): boolean {
  const created = refused.filter(({ action }) => action === 'CREATE');
  return created.some(({ recordSet }) => trueEntries(recordSet, world).some(({ owner }) => owner === task));
}

/**
 * Whether there is a way to know that a container may run where nothing of this account does: the zone is associated
 * with the other account's VPC, or EC2 shows the interface in a subnet that is shared with it.
 */
function isKnownToBeOthers(owner: SimTask, { world, startedAt }: Session): boolean {
  const isThere = isRunning(owner, world.now) && owner.startedAt <= startedAt;
  const { otherVpc, isZoneDenied = false } = world.history.setup;
  const isTold = owner.service.of === 'participant' || otherVpc?.isAssociated === true;
  return isThere && isTold && !isZoneDenied;
}

/** What is drained may go while it is up; what its name has instead is looked at by itself. */
function isDrained(entry: TrueEntry, session: Session): boolean {
  const { owner } = entry;
  // Nor can a run know what is made active again between its last look and the change.
  const wasDrained = [owner, servedBy(entry, session.world)].some((task) => {
    const { drainingAt, activeAgainAt = Number.NEGATIVE_INFINITY } = task?.host ?? {};
    return drainingAt !== undefined || activeAgainAt >= session.startedAt;
  });
  return session.syncs && wasDrained && isMeantToDrain(entry, session);
}

/** As drained itself, or as a duplicate of what is. */
function isMeantToDrain({ owner, port, service, set, value }: TrueEntry, session: Session): boolean {
  const reason = judgementOf(session, recordSetKey(set), value)?.reason;
  if (reason !== 'duplicate') return reason === 'draining';
  const drained = (session.preview?.plan.judgements ?? []).filter((one) => one.reason === 'draining');
  return drained
    .flatMap(({ entry }) => trueEntries(entry.recordSet, session.world))
    .some((other) => other.owner === owner && other.port === port && other.service === service);
}

/** Whether the container has another entry of that name, or had one while the run was looking. */
function hasOtherWay(entry: TrueEntry, containerId: string, session: Session): boolean {
  const sets = [...setsButOwn(session), ...[...session.shown.values()].flat()];
  return (
    leadsThere(sets, entry, containerId, session.world) || sets.some((set) => isOfCloudMapAt(set, entry))
  );
}

/** Whether Cloud Map itself has an address under the name of an entry that is one. */
function isOfCloudMapAt(set: RecordSet, { set: { Name, Type }, address = '' }: TrueEntry): boolean {
  const isOfName = set.Type === Type && normalizeName(set.Name) === normalizeName(Name);
  return Type === 'A' && isOfName && isOfCloudMap(set) && valuesOf(set).includes(address);
}

/** What the zone has, and what another writer has taken out of it since the run began. */
function setsButOwn({ world, startedAt }: Session): readonly RecordSet[] {
  const taken = world.zone.writes.filter(({ by, time }) => typeof by !== 'number' && time >= startedAt);
  return [...world.zone.all(), ...taken.flatMap(({ before }) => before ?? [])];
}

/** Whether any set of the type has another entry that leads to the same port of a container under the same name. */
function leadsThere(
  sets: readonly RecordSet[],
  { set, value, service, port }: TrueEntry,
  containerId: string,
  world: World,
): boolean {
  return sets.some((one) =>
    trueEntries(one, world).some(
      (other) =>
        one.Type === set.Type &&
        other.service === service &&
        other.port === port &&
        (other.owner?.containerId === containerId || !other.namesOwner) &&
        !(recordSetKey(one) === recordSetKey(set) && other.value === value),
    ),
  );
}

function checkHost(set: RecordSet, session: Session, report: Report): void {
  const { world, startedAt } = session;
  const host = world.hosts.find(
    (one) => isCalled(one, set.SetIdentifier) && isAlive(one) && one.launchedAt <= startedAt,
  );
  if (host !== undefined) report('live-host', `${recordSetKey(set)}: ${host.instanceId} is there`);
  const name = normalizeName(set.Name);
  const askedAt = firstAskedAt(set, session);
  for (const one of world.zone.all()) {
    if (one.Type !== 'SRV') continue;
    const known = new Set(session.shownUntil(askedAt, recordSetKey(one)).flatMap(valuesOf));
    for (const value of valuesOf(one).filter((each) => known.has(each))) {
      const target = parseSrvValue(value)?.target;
      const isLed = target !== undefined && world.onward.end(target) === name;
      if (isLed && !world.onward.hasMovedSince(startedAt))
        report('dangling', `${recordSetKey(one)} still leads to ${name}`);
    }
  }
}

/** When the run first asked for a set to go: a look at why a batch was refused comes too late to decide by. */
function firstAskedAt(set: RecordSet, { requests }: Session): number {
  const key = recordSetKey(set);
  const first = requests.find(({ changes }) =>
    changes.some(({ action, recordSet }) => action === 'DELETE' && recordSetKey(recordSet) === key),
  );
  return first?.sentAt ?? Number.POSITIVE_INFINITY;
}
