import { ANOTHER_WRITER } from '../model/change.ts';

/** What a record of any door says of itself and, where it is known, of the run and of the world that it looked at. */
export const COMMON_FIELDS = {
  timestamp: 'When it was written (ISO 8601, UTC).',
  level: 'DEBUG, INFO, WARN or ERROR.',
  message: 'The kind of record: one of those below.',
  service: 'Always ecs-dns.',
  runId: 'The run: reports, journals, events and the comments of Route 53 have the same id.',
  account: 'The account whose clusters were read.',
  region: 'Their region.',
  zone: 'The id of the hosted zone; until it is known, what the settings call it.',
  zoneName: 'The name of the zone.',
  cut: 'There when the line would have been too long: how many items of a list, characters of a text or bytes of anything else are left out of each field.',
} as const;

/** What Powertools adds to every record of the function. */
export const LAMBDA_FIELDS = {
  sampling_rate: 'The share of invocations that log at DEBUG; 0 unless it is set.',
  xray_trace_id: 'The trace of the invocation, when it has one.',
  cold_start: 'Whether the invocation is the first one of its process.',
  function_name: 'The function.',
  function_arn: 'Its ARN as it was invoked.',
  function_memory_size: 'Its memory in MiB.',
  function_request_id: 'The invocation; all records of one run share it.',
} as const;

const CODE_MEANING = `Why it was not sent: \`deadline\` or \`plan-too-old\`; why it failed: \`name-protected\`, \`no-answer\`; or what ${ANOTHER_WRITER} was first with: \`already-gone\`, \`already-there\`.`;

export const REMOVING_FIELDS = {
  recordSet: 'The record set exactly as Route 53 has it, written before the change is sent.',
  replacedBy: 'What is to stay of a record set that loses only some of its values.',
  reasons: 'The reason codes of the values that go.',
} as const;

export const CHANGE_FIELDS = {
  recordSet: 'The record set exactly as Route 53 had it, so that it can be put back.',
  replacedBy: 'What stays of a record set that loses only some of its values.',
  reasons: 'The reason codes of the values that go.',
  status: 'applied, already-done, planned, conflict or failed.',
  detail: 'What AWS said, or why it was not sent.',
  code: CODE_MEANING,
} as const;

export const WRITTEN_FIELDS = {
  recordSet: 'The record set as it stands in the zone now, or was to.',
  reasons: 'Why: missing where it is new, else why it was written anew.',
  status: 'applied, already-done, planned, conflict or failed.',
  detail: 'What AWS said, or why it was not sent.',
  code: CODE_MEANING,
} as const;

/** A record that something running would have. */
export const WITHHELD_FIELDS = {
  name: 'The name of the record that something running would have.',
  type: 'Its type.',
  value: 'Its value.',
  reason: 'Why it is not registered: a reason of its own, or that of the verdict that it would get.',
  detail: 'What is in the way.',
} as const;

export const STOP_FIELDS = {
  cluster: 'The cluster of a task that fails and may be stopped.',
  ecsService: 'The ECS service that started it.',
  task: 'Its ARN.',
  reason: 'The reason code of how it fails.',
  status: 'stopped, planned, waiting or failed.',
  detail: 'What ECS was told, why it was not stopped, or what ECS said.',
} as const;

export const ENTRY_FIELDS = {
  name: 'The name of the record set.',
  type: 'Its type.',
  setIdentifier: 'Its set identifier, if it has one.',
  value: 'The one value that is meant.',
} as const;

export const NOTICE_FIELDS = {
  subject: 'What the notice is about: a part of the settings, a container, an entry or the worker itself.',
  detail: 'What an operator should put right.',
} as const;

export const UNREAD_FIELDS = {
  scope: 'What could not be read.',
  operation: 'The call that failed.',
  error: 'What AWS said.',
} as const;

export const TASK_FIELDS = { ecsService: 'The ECS service that started it.', task: 'Its ARN.' } as const;

export const START_FIELDS = {
  port: 'Where metrics and health pages are served, if they are.',
  journal: 'Where what is removed is written down: a directory, `stderr` or `none`.',
} as const;
