import { AwsError } from '../error-answer.ts';
import type { Json } from '../service.ts';
import { isObject, stringsOf } from '../wire/json.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import type { Sequence } from '../world/sequence.ts';

const MAX_RESULTS = 100;

/** An InvalidInput, as Cloud Map answers what it cannot accept. */
export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}

/** The id of what is asked for; Cloud Map takes its ARN as well. */
export function requestedId(input: Json): string {
  const value = input['Id'];
  if (typeof value !== 'string' || value === '') throw invalidInput('Id is required.');
  return value.slice(value.lastIndexOf('/') + 1);
}

/** The values of a filter, `undefined` without it; every filter that is not known is refused. */
export function filterValues(input: Json, known: string): readonly string[] | undefined {
  const filters = Array.isArray(input['Filters']) ? input['Filters'].filter(isObject) : [];
  if (filters.some(({ Name }) => Name !== known))
    throw invalidInput(`The sandbox knows the filter ${known} alone.`);
  const [filter] = filters;
  return filter && stringsOf(filter['Values']);
}

/** One page of what matches; a token is good only for the very listing it came from. */
export function pageOf<T>(
  input: Json,
  scope: string,
  items: Sequence<T>,
  matches: (item: T) => boolean,
): { readonly items: readonly T[]; readonly token: Json } {
  const size = input['MaxResults'] ?? MAX_RESULTS;
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > MAX_RESULTS)
    throw invalidInput(`MaxResults must be between 1 and ${MAX_RESULTS}.`);
  const token = input['NextToken'] ?? '';
  const start = token === '' ? 0 : readPageToken(scope, typeof token === 'string' ? token : '');
  if (start === undefined) throw invalidInput('NextToken is not valid.');
  const page = items.page(start, size, matches);
  return {
    items: page.items,
    token: page.next === undefined ? {} : { NextToken: writePageToken(scope, page.next) },
  };
}
