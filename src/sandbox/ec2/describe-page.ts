import { AwsError } from '../error-answer.ts';
import type { Json } from '../service.ts';
import { textOf } from '../wire/json.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import type { Page } from '../world/sequence.ts';

const LEAST = 5;
const MOST = 1000;

/** One page of a describe call; `read` finds what is there from a position on. */
export function describePage<T>(
  operation: string,
  input: Json,
  read: (position: number, size: number) => Page<T>,
): { readonly items: readonly T[]; readonly nextToken: Json } {
  const scope = JSON.stringify([operation, input['Filters'], input['IncludeManagedResources']]);
  const page = read(startOf(input['NextToken'], scope), pageSize(input['MaxResults']));
  const nextToken = page.next === undefined ? {} : { NextToken: writePageToken(scope, page.next) };
  return { items: page.items, nextToken };
}

/** A call that names what it wants cannot be paged. */
export function refuseMaxResults(input: Json, parameter: string): void {
  if (input['MaxResults'] === undefined) return;
  const text = `The parameter ${parameter} cannot be used with the parameter maxResults`;
  throw new AwsError('InvalidParameterCombination', text);
}

function pageSize(value: unknown): number {
  if (value === undefined) return MOST;
  const invalid = (rule: string) =>
    new AwsError(
      'InvalidParameterValue',
      `Value ( ${textOf(value)} ) for parameter maxResults is invalid. ${rule}`,
    );
  if (typeof value !== 'number' || !Number.isInteger(value)) throw invalid('Expecting a whole number.');
  if (value < LEAST) throw invalid(`Expecting a value greater than or equal to ${LEAST}.`);
  if (value > MOST) throw invalid(`Expecting a value less than or equal to ${MOST}.`);
  return value;
}

function startOf(token: unknown, scope: string): number {
  if (token === undefined) return 0;
  const position = readPageToken(scope, textOf(token));
  if (position === undefined) throw new AwsError('InvalidNextToken', 'The token provided is invalid.');
  return position;
}
