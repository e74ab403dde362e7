import { recordSetKey } from '../../../src/model/record-set.ts';
import { parseSetIdentifier } from '../../../src/model/set-identifier.ts';
import type { Session } from '../aws/session.ts';
import { isRunning } from '../world/entities.ts';
import type { Write, ZoneStore } from '../world/zone-store.ts';
import { checkJournal } from './journal.ts';
import { checkForm } from './registrations.ts';
import { trueEntries } from './truth.ts';
import type { Report } from './violation.ts';

/** Holds what the new agent of a host has just changed against what it may: its host's own sets, by what its engine runs. */
export function checkAgent(session: Session, hostName: string, zone: ZoneStore, report: Report): void {
  const request = session.requests.at(-1);
  if (request === undefined || !request.carriedOut) return;
  const writes = zone.writes.slice(request.writesFrom, request.writesTo);
  for (const write of writes) checkWrite(write, hostName, session, report);
  checkJournal(request, writes, zone, report);
}

function checkWrite({ before, after, key }: Write, hostName: string, session: Session, report: Report): void {
  const { world, startedAt } = session;
  for (const set of [before, after]) {
    if (set === undefined) continue;
    const host = set.Type === 'A' ? set.SetIdentifier : parseSetIdentifier(set.SetIdentifier)?.host;
    if (host !== hostName || world.zone.foreignKeys.has(recordSetKey(set)))
      report('foreign', `the agent of ${hostName} has changed ${key}`);
  }
  const [gone, come] = [before, after].map((set) => (set === undefined ? [] : trueEntries(set, world)));
  for (const { owner } of after === undefined ? (gone ?? []) : []) {
    const isThere = owner !== undefined && isRunning(owner, world.now) && owner.startedAt <= startedAt;
    if (isThere) report('live-entry', `the agent of ${hostName} has taken ${key}: ${owner.arn} runs`);
  }
  for (const entry of before === undefined ? (come ?? []) : []) {
    if (entry.owner === undefined) report('form', `${key} is of no container`);
    else checkForm(entry, entry.owner, session, report);
  }
}
