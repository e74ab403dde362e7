import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectories } from '../aws/make-directories.ts';
import { oneLine } from '../model/one-line.ts';
import { EMPTY_STATE } from '../model/run-state.ts';
import type { StateStore, WarningReport } from './state-store.ts';
import { decodeState, encodeState } from './stored-state.ts';

/** So many characters of an error tell enough. */
const MAX_TROUBLE = 200;

/** A JSON file, replaced as a whole: a run that is killed while it writes leaves the old one. */
export function fileState(path: string, report: WarningReport): StateStore {
  const complain = (what: string, error: unknown) =>
    report(`state: ${path} cannot be ${what}: ${oneLine(error).slice(0, MAX_TROUBLE)}`);
  return {
    async load() {
      try {
        return decodeState(await readFile(path, 'utf8'));
      } catch (error) {
        // The first run has none yet.
        if (Reflect.get(Object(error), 'code') !== 'ENOENT') complain('used and is started over', error);
        return EMPTY_STATE;
      }
    },
    async save(state) {
      const draft = `${path}.${randomUUID()}`;
      try {
        await makeDirectories(dirname(path));
        await writeFile(draft, encodeState(state));
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        complain('written', error);
      }
    },
  };
}
