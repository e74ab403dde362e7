import { AwsError } from '../aws-error.ts';
import type { Call, Json, OperationContext, RawRequest, Service, WireResponse } from '../service.ts';
import { element, textElement, xmlDocument } from '../wire/write-xml.ts';
import { renderOutput } from './render.ts';
import { inputOf, operationNamed, routeOf } from './routes.ts';

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';

/**
 * How a rejected batch is answered: `generic` is what the service sends in practice, one text with the
 * list of messages in brackets; `modeled` is what its API reference shows, an element for each message.
 */
export type BatchErrorForm = 'generic' | 'modeled';

/** Amazon Route 53 in REST XML. */
export function createRoute53Service(batchErrorForm: BatchErrorForm): Service {
  return {
    name: 'route53',
    operationOf: (request) => routeOf(request)?.operation ?? 'Unknown',
    decode,
    execute,
    encode,
    encodeError: (error, requestId) => encodeError(error, requestId, batchErrorForm),
    throttled: () => new AwsError('Throttling', 'Rate exceeded'),
    badCredentials: () =>
      new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid', 403),
    rateOf: () => ({ burst: 50, perSecond: 10 }),
  };
}

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

function encode(call: Call, output: Json, requestId: string): WireResponse {
  return response(200, xmlDocument(`${call.operation}Response`, NAMESPACE, renderOutput(output)), requestId);
}

function encodeError(error: AwsError, requestId: string, form: BatchErrorForm): WireResponse {
  const id = textElement('RequestId', requestId);
  if (form === 'modeled' && error.messages.length > 0) {
    const messages = error.messages.map((message) => textElement('Message', message));
    return response(
      error.status,
      xmlDocument(error.code, NAMESPACE, element('Messages', ...messages), id),
      requestId,
    );
  }
  const details = element(
    'Error',
    textElement('Type', error.status >= 500 ? 'Receiver' : 'Sender'),
    textElement('Code', error.code),
    textElement('Message', error.message),
  );
  return response(error.status, xmlDocument('ErrorResponse', NAMESPACE, details, id), requestId);
}

function response(status: number, body: string, requestId: string): WireResponse {
  return { status, contentType: 'text/xml', headers: { 'x-amzn-requestid': requestId }, body };
}
