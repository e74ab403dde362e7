import { isIPv4 } from 'node:net';
import { parseJournal } from '../../../src/journal/parse-journal.ts';
import { recordSetKey } from '../../../src/model/record-set.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import { isRemovableVerdict, type Judgement, REASONS, VERDICTS } from '../../../src/model/verdict.ts';
import type { Session } from '../aws/session.ts';
import type { World } from '../world/world.ts';
import { askedPort, isOfTask, isOnward, type TrueEntry } from './truth.ts';

/** What the worker said of a value, by the plan that it showed before it changed anything. */
export function judgementOf(session: Session, key: string, value: string): Judgement | undefined {
  return session.preview?.plan.judgements.find(
    ({ entry }) => entry.value === value && recordSetKey(entry.recordSet) === key,
  );
}

/**
 * The verdict by which a set went: what a run reads again before it sends may give it another reason than it showed, and the
 * journal has that.
 */
export function lastJudgementOf(session: Session, key: string, value: string): Judgement | undefined {
  const shown = judgementOf(session, key, value);
  const [reason, ...others] = reasonsWritten(session.journal, key);
  if (shown === undefined || reason === undefined || others.length > 0 || reason === shown.reason)
    return shown;
  const verdict = VERDICTS.filter(isRemovableVerdict).find((one) => reason in REASONS[one]);
  return verdict === undefined ? shown : ({ ...shown, verdict, reason } as Judgement);
}

/** The reasons of the last removal of a set that was written down. */
function reasonsWritten(journal: string, key: string): readonly string[] {
  if (journal === '') return [];
  const { removals } = parseJournal(journal, 'the journal');
  return removals.findLast(({ recordSet }) => recordSetKey(recordSet) === key)?.reasons ?? [];
}

/** The port at which the last task is asked that has had an address of its own. */
function portAt(address: string, { tasks }: World): number | undefined {
  const task = tasks.findLast((one) => one.interfaceName !== undefined && one.address === address);
  return task && askedPort(task);
}

/**
 * Where an entry may have been asked, by the same keys: the address of a task at the port of that one, or of the one that
 * has it now.
 */
export function probeKeysOf({ set, value, owner, named, port }: TrueEntry, world: World): readonly string[] {
  // Whom the identifier names is asked itself where a name of the zone does not tell.
  const own = owner !== undefined && isOfTask(set) ? [`${value} ${askedPort(owner)}`] : [];
  const asked = named !== undefined && isOnward({ value }, world) ? [`${named.address} ${port}`] : [];
  return [...own, ...asked, probeKeyOf(value, world)];
}

/** The key of the outcome of the probe that an entry leads to. */
export function probeKeyOf(value: string, world: World): string {
  const srv = parseSrvValue(value);
  if (srv === undefined && isIPv4(value)) return `${value} ${portAt(value, world)}`;
  return `${world.addressOf(srv?.target ?? '')} ${srv?.port}`;
}
