import type { Json } from '../service.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import type { Sequence } from '../world/sequence.ts';
import { invalidParameter, optionalString, pageSize } from './input.ts';

interface Listing<T> {
  readonly operation: string;
  readonly items: Sequence<T>;
  readonly matches?: (item: T) => boolean;
  readonly arnOf: (item: T) => string;
  /** The field of the answer that holds the ARNs. */
  readonly field: string;
  readonly defaultPageSize?: number;
}

/** One page of ARNs; a token is good only for the very listing it came from. */
export function listArns<T>(input: Json, listing: Listing<T>): Json {
  const size = pageSize(input, listing.defaultPageSize ?? 100);
  const scope = scopeOf(listing.operation, input);
  const page = listing.items.page(startOf(input, scope), size, listing.matches);
  return {
    [listing.field]: page.items.map(listing.arnOf),
    ...(page.next === undefined ? {} : { nextToken: writePageToken(scope, page.next) }),
  };
}

function startOf(input: Json, scope: string): number {
  const token = optionalString(input, 'nextToken');
  if (token === undefined || token === '') return 0;
  const position = readPageToken(scope, token);
  if (position === undefined) throw invalidParameter('Invalid token.');
  return position;
}

function scopeOf(operation: string, input: Json): string {
  const filters = Object.entries(input).filter(([name]) => name !== 'nextToken' && name !== 'maxResults');
  return JSON.stringify([operation, filters.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
}
