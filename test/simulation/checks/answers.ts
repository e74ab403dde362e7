import { normalizeName } from '../../../src/model/dns-name.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { drawable } from '../../../src/sandbox/dns/choose-sets.ts';
import type { Session } from '../aws/session.ts';
import { type SimTask, type Span, wasUpSince } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import type { Write, ZoneStore } from '../world/zone-store.ts';
import { couldNotAsk } from './looks.ts';
import { isAt, isOnward, networkOf, serves, type TrueEntry, trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

/**
 * No name is without an answer because of what a batch of ours has taken. Looked at right after each batch that
 * was carried out, by the truth and not by what the run believes:
 *
 * - A name had an answer all the time since the run began: at every moment some entry of it led to a
 *   container that was up, not always the same. If one did right before the batch and none does right after it,
 *   the batch has made a gap. A run is excused only if what it left led to a container that was up at some
 *   time since, or if another writer took such an entry meanwhile: what happens between its reading and its change
 *   it cannot know.
 * - A name has no set left at all, and the run itself was going to create one that leads to a container which is
 *   up: it emptied the name before it filled it, and resolvers keep the empty answer for minutes. Unless another writer
 *   has taken of the name meanwhile: what the run left there was more than nothing.
 */
export function checkAnswers(
  session: Session,
  zone: ZoneStore,
  writes: readonly Write[],
  report: Report,
): void {
  const names = new Set(writes.filter(takes).flatMap(({ before }) => before?.Name ?? []));
  for (const name of names) {
    const after = zone.all().filter((set) => isOf(set, name));
    const before = undo(after, writes, name);
    if (after.length === 0 && isAboutToFill(name, session) && !isTakenByAnother(name, session))
      report('no-gap', `${name} is emptied before it is filled`);
    const since = session.startedAt;
    if (!answers(before, session.world) || answers(after, session.world, knownAt)) continue;
    if (session.isLook && couldNotAskOf(name, writes, session)) continue;
    const othersTook = takenByOthers(name, session);
    if (leadToOneThatWasUp([...after, ...othersTook], since, session.world)) continue;
    if (wasAnswered(name, before, since, session, writes[0]?.order ?? 0))
      report('no-gap', `${name} had an answer all the time, and the batch took it`);
  }
}

/** A run of a scope that could not ask what is at the places of a name knows of none. */
function couldNotAskOf(name: string, writes: readonly Write[], session: Session): boolean {
  const taken = writes.flatMap(({ before }) => (before !== undefined && isOf(before, name) ? [before] : []));
  return taken.flatMap((set) => trueEntries(set, session.world)).some((entry) => couldNotAsk(entry, session));
}

function takes({ before, after }: Write): boolean {
  if (before?.Type !== 'SRV') return false;
  return (before.ResourceRecords?.length ?? 0) > (after?.ResourceRecords?.length ?? 0);
}

function isOf(set: RecordSet, name: string): boolean {
  return set.Type === 'SRV' && normalizeName(set.Name) === normalizeName(name);
}

/** Whether another writer, a run or not, has taken from a name since the run began. */
function isTakenByAnother(name: string, { world, startedAt, number }: Session): boolean {
  return world.zone.writes.some(
    (write) =>
      write.by !== number &&
      write.time >= startedAt &&
      takes(write) &&
      write.before !== undefined &&
      isOf(write.before, name),
  );
}

/** What another writer has taken from a name since the run began. */
function takenByOthers(name: string, { world, startedAt }: Session): readonly RecordSet[] {
  const writes = world.zone.writes.filter(({ by, time }) => typeof by !== 'number' && time >= startedAt);
  return writes
    .filter(takes)
    .flatMap(({ before }) => (before !== undefined && isOf(before, name) ? [before] : []));
}

/** The sets of a name before the writes. */
function undo(after: readonly RecordSet[], writes: readonly Write[], name: string): readonly RecordSet[] {
  const sets = new Map(after.map((set) => [recordSetKey(set), set]));
  for (const { key, before, after: written } of writes.toReversed()) {
    if (before === undefined) sets.delete(key);
    else if (isOf(written ?? before, name)) sets.set(key, before);
  }
  return [...sets.values()];
}

/** Whether a client that asks now may be led to a container of that name that is up. */
function answers(sets: readonly RecordSet[], world: World, at = tasksAt): boolean {
  return drawable(sets).some((set) =>
    trueEntries(set, world).some((entry) => at(entry, world).some(({ upSince }) => upSince !== undefined)),
  );
}

function leadToOneThatWasUp(sets: readonly RecordSet[], since: number, world: World): boolean {
  return sets.some((set) =>
    trueEntries(set, world).some((entry) => knownAt(entry, world).some((task) => wasUpSince(task, since))),
  );
}

/**
 * What a run knows to be at the place of an entry: also what tells no name there, where the entry was written for it or
 * others of its service have that name. It is a port without any name, or one of an earlier deployment, whose registries
 * ECS does not tell.
 */
function knownAt(entry: TrueEntry, world: World): readonly SimTask[] {
  const nameOf = ({ ports, portNames }: SimTask) => portNames[ports.indexOf(entry.port)];
  const isOpen = (task: SimTask) =>
    nameOf(task) === undefined || world.cloudMap?.deploymentOf(task.serviceIndex) !== task.startedBy;
  const isKin = ({ serviceIndex, ports }: SimTask) =>
    world.tasks.some(
      (one) =>
        one.serviceIndex === serviceIndex && one.portNames[ports.indexOf(entry.port)] === entry.service,
    );
  const untold = world.tasks.filter(
    (task) =>
      isAt(task, entry) &&
      task.ports.includes(entry.port) &&
      isOpen(task) &&
      (entry.owner === task || isKin(task)),
  );
  // Where the zone leads on to a name that nothing tells, the identifier says what is there.
  const isUntold = entry.address === undefined && isOnward(entry, world);
  const named = isUntold && entry.named !== undefined ? [entry.named] : [];
  return [...tasksAt(entry, world), ...untold, ...named, ...tasksInReach(entry, world)];
}

/** An entry that was written in the other of two VPCs with equal addresses leads clients of the worker's to what is there. */
function tasksInReach(entry: TrueEntry, world: World): readonly SimTask[] {
  return tasksAt({ ...entry, owner: undefined }, world).filter(({ host }) => networkOf(host) === 'own');
}

function tasksAt(entry: TrueEntry, world: World): readonly SimTask[] {
  return world.tasks.filter((task) => isAt(task, entry) && serves(task, entry.service, entry.port));
}

function isAboutToFill(name: string, session: Session): boolean {
  const planned = session.preview?.plan.registrations ?? [];
  return planned.some(
    ({ desired: { recordSet } }) => isOf(recordSet, name) && answers([recordSet], session.world),
  );
}

/** Whether at every moment since then a set of the name led to a container that was up. */
function wasAnswered(
  name: string,
  last: readonly RecordSet[],
  since: number,
  { world }: Session,
  until: number,
): boolean {
  const spans: Span[] = [];
  let sets = last;
  let to = world.now;
  const writes = world.zone.writes.slice(0, until).filter(({ time }) => time >= since);
  for (const write of writes.toReversed()) {
    spans.push(...upSpans(sets, { from: write.time, to }, world));
    to = write.time;
    sets = undo(sets, [write], name);
  }
  spans.push(...upSpans(sets, { from: since, to }, world));
  return covers(spans, { from: since, to: world.now });
}

function upSpans(sets: readonly RecordSet[], { from, to }: Span, world: World): readonly Span[] {
  const tasks = sets.flatMap((set) => trueEntries(set, world).flatMap((entry) => tasksAt(entry, world)));
  return tasks.flatMap(({ upSince, upBefore }) => {
    const all = upSince === undefined ? upBefore : [...upBefore, { from: upSince, to: world.now }];
    return all
      .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }))
      .filter((span) => span.from <= span.to);
  });
}

function covers(spans: readonly Span[], { from, to }: Span): boolean {
  let reached = from;
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    if (span.from > reached) return false;
    reached = Math.max(reached, span.to);
  }
  return reached >= to && spans.length > 0;
}
