import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { AwsAccess } from '../aws/aws-clients.ts';
import { systemClock } from '../aws/system-clock.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { Environment } from '../config/read-texts.ts';
import type { Clock } from '../model/clock.ts';
import { metricsOf } from '../report/metrics.ts';
import type { Report } from '../report/report-schema.ts';
import { runFailure } from '../run/run.ts';
import { timeLimits } from '../run/time-limits.ts';
import { createWorker } from '../worker.ts';
import { functionMode, invocationMode } from './function-mode.ts';
import { handleMessages } from './handle-messages.ts';
import { InvocationError } from './invocation-error.ts';
import { logJournal } from './log-journal.ts';
import { writeRecord } from './log-records.ts';
import { logRun } from './log-run.ts';
import { parseEvent } from './parse-event.ts';
import { publishMetrics } from './publish-metrics.ts';
import { runInTime } from './run-in-time.ts';

/** What an invocation answers; the records in the log say more. */
export type InvocationResult = Pick<Report, 'mode' | 'zone' | 'startedAt' | 'durationMs' | 'summary'>;

/** Of the event of a schedule, or a manual one, what came of the run; of a queue's, which messages are to come again. */
export type Handler = {
  (event: QueueEvent, context: Context): Promise<SQSBatchResponse>;
  (event: unknown, context: Context): Promise<InvocationResult>;
};

type QueueEvent = Pick<SQSEvent, 'Records'>;

/** Where the settings come from; access and clock for those who bring their own world. */
export interface HandlerOptions {
  readonly env: Environment;
  readonly access?: AwsAccess;
  readonly clock?: Clock;
}

/** Metrics go here unless `POWERTOOLS_METRICS_NAMESPACE` names another place. */
const NAMESPACE = 'EcsDns';
const SERVICE = 'ecs-dns';

/**
 * Makes the handler. The settings are read and the worker is built by the first invocation, so that
 * what is wrong with them is an invocation that failed; later ones use them again. Throws, after the
 * run is logged and counted, when nothing could be read or a change failed.
 */
export function createHandler({ env: variables, clock = systemClock, ...access }: HandlerOptions): Handler {
  const logger = new Logger({ serviceName: SERVICE });
  const warmUp = ({ invokedFunctionArn }: Context) => {
    const { mode, env } = functionMode(variables);
    const settings = parseSettings({ env });
    const journal = logJournal(settings.journal, logger);
    const worker = createWorker(settings, {
      clock,
      ...access,
      journal: () => journal,
      account: accountOf(invokedFunctionArn),
    });
    return { mode, settings, worker };
  };
  /** What lives from one invocation to the next. */
  let warm: ReturnType<typeof warmUp> | undefined;

  const giveUp = () => {
    // What was given up is still under way somewhere in this worker.
    warm?.worker.close();
    warm = undefined;
  };

  const invoke = async (event: unknown, context: Context) => {
    const invocation = parseEvent(event);
    warm ??= warmUp(context);
    // What warming up has taken is no longer there.
    const limits = timeLimits(clock.now(), context.getRemainingTimeInMillis());
    const namespace = variables['POWERTOOLS_METRICS_NAMESPACE'] || NAMESPACE;
    const newMetrics = () => new Metrics({ namespace, serviceName: SERVICE });
    if (invocation.kind === 'messages') {
      const { messages } = invocation;
      return await handleMessages(messages, { ...warm, logger, clock, limits, newMetrics, giveUp });
    }
    const { settings, worker } = warm;
    const mode = invocationMode(invocation.mode, warm.mode);
    const { result, report } = await runInTime(worker, mode, limits, giveUp);
    const { allowedMs } = limits;
    logRun(logger, { result, report }, allowedMs);
    const figures = metricsOf({ result, report, everyMs: settings.everyMs, allowedMs });
    publishMetrics(newMetrics(), figures, report.zone.id);
    const failure = runFailure(result);
    if (failure !== undefined) throw new InvocationError(failure.code, failure.detail);
    const { zone, startedAt, durationMs, summary } = report;
    return { mode, zone, startedAt, durationMs, summary };
  };

  return (async (event: unknown, context: Context) => {
    logger.addContext(context);
    try {
      return await invoke(event, context);
    } catch (error) {
      writeRecord(logger, 'run failed', describeFailure(error));
      throw error;
    }
  }) as Handler;
}

/** The role of a function is of the function's own account. */
function accountOf(functionArn: string): string | undefined {
  return /^arn:[a-z-]+:lambda:[a-z0-9-]+:(\d+):/.exec(functionArn)?.[1];
}

function describeFailure(error: unknown): { readonly code: string; readonly detail: string } {
  if (!(error instanceof Error)) return { code: 'unknown', detail: String(error) };
  return { code: 'code' in error ? String(error.code) : error.name, detail: error.message };
}
