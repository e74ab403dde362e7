import { normalizeName } from '../../../src/model/dns-name.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import type { PastRemovals } from '../../../src/model/run-state.ts';
import type { Judgement } from '../../../src/model/verdict.ts';
import type { Session } from '../aws/session.ts';
import { isAlive, isRunning, type SimTask } from '../world/entities.ts';
import type { Write } from '../world/zone-store.ts';
import { judgementOf, lastJudgementOf, probeKeyOf, probeKeysOf } from './judgements.ts';
import { hostsAt, isOnward, servedBy, type TrueEntry, trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

interface Removal {
  readonly write: Write;
  readonly value: string;
  readonly judgement: Judgement | undefined;
}

/** Works the guardrails out anew, from what the run had seen when it changed the zone. */
export function checkGuardrails(session: Session, writes: readonly Write[], report: Report): void {
  const removals = removalsOf(session, writes);
  for (const removal of removals) {
    if (removal.judgement?.verdict === 'unhealthy') checkUnhealthy(removal, session, report);
    if (removal.judgement?.verdict !== 'stale') continue;
    // A run of a scope goes by what it has seen to end, and by nothing that is missing.
    if (!session.isLook) checkScope(removal, session, report);
    checkConfirmation(removal, session, report);
  }
  checkFloors(removals, session, report);
  checkDrained(removals, session, report);
  // What a run of a scope takes was seen to end: it is no share of what is there.
  if (!session.isLook) checkStaleLimits(session, report);
}

function removalsOf(session: Session, writes: readonly Write[]): readonly Removal[] {
  return writes.flatMap((write) => {
    const left = new Set(write.after === undefined ? [] : valuesOf(write.after));
    const gone = write.before === undefined ? [] : valuesOf(write.before).filter((value) => !left.has(value));
    return gone.map((value) => ({ write, value, judgement: lastJudgementOf(session, write.key, value) }));
  });
}

/** The sets that a run has itself created so far: none of them is part of what its removals are a share of. */
function ownSets({ world, number }: Session): ReadonlySet<string> {
  const own = world.zone.writes.filter(({ by, before }) => by === number && before === undefined);
  return new Set(own.map(({ key }) => key));
}

/** What a run has judged of what was there before it. */
function judgedAsFound(session: Session): readonly Judgement[] {
  const own = ownSets(session);
  return (session.preview?.plan.judgements ?? []).filter(
    ({ entry }) => !own.has(recordSetKey(entry.recordSet)),
  );
}

/** All that a run has removed so far. */
function allRemovals(session: Session): readonly Removal[] {
  const own = session.world.zone.writes.filter(({ by }) => by === session.number);
  return removalsOf(session, own);
}

function checkUnhealthy({ write, value }: Removal, session: Session, report: Report): void {
  const { world } = session;
  const { settings, services, targetGroups } = world.history.setup;
  const entry = write.before && trueEntries(write.before, world).find((one) => one.value === value);
  const keys = entry === undefined ? [probeKeyOf(value, world)] : probeKeysOf(entry, world);
  const isTold = targetGroups?.isBelieved === true && keys.some((key) => session.targetsFailed.has(key));
  const heard = keys.map((key) => session.probed.get(key));
  if (!heard.includes('unhealthy') && !isTold)
    report('unproven', `${write.key}: ${keys.join(', ')} is ${heard.join(', ')}`);
  const task = entry?.owner ?? (entry && servedBy(entry, world));
  const graceMs = Math.max(
    settings.gracePeriodMs,
    1000 * (services[task?.serviceIndex ?? -1]?.graceSeconds ?? 0),
  );
  // A container that took over the location after the run had looked is nothing that the run can know of.
  // Nor does one count that has ended.
  const isKnown = task?.exitedAt === undefined && (task?.createdAt ?? Infinity) <= session.startedAt;
  if (task !== undefined && isKnown && world.now - task.startedAt < graceMs) {
    report('grace', `${write.key}: started ${world.now - task.startedAt} ms ago of ${graceMs}`);
  }
  const judgements = judgedAsFound(session);
  const name = normalizeName(write.before?.Name ?? '');
  const type = write.before?.Type;
  if (settings.force) return;
  for (const [group, isRun] of [
    [judgements, true],
    [judgements.filter((one) => one.entry.name === name && one.entry.type === type), false],
  ] as const) {
    const failing = group.filter(
      ({ verdict, reason }) => verdict === 'unhealthy' || reason === 'below-threshold',
    ).length;
    const passing = group.filter((one) => one.reason === 'healthy' || one.reason === 'recovering').length;
    // Of a run that is large the share itself is too much.
    const least = isRun && failing + passing >= LARGE_RUN ? 0 : 1;
    if (failing * 100 >= (failing + passing) * settings.panicPercent + least) {
      report('panic', `${write.key}: ${failing} of ${failing + passing} fail`);
    }
  }
}

function checkScope({ write, value }: Removal, session: Session, report: Report): void {
  const { world } = session;
  const entry = write.before && trueEntries(write.before, world).find((one) => one.value === value);
  if (entry === undefined) return;
  // An interface, or a port, that another container has now is evidence enough that its last owner is gone.
  if (world.tasks.some((task) => task !== entry.owner && hasHeld(task, entry, session))) return;
  // So is the end of the very container, on its very host, whatever else has the name of that.
  if (isKnownToRun(entry.owner, session)) return;
  // EC2 tells that a second host of the same name and address is no more.
  const hosts = hostsAt(entry.address, session.startedAt, world).filter(
    (host) => host.spec.twinOf === undefined || isAlive(host),
  );
  const clusters = hosts.flatMap(({ cluster }) => cluster ?? []);
  const isOfTwin = entry.owner?.host?.spec.twinOf !== undefined;
  const own = isOfTwin ? undefined : entry.owner?.cluster;
  const all = new Set([...clusters, ...(own === undefined ? [] : [own])]);
  for (const cluster of all) {
    if (session.unreadClusters.has(cluster))
      report('unread-scope', `${write.key} → ${value}: ${cluster} was not read`);
  }
}

/** Whether the run has seen the container of an entry, at once or at the confirmation, and with it the cluster in which that is. */
function isKnownToRun(owner: SimTask | undefined, { preview, confirmed }: Session): boolean {
  const seen = preview?.inventory.containers ?? [];
  return owner !== undefined && (confirmed.has(owner.arn) || seen.some(({ id }) => id === owner.containerId));
}

/** Unless its container is seen stopping, or runs and has another entry, the machine of an entry has to be asked once more. */
function checkConfirmation({ write, value, judgement }: Removal, session: Session, report: Report): void {
  const { world, startedAt, confirmed } = session;
  const entry = write.before && trueEntries(write.before, world).find((one) => one.value === value);
  const isOfTask = judgement?.reason === 'task-stopping' || judgement?.reason === 'duplicate';
  if (entry === undefined || isOfTask || isSeenStopping(entry, session)) return;
  // A machine that bears the name now is not that of a container which is known to be elsewhere.
  const own = entry.owner?.host?.address === entry.address ? entry.owner?.host : undefined;
  // Where the zone leads on, a run may go by the host of the container that the identifier names.
  const named = entry.named?.host;
  const isOfNamed =
    named !== undefined &&
    (confirmed.has(named.instanceArn) || named.deregisteredAt !== undefined || !isAlive(named));
  if (isOnward(entry, world) && isOfNamed) return;
  for (const host of own === undefined ? hostsAt(entry.address, startedAt, world) : [own]) {
    const isRegistered = host.registeredAt <= startedAt && host.deregisteredAt === undefined;
    const isThere = isAlive(host) && host.cluster !== undefined && session.listedClusters.has(host.cluster);
    if (isRegistered && isThere && !confirmed.has(host.instanceArn))
      report('unconfirmed', `${write.key} → ${value}: ${host.instanceId} was not looked at again`);
  }
}

/** Whether the run can have met the entry's container, or any at its location, on its way out. */
function isSeenStopping({ owner, address, port }: TrueEntry, { world, startedAt }: Session): boolean {
  const holders = world.tasks.filter((task) => task.address === address && task.ports.includes(port));
  return [...holders, ...(owner === undefined ? [] : [owner])].some(
    ({ stopDesiredAt, stoppedAt }) => stopDesiredAt !== undefined && (stoppedAt ?? startedAt) >= startedAt,
  );
}

/** Whether a task had the location at any time of the run: it may have ended since it was seen there. */
function hasHeld(task: SimTask, { address, port }: TrueEntry, { world, startedAt }: Session): boolean {
  if (task.address !== address) return false;
  // An address belongs to one task alone, whether its process has begun to run or not.
  const isKnown = task.createdAt <= world.now && (task.stoppedAt ?? world.now) >= startedAt;
  if (task.interfaceName !== undefined && isKnown) return true;
  return task.ports.includes(port) && (isRunning(task, world.now) || hasRun(task, startedAt, world.now));
}

function hasRun({ startedAt, exitedAt }: SimTask, since: number, now: number): boolean {
  return startedAt <= now && exitedAt !== undefined && exitedAt >= since;
}

/**
 * No batch takes a name below its minimum by health, whatever other workers and agents take from it meanwhile. What is of no use to
 * clients does not count: a set of weight 0 next to others, and an entry of which it is not known where it leads.
 */
function checkFloors(removals: readonly Removal[], session: Session, report: Report): void {
  const { world } = session;
  const { minEndpoints } = world.history.setup.settings;
  const unhealthy = removals.filter(({ judgement }) => judgement?.verdict === 'unhealthy');
  for (const [name, type] of namesOf(unhealthy)) {
    const { sets, answering } = leftUnder(name, type, session);
    const isTaken = othersTookFrom(name, session);
    // Once another has taken the entry of a container, or its weight, one that names its predecessor at that place is what leads to it.
    const isTouched =
      isTaken || othersWrites(name, session).some(({ before, after }) => before?.Weight !== after?.Weight);
    const hasAnswered = (value: string) =>
      isTouched && session.probed.get(probeKeyOf(value, world)) === 'healthy';
    const left = answering.flatMap((set) =>
      valuesOf(set).filter((value) => isOfUse(recordSetKey(set), value, session) || hasAnswered(value)),
    );
    const isExcused = !isStrict(session) && isTaken;
    const isOutweighed =
      answering.some(({ Weight }) => Weight !== 0) &&
      unhealthy.every(({ write }) => !isOf(write, name) || isLight(write));
    if (isOutweighed) continue;
    if (left.length < minEndpoints && !isExcused)
      report('emptied', `${name} is left with ${left.length} of ${sets.length} sets`);
  }
}

/** What is drained works still: it goes only where the name is answered with something that is live. */
function checkDrained(removals: readonly Removal[], session: Session, report: Report): void {
  const drained = removals.filter(({ judgement }) => judgement?.verdict === 'draining');
  const own = ownSets(session);
  // What has come since the run showed its plan, it may have read anew, and found to be live.
  const isOfLive = (key: string) => (value: string) =>
    (judgementOf(session, key, value)?.verdict ?? 'live') === 'live';
  for (const [name, type] of namesOf(drained)) {
    const before = leftUnder(name, type, session).answering.filter((set) => !own.has(recordSetKey(set)));
    const isLive = before.some((set) => valuesOf(set).some(isOfLive(recordSetKey(set))));
    if (!isLive && !othersTookFrom(name, session))
      report('emptied', `${name} is left without what is live, for what is drained`);
  }
}

function namesOf(removals: readonly Removal[]): readonly (readonly [string, string])[] {
  const sets = removals.flatMap(({ write: { before } }) => before ?? []);
  const names = new Map(
    sets.map(({ Name, Type }) => [`${normalizeName(Name)} ${Type}`, [normalizeName(Name), Type]]),
  );
  return [...names.values()].map(([name = '', type = '']) => [name, type] as const);
}

/** What a name has now of a type, and which of it Route 53 answers with: of weight 0 nothing next to others. */
function leftUnder(name: string, type: string, session: Session) {
  const sets = session.world.zone
    .all()
    .filter((set) => normalizeName(set.Name) === name && set.Type === type && isManaged(set, session));
  const weighty = sets.filter(({ Weight }) => Weight !== 0);
  return { sets, answering: weighty.length === 0 ? sets : weighty };
}

function isOf({ before }: Write, name: string): boolean {
  return normalizeName(before?.Name ?? '') === name;
}

/** What was of weight 0 is no loss to a name that has a set with a weight. */
function isLight({ before }: Write): boolean {
  return before?.Weight === 0;
}

function isStrict({ world }: Session): boolean {
  return world.history.setup.shapes.includes('two-places');
}

const OF_NO_USE: ReadonlySet<string> = new Set(['target-unresolved', 'host-not-covered', 'malformed-value']);

function isOfUse(key: string, value: string, session: Session): boolean {
  return !OF_NO_USE.has(judgementOf(session, key, value)?.reason ?? '');
}

function isManaged(set: RecordSet, { world }: Session): boolean {
  return !world.zone.foreignKeys.has(recordSetKey(set));
}

function othersTookFrom(name: string, session: Session): boolean {
  return othersWrites(name, session).some(
    ({ before, after }) => after === undefined || valuesOf(after).length < valuesOf(before ?? after).length,
  );
}

/** What others have done since a run began to sets that a name had. */
function othersWrites(name: string, { world, number, startedAt }: Session): readonly Write[] {
  return world.zone.writes.filter(
    ({ by, time, before }) =>
      by !== number && time >= startedAt && normalizeName(before?.Name ?? '') === name,
  );
}

/** From so many checked entries on a run is large. */
const LARGE_RUN = 10;

const BUDGET_FLOOR = 10;

const reaches = (part: number, past: number, whole: number, percent: number) =>
  part > 0 && percent < 100 && (part + past) * 100 >= whole * percent;

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** How many managed entries the zone has, without those that the run has created. */
function managedNow(session: Session): number {
  const own = ownSets(session);
  return session.world.zone
    .all()
    .filter((set) => (set.Type === 'SRV' || set.Type === 'A') && isManaged(set, session))
    .filter((set) => !own.has(recordSetKey(set)))
    .flatMap(valuesOf).length;
}

/** How many sets others have created since a run began: it may have planned a first part before. */
function othersNew({ world, number, startedAt }: Session): number {
  return world.zone.writes.filter(
    ({ by, time, before }) => by !== number && time >= startedAt && before === undefined,
  ).length;
}

function checkStaleLimits(session: Session, report: Report): void {
  const { world, preview } = session;
  const { settings } = world.history.setup;
  const removals = allRemovals(session);
  const stale = removals.filter(({ judgement }) => judgement?.verdict === 'stale').length;
  const planned = judgedAsFound(session).filter(({ verdict }) => verdict !== 'foreign').length;
  // What goes for its health is held against what is there when the names are read anew.
  const reread = managedNow(session) + removals.length;
  const isSmall = Math.min(planned - othersNew(session), reread) < BUDGET_FLOOR;
  const unhealthy = removals.filter(({ judgement }) => judgement?.verdict === 'unhealthy').length;
  const isOverWith = (past: readonly PastRemovals[]) => {
    const managed = Math.max(planned, reread) + sum(past.map((one) => one.stale + one.unhealthy));
    return (
      reaches(stale, sum(past.map((one) => one.stale)), managed, settings.removalBudgetPercent) ||
      reaches(unhealthy, sum(past.map((one) => one.unhealthy)), managed, settings.unhealthyBudgetPercent)
    );
  };
  const isOver = session.pastRemovals.every(isOverWith);
  // By clocks that disagree it cannot be told what went within the last hour.
  const isTimed = !world.history.setup.shapes.includes('clock-jumps');
  if (!settings.force && !isSmall && isTimed && isOver)
    report('budget', `${stale} stale and ${unhealthy} unhealthy of ${planned}, and what the last hour took`);
  const runs = preview?.inventory.containers.some(({ phase }) => phase === 'running' || phase === 'starting');
  if (stale > 0 && runs === false && !settings.allowEmpty) report('empty-inventory', `${stale} went`);
}
