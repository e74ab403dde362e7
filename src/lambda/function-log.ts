import process from 'node:process';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import { createLog, type Log } from '../log/log.ts';
import type { LogMessage } from '../log/log-records.ts';
import type { LogLevel } from '../model/log-level.ts';
import { printable } from '../model/printable.ts';

/** The log of the function, whose records tell of the invocation, too. */
export interface FunctionLog extends Log {
  readonly addInvocation: (context: Context) => void;
  readonly setLevel: (level: LogLevel) => void;
}

/** The records that `ecs-dns restore` reads: the log of the function is its journal. */
const JOURNAL: ReadonlySet<LogMessage> = new Set(['removing', 'removed', 'already gone', 'not removed']);

const LEVELS = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

export function functionLog(serviceName: string): FunctionLog {
  const logger = new PrintableLogger({ serviceName });
  return {
    ...createLog((level, message, fields) => logger[level](message, { ...fields }), {}, JOURNAL),
    addInvocation: (context) => logger.addContext(context),
    setLevel: (level) => logger.setLogLevel(LEVELS[level]),
  };
}

/** Escapes what could turn or hide a part of a line where it is shown; the JSON means the same. */
class PrintableLogger extends Logger {
  protected override printLog(_level: number, item: Parameters<Logger['printLog']>[1]): void {
    item.prepareForPrint();
    const line = JSON.stringify(item.getAttributes(), this.getJsonReplacer());
    process.stdout.write(`${printable(line)}\n`);
  }
}
