import { realpathSync, statSync } from 'node:fs';

/**
 * Whether reading a path may never come to an end: a FIFO may have no writer, and a device no last byte. The pipe of a
 * shell, as in `<(cat *.jsonl)`, has no path of its own and is read.
 */
export function mayNeverEnd(path: string): boolean {
  try {
    const found = statSync(realpathSync(path));
    return !found.isFile() && !found.isDirectory();
  } catch {
    return false;
  }
}
