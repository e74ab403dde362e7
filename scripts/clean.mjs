// tsc never deletes what it wrote earlier; a file that was renamed would live on in dist.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
