import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { onTestFinished } from 'vitest';
import { OWN_BLOCK } from '../own-block.ts';

/** One of the examples, as it was bundled, in a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  /** The lines of its log so far. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

export const HOST = `127.${OWN_BLOCK}.0.1`;

function spawnProgram(name: string, env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [`dist/examples/${name}.mjs`], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts one at a port, and resolves once it listens; it ends with the test. */
export async function startProgram(
  name: string,
  port: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const child = spawnProgram(name, { HOST, PORT: String(port), HOSTNAME: name, DRAIN_SECONDS: '0', ...env });
  const ended = once(child, 'exit').then(([code]) => code);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await Promise.race([once(child.stdout ?? child, 'data'), ended]);
  const lines = () =>
    printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  return { child, port, url: `http://${HOST}:${port}`, lines, ended };
}

/** Runs one that cannot start: what it prints on stderr, and its exit code. */
export async function failedStart(name: string, env: Readonly<Record<string, string>>) {
  const child = spawnProgram(name, { HOST, ...env });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}
