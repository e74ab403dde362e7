import type { Logger } from '@aws-lambda-powertools/logger';

/** What Powertools puts into every record. */
export const BASE_FIELDS = {
  level: 'DEBUG, INFO, WARN, ERROR or CRITICAL.',
  message: 'The kind of record: one of those below.',
  timestamp: 'When it was written (ISO 8601, UTC).',
  service: 'Always ecs-dns.',
  sampling_rate: 'The share of invocations that log at DEBUG; 0 unless it is set.',
  xray_trace_id: 'The trace of the invocation, when it has one.',
  cold_start: 'Whether the invocation is the first one of its process.',
  function_name: 'The function.',
  function_arn: 'Its ARN as it was invoked.',
  function_memory_size: 'Its memory in MiB.',
  function_request_id: 'The invocation; all records of one run share it.',
} as const;

const RUN_ID = 'The run: reports, events and the comments of Route 53 have the same id.';

const REMOVING_FIELDS = {
  runId: RUN_ID,
  zone: 'The id of the hosted zone.',
  zoneName: 'Its name.',
  recordSet: 'The record set exactly as Route 53 has it, written before the change is sent.',
  replacedBy: 'What is to stay of a record set that loses only some of its values.',
  reasons: 'The reason codes of the values that go.',
} as const;

const CHANGE_FIELDS = {
  zone: 'The id of the hosted zone.',
  recordSet: 'The record set exactly as Route 53 had it, so that it can be put back.',
  replacedBy: 'What stays of a record set that loses only some of its values.',
  reasons: 'The reason codes of the values that go.',
  status: 'applied, planned, conflict or failed.',
  detail: 'What AWS said, or why it was not sent.',
  code: 'Why it was not sent: `deadline` or `plan-too-old`; or refused: `name-protected`.',
} as const;

const WRITTEN_FIELDS = {
  zone: 'The id of the hosted zone.',
  recordSet: 'The record set as it stands in the zone now, or was to.',
  reasons: 'Why: missing where it is new, else why it was written anew.',
  status: 'applied, planned, conflict or failed.',
  detail: 'What AWS said, or why it was not sent.',
  code: 'Why it was not sent: `deadline` or `plan-too-old`; or refused: `name-protected`.',
} as const;

const WITHHELD_FIELDS = {
  zone: 'The id of the hosted zone.',
  name: 'The name of the record that something running would have.',
  type: 'Its type.',
  value: 'Its value.',
  reason: 'Why it is not registered: a reason of its own, or that of the verdict that it would get.',
  detail: 'What is in the way.',
} as const;

const STOP_FIELDS = {
  zone: 'The id of the hosted zone.',
  cluster: 'The cluster of a task that fails and may be stopped.',
  ecsService: 'The ECS service that started it.',
  task: 'Its ARN.',
  reason: 'The reason code of how it fails.',
  status: 'stopped, planned, waiting or failed.',
  detail: 'What ECS was told, why it was not stopped, or what ECS said.',
} as const;

/**
 * Every record that the function writes, by its message: its level and its fields. Nothing else can be
 * written, and the documentation follows from it.
 */
export const LOG_RECORDS = {
  run: {
    level: 'info',
    fields: {
      runId: RUN_ID,
      mode: 'plan or apply.',
      zone: 'The id of the hosted zone.',
      zoneName: 'Its name.',
      summary: 'How many entries there are by verdict, and how many removals, held back, applied, failed.',
      durationMs: 'How long the run took.',
      allowedMs: 'How long it might have taken.',
      probes: 'Endpoints probed, by outcome.',
      awsCalls: 'Requests sent to AWS, by operation.',
      awsThrottled: 'How many of them AWS rejected as too many.',
      incomplete: 'The scopes of AWS that could not be read, each with the call and the error.',
      notices: 'How many things an operator should put right; `ecs-dns plan` lists them.',
      warnings:
        'There when something apart from the run went wrong, such as events that were not sent; a line each.',
      networkSelfTest:
        'There when the worker suspects its own network: the scope, the reason and the numbers.',
    },
  },
  removing: { level: 'info', fields: REMOVING_FIELDS },
  removed: { level: 'info', fields: CHANGE_FIELDS },
  planned: { level: 'info', fields: CHANGE_FIELDS },
  'not removed': { level: 'warn', fields: CHANGE_FIELDS },
  registered: { level: 'info', fields: WRITTEN_FIELDS },
  rewritten: { level: 'info', fields: WRITTEN_FIELDS },
  'to register': { level: 'info', fields: WRITTEN_FIELDS },
  'not registered': { level: 'warn', fields: WRITTEN_FIELDS },
  withheld: { level: 'info', fields: WITHHELD_FIELDS },
  'held back': {
    level: 'info',
    fields: {
      zone: 'The id of the hosted zone.',
      name: 'The name of the record set.',
      type: 'Its type.',
      setIdentifier: 'Its set identifier, if it has one.',
      value: 'The one value that is meant.',
      verdict: 'stale, unhealthy, draining or unverified.',
      reason: 'The reason code of the verdict.',
      guardrail: 'The guardrail that held it back.',
      detail: 'The numbers behind it.',
    },
  },
  'task stopped': { level: 'info', fields: STOP_FIELDS },
  'task waits': { level: 'info', fields: STOP_FIELDS },
  'task not stopped': { level: 'warn', fields: STOP_FIELDS },
  events: {
    level: 'info',
    fields: {
      events: 'How many messages the queue had.',
      ignored: 'How many of them say nowhere to look.',
      scopes: 'How many tasks, container instances, services and machines the others name.',
      runs: 'How many times something was planned.',
      waiting: 'How many tasks are still starting: they are looked at again.',
      durationMs: 'How long it took.',
      awsCalls: 'Requests sent to AWS, by operation.',
      awsThrottled: 'How many of them AWS rejected as too many.',
    },
  },
  'event ignored': {
    level: 'info',
    fields: { event: 'The source and the detail-type of the event.', why: 'Why it says nowhere to look.' },
  },
  'run failed': {
    level: 'error',
    fields: { code: 'A stable code of what went wrong.', detail: 'What went wrong and what to do about it.' },
  },
} as const satisfies Record<
  string,
  { level: 'info' | 'warn' | 'error'; fields: Readonly<Record<string, string>> }
>;

export type LogMessage = keyof typeof LOG_RECORDS;

/** The fields of one record; those that do not apply are left out, or `undefined`. */
export type LogFields<M extends LogMessage> = Readonly<
  Partial<Record<keyof (typeof LOG_RECORDS)[M]['fields'], unknown>>
>;

export function writeRecord<M extends LogMessage>(logger: Logger, message: M, fields: LogFields<M>): void {
  logger[LOG_RECORDS[message].level](message, { ...fields });
}
