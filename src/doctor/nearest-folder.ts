import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The folder above a path that is there; those below it would be made. */
export async function nearestFolder(path: string): Promise<string> {
  const folder = dirname(path);
  const exists = await stat(folder).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return false;
      throw error;
    },
  );
  return exists || folder === path ? folder : nearestFolder(folder);
}
