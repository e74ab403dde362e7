import { AwsError } from '../error-answer.ts';
import type { Json, Operation, RawRequest, Service, ServiceName, WireResponse } from '../service.ts';
import { objectsOf } from '../wire/json.ts';
import { element, textElement, xmlDocument } from '../wire/write-xml.ts';
import { describeInput } from './query-fields.ts';

/** One operation: its list parameters, what it does, and how its answer is written. */
export interface QueryOperation {
  readonly lists: readonly string[];
  readonly run: Operation;
  readonly write: (output: Json) => string;
}

/** One API of Elastic Load Balancing in the AWS Query protocol: a form in, XML out. */
export function queryService(
  name: ServiceName,
  version: string,
  operations: Readonly<Record<string, QueryOperation>>,
): Service {
  const namespace = `http://elasticloadbalancing.amazonaws.com/doc/${version}/`;
  const operationOf = (request: RawRequest) => new URLSearchParams(request.body).get('Action') ?? 'Unknown';
  return {
    name,
    operations: Object.keys(operations),
    operationOf,
    decode: (request, operation) => {
      const { lists } = operations[operation] ?? { lists: undefined };
      return lists === undefined ? {} : describeInput(new URLSearchParams(request.body), lists);
    },
    execute: (context, { operation, input }) => {
      const known = operations[operation];
      if (known === undefined)
        throw new AwsError('InvalidAction', `Could not find operation ${operation} for version ${version}`);
      return known.run(context, input);
    },
    encode: ({ operation }, output, requestId) => {
      const result = element(`${operation}Result`, operations[operation]?.write(output) ?? '');
      const metadata = element('ResponseMetadata', textElement('RequestId', requestId));
      return response(200, xmlDocument(`${operation}Response`, namespace, result, metadata));
    },
    encodeError: ({ code, message, status }, requestId) => {
      const details = [
        textElement('Type', 'Sender'),
        textElement('Code', code),
        textElement('Message', message),
      ];
      const id = textElement('RequestId', requestId);
      return response(status, xmlDocument('ErrorResponse', namespace, element('Error', ...details), id));
    },
    throttled: () => new AwsError('Throttling', 'Rate exceeded'),
    rateOf: () => ({ burst: 40, perSecond: 10 }),
    hasOneBucket: true,
  };
}

/** A list of structures, each a `member`; nothing for what is no list. */
export function members(name: string, items: unknown, write: (item: Json) => string): string {
  return Array.isArray(items)
    ? element(name, ...objectsOf(items).map((item) => element('member', write(item))))
    : '';
}

function response(status: number, body: string): WireResponse {
  return { status, contentType: 'text/xml', body };
}
