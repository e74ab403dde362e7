import { normalizeName } from '../../../src/model/dns-name.ts';
import { isUnheard } from '../../../src/model/probe.ts';
import { type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import type { RunResult } from '../../../src/run/run.ts';
import { isAlive } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { isHostKnowable, isKnowable, isTold } from './knowable.ts';
import { isCalled, isOfCloudMap, isOfTask, servedBy, type TrueEntry, trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

/** After two quiet runs: no stale entry is left that no guardrail holds, and none that is drained. */
export function checkEnd(world: World, result: RunResult, report: Report): void {
  const held = new Set(
    result.plan.heldBack.map(({ judgement: { entry } }) => `${recordSetKey(entry.recordSet)} ${entry.value}`),
  );
  checkRead(world, result, report);
  for (const set of world.zone.all()) {
    const key = recordSetKey(set);
    if (world.zone.foreignKeys.has(key) || world.zone.isProtected(set)) continue;
    // An agent puts back what it finds missing; the run that is to take it once more is still to come.
    if (
      world.zone.writes.some((one) => one.key === key && one.by === 'agent' && one.time >= result.startedAt)
    )
      continue;
    if (set.Type === 'A' && !isOfTask(set)) {
      if (isOfCloudMap(set)) continue;
      const isThere = world.hosts.some((host) => isCalled(host, set.SetIdentifier) && isAlive(host));
      const isHeld = result.plan.heldBack.some(
        ({ judgement }) => recordSetKey(judgement.entry.recordSet) === key,
      );
      if (!isThere && !isHeld && isHostKnowable(set, world))
        report('not-right', `${key} is the address of no task`);
      continue;
    }
    for (const entry of trueEntries(set, world)) {
      if (isDrained(entry, world) && !held.has(`${key} ${entry.value}`))
        report('not-right', `${key} → ${entry.value} is drained: ${judged(result, key, entry.value)}`);
      const isStaying = held.has(`${key} ${entry.value}`) || couldNotAsk(entry, world, result);
      if (isStale(entry, world) && !isStaying) {
        report(
          'not-right',
          `${key} → ${entry.value} leads to no container: ${judged(result, key, entry.value)}`,
        );
      }
    }
  }
}

/** What is there to be read was read. */
function checkRead(world: World, { inventory }: RunResult, report: Report): void {
  const { denied } = world.cloudMap?.setup ?? {};
  if (denied !== undefined && denied.until > world.now) return;
  for (const { scope, operation, error } of inventory.incomplete)
    if (operation.startsWith('servicediscovery:')) report('unfinished', `${scope} ${operation}: ${error}`);
}

/** Leads to a machine that is drained, while its name is answered with what leads to another one. */
function isDrained(entry: TrueEntry, world: World): boolean {
  const { owner } = entry;
  const isUp = owner?.upSince !== undefined && owner.host?.drainingAt !== undefined && world.isVisible(owner);
  if (!isUp || world.history.setup.sync === undefined || !isTold(entry, world)) return false;
  return answeredEntries(entry, world).some(({ owner: there }) => {
    const isKnown = there !== undefined && world.isVisible(there);
    return isKnown && there.upSince !== undefined && there.host?.drainingAt === undefined;
  });
}

/** Leads to nothing of its name, or to a container that has a better entry. */
function isStale(entry: TrueEntry, world: World): boolean {
  const { owner, namesOwner } = entry;
  if (!isResolvable(entry, world) || !isKnowable(entry, world)) return false;
  const there = servedBy(entry, world);
  if (there === undefined) return true;
  if (!namesOwner || owner === there) return false;
  return answeredEntries(entry, world).some(
    (other) => other.owner === there && other.port === entry.port && isTold(other, world),
  );
}

/** What is answered to those who ask for an entry: sets of one name that are of another type answer other questions. */
function answeredEntries({ set: { Type }, service }: TrueEntry, world: World): readonly TrueEntry[] {
  return world.zone
    .all()
    .filter((set) => set.Type === Type && isAnswered(set, world))
    .flatMap((set) => trueEntries(set, world))
    .filter((other) => other.service === service);
}

/** Route 53 never answers with a set of weight 0 while another of its name has a weight. */
function isAnswered({ Name, Type, Weight }: RecordSet, { zone }: World): boolean {
  const isBeside = (one: RecordSet) =>
    one.Type === Type && normalizeName(one.Name) === normalizeName(Name) && (one.Weight ?? 0) > 0;
  return Weight !== 0 || !zone.all().some(isBeside);
}

/** A name of the zone that has no address in it tells no host, unless the set does. */
function isResolvable({ namesOwner, value }: TrueEntry, { zone, onward }: World): boolean {
  const target = onward.end(parseSrvValue(value)?.target ?? '');
  const isOfZone = target.endsWith(normalizeName(zone.name));
  return (
    namesOwner ||
    !isOfZone ||
    zone.all().some(({ Name, Type }) => Type === 'A' && normalizeName(Name) === target)
  );
}

/** Silence tells nothing next to known containers that are silent, too, nor where all that is near drops what is closed. */
function couldNotAsk(
  { set, value, address }: TrueEntry,
  { hosts }: World,
  { plan, probeResults }: RunResult,
): boolean {
  const key = recordSetKey(set);
  const isInDoubt = plan.judgements.some(
    ({ entry, reason }) =>
      reason === 'checker-error' && entry.value === value && recordSetKey(entry.recordSet) === key,
  );
  if (!isInDoubt) return false;
  const asked = [...probeResults.outcomes];
  if (asked.some(([, outcome]) => isUnheard(outcome))) return true;
  const isBehindFirewall = hosts.some((host) => host.address === address && host.spec.dropsClosed === true);
  const subnet = address?.slice(0, address.lastIndexOf('.') + 1) ?? '';
  return isBehindFirewall && !asked.some(([at]) => at.startsWith(subnet));
}

function judged({ plan }: RunResult, key: string, value: string): string {
  const found = plan.judgements.find(
    ({ entry }) => entry.value === value && recordSetKey(entry.recordSet) === key,
  );
  return found === undefined ? 'not judged' : `${found.verdict} ${found.reason}`;
}
