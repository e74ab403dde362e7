import { normalizeName } from '../../../src/model/dns-name.ts';
import { type RecordSet, recordSetKey, valuesOf } from '../../../src/model/record-set.ts';
import type { Session } from '../aws/session.ts';
import { isRunning, type SimHost, type SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import type { Write } from '../world/zone-store.ts';
import { probeKeyOf } from './judgements.ts';
import { type TrueEntry, trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

/** Holds what a run of scopes has just taken against what such a run can know. */
export function checkLook(session: Session, writes: readonly Write[], report: Report): void {
  for (const entry of writes.flatMap((write) => takenBy(write, session.world))) {
    const text = `${recordSetKey(entry.set)} → ${entry.value}`;
    if (!isSeenToEnd(entry, session.world)) report('not-ended', `${text}: nothing of it was seen to end`);
    else if (isAnswering(entry.owner, session.world) && !isAnsweredElsewhere(entry, session))
      report('too-soon', `${text}: it still answers, and nothing else of the name does`);
  }
}

/**
 * Whether a run of a scope could not ask what runs now at the place of what has ended: no way leads there from the
 * worker, or another place has the same address; or no name tells the address of a host that it does not know.
 */
export function couldNotAsk({ value, owner }: TrueEntry, session: Session): boolean {
  const { cutOff, probed, isNetworkLost, world } = session;
  const key = probeKeyOf(value, world);
  const isNameless = owner?.host?.spec.naming !== undefined && !probed.has(key);
  const isOfTwin = owner?.host?.spec.twinOf !== undefined;
  return cutOff.has(key) || isNetworkLost === true || isNameless || isOfTwin;
}

function takenBy({ before, after }: Write, world: World): readonly TrueEntry[] {
  if (before === undefined) return [];
  const left = new Set(after === undefined ? [] : valuesOf(after));
  return trueEntries(before, world).filter(({ value }) => !left.has(value));
}

/** ECS was told to stop the very container that the entry names; or EC2 ends a host that it may lead to. */
function isSeenToEnd({ owner, named, address }: TrueEntry, { hosts, now }: World): boolean {
  const isEnding = ({ diedAt = Number.POSITIVE_INFINITY }: SimHost) => diedAt <= now;
  const isHostEnding = hosts.some(
    (host) => isEnding(host) && (host === (owner ?? named)?.host || host.address === address),
  );
  return named?.stopDesiredAt !== undefined || isHostEnding;
}

function isAnswering(task: SimTask | undefined, { now }: World): boolean {
  return task !== undefined && isRunning(task, now) && task.readyAt <= now && ANSWERING.has(task.behaviour);
}

/** What takes a connection answers, whatever it says. */
const ANSWERING: ReadonlySet<string> = new Set(['ok', 'status']);

/** Whether what is left of the name leads to what answers, or may have when the run asked. */
function isAnsweredElsewhere({ set }: TrueEntry, { world, startedAt }: Session): boolean {
  const isBeside = ({ Name, Type }: RecordSet) =>
    Type === set.Type && normalizeName(Name) === normalizeName(set.Name);
  return world.zone
    .all()
    .filter(isBeside)
    .flatMap((one) => trueEntries(one, world))
    .some(({ address, port }) =>
      world.tasks.some(
        (task) =>
          task.address === address &&
          task.ports.includes(port) &&
          (isAnswering(task, world) || task.turns.some((at) => at >= startedAt && at <= world.now)),
      ),
    );
}
