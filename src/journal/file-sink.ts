import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { makeDirectories } from '../aws/make-directories.ts';
import type { Clock } from '../model/clock.ts';
import type { Zone } from '../model/zone.ts';
import type { JournalSink } from './line-journal.ts';

/** A record set tells names and addresses of a private network: they are for their owner alone. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/**
 * A new file in a directory, made with the first lines: a run that changes nothing leaves none. Its name
 * begins with the time, and no two runs share one. `opened` is told the file's path once its first lines
 * are on the disk.
 */
export function fileSink(
  directory: string,
  clock: Pick<Clock, 'now'>,
  opened: (path: string, runId: string | undefined) => void,
): JournalSink {
  let path: string | undefined;
  let size = 0;
  const write = async (file: FileHandle, text: string) => {
    const bytes = Buffer.from(text);
    // What an earlier attempt has left half done is overwritten: no line may be torn but the last one.
    await file.truncate(size);
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, size + done)).bytesWritten;
    }
    await file.sync();
    size += bytes.length;
  };
  return {
    async append(text, zone, runId) {
      if (path !== undefined) return use(await open(path, 'r+'), (file) => write(file, text));
      const made = await makeDirectories(directory, DIRECTORY_MODE);
      const fresh = join(directory, fileName(zone, clock.now()));
      const file = await open(fresh, 'wx', FILE_MODE);
      path = fresh;
      await use(file, (it) => write(it, text));
      await syncDirectories(directory, made);
      opened(fresh, runId);
    },
  };
}

/** `20261008T165306.123Z-Z0123456789ABC-1a2b3c4d.jsonl`: sorted by name, the files are sorted by time. */
function fileName({ id }: Zone, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]/g, '');
  return `${time}-${id.replace(/[^A-Za-z0-9]/g, '')}-${randomBytes(4).toString('hex')}.jsonl`;
}

async function use(file: FileHandle, act: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await act(file);
  } finally {
    await file.close();
  }
}

/** A name survives a crash once its directory is on the disk; so does that of a directory that was made for it. */
async function syncDirectories(directory: string, made: string | undefined): Promise<void> {
  const last = made === undefined ? resolve(directory) : dirname(resolve(made));
  for (let path = resolve(directory); ; path = dirname(path)) {
    await syncDirectory(path);
    if (path === last || path === dirname(path)) return;
  }
}

/** What a file system without such a thing answers, and a directory that may only be passed through. */
const NOT_SYNCED: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EACCES', 'EPERM']);

async function syncDirectory(path: string): Promise<void> {
  try {
    await use(await open(path, 'r'), (directory) => directory.sync());
  } catch (error) {
    if (!NOT_SYNCED.has(Reflect.get(Object(error), 'code'))) throw error;
  }
}
