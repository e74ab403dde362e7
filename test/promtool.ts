import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { test } from 'vitest';

const isMissing = spawnSync('promtool', ['--version']).error !== undefined;
// Where changes are held against the tests, a missing tool must not look like a test that has passed.
const isSkipped = isMissing && process.env['CI'] !== 'true';

/** A test that needs promtool: skipped, and told so, where there is none; with `CI=true` it fails then. */
export function testWithPromtool(name: string, body: () => Promise<void> | void): void {
  test.skipIf(isSkipped)(isSkipped ? `${name} (skipped: promtool is not on PATH)` : name, body);
}

export interface ToolResult {
  readonly code: number | null;
  readonly output: string;
}

/** Runs promtool; stdout and stderr together. Throws where there is none. */
export function promtool(args: readonly string[], input = ''): ToolResult {
  const { error, status: code, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  if (error !== undefined) throw new Error('promtool is not on PATH: install prometheus', { cause: error });
  return { code, output: `${stdout}${stderr}` };
}
