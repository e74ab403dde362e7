import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { AWS_OPERATIONS } from '../../src/aws/operations.ts';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** The operations whose commands the source makes. */
function commandsMade(): readonly string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const texts = files
    .filter((file) => !file.startsWith('sandbox'))
    .map((file) => readFileSync(join(SOURCE, file), 'utf8'));
  return texts.flatMap((text) =>
    [...text.matchAll(/\bnew (?:\w+\.)?(\w+)Command\(/g)].map(([, name = '']) => name),
  );
}

test('the catalogue has every operation that the worker sends, sorted, and no other', () => {
  const operations = AWS_OPERATIONS.map((name) => name.slice(name.indexOf(':') + 1));

  expect([...new Set(operations)].toSorted()).toEqual([...new Set(commandsMade())].toSorted());
  expect(AWS_OPERATIONS).toEqual([...new Set(AWS_OPERATIONS)].toSorted());
});
