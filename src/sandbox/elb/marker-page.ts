import type { Json } from '../service.ts';
import { textOf } from '../wire/json.ts';
import { readPageToken, writePageToken } from '../wire/page-token.ts';
import { validationError } from './query-fields.ts';

/** The largest page, and the page of a request that asks for none. */
const MOST = 400;

/** One page of what was found, and the marker of the next one; a marker is good only for the same request. */
export function pageOf<T>(operation: string, input: Json, found: readonly T[]) {
  const { Marker: marker, PageSize: size, ...filters } = input;
  const scope = JSON.stringify([operation, filters]);
  const start = startOf(marker, scope);
  const end = start + pageSize(size);
  const next = end < found.length ? { NextMarker: writePageToken(scope, end) } : {};
  return { items: found.slice(start, end), next };
}

function pageSize(value: unknown): number {
  if (value === undefined) return MOST;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > MOST)
    throw validationError(`1 validation error detected: 'pageSize' must be between 1 and ${MOST}`);
  return value;
}

function startOf(marker: unknown, scope: string): number {
  if (marker === undefined) return 0;
  const position = readPageToken(scope, textOf(marker));
  if (position === undefined) throw validationError('Invalid marker');
  return position;
}
