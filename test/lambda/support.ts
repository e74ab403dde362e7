import type { Context, SQSEvent } from 'aws-lambda';
import { onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/aws/system-clock.ts';
import { createHandler, type Handler } from '../../src/lambda/handler.ts';
import { LOG_RECORDS } from '../../src/log/log-records.ts';
import { COMMON_FIELDS, LAMBDA_FIELDS } from '../../src/log/record-fields.ts';
import type { Clock } from '../../src/model/clock.ts';
import { PROBING } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';

/** The event of a rule's schedule. */
export const RULE_EVENT = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-10-08T16:53:06Z',
  region: 'us-east-1',
  resources: ['arn:aws:events:us-east-1:123456789012:rule/every-five-minutes'],
  detail: {},
};

/** What EventBridge Scheduler sends when a schedule has no input of its own. */
export const SCHEDULER_EVENT = {
  ...RULE_EVENT,
  source: 'aws.scheduler',
  resources: ['arn:aws:scheduler:us-east-1:123456789012:schedule/default/reconcile'],
  detail: '{}',
};

/** As Lambda's event source mapping hands messages of a queue to a function. */
export function queueEvent(bodies: readonly unknown[]): Pick<SQSEvent, 'Records'> {
  return {
    Records: bodies.map((body, i) => ({
      messageId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      receiptHandle: `handle-${i}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1764468000000',
        SenderId: 'AIDAEXAMPLE',
        ApproximateFirstReceiveTimestamp: '1764468000001',
      },
      messageAttributes: {},
      md5OfBody: '7b270e59b47ff90a553787216d55d91d',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:ecs-dns-events',
      awsRegion: 'us-east-1',
    })),
  };
}

/** A context as the Node.js runtime makes it, with so much time left. */
export function contextWith(remainingMs: number): Context {
  const end = Date.now() + remainingMs;
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: 'ecs-dns-test-reconcile',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:ecs-dns-test-reconcile',
    memoryLimitInMB: '1024',
    awsRequestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
    logGroupName: '/aws/lambda/ecs-dns-test-reconcile',
    logStreamName: '2026/10/08/[$LATEST]0123456789abcdef',
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}

export type Fields = Readonly<Record<string, unknown>>;

/** What a function has printed, line by line: records of its log, and metrics. */
export interface Printed {
  readonly records: readonly Fields[];
  readonly metrics: readonly Fields[];
  readonly text: string;
}

/** Every line that Lambda would keep has to be a JSON object. */
export function readPrinted(text: string): Printed {
  const lines = text.split('\n').filter((line) => line !== '');
  const objects = lines.map((line): Fields => JSON.parse(line));
  return {
    records: objects.filter((one) => !('_aws' in one)),
    metrics: objects.filter((one) => '_aws' in one),
    text,
  };
}

/** Collects what is written to both streams from now on, until the test is over. */
export function capture(): () => Printed {
  let text = '';
  for (const stream of [process.stdout, process.stderr]) {
    const spy = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      text += String(chunk);
      return true;
    });
    onTestFinished(() => spy.mockRestore());
  }
  return () => readPrinted(text);
}

/** The variables that stand for the settings of `PROBING`. */
export const PROBING_ENV = Object.fromEntries(
  Object.entries(PROBING).map(([flag, value]) => [
    `ECS_DNS_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`,
    String(value),
  ]),
);

const CREDENTIALS = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };

/** A clock that can be moved on; it sleeps as long as the real one. */
export function movableClock(): Clock & { moveOn(ms: number): void } {
  let ahead = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + ahead,
    moveOn: (ms) => {
      ahead += ms;
    },
  };
}

/** The handler on a sandbox, in this process; without probes unless `env` says otherwise. */
export function openHandler(
  server: TestServer,
  zoneId: string,
  env: Readonly<Record<string, string>> = {},
  clock: Clock = systemClock,
): Handler {
  return createHandler({
    env: { ECS_DNS_ZONE: zoneId, ECS_DNS_HEALTH_ENABLED: 'false', ...env },
    access: { endpoint: server.url, region: 'us-east-1', credentials: CREDENTIALS },
    clock,
  });
}

/** The records with one message. */
export function withMessage({ records }: Printed, message: string): readonly Fields[] {
  return records.filter((record) => record['message'] === message);
}

/** The fields of printed records that their message does not have, as `message: field`. */
export function undocumentedFields({ records }: Printed): readonly string[] {
  const known = new Map<unknown, Fields>(
    Object.entries(LOG_RECORDS).map(([message, { fields }]) => [
      message,
      { ...COMMON_FIELDS, ...LAMBDA_FIELDS, ...fields },
    ]),
  );
  return records.flatMap((record) =>
    Object.keys(record)
      .filter((field) => !Object.hasOwn(known.get(record['message']) ?? {}, field))
      .map((field) => `${String(record['message'])}: ${field}`),
  );
}

/** The value of one metric with exactly these labels and the zone's; `undefined` when it was not printed. */
export function metricOf({ metrics }: Printed, name: string, labels: Fields = {}): unknown {
  const wanted = ['zone', ...Object.keys(labels)].toSorted().join();
  return metrics
    .filter((line) => dimensionsOf(line).toSorted().join() === wanted)
    .find((line) => name in line && Object.entries(labels).every(([key, value]) => line[key] === value))?.[
    name
  ];
}

/** The one list of dimensions that all metrics of a line share. */
export function dimensionsOf(line: Fields): readonly string[] {
  return directiveOf(line).Dimensions[0] ?? [];
}

export interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
}

/** The directive of a line of metrics; TypeError unless it has exactly one. */
export function directiveOf(line: Fields): Directive {
  const { CloudWatchMetrics: directives } = line['_aws'] as { CloudWatchMetrics: readonly Directive[] };
  const [directive] = directives;
  if (directive === undefined || directives.length !== 1) throw new TypeError('not one directive');
  return directive;
}
