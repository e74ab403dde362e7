import { AwsError } from '../error-answer.ts';
import type { Call, Json, OperationContext, RawRequest, Service, WireResponse } from '../service.ts';
import { element, textElement, xmlDocument } from '../wire/write-xml.ts';
import { renderOutput } from './render.ts';
import { inputOf, OPERATION_NAMES, operationNamed, routeOf } from './routes.ts';

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';

/** Amazon Route 53 in REST XML. */
export const route53Service: Service = {
  name: 'route53',
  operations: OPERATION_NAMES,
  operationOf: (request) => routeOf(request)?.operation ?? 'Unknown',
  decode,
  execute,
  encode,
  encodeError,
  throttled: () => new AwsError('Throttling', 'Rate exceeded'),
  rateOf: () => ({ burst: 50, perSecond: 10 }),
};

function decode(request: RawRequest): Json {
  const route = routeOf(request);
  return route === undefined ? {} : inputOf(route, request);
}

function execute(context: OperationContext, call: Call): Json {
  const operation = operationNamed(call.operation);
  if (operation === undefined)
    throw new AwsError('UnknownOperationException', 'The sandbox does not know this Route 53 request.', 404);
  return operation(context, call.input);
}

function encode(call: Call, output: Json): WireResponse {
  return response(200, xmlDocument(`${call.operation}Response`, NAMESPACE, renderOutput(output)));
}

/** A batch that is rejected is answered as in practice: one text, with all messages in brackets. */
function encodeError(error: AwsError, requestId: string): WireResponse {
  const id = textElement('RequestId', requestId);
  const details = element(
    'Error',
    textElement('Type', error.status >= 500 ? 'Receiver' : 'Sender'),
    textElement('Code', error.code),
    textElement('Message', error.message),
  );
  return response(error.status, xmlDocument('ErrorResponse', NAMESPACE, details, id));
}

function response(status: number, body: string): WireResponse {
  return { status, contentType: 'text/xml', body };
}
