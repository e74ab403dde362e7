import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ACTIONS } from '../../src/iam/actions.ts';

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url));
const SDK_COMMAND = /new (?:\w+\.)?(\w+)Command\(/g;

/** Commands that IAM knows by the name of another. */
const NAMES_OF_IAM = new Map([['DeleteMessageBatch', 'DeleteMessage']]);

/** Every SDK command that is built anywhere but in the sandbox, which stands in for AWS. */
function commandsInSource(): readonly string[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('sandbox'),
  );
  const commands = files.flatMap((file) =>
    [...readFileSync(join(SOURCE, file), 'utf8').matchAll(SDK_COMMAND)].map(([, name = '']) => name),
  );
  return [...new Set(commands.map((name) => NAMES_OF_IAM.get(name) ?? name))].toSorted();
}

const OPERATIONS = ACTIONS.map(({ action }) => action.slice(action.indexOf(':') + 1));

test('the table of actions has every operation that the code can send', () => {
  expect(commandsInSource().filter((command) => !OPERATIONS.includes(command))).toEqual([]);
});

test('the table of actions has no other', () => {
  const sent = new Set(commandsInSource());
  expect(OPERATIONS.filter((operation) => !sent.has(operation))).toEqual([]);
});
