import { createRequire } from 'node:module';
import type * as pinoModule from 'pino';
import type { LogFormat, LogLevel } from '../model/log-level.ts';
import { printable } from '../model/printable.ts';
import { createLog, type Log } from './log.ts';
import { type TextStyle, textLine } from './text-line.ts';

/** Loaded with the first log: most commands open none, and begin sooner without. */
const require = createRequire(import.meta.url);

/** The stream that a process writes its log to. */
export interface LogStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ProcessLogOptions {
  readonly format: LogFormat;
  readonly level: LogLevel;
  readonly color: boolean;
}

/**
 * The log of a process: a line a record, as JSON or for people, at once and in this thread. On a terminal the text has
 * the time of the day alone, and is wrapped at its width.
 */
export function processLog(stream: LogStream, { format, level, color }: ProcessLogOptions): Log {
  const style = (): TextStyle =>
    stream.isTTY === true ? { color, isShort: true, columns: stream.columns } : { color, isShort: false };
  const write = (line: string) => {
    const text = format === 'json' ? printable(line.trimEnd()) : textLine(JSON.parse(line), style());
    stream.write(`${text}\n`);
  };
  const { pino } = require('pino') as typeof pinoModule;
  const logger = pino(
    {
      level,
      base: { service: 'ecs-dns' },
      messageKey: 'message',
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label.toUpperCase() }) },
    },
    { write },
  );
  return createLog((at, message, fields) => logger[at](fields, message));
}
