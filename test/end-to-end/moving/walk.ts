import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { OWN_BLOCK } from '../../own-block.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { type CliResult, cliEnv, WITHOUT_JOURNAL } from '../support.ts';
import { commandsOf, isOurs } from './page-commands.ts';
import { missingLine } from './sample-output.ts';

/** A command that goes on until the next one of ours begins. */
export interface Running {
  /** Resolves once it has printed the text, which has to be more than it had printed when that was asked. */
  readonly prints: (text: string | RegExp) => Promise<void>;
}

/** What is looked at once a command has ended, or while one goes on that ends by a signal alone. */
type Then = (result: CliResult & Running) => void | Promise<void>;

/** The commands of a page, each as it stands there, with what follows from it. */
export type Walk = readonly (readonly [command: string, then: Then])[];

export interface WalkOptions {
  readonly page: string;
  readonly url: string;
  /** What the page's own values stand for here. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Further variables of the shell, of which the page says nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called after each step. */
  readonly look?: () => Promise<void>;
}

/** How every page on an agent begins: its variables, and `doctor` with the given flags, which finds nothing wrong. */
export function opening(flags: string): Walk {
  return [
    ['export ECS_DNS_ZONE=servicediscovery.internal', () => {}],
    ['export QUEUE_URL=https://sqs.us-east-1.amazonaws.com/123456789012/ecs-events', () => {}],
    [
      `ecs-dns doctor ${flags}`,
      ({ code, stdout }) => {
        expect(code).toBe(0);
        expect(stdout).not.toMatch(/^fail/m);
      },
    ],
  ];
}

/** What `watch` prints once it has had its first run. */
export const RUNS = /INFO {2}[0-9a-f]{8} run /;

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const EXPORT = /^export (\w+)=(\S+)$/;

/**
 * Follows a page from its first command to its last: all of them, in their order, and no other. Those of this project run
 * in a shell as they stand, and print the sample that the page has of them; what the others would do, the walk does by itself.
 */
export async function walk(
  steps: Walk,
  { page, url, variables = {}, env = {}, look = async () => {} }: WalkOptions,
): Promise<void> {
  const commands = commandsOf(page);
  expect(steps.map(([command]) => command)).toEqual(commands.map(({ text }) => text));
  const shell = await openShell(url);
  Object.assign(shell.env, env);
  let going: Going | undefined;
  const end = async () => {
    if (going !== undefined) expectSample(going.sample, (await going.end()).stderr);
    going = undefined;
  };
  for (const [index, [command, then]] of steps.entries()) {
    const [, name, value] = EXPORT.exec(command) ?? [];
    if (name !== undefined && value !== undefined) shell.env[name] = variables[name] ?? value;
    if (!isOurs(command)) {
      await then({ ...NOTHING, ...(going ?? NOT_RUNNING) });
      await look();
      continue;
    }
    await end();
    const sample = (commands[index]?.prints ?? []).map(inOwnBlock);
    const started = shell.start(command);
    if (command.startsWith('ecs-dns watch ')) going = { ...started, sample };
    const result = going === undefined ? await started.ended : NOTHING;
    if (going === undefined) expectSample(sample, result.stdout);
    await then({ ...result, ...started });
    await look();
  }
  await end();
}

/** The addresses of a sample, as they are here. */
function inOwnBlock(line: string): string {
  return line.replaceAll(
    /\b127([.-])(16|80)\b/g,
    (_, dot, octet) => `127${dot}${OWN_BLOCK + Number(octet) - 16}`,
  );
}

function expectSample(sample: readonly string[], output: string): void {
  const missing = missingLine(sample, output);
  if (missing !== undefined) expect.fail(`the page has a line that is not printed:\n${missing}\n\n${output}`);
}

const NOTHING: CliResult = { code: null, stdout: '', stderr: '' };
const NOT_RUNNING: Running = {
  prints: () => Promise.reject(new TypeError('nothing goes on')),
};

interface Going extends ReturnType<typeof start> {
  /** What it will have printed. */
  readonly sample: readonly string[];
}

/** A shell in a folder of its own, in which `ecs-dns` is the built command. */
async function openShell(url: string) {
  const folder = await temporaryDirectory();
  const command = join(folder, 'ecs-dns');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(command, 0o755);
  const PATH = `${folder}:${process.env['PATH'] ?? ''}`;
  const env: Record<string, string> = { ...cliEnv(url), ...WITHOUT_JOURNAL, PATH };
  return { env, start: (text: string) => start(text, folder, { ...env }) };
}

function start(command: string, cwd: string, env: Readonly<Record<string, string>>) {
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...printed }));
  });
  return {
    ended,
    prints: async (text: string | RegExp) => {
      const before = printed.stderr.length;
      await expect.poll(() => printed.stderr.slice(before)).toMatch(text);
    },
    end: async () => {
      child.kill('SIGTERM');
      const result = await ended;
      expect(result.code).toBe(0);
      return result;
    },
  };
}
