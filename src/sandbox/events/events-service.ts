import { AwsError } from '../error-answer.ts';
import type { Call, Json, OperationContext, Service } from '../service.ts';
import { decodeJson, encodeJsonError, jsonResponse } from '../wire/json-protocol.ts';
import { putEvents } from './put-events.ts';

/** What the header `x-amz-target` of an EventBridge request starts with. */
export const EVENTS_TARGET = 'AWSEvents.';

/** Amazon EventBridge in AWS JSON 1.1. */
export const eventsService: Service = {
  name: 'events',
  operations: ['PutEvents'],
  operationOf: (request) => String(request.headers['x-amz-target']).slice(EVENTS_TARGET.length),
  decode: decodeJson,
  execute,
  encode: (_, output) => jsonResponse(200, output),
  encodeError: encodeJsonError,
  throttled: () => new AwsError('ThrottlingException', 'Rate exceeded'),
  // Source: EventBridge User Guide, "Quotas": the least that a region is granted.
  rateOf: () => ({ burst: 400, perSecond: 400 }),
};

function execute(context: OperationContext, { operation, input }: Call): Json {
  if (operation === 'PutEvents') return putEvents(context, input);
  throw new AwsError('UnknownOperationException', `The sandbox does not know events:${operation}.`);
}
