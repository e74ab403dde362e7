import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { oneLine } from '../../model/one-line.ts';
import { decodeHistory, encodeHistory, type HealthMemory, type WarningReport } from './health-memory.ts';

/** So many characters of an error tell enough. */
const MAX_TROUBLE = 200;

/** A JSON file, replaced as a whole: a run that is killed while it writes leaves the old one. */
export function fileMemory(path: string, report: WarningReport): HealthMemory {
  const complain = (what: string, error: unknown) =>
    report(`health.memory: ${path} cannot be ${what}: ${oneLine(error).slice(0, MAX_TROUBLE)}`);
  return {
    async load() {
      try {
        return decodeHistory(await readFile(path, 'utf8'));
      } catch (error) {
        // The first run has none yet.
        if (Reflect.get(Object(error), 'code') !== 'ENOENT') complain('used and is started over', error);
        return new Map();
      }
    },
    async save(history) {
      const draft = `${path}.${randomUUID()}`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(draft, encodeHistory(history));
        await rename(draft, path);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => {});
        complain('written', error);
      }
    },
  };
}
