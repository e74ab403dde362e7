import { parseJournal } from '../../../src/journal/parse-journal.ts';
import { isSameRecordSet, type RecordSet, recordSetKey } from '../../../src/model/record-set.ts';
import { planRestore } from '../../../src/plan/restore.ts';
import type { Request, Session } from '../aws/session.ts';
import type { Write, ZoneStore } from '../world/zone-store.ts';
import type { Report } from './violation.ts';

/**
 * Holds what a request has just changed against what the run had written down before it was sent: a run
 * that is killed now leaves no more than that.
 */
export function checkJournal(
  { journaled }: Request,
  writes: readonly Write[],
  zone: ZoneStore,
  report: Report,
): void {
  const taking = writes.filter(({ before }) => before !== undefined);
  if (taking.length === 0) return;
  if (journaled === '') {
    report('journal', `${taking[0]?.key} and ${taking.length - 1} more went, and nothing was written down`);
    return;
  }
  const { removals } = parseJournal(journaled, 'the journal');
  for (const { key, before, after } of taking) {
    const isHeld = removals.some(
      ({ zone: { id }, recordSet, replacedBy }) =>
        id === zone.id && isSame(recordSet, before) && isSame(replacedBy, after),
    );
    if (!isHeld) report('journal', `${key} was not written down as it was before it went`);
  }
  checkRestored(taking, removals, zone, report);
}

/** Restoring brings back what the request took, and touches nothing that the journal does not name. */
function checkRestored(
  writes: readonly Write[],
  removals: ReturnType<typeof parseJournal>['removals'],
  zone: ZoneStore,
  report: Report,
): void {
  const restored = new Map(zone.all().map((set) => [recordSetKey(set), set]));
  const named = new Set(removals.map(({ recordSet }) => recordSetKey(recordSet)));
  for (const { action, recordSet } of planRestore(removals, zone.all(), zone).groups.flatMap(
    ({ changes }) => changes,
  )) {
    const key = recordSetKey(recordSet);
    if (!named.has(key)) report('journal', `restoring touches ${key}, which the journal does not name`);
    if (action === 'CREATE') {
      if (restored.has(key)) report('journal', `restoring creates ${key}, which is there`);
      restored.set(key, recordSet);
    } else if (!isSame(restored.get(key), recordSet) || !restored.delete(key)) {
      report('journal', `restoring deletes ${key} as it is not`);
    }
  }
  for (const { key, before } of writes) {
    if (!isSame(restored.get(key), before)) report('journal', `${key} does not come back as it was`);
  }
}

function isSame(left: RecordSet | undefined, right: RecordSet | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return isSameRecordSet(left, right);
}

/** The journal of a run in memory: what a run that was killed leaves on the disk. */
export function sinkOf(session: Session) {
  return {
    append: async (text: string) => {
      if (session.isDead) await new Promise<never>(() => {});
      session.journal += text;
    },
  };
}
