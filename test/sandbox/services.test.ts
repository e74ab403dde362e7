import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SERVICES } from '../../src/sandbox/server.ts';

test.each(SERVICES.map(({ name, operations }) => [name, operations] as const))(
  'the page of the sandbox lists the calls of %s, each once',
  (_, operations) => {
    expect(new Set(operations).size).toBe(operations.length);
    const page = readFileSync('docs/sandbox.md', 'utf8');
    for (const operation of operations) expect(page).toContain(`\`${operation}\``);
  },
);
