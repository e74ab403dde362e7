import { AwsError } from '../error-answer.ts';
import type { Json } from '../service.ts';

/** A ValidationError, as Elastic Load Balancing answers what it cannot accept. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** Parameters that have one value, as it is sent. */
const SINGLE_FIELDS: ReadonlySet<string> = new Set(['Marker', 'LoadBalancerArn', 'TargetGroupArn']);

/**
 * Reads the form of a describe request into the SDK's own shape. `lists` are the parameters that come as
 * `NAME.member.N`; whatever else but paging is refused.
 */
export function describeInput(form: URLSearchParams, lists: readonly string[]): Json {
  const members = new Map<string, Map<number, string>>();
  const input: Record<string, unknown> = {};
  for (const [key, value] of form) {
    const [field = '', member, index] = key.split('.');
    if (lists.includes(field) && member === 'member')
      members.set(field, (members.get(field) ?? new Map()).set(Number(index), value));
    else if (key === 'PageSize') input[key] = Number(value);
    else if (SINGLE_FIELDS.has(key)) input[key] = value;
    // An empty list is sent as its bare name.
    else if (key !== 'Action' && key !== 'Version' && !(lists.includes(key) && value === ''))
      throw validationError(`Unexpected parameter ${key}`);
  }
  for (const [field, list] of members)
    input[field] = [...list].toSorted(([a], [b]) => a - b).map(([, value]) => value);
  return input;
}
