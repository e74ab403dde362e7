import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAME = 'ecs-dns-reconciler';

const run = promisify(execFile);

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  bin: z.record(z.string(), z.string()),
  dependencies: z.record(z.string(), z.string()),
});

/** What `package.json` says, as far as an installation needs it. */
export const MANIFEST = manifestSchema.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));

const packed = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string(), size: z.number() })) }),
);

/** A folder with the packed package in its `node_modules`. */
export interface Installation {
  readonly folder: string;
  readonly tarball: string;
  /** The paths of all packed files. */
  readonly files: readonly string[];
  readonly remove: () => void;
}

/**
 * Packs the package, and puts it where npm would, without asking a registry: its files are unpacked, its
 * commands are linked, and of this project's modules only those that it depends on are there.
 */
export async function install(): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-package-'));
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: ROOT });
  const [pack] = packed.parse(JSON.parse(stdout));
  if (pack === undefined) throw new TypeError('npm has packed nothing');
  const tarball = join(folder, pack.filename);
  const home = join(folder, 'node_modules', NAME);
  mkdirSync(home, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', home, '--strip-components=1']);
  // Types of Node are what every consumer has; the compiler asks for them by name.
  for (const name of [...Object.keys(MANIFEST.dependencies), '@types/node']) link(folder, name);
  linkCommands(folder, home);
  const files = pack.files.map(({ path }) => path).toSorted();
  return { folder, tarball, files, remove: () => rmSync(folder, { recursive: true }) };
}

function link(folder: string, name: string): void {
  const path = join(folder, 'node_modules', name);
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), path);
}

function linkCommands(folder: string, home: string): void {
  mkdirSync(join(folder, 'node_modules', '.bin'));
  for (const [command, path] of Object.entries(MANIFEST.bin)) {
    chmodSync(join(home, path), 0o755);
    symlinkSync(join(home, path), join(folder, 'node_modules', '.bin', command));
  }
}

/** How a program has ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the folder, with next to nothing in its environment. */
export async function runIn(folder: string, program: string, args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  return new Promise((resolve) => {
    execFile(program, args, { cwd: folder, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

/** The compiler of this project, which the folder does not have. */
export const TSC = join(ROOT, 'node_modules', '.bin', 'tsc');
