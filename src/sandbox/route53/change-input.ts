import { AwsError } from '../error-answer.ts';
import type { Json } from '../service.ts';
import { isObject, objectOf, objectsOf } from '../wire/json.ts';
import { readXml } from '../wire/read-xml.ts';
import { invalidInput } from './errors.ts';

const NUMBERS = new Set(['TTL', 'Weight', 'Bias']);
const BOOLEANS = new Set(['EvaluateTargetHealth', 'MultiValueAnswer']);

/** Reads the body of ChangeResourceRecordSets into the SDK's own shape; no rule is checked here. */
export function changeInput(hostedZoneId: string, body: string): Json {
  const root = readXml(body, ['Change', 'ResourceRecord']);
  if (root === undefined) throw invalidInput('Invalid XML ; the document is not well-formed.');
  const request = root['ChangeResourceRecordSetsRequest'];
  if (!isObject(request))
    throw new AwsError(
      'MalformedInput',
      'ChangeBatch is not valid, expected ChangeResourceRecordSetsRequest',
    );
  const batch = objectOf(request['ChangeBatch']);
  return {
    HostedZoneId: hostedZoneId,
    ChangeBatch: {
      ...(typeof batch['Comment'] === 'string' ? { Comment: batch['Comment'] } : {}),
      Changes: objectsOf(objectOf(batch['Changes'])['Change']).map(readChange),
    },
  };
}

function readChange(change: Json): Json {
  return { Action: change['Action'], ResourceRecordSet: readFields(objectOf(change['ResourceRecordSet'])) };
}

function readFields(element: Json): Json {
  const fields = Object.entries(element).filter(([name]) => name !== '#text');
  return Object.fromEntries(fields.map(([name, value]) => [name, readField(name, value)]));
}

function readField(name: string, value: unknown): unknown {
  if (name === 'ResourceRecords') return readRecords(value);
  if (isObject(value)) return readFields(value);
  if (NUMBERS.has(name)) return Number(value);
  return BOOLEANS.has(name) ? value === 'true' : value;
}

function readRecords(value: unknown): readonly Json[] {
  return objectsOf(objectOf(value)['ResourceRecord']).map(readFields);
}
