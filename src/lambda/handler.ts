import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { AwsAccess } from '../aws/aws-clients.ts';
import { systemClock } from '../aws/system-clock.ts';
import { parseSettings } from '../config/parse-settings.ts';
import type { Environment } from '../config/read-texts.ts';
import { logRun } from '../log/run-records.ts';
import type { Clock } from '../model/clock.ts';
import { metricsOf } from '../report/metrics.ts';
import type { Report } from '../report/report-schema.ts';
import { runFailure } from '../run/run.ts';
import { timeLimits } from '../run/time-limits.ts';
import { createWorker } from '../worker.ts';
import { functionLog } from './function-log.ts';
import { functionMode, invocationMode } from './function-mode.ts';
import { handleMessages } from './handle-messages.ts';
import { InvocationError } from './invocation-error.ts';
import { logJournal } from './log-journal.ts';
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
  const logger = functionLog(SERVICE);
  /** What the settings call the zone, once they are read. */
  let zone: string | undefined;
  const warmUp = ({ invokedFunctionArn }: Context) => {
    const { mode, env } = functionMode(variables);
    const settings = parseSettings({ env });
    logger.setLevel(settings.log.level);
    zone = settings.zone.kind === 'id' ? settings.zone.id : settings.zone.name;
    const journal = logJournal(settings.journal, logger.about(placeOf(invokedFunctionArn)));
    const worker = createWorker(settings, {
      clock,
      ...access,
      journal: () => journal,
      account: placeOf(invokedFunctionArn).account,
    });
    return { mode, settings, worker };
  };
  /** What lives from one invocation to the next. */
  let warm: ReturnType<typeof warmUp> | undefined;

  const logOf = ({ invokedFunctionArn }: Context) => logger.about({ ...placeOf(invokedFunctionArn), zone });

  const giveUp = () => {
    // What was given up is still under way somewhere in this worker.
    warm?.worker.close();
    warm = undefined;
  };

  const invoke = async (event: unknown, context: Context) => {
    const invocation = parseEvent(event);
    warm ??= warmUp(context);
    const log = logOf(context);
    // What warming up has taken is no longer there.
    const limits = timeLimits(clock.now(), context.getRemainingTimeInMillis());
    const namespace = variables['POWERTOOLS_METRICS_NAMESPACE'] || NAMESPACE;
    const newMetrics = () => new Metrics({ namespace, serviceName: SERVICE });
    if (invocation.kind === 'messages') {
      const { messages } = invocation;
      return await handleMessages(messages, { ...warm, log, clock, limits, newMetrics, giveUp });
    }
    const { settings, worker } = warm;
    const mode = invocationMode(invocation.mode, warm.mode);
    const { result, report } = await runInTime(worker, mode, limits, giveUp);
    const { allowedMs } = limits;
    logRun(log, { result, report }, allowedMs);
    const figures = metricsOf({ result, report, everyMs: settings.everyMs, allowedMs });
    publishMetrics(newMetrics(), figures, report.zone.id);
    const failure = runFailure(result);
    if (failure !== undefined) throw new InvocationError(failure.code, failure.detail);
    const { startedAt, durationMs, summary } = report;
    return { mode, zone: report.zone, startedAt, durationMs, summary };
  };

  return (async (event: unknown, context: Context) => {
    logger.addInvocation(context);
    try {
      return await invoke(event, context);
    } catch (error) {
      logOf(context).write('run failed', describeFailure(error));
      throw error;
    }
  }) as Handler;
}

/** A function reads its own region, and its role is of its own account. */
function placeOf(functionArn: string): Readonly<Partial<Record<'account' | 'region', string>>> {
  const [, region, account] = /^arn:[a-z-]+:lambda:([a-z0-9-]+):(\d+):/.exec(functionArn) ?? [];
  return region === undefined || account === undefined ? {} : { account, region };
}

function describeFailure(error: unknown): { readonly code: string; readonly detail: string } {
  if (!(error instanceof Error)) return { code: 'unknown', detail: String(error) };
  return { code: 'code' in error ? String(error.code) : error.name, detail: error.message };
}
