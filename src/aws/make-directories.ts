import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory and those above it that are not there; resolves with the first that was made, if one was. Every
 * directory is tried once: Node's own `recursive` goes on for ever where one can neither be found nor made, as in
 * `/proc`.
 */
export async function makeDirectories(path: string, mode?: number): Promise<string | undefined> {
  const missing = await missingFrom(resolve(path));
  for (const directory of missing) await makeDirectory(directory, mode);
  return missing[0];
}

/** From the topmost one down; throws where something else stands in the way. */
async function missingFrom(path: string): Promise<readonly string[]> {
  if (await isDirectory(path)) return [];
  const above = dirname(path);
  return above === path ? [path] : [...(await missingFrom(above)), path];
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return false;
    throw error;
  }
  throw new Error(`${path} is no directory`);
}

/** Another process may have made it meanwhile. */
async function makeDirectory(path: string, mode: number | undefined): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'EEXIST' || !(await isDirectory(path))) throw error;
  }
}
