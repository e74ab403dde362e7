import { AwsError } from '../error-answer.ts';
import type { Call, Json, OperationContext, RawRequest, Service, WireResponse } from '../service.ts';
import { element, textElement, xmlDocument } from '../wire/write-xml.ts';

/** The version of the API of Amazon SNS. */
export const SNS_VERSION = '2010-03-31';

const NAMESPACE = `http://sns.amazonaws.com/doc/${SNS_VERSION}/`;
/** Source: SNS API Reference, "Publish". */
const MAX_BYTES = 256 * 1024;
const SUBJECT = /^[!-~][ -~]{0,99}$/;

/** Amazon SNS in the AWS Query protocol, as far as a publisher needs it: topics keep what they get. */
export const snsService: Service = {
  name: 'sns',
  operations: ['Publish'],
  operationOf: ({ body }: RawRequest) => new URLSearchParams(body).get('Action') ?? 'Unknown',
  decode: ({ body }) => Object.fromEntries(new URLSearchParams(body)),
  execute,
  encode: ({ operation }, output, requestId) => {
    const result = element(`${operation}Result`, textElement('MessageId', output['MessageId']));
    return response(200, xmlDocument(`${operation}Response`, NAMESPACE, result, metadata(requestId)));
  },
  encodeError: ({ code, message, status }, requestId) => {
    const details = [
      textElement('Type', 'Sender'),
      textElement('Code', code),
      textElement('Message', message),
    ];
    const id = textElement('RequestId', requestId);
    return response(status, xmlDocument('ErrorResponse', NAMESPACE, element('Error', ...details), id));
  },
  throttled: () => new AwsError('Throttled', 'Rate exceeded', 429),
  // Source: SNS endpoints and quotas: the least that a region is granted.
  rateOf: () => ({ burst: 300, perSecond: 300 }),
};

function metadata(requestId: string): string {
  return element('ResponseMetadata', textElement('RequestId', requestId));
}

function response(status: number, body: string): WireResponse {
  return { status, contentType: 'text/xml', body };
}

function execute({ world }: OperationContext, { operation, input }: Call): Json {
  if (operation !== 'Publish')
    throw new AwsError('InvalidAction', `The sandbox does not know sns:${operation}.`);
  const { TopicArn, Message = '', Subject, MessageStructure } = input as Record<string, string | undefined>;
  const messages = world.topics.get(TopicArn ?? '');
  if (messages === undefined) throw new AwsError('NotFound', 'Topic does not exist', 404);
  if (Subject !== undefined && !SUBJECT.test(Subject)) throw invalid('Subject');
  if (Message === '' || Buffer.byteLength(Message) > MAX_BYTES) throw invalid('Message');
  const byProtocol = MessageStructure === 'json' ? parsed(Message) : { default: Message };
  if (typeof byProtocol['default'] !== 'string')
    throw invalid('Message Structure - No default entry in JSON message body');
  messages.push({ subject: Subject, byProtocol, attributes: attributesOf(input) });
  return { MessageId: world.random.hex(32) };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw invalid('Message Structure - JSON message body failed to parse');
  }
}

function attributesOf(input: Json): Readonly<Record<string, string>> {
  const names = Object.entries(input).flatMap(([key, name]) => {
    const index = /^MessageAttributes\.entry\.(\d+)\.Name$/.exec(key)?.[1];
    return index === undefined
      ? []
      : [[String(name), String(input[`MessageAttributes.entry.${index}.Value.StringValue`])]];
  });
  return Object.fromEntries(names);
}

function invalid(parameter: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${parameter}`);
}
