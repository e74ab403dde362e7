import type { LogLevel } from '../model/log-level.ts';
import { entryKeyOf } from '../report/removed-entries.ts';
import type { Report } from '../report/report-schema.ts';
import type { Log } from './log.ts';
import { logStop } from './run-records.ts';

/** Something that a run finds and the next one may find again. */
export interface FoundState {
  /** What makes it the same in the next run. */
  readonly key: string;
  /** What of it is worth telling again once it differs; `undefined` where the run does not know, for want of time. */
  readonly aspect: string | undefined;
  readonly tell: (log: Log, level?: LogLevel) => void;
  /** Tells that it is so no longer; missing where that says nothing. */
  readonly tellEnd?: (log: Log) => void;
}

export const STATE_KINDS = [
  'heldBack',
  'withheld',
  'unverified',
  'notices',
  'unread',
  'network',
  'waiting',
] as const;
export type StateKind = (typeof STATE_KINDS)[number];

/** What a report says of the world that stays until it changes. What was done is no part of it. */
export function statesOf(report: Report): Readonly<Record<StateKind, readonly FoundState[]>> {
  const { heldBack, withheld, notices, incomplete, networkSelfTest, stopped } = report;
  const held = new Set(heldBack.map(entryKeyOf));
  const unverified = report.entries.filter(
    (entry) => entry.verdict === 'unverified' && !held.has(entryKeyOf(entry)),
  );
  return {
    heldBack: heldBack.map((one) => ({
      key: entryKeyOf(one),
      aspect: `${one.guardrail} ${one.reason}`,
      tell: (log, level) => log.write('held back', one, level),
      tellEnd: (log) => log.write('no longer held back', identityOf(one)),
    })),
    withheld: withheld.map(({ evidence: _, ...one }) => ({
      key: recordKey(one),
      aspect: one.reason === 'deadline' ? undefined : one.reason,
      tell: (log, level) => log.write('withheld', one, level),
      tellEnd: (log) => log.write('no longer withheld', { name: one.name, type: one.type, value: one.value }),
    })),
    unverified: unverified.map((one) => ({
      key: entryKeyOf(one),
      aspect: one.reason,
      tell: (log, level) => log.write('unverified', { ...identityOf(one), reason: one.reason }, level),
      tellEnd: (log) => log.write('no longer unverified', identityOf(one)),
    })),
    notices: notices.map((one) => ({
      // A notice that counts is the same whatever it has come to.
      key: `${one.subject} ${one.detail.replace(/\d+/g, '#')}`,
      aspect: '',
      tell: (log, level) => log.write('notice', one, level),
      tellEnd: (log) => log.write('notice gone', one),
    })),
    unread: incomplete.map(({ scope, operation, error }) => ({
      key: `${scope} ${operation}`,
      aspect: '',
      tell: (log, level) => log.write('unread', { scope, operation, error }, level),
      tellEnd: (log) => log.write('read again', { scope, operation }),
    })),
    network: [networkSelfTest ?? []].flat().map(({ scope, reason, detail }) => ({
      key: '',
      aspect: `${scope} ${reason}`,
      tell: (log, level) => log.write('network suspected', { scope, reason, detail }, level),
      tellEnd: (log) => log.write('network trusted', {}),
    })),
    waiting: stopped
      .filter(({ status }) => status === 'waiting')
      .map((one) => ({ key: one.task, aspect: one.reason, tell: (log, level) => logStop(log, one, level) })),
  };
}

/** The keys of what a report has changed: why it is no longer so, that tells already. */
export function changedKeys({ changes }: Report): ReadonlySet<string> {
  return new Set(
    changes.flatMap(
      ({ status, recordSet: { Name: name, Type: type, SetIdentifier, ResourceRecords = [] } }) =>
        status !== 'applied' && status !== 'already-done'
          ? []
          : ResourceRecords.flatMap(({ Value: value }) => [
              entryKeyOf({ name, type, setIdentifier: SetIdentifier, value }),
              recordKey({ name, type, value }),
            ]),
    ),
  );
}

function recordKey({
  name,
  type,
  value,
}: Pick<Report['withheld'][number], 'name' | 'type' | 'value'>): string {
  return JSON.stringify([name, type, value]);
}

function identityOf({
  name,
  type,
  setIdentifier,
  value,
}: Report['heldBack'][number] | Report['entries'][number]) {
  return { name, type, setIdentifier, value };
}
