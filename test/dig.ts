import { execFile, spawnSync } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { test } from 'vitest';

const isMissing = spawnSync('dig', ['-v']).error !== undefined;
// Where changes are held against the tests, a missing tool must not look like a test that has passed.
const isSkipped = isMissing && process.env['CI'] !== 'true';

/** A test that needs dig: skipped, and told so, where there is none; with `CI=true` it fails then. */
export function testWithDig(name: string, body: () => Promise<void> | void): void {
  test.skipIf(isSkipped)(isSkipped ? `${name} (skipped: dig is not on PATH)` : name, body);
}

/** What dig prints, an answer that says no included. Throws where there is none: Debian has it in dnsutils. */
export async function dig(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('dig', [...args], { encoding: 'utf8' });
  return stdout;
}
