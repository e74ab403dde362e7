import { ANOTHER_WRITER } from '../model/change.ts';
import { durationText, formatDuration } from '../model/duration.ts';
import { plural } from '../report/sections.ts';
import type { Fields } from './fit-fields.ts';
import type { LogMessage } from './log-records.ts';

/** What the text form tells of each record, behind its message. */
export const RECORD_TEXTS: Readonly<Record<LogMessage, (fields: Fields) => string>> = {
  run: describeRun,
  removing: describeSet,
  removed: describeSet,
  'already gone': describeSet,
  planned: describeSet,
  'not removed': describeSet,
  registered: describeSet,
  rewritten: describeSet,
  'already there': describeSet,
  'to register': describeSet,
  'not registered': describeSet,
  withheld: describeEntry,
  'held back': describeEntry,
  'no longer held back': describeEntry,
  'no longer withheld': describeEntry,
  unverified: describeEntry,
  'no longer unverified': describeEntry,
  notice: ({ subject, detail }) => parts(': ', subject, detail),
  'notice gone': ({ subject, detail }) => parts(': ', subject, detail),
  unread: ({ scope, operation, error }) => parts(': ', scope, operation, error),
  'read again': ({ scope, operation }) => parts(': ', scope, operation),
  'network suspected': ({ scope, reason, detail }) => parts(': ', scope, reason, detail),
  'network trusted': () => '',
  more: ({ of, count }) => parts(' ', count, of),
  'task stopped': describeStop,
  'task waits': describeStop,
  'task not stopped': describeStop,
  events: describeEvents,
  'event ignored': ({ event, why }) => parts(': ', event, why),
  'run failed': ({ detail }) => parts(': ', detail),
  'run stopped': () => 'because the watch is over',
  'runs skipped': ({ count }) => parts(', ', count, 'because another one was under way'),
  'events failed': ({ detail }) => parts(': ', detail),
  watching: (fields) =>
    parts('; ', parts(' ', nameOfZone(fields), fields['schedule']), describeStart(fields)),
  following: (fields) =>
    parts(
      '; ',
      parts(' ', 'the container engine of', fields['host'], 'at', fields['address']),
      describeStart(fields),
    ),
  'engine silent': ({ detail }) => parts(': ', detail),
  journal: ({ path }) => fileNameOf(String(path)),
  stopping: ({ graceMs }) =>
    `after ${formatDuration(Number(graceMs))} at the latest; a second signal ends it at once`,
  'task runs': ({ ecsService, task }) => parts(' ', ecsService, idOf(task)),
  'machine terminated': ({ instance }) => String(instance),
  'task told to stop': ({ ecsService, task }) => parts(' ', ecsService, idOf(task)),
  'container failed': ({ container, exitCode, detail }) =>
    parts(': ', container, `exit code ${String(exitCode)}`, detail),
  'task ended': ({ ecsService, task, successor }) =>
    parts(
      ', ',
      parts(' ', ecsService, idOf(task)),
      successor === undefined ? '' : `and ${idOf(successor)} runs`,
    ),
  'restart delayed': ({ ecsService, waitMs }) =>
    parts(
      ': ',
      ecsService,
      `its tasks end soon after their start; another begins in ${formatDuration(Number(waitMs))}`,
    ),
  failed: ({ detail }) => parts(': ', detail),
  told: ({ detail }) => parts(': ', detail),
};

/** More of a set are a number. */
const MAX_VALUES = 3;

function describeSet(fields: Fields): string {
  const { recordSet, replacedBy, reasons, status, detail } = fields;
  const { Name, Type, AliasTarget } = Object(recordSet);
  if (Name === undefined) return 'a set that is too long for a line';
  const values = takenValues(recordSet, replacedBy);
  const shown = values.length > MAX_VALUES ? `${values.length} values` : values.join(', ');
  const set = parts(' ', relative(Name, fields), Type, shown || AliasTarget?.DNSName);
  // What is registered is missing, or else it would not be.
  const why = Array.isArray(reasons) ? reasons.filter((reason) => reason !== 'missing').join(', ') : '';
  const outcome =
    status === 'applied' || detail === undefined
      ? ''
      : parts(': ', status === 'already-done' ? undefined : status, detail);
  return parts('; ', parts(': ', set, why), outcome);
}

/** Of a set that keeps some of its values, those that it loses; of one that only changes its form, all of them. */
function takenValues(recordSet: unknown, replacedBy: unknown): readonly string[] {
  const kept = new Set(valuesOf(replacedBy));
  const all = valuesOf(recordSet);
  const taken = all.filter((value) => !kept.has(value));
  return taken.length === 0 ? all : taken;
}

