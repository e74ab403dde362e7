import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSBatchResponse } from 'aws-lambda';
import { describeError } from '../aws/aws-error.ts';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../log/log.ts';
import { alreadyDoneIn, logRun } from '../log/run-records.ts';
import type { Clock } from '../model/clock.ts';
import { distinctScopes, type Scope, scopeKey } from '../model/scope.ts';
import { EVENT_METRICS, type EventMetric } from '../report/event-metrics.ts';
import { metricsOfLook } from '../report/metrics.ts';
import type { RunMode } from '../report/report-schema.ts';
import { PATIENCE } from '../run/reconcile-scope.ts';
import type { RunFailure } from '../run/run.ts';
import type { TimeLimits } from '../run/time-limits.ts';
import { messagesOf, readMessage } from '../triggers/message.ts';
import type { RunRecord, ScopeRecord, Worker } from '../worker.ts';
import type { Message } from './parse-event.ts';
import { metricTitle, publishMetrics } from './publish-metrics.ts';
import { inInvocation } from './run-in-time.ts';

/** What messages are handled with. */
export interface MessageContext {
  /** `plan` only says what would be changed. */
  readonly mode: RunMode;
  readonly worker: Pick<Worker, 'runScopes' | 'eventQueue'>;
  readonly settings: Pick<Settings, 'events' | 'zone'>;
  readonly log: Log;
  readonly clock: Clock;
  readonly limits: TimeLimits;
  readonly newMetrics: () => Metrics;
  readonly giveUp: () => void;
}

/** Left for saying what is waited for, after what starts has been waited for. */
const FAREWELL_MS = 5_000;

/**
 * Looks at once where the messages of a queue say, all of them together. What is still starting then is put back into
 * the queue. Messages that say nothing are done with: they would say nothing the next time either. Where a change
 * failed, all messages come again.
 */
export async function handleMessages(
  messages: readonly Message[],
  context: MessageContext,
): Promise<SQSBatchResponse> {
  const { mode, worker, limits, giveUp, clock, log } = context;
  const startedAt = clock.now();
  const readings = messages.map(({ body }) => readMessage(body));
  const ignored = readings.filter((one) => one.kind === 'ignored');
  for (const { event, why } of ignored) log.write('event ignored', { event, why });
  const scopes = distinctScopes(readings.flatMap((one) => (one.kind === 'scopes' ? one.scopes : [])));
  const patienceMs = Math.max(0, Math.min(PATIENCE.patienceMs, limits.allowedMs - FAREWELL_MS));
  const patience = { ...PATIENCE, patienceMs };
  const done = await inInvocation(limits, giveUp, async (bounds): Promise<ScopeRecord | undefined> => {
    if (scopes.length === 0) return undefined;
    const record = await worker.runScopes(scopes, { mode, patience, ...bounds });
    const stranded = await putBack(record.waiting, context, bounds.signal);
    return { ...record, failure: record.failure ?? stranded };
  });
  const elsewhere = done?.elsewhere ?? [];
  for (const scope of elsewhere)
    log.write('event ignored', {
      event: scopeKey(scope),
      why: 'it is of another account or region',
    });
  const counts = { events: messages.length, eventsIgnored: ignored.length + elsewhere.length };
  const durationMs = clock.now() - startedAt;
  if (done !== undefined) logLook(done, { ...counts, scopes: scopes.length, durationMs }, context);
  publish({ ...counts, eventDuration: durationMs }, context);
  for (const run of done?.runs ?? []) publishChanges(run, context);
  const failure = done?.failure;
  if (failure === undefined) return { batchItemFailures: [] };
  log.write('run failed', failure);
  return { batchItemFailures: messages.map(({ id }) => ({ itemIdentifier: id })) };
}

/** How long it takes until what is still starting is looked at again. */
const AGAIN_SECONDS = 10;

/** Why it could not be; without a queue in the settings, it is left to the next run that looks at everything. */
async function putBack(
  waiting: readonly Scope[],
  { worker, settings }: MessageContext,
  signal: AbortSignal,
): Promise<RunFailure | undefined> {
  if (waiting.length === 0 || settings.events === undefined) return undefined;
  try {
    const queue = await worker.eventQueue();
    await Promise.all(messagesOf(waiting).map((body) => queue.sendLater(body, AGAIN_SECONDS, signal)));
    return undefined;
  } catch (error) {
    // What was changed by then is to be told all the same.
    const detail = `${waiting.length} still starting could not be put back into the queue: ${describeError(error)}`;
    return { code: 'cut-short', detail };
  }
}

interface Counts {
  readonly events: number;
  readonly eventsIgnored: number;
  readonly scopes: number;
  readonly durationMs: number;
}

/** One record for all messages; of the runs, those that did or withheld anything. */
function logLook(
  { runs, waiting, calls }: ScopeRecord,
  counts: Counts,
  { log, limits }: MessageContext,
): void {
  const { eventsIgnored: ignored, ...rest } = counts;
  const tasks = waiting.flatMap((scope: Scope) => (scope.kind === 'task' ? [scope.taskArn] : []));
  const told = { runs: runs.length, alreadyDone: alreadyDoneIn(runs), waiting: tasks.length };
  log.write('events', { ...rest, ignored, ...told, ...calls });
  for (const run of runs) {
    const { changes, heldBack, incomplete } = run.report;
    if (changes.length + heldBack.length + incomplete.length > 0) logRun(log, run, limits.allowedMs);
  }
}

/** What a look has changed is counted as that of a run; a line that counts nothing would only cost. */
function publishChanges(run: RunRecord, { newMetrics }: MessageContext): void {
  const { changes, zone } = run.report;
  if (changes.length > 0) publishMetrics(newMetrics(), metricsOfLook(run), zone.id);
}

function publish(
  figures: Readonly<Record<EventMetric, number>>,
  { newMetrics, settings: { zone } }: MessageContext,
): void {
  const metrics = newMetrics();
  metrics.clearDefaultDimensions();
  metrics.addDimension('zone', zone.kind === 'id' ? zone.id : zone.name);
  for (const [name, value] of Object.entries(figures)) {
    const { unit } = EVENT_METRICS[name as EventMetric];
    metrics.addMetric(metricTitle(name as EventMetric), MetricUnit[unit], value);
  }
  metrics.publishStoredMetrics();
}
