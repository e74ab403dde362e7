import { z } from 'zod';
import { recordSetKey } from '../model/record-set.ts';
import { type JournalOutcome, outcomeKey, type ParsedJournal, type Removal } from '../model/removal.ts';
import { RunError } from '../model/run-error.ts';
import { journalLine, journalRecordSet, journalTime } from './journal-line.ts';

/**
 * Reads journals, one or several after another, and logs of the Lambda: one JSON object a line, or in
 * what the AWS CLI prints of log events. What is neither removal nor outcome is passed over. Throws a
 * `RunError` that names the line for one that cannot be understood, but for a last one that is cut off.
 *
 * @example
 * const journal = parseJournal(readFileSync('journal.jsonl', 'utf8'), 'journal.jsonl');
 * const names = journal.removals.map(({ recordSet }) => recordSet.Name);
 */
export function parseJournal(text: string, name: string): ParsedJournal {
  const fragments = fragmentsOf(textOfEvents(text));
  const lastLine = fragments.at(-1)?.line;
  const records: JournalRecord[] = [];
  let tornLine: number | undefined;
  for (const { line, json } of fragments) {
    const value = parseJson(json);
    if (value === undefined) {
      if (line !== lastLine) throw unreadable(name, line, 'it is not valid JSON');
      tornLine = line;
      continue;
    }
    const record = readRecord(value, (fault) => unreadable(name, line, fault));
    if (record !== undefined) records.push(record);
  }
  const removals = removalsIn(records);
  if (removals.length === 0) throw nothingIn(name, tornLine);
  return { removals, outcomes: lastOutcomes(records, ({ key }) => key), tornLine };
}

/** What a run was told to have come too late for, another writer has taken out, and not the run. */
function removalsIn(records: readonly JournalRecord[]): readonly Removal[] {
  const keyOf = ({ key, runId }: JournalRecord) => `${runId} ${key}`;
  const ofRuns = lastOutcomes(records, keyOf);
  return records.flatMap((record) => {
    const isOfAnother = ofRuns.get(keyOf(record))?.status === 'already-done';
    return record.removal === undefined ? [] : [{ ...record.removal, ...(isOfAnother && { isOfAnother }) }];
  });
}

function lastOutcomes(
  records: readonly JournalRecord[],
  keyOf: (record: JournalRecord) => string,
): ReadonlyMap<string, JournalOutcome> {
  return new Map(
    records.flatMap((record) =>
      record.outcome === undefined ? [] : [[keyOf(record), record.outcome] as const],
    ),
  );
}

interface Fragment {
  /** Counted from 1. */
  readonly line: number;
  readonly json: string;
}

/** JSON holds no raw tabs: what the AWS CLI separates by them can be told apart by them. */
function fragmentsOf(text: string): readonly Fragment[] {
  return text.split('\n').flatMap((content, index) =>
    content.split('\t').flatMap((cell): readonly Fragment[] => {
      const start = cell.indexOf('{"');
      return start < 0 ? [] : [{ line: index + 1, json: cell.slice(start) }];
    }),
  );
}

/** The AWS CLI prints log events as one JSON document unless it is told otherwise. */
function textOfEvents(text: string): string {
  const events: unknown = /^\s*\{\s*"events"/.test(text)
    ? Reflect.get(Object(parseJson(text)), 'events')
    : [];
  if (!Array.isArray(events) || events.length === 0) return text;
  return events.map((event) => String(Reflect.get(Object(event), 'message')).trim()).join('\n');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What one line tells of a set, by its `outcomeKey`; the log of a removal that was carried out tells both. */
interface JournalRecord {
  readonly key: string;
  readonly runId: string | undefined;
  readonly removal?: Removal | undefined;
  readonly outcome?: JournalOutcome | undefined;
}

/** The messages of the Lambda's records that tell of a removal: before it, and how it ended. */
const LOG_MESSAGES = ['removing', 'removed', 'already gone', 'not removed'] as const;

const logRecord = z.looseObject({
  message: z.enum(LOG_MESSAGES),
  timestamp: journalTime,
  runId: z.string().optional(),
  zone: z.string().min(1),
  zoneName: z.string().optional(),
  recordSet: journalRecordSet,
  replacedBy: journalRecordSet.optional(),
  reasons: z.array(z.string()),
  status: z.enum(['applied', 'already-done', 'conflict', 'failed']).optional(),
  detail: z.string().optional(),
});

function readRecord(value: unknown, fail: (fault: string) => RunError): JournalRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message: unknown = Reflect.get(value, 'message');
  if ('recordSet' in value && LOG_MESSAGES.some((one) => one === message)) return readLogRecord(value, fail);
  if (!('kind' in value) || !('version' in value)) return undefined;
  if (value.version !== 1) {
    throw fail(`it has the version ${JSON.stringify(value.version)}, which this release does not know`);
  }
  const line = checked(journalLine.safeParse(value), fail);
  const { zone, runId } = line;
  if (line.kind === 'removal')
    return { key: outcomeKey(zone.id, recordSetKey(line.recordSet)), runId, removal: line };
  const { name: Name, type: Type, setIdentifier: SetIdentifier, status, detail } = line;
  const key = outcomeKey(zone.id, recordSetKey({ Name, Type, SetIdentifier }));
  return { key, runId, outcome: { status, detail } };
}

function readLogRecord(value: object, fail: (fault: string) => RunError): JournalRecord {
  const record = checked(logRecord.safeParse(value), fail);
  const { message, zone, zoneName, runId, timestamp, status, detail } = record;
  const { recordSet, replacedBy, reasons } = record;
  const key = outcomeKey(zone, recordSetKey(recordSet));
  const removal = { zone: { id: zone, name: zoneName }, recordSet, replacedBy, reasons, time: timestamp };
  return {
    key,
    runId,
    removal: message === 'not removed' || message === 'already gone' ? undefined : removal,
    outcome: status === undefined ? undefined : { status, detail },
  };
}

function checked<T>(result: z.ZodSafeParseResult<T>, fail: (fault: string) => RunError): T {
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw fail(`${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not valid'}`);
}

function unreadable(name: string, line: number, fault: string): RunError {
  return new RunError(
    'journal',
    `${name}, line ${line}: ${fault}: mend the line, or take it out and restore the rest`,
  );
}

function nothingIn(name: string, tornLine: number | undefined): RunError {
  const torn = tornLine === undefined ? '' : ` but for line ${tornLine}, which was cut off`;
  return new RunError(
    'journal',
    `${name} holds no removal${torn}: name a file that apply or watch has written, or the log of the Lambda`,
  );
}
