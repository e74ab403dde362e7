import { access, constants, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AwsClients } from '../aws/aws-clients.ts';
import { describeError } from '../aws/aws-error.ts';
import { defaultDirectory, type JournalContext } from '../journal/create-journal.ts';
import { formatDuration } from '../model/duration.ts';
import type { JournalLocation } from '../model/journal-location.ts';
import type { StateLocation } from '../model/state-location.ts';
import type { ZoneStates } from '../model/zone-states.ts';
import { createStateStore } from '../state/create-state-store.ts';
import { fail, ok, type Result, skip } from './finding.ts';

/** Reads the state that the settings name, and sees whether it could be written; writes nothing. */
export async function examineState(
  location: StateLocation,
  clients: Pick<AwsClients, 'dynamoDb'>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result> {
  if (location.kind === 'none') return skip('state is not set: each run is the first');
  const remedy = STATE_REMEDIES[location.kind];
  const warnings: string[] = [];
  const store = await createStateStore(location, clients, (detail) => warnings.push(detail));
  const timeout = AbortSignal.timeout(timeoutMs);
  const state = await store.load(AbortSignal.any([signal, timeout])).catch(() => undefined);
  signal.throwIfAborted();
  if (state === undefined) return fail(`no answer within ${formatDuration(timeoutMs)}`, remedy);
  const [warning] = warnings;
  if (warning !== undefined) return fail(warning.replace(/^state: /, ''), remedy);
  const read = `read: ${describeState(state)}`;
  if (location.kind === 'dynamodb') return ok(`${read}; writing was not tried`);
  const { path } = location;
  const remedyOfFolder = `let the worker write to ${dirname(path)}, or name another file`;
  return writableResult(path, `${path} ${read}`, remedyOfFolder);
}

/** Of whichever zone's run ended last, with what is kept of all of them. */
function describeState({ hosts, zones }: ZoneStates): string {
  const ends = [...zones.values()].flatMap(({ lastRun }) => lastRun?.finishedAt ?? []);
  if (ends.length === 0) return 'no run has left anything yet';
  const ended = new Date(Math.max(...ends)).toISOString();
  const instances = new Set([...hosts.values()].map(({ instanceId }) => instanceId)).size;
  const counted = [...zones.values()].reduce((sum, { health }) => sum + health.size, 0);
  const failing = `${counted} failing ${counted === 1 ? 'endpoint' : 'endpoints'}`;
  return `of the run that ended ${ended}, with ${failing} and ${instances} ${instances === 1 ? 'host' : 'hosts'}`;
}

const STATE_REMEDIES = {
  file: 'remove the file, or name another one',
  dynamodb:
    'check the name of the table and its key (a string `id`), and grant dynamodb:GetItem and dynamodb:PutItem on it',
} as const;

const JOURNAL_REMEDY = 'set journal to a directory that the worker may write to, to stderr, or to none';

/** Sees whether the journal that the settings name could be written; writes nothing. */
export async function examineJournal(location: JournalLocation, env: JournalContext['env']): Promise<Result> {
  if (location.kind === 'none') return skip('journal is none: what is removed is not written down');
  if (location.kind === 'stderr') return ok('stderr');
  const path = location.kind === 'default' ? defaultDirectory(env) : location.path;
  if (path === undefined) return fail('neither XDG_STATE_HOME nor HOME is set', JOURNAL_REMEDY);
  return writableResult(join(path, 'file'), path, JOURNAL_REMEDY);
}

/** Whether a file could be made at a path, with the folders above it that are not there. */
async function writableResult(file: string, good: string, remedy: string): Promise<Result> {
  try {
    const folder = await nearestFolder(resolve(file));
    if (!(await stat(folder)).isDirectory()) return fail(`${folder} is no directory`, remedy);
    await access(folder, constants.W_OK | constants.X_OK);
    return ok(good);
  } catch (error) {
    return fail(describeError(error), remedy);
  }
}

async function nearestFolder(path: string): Promise<string> {
  const folder = dirname(path);
  const exists = await stat(folder).then(
    () => true,
    (error: unknown) => {
      if (Reflect.get(Object(error), 'code') === 'ENOENT') return false;
      throw error;
    },
  );
  return exists || folder === path ? folder : nearestFolder(folder);
}
