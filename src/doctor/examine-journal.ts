import { access, constants, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeError } from '../aws/aws-error.ts';
import { defaultDirectory, type JournalContext } from '../journal/create-journal.ts';
import type { JournalLocation } from '../model/journal-location.ts';
import { fail, ok, type Result, skip } from './finding.ts';
import { nearestFolder } from './nearest-folder.ts';

const REMEDY = 'set journal to a directory that the worker may write to, to stderr, or to none';

/** Sees whether the journal that the settings name could be written; writes nothing. */
export async function examineJournal(location: JournalLocation, env: JournalContext['env']): Promise<Result> {
  switch (location.kind) {
    case 'none':
      return skip('journal is none: what is removed is not written down');
    case 'stderr':
      return ok('stderr');
    case 'directory':
      return directoryResult(location.path);
    case 'default': {
      const path = defaultDirectory(env);
      return path === undefined
        ? fail('neither XDG_STATE_HOME nor HOME is set', REMEDY)
        : directoryResult(path);
    }
  }
}

async function directoryResult(path: string): Promise<Result> {
  try {
    const folder = await nearestFolder(join(resolve(path), 'file'));
    if (!(await stat(folder)).isDirectory()) return fail(`${folder} is no directory`, REMEDY);
    await access(folder, constants.W_OK | constants.X_OK);
    return ok(path);
  } catch (error) {
    return fail(describeError(error), REMEDY);
  }
}
