import { normalizeName } from '../../../src/model/dns-name.ts';
import { recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import type { Judgement } from '../../../src/model/verdict.ts';
import type { Session } from '../aws/session.ts';
import { isRunning, type SimTask } from '../world/entities.ts';
import type { Write } from '../world/zone-store.ts';
import { judgementOf, probeKeyOf } from './judgements.ts';
import { hostsAt, servedBy, type TrueEntry, trueEntries } from './truth.ts';
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
    if (removal.judgement?.verdict === 'stale') checkScope(removal, session, report);
  }
  checkFloors(session, report);
  checkStaleLimits(session, report);
}

function removalsOf(session: Session, writes: readonly Write[]): readonly Removal[] {
  return writes.flatMap((write) => {
    const left = new Set(write.after === undefined ? [] : valuesOf(write.after));
    const gone = write.before === undefined ? [] : valuesOf(write.before).filter((value) => !left.has(value));
    return gone.map((value) => ({ write, value, judgement: judgementOf(session, write.key, value) }));
  });
}

/** All that a run has removed so far. */
function allRemovals(session: Session): readonly Removal[] {
  const own = session.world.zone.writes.filter(({ by }) => by === session.number);
  return removalsOf(session, own);
}

function checkUnhealthy({ write, value }: Removal, session: Session, report: Report): void {
  const { world } = session;
  const { settings, services } = world.history.setup;
  const key = probeKeyOf(value);
  if (session.probed.get(key) !== 'unhealthy')
    report('unproven', `${write.key}: ${key} is ${session.probed.get(key)}`);
  const entry = write.before && trueEntries(write.before, world).find((one) => one.value === value);
  const task = entry?.owner ?? (entry && servedBy(entry, world));
  const graceMs = Math.max(
    settings.gracePeriodMs,
    1000 * (services[task?.serviceIndex ?? -1]?.graceSeconds ?? 0),
  );
  // A container that took over the place after the run had looked is nothing that the run can know of.
  // Nor does one count that has ended.
  const isKnown = task?.exitedAt === undefined && (task?.createdAt ?? Infinity) <= session.startedAt;
  if (task !== undefined && isKnown && world.now - task.startedAt < graceMs) {
    report('grace', `${write.key}: started ${world.now - task.startedAt} ms ago of ${graceMs}`);
  }
  const judgements = session.preview?.plan.judgements ?? [];
  const name = normalizeName(write.before?.Name ?? '');
  if (settings.force) return;
  for (const group of [judgements, judgements.filter((one) => one.entry.name === name)]) {
    const failing = group.filter(
      (one) => one.verdict === 'unhealthy' || one.reason === 'below-threshold',
    ).length;
    const passing = group.filter((one) => one.reason === 'healthy' || one.reason === 'recovering').length;
    if (failing * 100 > (failing + passing) * settings.panicPercent) {
      report('panic', `${write.key}: ${failing} of ${failing + passing} fail`);
    }
  }
}

function checkScope({ write, value }: Removal, session: Session, report: Report): void {
  const { world } = session;
  const entry = write.before && trueEntries(write.before, world).find((one) => one.value === value);
  if (entry === undefined) return;
  // An interface, or a port, that somebody else has now is evidence enough that its last owner is gone.
  if (world.tasks.some((task) => task !== entry.owner && holds(task, entry, world.now))) return;
  const clusters = hostsAt(entry.address, session.startedAt, world).flatMap(({ cluster }) => cluster ?? []);
  const all = new Set([...clusters, ...(entry.owner?.cluster === undefined ? [] : [entry.owner.cluster])]);
  for (const cluster of all) {
    if (session.unreadClusters.has(cluster))
      report('unread-scope', `${write.key} → ${value}: ${cluster} was not read`);
  }
}

function holds(task: SimTask, { address, port }: TrueEntry, now: number): boolean {
  const isThere = task.address === address && isRunning(task, now);
  return isThere && (task.interfaceName !== undefined || task.ports.includes(port));
}

/** No name goes below its minimum by health, unless others took entries from it meanwhile. */
function checkFloors(session: Session, report: Report): void {
  const { world } = session;
  const unhealthy = allRemovals(session).filter(({ judgement }) => judgement?.verdict === 'unhealthy');
  for (const name of new Set(unhealthy.map(({ write }) => normalizeName(write.before?.Name ?? '')))) {
    const left = world.zone
      .all()
      .filter(
        (set) =>
          normalizeName(set.Name) === name && set.Type === 'SRV' && isManaged(recordSetKey(set), session),
      )
      .flatMap(valuesOf).length;
    if (left < world.history.setup.settings.minEndpoints && !othersTookFrom(name, session)) {
      report('emptied', `${name} is left with ${left}`);
    }
  }
}

function isManaged(key: string, { world }: Session): boolean {
  return !world.zone.foreignKeys.has(key);
}

function othersTookFrom(name: string, session: Session): boolean {
  return session.world.zone.writes.some(
    ({ by, time, before, after }) =>
      by !== session.number &&
      time >= session.startedAt &&
      normalizeName(before?.Name ?? '') === name &&
      (after === undefined || valuesOf(after).length < valuesOf(before ?? after).length),
  );
}

const BUDGET_FLOOR = 10;

function checkStaleLimits(session: Session, report: Report): void {
  const { world, preview } = session;
  const { settings } = world.history.setup;
  const stale = allRemovals(session).filter(({ judgement }) => judgement?.verdict === 'stale').length;
  const managed = preview?.plan.judgements.filter(({ verdict }) => verdict !== 'foreign').length ?? 0;
  const isOver = stale * 100 > managed * settings.removalBudgetPercent;
  if (!settings.force && managed >= BUDGET_FLOOR && isOver) report('budget', `${stale} of ${managed}`);
  const runs = preview?.inventory.containers.some(({ phase }) => phase === 'running' || phase === 'starting');
  if (stale > 0 && runs === false && !settings.allowEmpty) report('empty-inventory', `${stale} went`);
}
