import { PassThrough } from 'node:stream';
import { vi } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { cliEnv, WITHOUT_JOURNAL } from '../end-to-end/support.ts';

export interface FakeTerminal {
  /** Which of the streams are a terminal. */
  readonly tty?: readonly ('stdin' | 'stdout' | 'stderr')[];
  /** How wide they are; not known, unless given. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What the AWS SDK finds in the environment, where it differs; `undefined` for what is not set. */
  readonly aws?: Readonly<Record<string, string | undefined>>;
  /** What happens once the program asks its question; `type` writes to its stdin, `hangUp` ends it. */
  readonly onQuestion?: (type: (text: string) => void, hangUp: () => void) => void;
  readonly signal?: AbortSignal;
}

/** A terminal of a test's own, and what was printed on it. */
export function terminalOf(fake: FakeTerminal) {
  const stream = (name: 'stdin' | 'stdout' | 'stderr') =>
    Object.assign(new PassThrough({ encoding: 'utf8' }), {
      isTTY: fake.tty?.includes(name) ?? false,
      columns: fake.columns,
    });
  const [stdin, stdout, stderr] = [stream('stdin'), stream('stdout'), stream('stderr')];
  const printed = { stdout: '', stderr: '' };
  stdout.on('data', (text: string) => {
    printed.stdout += text;
  });
  stderr.on('data', (text: string) => {
    printed.stderr += text;
    if (text.includes('[y/N]'))
      fake.onQuestion?.(
        (typed) => stdin.write(typed),
        () => stdin.end(),
      );
  });
  const env = { ...WITHOUT_JOURNAL, ...fake.env };
  return { terminal: { stdin, stdout, stderr, env }, printed };
}

/** Runs a command line in this process, on streams of its own and with the AWS of a sandbox. */
export async function runHere(args: readonly string[], endpoint: string, fake: FakeTerminal = {}) {
  for (const [name, value] of Object.entries({ ...cliEnv(endpoint), ...fake.aws })) vi.stubEnv(name, value);
  const { terminal, printed } = terminalOf(fake);
  const signal = fake.signal ?? new AbortController().signal;
  const code = await runProgram(args, terminal, signal);
  vi.unstubAllEnvs();
  return { code, ...printed };
}
