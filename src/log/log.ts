import type { LogLevel } from '../model/log-level.ts';
import { type Fields, fitFields, MAX_FIELD_BYTES } from './fit-fields.ts';
import { LOG_RECORDS, type LogFields, type LogMessage } from './log-records.ts';
import type { COMMON_FIELDS } from './record-fields.ts';

/** What records are about; each door adds what it knows. */
export type LogContext = Readonly<
  Partial<Record<Exclude<keyof typeof COMMON_FIELDS, 'timestamp' | 'level' | 'message' | 'cut'>, unknown>>
>;

/** Where all doors write what they do: records of one table, on a terminal, in a file or in CloudWatch. */
export interface Log {
  /** Writes one record, at the level of the table unless another one is given. */
  write<M extends LogMessage>(message: M, fields: LogFields<M>, level?: LogLevel): void;
  /** The same log, whose records say this too. */
  about(context: LogContext): Log;
}

/** Keeps a record that is fit to be a line. */
export type LogSink = (level: LogLevel, message: LogMessage, fields: Fields) => void;

/**
 * A log on a sink. No line is too long for what reads it, but for those of `uncut`: a journal is whole, or is none.
 * Route 53 itself bounds them, well below what CloudWatch takes (256 KB): all values of a request have 32,000 characters.
 */
export function createLog(
  sink: LogSink,
  context: LogContext = {},
  uncut: ReadonlySet<LogMessage> = new Set(),
): Log {
  return {
    write: (message, fields, level = LOG_RECORDS[message].level) => {
      const all = { ...context, ...fields };
      sink(level, message, uncut.has(message) ? all : fitFields(all, MAX_FIELD_BYTES));
    },
    about: (more) => createLog(sink, { ...context, ...more }, uncut),
  };
}
