import { ANOTHER_WRITER } from '../model/change.ts';
import type { LogLevel } from '../model/log-level.ts';
import {
  CHANGE_FIELDS,
  ENTRY_FIELDS,
  NOTICE_FIELDS,
  REMOVING_FIELDS,
  START_FIELDS,
  STOP_FIELDS,
  TASK_FIELDS,
  UNREAD_FIELDS,
  WITHHELD_FIELDS,
  WRITTEN_FIELDS,
} from './record-fields.ts';

type Door = 'process' | 'lambda';
const PROCESS = ['process'] as const;
const LAMBDA = ['lambda'] as const;
const EACH = ['process', 'lambda'] as const;

/**
 * Every record that any door writes, by its message: its level, who writes it, and its fields. Nothing else can be
 * written, and the documentation follows from it. `process` stands for commands, `lambda` for the function.
 */
export const LOG_RECORDS = {
  run: {
    level: 'info',
    by: EACH,
    fields: {
      mode: 'plan or apply.',
      summary: `How many entries there are by verdict, and how many removals, held back, applied, failed; \`alreadyDone\` is what ${ANOTHER_WRITER} was first with.`,
      unchanged:
        'In `watch` and `agent`: how much of what is held back, withheld, unverified, noted and unread is as in the run before. Only the rest has a record of its own.',
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
  removing: { level: 'info', by: LAMBDA, fields: REMOVING_FIELDS },
  removed: { level: 'info', by: EACH, fields: CHANGE_FIELDS },
  'already gone': { level: 'info', by: EACH, fields: CHANGE_FIELDS },
  planned: { level: 'info', by: EACH, fields: CHANGE_FIELDS },
  'not removed': { level: 'warn', by: EACH, fields: CHANGE_FIELDS },
  registered: { level: 'info', by: EACH, fields: WRITTEN_FIELDS },
  rewritten: { level: 'info', by: EACH, fields: WRITTEN_FIELDS },
  'already there': { level: 'debug', by: EACH, fields: WRITTEN_FIELDS },
  'to register': { level: 'info', by: EACH, fields: WRITTEN_FIELDS },
  'not registered': { level: 'warn', by: EACH, fields: WRITTEN_FIELDS },
  withheld: { level: 'info', by: EACH, fields: WITHHELD_FIELDS },
  'held back': {
    level: 'info',
    by: EACH,
    fields: {
      ...ENTRY_FIELDS,
      verdict: 'stale, unhealthy, draining or unverified.',
      reason: 'The reason code of the verdict.',
      guardrail: 'The guardrail that held it back.',
      detail: 'The numbers behind it.',
    },
  },
  'no longer held back': { level: 'info', by: PROCESS, fields: ENTRY_FIELDS },
  'no longer withheld': { level: 'info', by: PROCESS, fields: ENTRY_FIELDS },
  unverified: {
    level: 'info',
    by: PROCESS,
    fields: { ...ENTRY_FIELDS, reason: 'Why it cannot be known what the entry leads to.' },
  },
  'no longer unverified': { level: 'info', by: PROCESS, fields: ENTRY_FIELDS },
  notice: { level: 'info', by: PROCESS, fields: NOTICE_FIELDS },
  'notice gone': { level: 'info', by: PROCESS, fields: NOTICE_FIELDS },
  unread: { level: 'warn', by: PROCESS, fields: UNREAD_FIELDS },
  'read again': { level: 'info', by: PROCESS, fields: UNREAD_FIELDS },
  'network suspected': {
    level: 'warn',
    by: PROCESS,
    fields: {
      scope: 'The part of the network in which most probes fail in a network way.',
      reason: 'How most of them fail.',
      detail: 'The numbers behind it.',
    },
  },
  'network trusted': { level: 'info', by: PROCESS, fields: {} },
  more: {
    level: 'info',
    by: PROCESS,
    fields: {
      of: 'The kind of record of which this run has more than it writes.',
      count: 'How many are left out; a report has them all.',
    },
  },
  'task stopped': { level: 'info', by: EACH, fields: STOP_FIELDS },
  'task waits': { level: 'info', by: EACH, fields: STOP_FIELDS },
  'task not stopped': { level: 'warn', by: EACH, fields: STOP_FIELDS },
  events: {
    level: 'info',
    by: EACH,
    fields: {
      events: 'How many messages the queue had.',
      ignored: 'How many of them say nowhere to look.',
      scopes: 'How many tasks, container instances, services and machines the others name.',
      runs: 'How many times something was planned.',
      alreadyDone: `How many changes ${ANOTHER_WRITER} was first with.`,
      waiting: 'How many tasks are still starting: they are looked at again.',
      durationMs: 'How long it took.',
      awsCalls: 'Requests sent to AWS, by operation.',
      awsThrottled: 'How many of them AWS rejected as too many.',
    },
  },
  'event ignored': {
    level: 'info',
    by: LAMBDA,
    fields: { event: 'The source and the detail-type of the event.', why: 'Why it says nowhere to look.' },
  },
  'run failed': {
    level: 'error',
    by: EACH,
    fields: { code: 'A stable code of what went wrong.', detail: 'What went wrong and what to do about it.' },
  },
  'run stopped': { level: 'warn', by: PROCESS, fields: {} },
  'runs skipped': {
    level: 'warn',
    by: PROCESS,
    fields: { count: 'How many runs were due while another one was under way.' },
  },
  'events failed': {
    level: 'error',
    by: PROCESS,
    fields: { detail: 'Why events could not be taken or acted on; they come again.' },
  },
  watching: {
    level: 'info',
    by: PROCESS,
    fields: {
      schedule: 'When runs are due.',
      events: 'The queue whose events are acted on.',
      ...START_FIELDS,
    },
  },
  following: {
    level: 'info',
    by: PROCESS,
    fields: {
      host: 'The host whose container engine is followed.',
      address: 'Its address.',
      ...START_FIELDS,
    },
  },
  'engine silent': {
    level: 'warn',
    by: PROCESS,
    fields: { detail: 'What became of the events of the container engine.' },
  },
  journal: {
    level: 'info',
    by: PROCESS,
    fields: { path: 'The file that holds what this run is about to remove, for `ecs-dns restore`.' },
  },
  stopping: {
    level: 'info',
    by: PROCESS,
    fields: { graceMs: 'How long a run under way may go on; a second signal ends it at once.' },
  },
  'task runs': { level: 'info', by: PROCESS, fields: TASK_FIELDS },
  'machine terminated': {
    level: 'info',
    by: PROCESS,
    fields: { instance: 'The id of the EC2 instance, with which all ended that ran there.' },
  },
  'task told to stop': { level: 'info', by: PROCESS, fields: TASK_FIELDS },
  'task ended': {
    level: 'info',
    by: PROCESS,
    fields: { ...TASK_FIELDS, successor: 'The ARN of the task that runs in its place.' },
  },
  'container failed': {
    level: 'warn',
    by: PROCESS,
    fields: {
      container: 'The name of a container of the sandbox that has ended by itself.',
      exitCode: 'Its exit code.',
      detail: 'The last line of its error output.',
    },
  },
  'restart delayed': {
    level: 'warn',
    by: PROCESS,
    fields: {
      ecsService:
        'An ECS service of the sandbox, the tasks of which end by themselves soon after their start.',
      waitMs: 'How long it waits before it begins another.',
    },
  },
  failed: {
    level: 'error',
    by: PROCESS,
    fields: { detail: 'What keeps a command from its work, and what to do about it.' },
  },
  told: { level: 'info', by: PROCESS, fields: { detail: 'What an operator should know of a command.' } },
} as const satisfies Record<
  string,
  {
    readonly level: LogLevel;
    readonly by: readonly Door[];
    readonly fields: Readonly<Record<string, string>>;
  }
>;

export type LogMessage = keyof typeof LOG_RECORDS;

/** The fields of one record; those that do not apply are left out, or `undefined`. */
export type LogFields<M extends LogMessage> = Readonly<
  Partial<Record<keyof (typeof LOG_RECORDS)[M]['fields'], unknown>>
>;
