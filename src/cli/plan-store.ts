import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { mayNeverEnd } from '../config/endless-file.ts';
import { oneLine } from '../model/one-line.ts';
import { RunError } from '../model/run-error.ts';
import { readPlanFile } from '../report/plan-file.ts';
import { PLAN_FILE_KIND, type PlanFile } from '../report/plan-file-schema.ts';

/** Larger than a plan of the largest zone there may be: what is larger was not written by `plan --out`. */
const MAX_BYTES = 256 * 1024 * 1024;

const FILE_FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file: name one that ecs-dns plan --out has written'],
  ['ENOTDIR', 'there is no such file: name one that ecs-dns plan --out has written'],
  ['EISDIR', 'it is a directory: name a file'],
  ['EACCES', 'permission denied: name a file that this user may use'],
]);

function unusable(path: string, error: unknown): RunError {
  const fault = FILE_FAULTS.get(Reflect.get(Object(error), 'code')) ?? oneLine(error);
  return new RunError('plan-file', `${path}: ${fault}`, error);
}

/** Reads a plan file; throws a `RunError` that says what it is instead. */
export async function loadPlan(path: string): Promise<PlanFile> {
  if (mayNeverEnd(path))
    throw new RunError('plan-file', `${path}: it is no file: name one that ecs-dns plan --out has written`);
  const text = await textOf(path).catch((error: unknown) => {
    throw unusable(path, error);
  });
  const read = readPlanFile(text);
  if ('fault' in read) throw new RunError('plan-file', `${path}: ${read.fault}`);
  return read.file;
}

/** Nothing of what is too large to be a plan. */
async function textOf(path: string): Promise<string> {
  const { size } = await stat(path);
  return size > MAX_BYTES ? '' : await readFile(path, 'utf8');
}

/** Throws a `RunError` where a plan cannot be written, or would take the place of something else. */
export async function checkTarget(path: string): Promise<void> {
  if (mayNeverEnd(path)) throw new RunError('plan-file', `--out ${path}: it is no regular file: name one`);
  const head = await headOf(path);
  if (head !== '' && !PLAN_HEAD.test(head))
    throw new RunError(
      'plan-file',
      `--out ${path}: there is a file that is no plan: name another, or remove it`,
    );
  await access(dirname(path), constants.W_OK).catch((error: unknown) => {
    throw notWritable(path, error);
  });
}

const DIRECTORY_FAULTS: ReadonlyMap<unknown, (directory: string) => string> = new Map([
  ['ENOENT', (directory) => `there is no directory ${directory}: create it, or name a file elsewhere`],
  ['ENOTDIR', (directory) => `${directory} is no directory: name a file elsewhere`],
  ['EACCES', (directory) => `this user may not write to ${directory}: name a file elsewhere`],
  ['EROFS', (directory) => `${directory} is read-only: name a file elsewhere`],
]);

function notWritable(path: string, error: unknown): RunError {
  const fault = DIRECTORY_FAULTS.get(Reflect.get(Object(error), 'code'));
  const detail = fault?.(dirname(path)) ?? `${oneLine(error)}: name a file elsewhere`;
  return new RunError('plan-file', `--out ${path}: ${detail}`, error);
}

const PLAN_HEAD = new RegExp(`^\\{\\s*"kind":\\s*"${PLAN_FILE_KIND}"`);
const HEAD_BYTES = 256;

/** How a file begins; empty where there is none. */
async function headOf(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    if (code === 'ENOENT') return '';
    if (code === 'ENOTDIR') throw notWritable(path, error);
    throw unusable(`--out ${path}`, error);
  }
}

/** Writes a plan that only its owner may read, whole or not at all. */
export async function writePlan(path: string, file: PlanFile): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw new RunError('plan-file', `--out ${path}: the plan was not written: ${oneLine(error)}`, error);
  }
}
