import type { MemoryLocation } from '../model/memory-location.ts';

/** The key of the one item in the table, unless another is named. */
const DEFAULT_KEY = 'ecs-dns';
const PREFIX = 'dynamodb:';

/** Either form; no control characters in a path. Source of a table's name: DynamoDB, "Naming rules". */
export const MEMORY_PATTERN =
  /^(?:dynamodb:[A-Za-z0-9_.-]{3,255}(?:\/[A-Za-z0-9_.:-]{1,255})?|(?!dynamodb:)[ -~\u00a0-\uffff]*\.json)$/;

/** Reads `FILE.json`, `dynamodb:TABLE` or `dynamodb:TABLE/KEY`; `undefined` for every other form. */
export function parseMemoryLocation(text: string): MemoryLocation | undefined {
  if (!MEMORY_PATTERN.test(text)) return undefined;
  if (!text.startsWith(PREFIX)) return { kind: 'file', path: text };
  const [table = '', key = DEFAULT_KEY] = text.slice(PREFIX.length).split('/');
  return { kind: 'dynamodb', table, key };
}
