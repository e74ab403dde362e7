import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { decodeHistory, encodeHistory, type HealthMemory, type TroubleReport } from './health-memory.ts';

/** A JSON file, replaced as a whole: a run that is killed while it writes leaves the old one. */
export function fileMemory(path: string, report: TroubleReport): HealthMemory {
  return {
    async load() {
      try {
        return decodeHistory(await readFile(path, 'utf8'));
      } catch (error) {
        if (!isMissing(error))
          report(`health.memory: ${path} cannot be used and is started over: ${oneLine(error)}`);
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
        report(`health.memory: ${path} cannot be written: ${oneLine(error)}`);
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ENOENT';
}

function oneLine(error: unknown): string {
  return String(error).replace(/\s+/g, ' ').slice(0, 200);
}
