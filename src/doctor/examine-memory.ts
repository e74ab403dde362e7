import { access, constants } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AwsClients } from '../aws/aws-clients.ts';
import { describeError } from '../aws/aws-error.ts';
import type { MemoryLocation } from '../model/memory-location.ts';
import { createMemory } from '../probe/memory/create-memory.ts';
import { fail, ok, type Result, skip } from './finding.ts';
import { nearestFolder } from './nearest-folder.ts';

/** Reads the memory that the settings name, and sees whether it could be written; writes nothing. */
export async function examineMemory(
  location: MemoryLocation,
  clients: Pick<AwsClients, 'dynamoDb'>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result> {
  if (location.kind === 'none') return skip('health.memory is not set: nothing is remembered');
  const warnings: string[] = [];
  const memory = await createMemory(location, clients, (detail) => warnings.push(detail));
  const timeout = AbortSignal.timeout(timeoutMs);
  const history = await memory.load(AbortSignal.any([signal, timeout])).catch(() => undefined);
  signal.throwIfAborted();
  if (history === undefined) return fail(`no answer within ${timeoutMs} ms`, REMEDIES[location.kind]);
  const { size } = history;
  const [warning] = warnings;
  if (warning !== undefined) return fail(warning.replace(/^health\.memory: /, ''), REMEDIES[location.kind]);
  return location.kind === 'file'
    ? fileResult(location.path, size)
    : ok(`${read(size)}; writing was not tried`);
}

const REMEDIES = {
  file: 'remove the file, or name another one',
  dynamodb:
    'check the name of the table and its key (a string `id`), and grant dynamodb:GetItem and dynamodb:PutItem on it',
} as const;

function read(size: number): string {
  return `read: ${size} ${size === 1 ? 'record' : 'records'}`;
}

async function fileResult(path: string, size: number): Promise<Result> {
  try {
    await access(await nearestFolder(resolve(path)), constants.W_OK);
    return ok(`${path} ${read(size)}`);
  } catch (error) {
    return fail(describeError(error), `let the worker write to ${dirname(path)}, or name another file`);
  }
}
