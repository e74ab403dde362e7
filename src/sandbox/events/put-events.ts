import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import { isObject, objectsOf, optionalText, stringsOf, textOf } from '../wire/json.ts';
import type { EntryRefusal, KeptEvent } from '../world/kept-events.ts';
import type { World } from '../world/world.ts';

const MAX_ENTRIES = 10;
const MAX_BYTES = 256 * 1024;
const TIME_BYTES = 14;
const REQUIRED = ['Source', 'DetailType', 'Detail'] as const;

/**
 * PutEvents: a request that is too long or too large is refused as a whole, anything else entry by entry.
 * Source: EventBridge API Reference, "PutEvents". An entry for a bus that does not exist is answered as if
 * it were taken, and goes nowhere: AWS has been seen to do so.
 */
export const putEvents: Operation = ({ world }, input) => {
  const entries = objectsOf(input['Entries']);
  checkRequest(entries);
  const results = entries.map((entry) => putEvent(world, entry));
  return {
    FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
    Entries: results,
  };
};

function checkRequest(entries: readonly Json[]): void {
  if (entries.length === 0) throw lengthError('greater than or equal to 1');
  if (entries.length > MAX_ENTRIES) throw lengthError(`less than or equal to ${MAX_ENTRIES}`);
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes >= MAX_BYTES)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
}

function lengthError(constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to satisfy constraint: Member must have length ${constraint}`,
  );
}

/** Source: EventBridge User Guide, "Calculating PutEvents event entry size". */
function bytesOf(entry: Json): number {
  const texts = [...REQUIRED.map((name) => textOf(entry[name])), ...stringsOf(entry['Resources'])];
  const time = entry['Time'] === undefined ? 0 : TIME_BYTES;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), time);
}

function putEvent(world: World, entry: Json): Json {
  const id = `${world.random.hex(8)}-${world.random.hex(4)}-${world.random.hex(4)}-${world.random.hex(12)}`;
  const time = entry['Time'];
  const event: KeptEvent = {
    id,
    source: textOf(entry['Source']),
    detailType: textOf(entry['DetailType']),
    detail: textOf(entry['Detail']),
    resources: stringsOf(entry['Resources']),
    time: typeof time === 'number' ? time : undefined,
  };
  const bus = world.findEventBus(optionalText(entry['EventBusName']) ?? 'default');
  const refusal = faultOf(entry, event) ?? bus?.refuse(event);
  if (refusal !== undefined) return { ErrorCode: refusal.code, ErrorMessage: refusal.message };
  bus?.events.push(event);
  return { EventId: id };
}

function faultOf(entry: Json, { source, detail }: KeptEvent): EntryRefusal | undefined {
  const missing = REQUIRED.find((name) => textOf(entry[name]) === '');
  if (missing !== undefined) {
    const message = `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`;
    return { code: 'InvalidArgument', message };
  }
  if (source.startsWith('aws.'))
    return { code: 'NotAuthorizedForSourceException', message: 'Not authorized for the source.' };
  return isJsonObject(detail) ? undefined : { code: 'MalformedDetail', message: 'Detail is malformed.' };
}

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
