import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeDirectories } from '../aws/make-directories.ts';
import { oneLine } from '../model/one-line.ts';
import { NO_STATES, withZone } from '../model/zone-states.ts';
import type { StateStore, WarningReport } from './state-store.ts';
import { decodeStates, encodeStates } from './stored-state.ts';

/** So many characters of an error tell enough. */
const MAX_TROUBLE = 200;

/** A JSON file, replaced as a whole: a run that is killed while it writes leaves the old one. */
export function fileState(path: string, report: WarningReport): StateStore {
  const complain = (what: string, error: unknown) =>
    report(`state: ${path} cannot be ${what}: ${oneLine(error).slice(0, MAX_TROUBLE)}`);
  const read = async () => {
    try {
      return decodeStates(await readFile(path, 'utf8'));
    } catch (error) {
      // The first run has none yet.
      if (Reflect.get(Object(error), 'code') === 'ENOENT') return NO_STATES;
      throw error;
    }
  };
  return {
    async load() {
      try {
        return await read();
      } catch (error) {
        complain('used and is started over', error);
        return NO_STATES;
      }
    },
    async save(zoneId, state) {
      const draft = `${path}.${randomUUID()}`;
      try {
        await makeDirectories(dirname(path));
        // A run over another zone may have written since this one has read.
        const before = await read().catch(() => NO_STATES);
        await writeFile(draft, encodeStates(withZone(before, zoneId, state)));
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        complain('written', error);
      }
    },
  };
}