function valuesOf(recordSet: unknown): readonly string[] {
  const { ResourceRecords = [] } = Object(recordSet);
  return ResourceRecords.map(({ Value }: { Value: unknown }) => String(Value));
}

function describeEntry(fields: Fields): string {
  const { name, type, value, verdict, reason, guardrail, detail } = fields;
  const entry = parts(' ', relative(name, fields), type, value);
  const why = verdict === reason ? reason : parts(' ', verdict, reason);
  const holder = guardrail === reason ? detail : parts(': ', guardrail, detail);
  return parts(': ', entry, parts('; ', why, holder));
}

function describeStop({ cluster, ecsService, task, reason, detail }: Fields): string {
  return parts(': ', parts(' ', parts('/', cluster, ecsService), idOf(task)), reason, detail);
}

/** Verdicts that are told of a run, in their order. */
const VERDICTS = ['live', 'stale', 'unhealthy', 'draining', 'protected', 'unverified', 'foreign'];

function describeRun(fields: Fields): string {
  const { durationMs, awsCalls } = fields;
  const summary: Record<string, number> = Object(fields['summary']);
  const unchanged: Record<string, number> = Object(fields['unchanged']);
  const count = (name: string) => summary[name] ?? 0;
  const done = [
    count('registrations') > 0 ? plural(count('registrations'), 'registration') : '',
    count('removals') > 0 ? plural(count('removals'), 'removal') : '',
    doneBefore(count('alreadyDone')),
    count('conflicts') > 0 ? `${count('conflicts')} in conflict` : '',
    count('failed') > 0 ? `${count('failed')} failed` : '',
  ];
  const verdicts = VERDICTS.filter((verdict) => count(verdict) > 0).map(
    (verdict) => `${count(verdict)} ${verdict}`,
  );
  const asBefore = Object.entries(UNCHANGED_WORDS).flatMap(([name, word]) =>
    (unchanged[name] ?? 0) > 0 ? [`${unchanged[name]} ${word}`] : [],
  );
  return parts(
    '; ',
    parts(', ', ...done) || 'nothing to do',
    `found ${parts(', ', ...verdicts) || 'nothing'}`,
    parts(': ', asBefore.length > 0 ? 'as before' : '', parts(', ', ...asBefore)),
    describeCost(awsCalls, durationMs),
    parts(' of ', nameOfZone(fields), parts('/', fields['account'], fields['region'])),
  );
}

const UNCHANGED_WORDS = {
  heldBack: 'held back',
  withheld: 'withheld',
  unverified: 'unverified',
  notices: 'noted',
  unread: 'unread',
};

function doneBefore(count: number): string {
  return count === 0 ? '' : `${count} done before by ${ANOTHER_WRITER}`;
}

function describeEvents({ events, waiting, alreadyDone, durationMs, awsCalls }: Fields): string {
  const starting = Number(waiting) > 0 ? parts(' ', waiting, 'still starting') : '';
  const before = doneBefore(Number(alreadyDone ?? 0));
  return parts('; ', plural(Number(events), 'message'), before, starting, describeCost(awsCalls, durationMs));
}

function describeCost(awsCalls: unknown, durationMs: unknown): string {
  const calls = Object.values<number>(Object(awsCalls)).reduce((sum, one) => sum + one, 0);
  return `${plural(calls, 'AWS call')} in ${durationText(Number(durationMs))}`;
}

function describeStart({ port, events, journal }: Fields): string {
  const served = port === undefined ? '' : parts(' ', 'status, metrics, healthz and readyz at port', port);
  const queue = events === undefined ? '' : parts(' ', 'events from', events);
  return parts('; ', served, queue, parts(' ', 'journal:', journal));
}

function nameOfZone({ zone, zoneName }: Fields): string {
  return String(zoneName ?? zone);
}

/** Without the name of the zone, which is the same for all. */
function relative(name: unknown, { zoneName }: Fields): string {
  const full = String(name);
  const end = `.${String(zoneName)}`;
  return full.endsWith(end) ? full.slice(0, -end.length) : full;
}

/** The beginning of a task's id, which tells it from others. */
function idOf(arn: unknown): string {
  const text = String(arn);
  return `${text.slice(text.lastIndexOf('/') + 1).slice(0, 12)}…`;
}

function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What there is of some texts, with this in between. */
function parts(between: string, ...texts: readonly unknown[]): string {
  return texts.filter((text) => text !== undefined && text !== '').join(between);
}
